"""Whom one should call, who cools, falls or has a birthday; how a team stands; the rhythm of a company."""

# Chinese in code: names of customers in tests

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guanxi.activities.models import Activity
from guanxi.activities.queries.attention import birthdays, cooling, falling_soon, unheard
from guanxi.activities.queries.rhythm import rhythm, rhythm_words
from guanxi.activities.queries.team import team_of
from guanxi.activities.services.activities import log_activity, plan_activity
from guanxi.activities.services.commitments import break_, create_commitment
from guanxi.activities.services.rhythm import change_rhythm
from guanxi.customers.models import Customer
from guanxi.customers.rules.pools import Clock, Term
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.customers.services.pool_settings import join_pool, set_terms
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid
from guanxi.resource.registry import find
from guanxi.testing.factories import make
from guanxi.testing.worlds import World, in_scope, writing

ClientFor = Callable[[Member], Client]


def _customer(world: World, actor: Actor, name: str, *, days: int = 400, **more: Any) -> Customer:
    """A customer that was created so many days ago."""
    data = {"name": name, "relations": "customer", **more}
    with in_scope(actor):
        made: Customer = create_customer(actor, data=data, allow_duplicate=True)
    with writing(world.system):
        Customer.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(days=days))
    return made


def _touched(actor: Actor, customer: Customer, *days: int, **more: Any) -> None:
    for ago in days:
        at = timezone.now() - timedelta(days=ago)
        log_activity(
            actor,
            data={
                "kind": "call",
                "outcome": "answered",
                "text": "x",
                "customer": str(customer.pk),
                "at": at.isoformat(),
                **more,
            },
        )


def _mine(actor: Actor) -> frozenset[UUID]:
    assert actor.member_id is not None
    return frozenset((actor.member_id,))


def test_who_was_not_heard_of_within_the_rhythm_of_the_grade_is_suggested(world: World) -> None:
    late, never, heard, vain, planned, theirs = (
        _customer(world, actor, name, grade=grade)
        for actor, name, grade in (
            (world.seller, "一早", "A"),
            (world.seller, "二从未", "B"),
            (world.seller, "三刚联系", "A"),
            (world.seller, "四没接通", "A"),
            (world.seller, "五已安排", "A"),
            (world.elsewhere, "六别人的", "A"),
        )
    )
    _customer(world, world.seller, "七新建的", days=3, grade="A")
    with in_scope(world.seller):
        _touched(world.seller, late, 8)
        _touched(world.seller, heard, 6)
        _touched(world.seller, vain, 20)
        _touched(world.seller, vain, 1, outcome="not_answered")
        plan_activity(
            world.seller,
            data={"kind": "call", "customer": str(planned.pk), "at": timezone.now().isoformat()},
        )
        found = unheard(world.seller, _mine(world.seller))
    assert [(one.customer.pk, one.days, one.never, one.rhythm) for one in found] == [
        (vain.pk, 20, False, 7),
        (late.pk, 8, False, 7),
        (never.pk, 400, True, 30),
    ]
    assert theirs.pk not in {one.customer.pk for one in found}


def test_a_company_sets_its_own_rhythm(world: World, client_for: ClientFor) -> None:
    late = _customer(world, world.seller, "一早", grade="A")
    with in_scope(world.seller):
        _touched(world.seller, late, 8)
        with pytest.raises(Forbidden):
            change_rhythm(world.seller, {"A": 14})
    with in_scope(world.admin), pytest.raises(Invalid):
        change_rhythm(world.admin, {"A": 0})
    client = client_for(world.members["admin"])
    assert client.get(reverse("rhythm_settings")).status_code == 200
    bad = client.post(reverse("rhythm_settings"), {"A": "soon"})
    assert bad.status_code == 422
    saved = client.post(reverse("rhythm_settings"), {"A": "14", "B": "", "C": "90", "D": "90", "none": "30"})
    assert saved.status_code == 302
    with in_scope(world.seller):
        assert (rhythm()["A"], rhythm()["B"]) == (14, None)
        assert unheard(world.seller, _mine(world.seller)) == []
        assert rhythm_words("A", 14) == "A 级：每 14 天一次"


def test_a_customer_cools_by_its_own_usual_interval(world: World) -> None:
    quiet, usual, gone = (_customer(world, world.seller, name) for name in ("一降温", "二照常", "三早没了"))
    with in_scope(world.seller):
        _touched(world.seller, quiet, 41, 59, 77, 95)
        _touched(world.seller, usual, 20, 38, 56, 74)
        _touched(world.seller, gone, 400, 410, 420, 430)
        found = cooling(world.seller, _mine(world.seller))
        assert [(one.customer.pk, one.silent, one.usual) for one in found] == [(quiet.pk, 41, 18)]
        assert cooling(world.seller, _mine(world.seller), but=[quiet.pk]) == []


def test_who_falls_to_a_pool_within_a_week_is_said_with_the_day(world: World) -> None:
    with in_scope(world.admin):
        pool = make(world.admin, find("pools"))
        join_pool(world.admin, pool.pk, member=world.members["seller"].pk)
        set_terms(world.admin, pool.pk, [Term(Clock.ACTIVITY, 30)])
    soon, far = (_customer(world, world.seller, name) for name in ("一快掉", "二不急"))
    with in_scope(world.seller):
        _touched(world.seller, soon, 27)
        _touched(world.seller, far, 1)
        near, all_of_them = (falling_soon(world.seller, _mine(world.seller), days=days) for days in (7, 30))
    days = [(customer.pk, (fall.day - timezone.localdate()).days) for customer, fall in all_of_them]
    assert days == [(soon.pk, 3), (far.pk, 29)]
    assert [customer.pk for customer, _fall in near] == [soon.pk]


def test_whose_birthday_comes_is_said_by_their_owner_s_day(world: World) -> None:
    today = timezone.localdate()
    with in_scope(world.seller):
        for days, name in ((3, "王三"), (0, "王零"), (20, "王远")):
            born = (today + timedelta(days=days)).replace(year=1976)
            create_person(world.seller, data={"name": name, "born": born.isoformat()}, allow_duplicate=True)
        found = birthdays(world.seller, _mine(world.seller))
        assert [(one.person.name, (one.day - today).days) for one in found] == [("王零", 0), ("王三", 3)]
    with in_scope(world.elsewhere):
        assert birthdays(world.elsewhere, _mine(world.elsewhere)) == []


def test_a_manager_sees_who_needs_help(world: World) -> None:
    customer = _customer(world, world.seller, "鲁味园", grade="A")
    today = timezone.localdate()
    with in_scope(world.seller):
        for days in (-3, -1, 2):
            create_commitment(
                world.seller,
                data={
                    "what": "x",
                    "customer": str(customer.pk),
                    "due": (today + timedelta(days=days)).isoformat(),
                },
            )
        broken = create_commitment(
            world.seller, data={"what": "y", "customer": str(customer.pk), "due": today.isoformat()}
        )
        break_(world.seller, ids=[broken.pk])
        plan_activity(
            world.seller, data={"kind": "call", "at": (timezone.now() - timedelta(days=2)).isoformat()}
        )
    with in_scope(world.teammate):
        for _ in range(12):
            plan_activity(world.teammate, data={"kind": "call", "at": timezone.now().isoformat()})
    with in_scope(world.manager):
        within = world.manager.members_within("activities.activity.view")
        found = {one.name: one for one in team_of(world.manager, within)}
        mine, other = (found[world.members[name].name] for name in ("seller", "teammate"))
        assert (mine.late, mine.owed, mine.broken, mine.unheard, mine.load) == (1, 2, 1, 1, 4)
        assert (other.load, other.overloaded, mine.overloaded) == (12, True, False)
        assert next(iter(found)) == mine.name
    with in_scope(world.elsewhere):
        within = world.elsewhere.members_within("activities.activity.view")
        assert team_of(world.elsewhere, within) == []


def test_a_suggested_call_is_planned_by_one_press(world: World, client_for: ClientFor) -> None:
    customer = _customer(world, world.seller, "鲁味园", grade="A")
    client = client_for(world.members["seller"])
    # The page itself waits for none of it: it asks for the rest once it stands.
    assert reverse("today_side") in client.get(reverse("today")).content.decode()
    assert "鲁味园" in client.get(reverse("today_side")).content.decode()
    url = reverse("plan_call", args=[customer.pk])
    answer = client.post(url, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    with in_scope(world.seller):
        made = Activity.objects.get()
        assert (made.kind, made.state, made.customer_id) == ("call", "planned", customer.pk)
        assert made.at > timezone.now()
        assert unheard(world.seller, _mine(world.seller)) == []
    assert client_for(world.members["elsewhere"]).post(url).status_code == 404


def test_the_side_of_today_is_ones_own_or_the_teams(world: World, client_for: ClientFor) -> None:
    _customer(world, world.seller, "鲁味园", grade="A")
    side = reverse("today_side")
    manager, stranger = (client_for(world.members[name]) for name in ("manager", "elsewhere"))
    assert "鲁味园" not in manager.get(side).content.decode()
    of_team = manager.get(side, {"of": "team"}).content.decode()
    assert "鲁味园" in of_team
    assert f"owner={world.seller.member_id}" in of_team  # and how each stands
    assert "鲁味园" not in stranger.get(side, {"of": "team"}).content.decode()


@pytest.mark.parametrize("page", ["today", "today_side"])
def test_today_asks_the_same_number_of_questions_however_much_there_is(
    world: World, client_for: ClientFor, page: str
) -> None:
    client = client_for(world.members["manager"])

    def asked() -> int:
        client.get(reverse(page), {"of": "team"})
        with CaptureQueriesContext(connection) as questions:
            assert client.get(reverse(page), {"of": "team"}).status_code == 200
        return len(questions.captured_queries)

    def more(n: int) -> None:
        customer = _customer(world, world.seller, f"客户{n}", grade="A")
        other = _customer(world, world.teammate, f"另一家{n}", grade="B")
        with in_scope(world.seller):
            person = create_person(
                world.seller, data={"name": f"王{n}", "customer": str(customer.pk)}, allow_duplicate=True
            )
            for days in (-5, 0):
                due = (timezone.localdate() + timedelta(days=days)).isoformat()
                data = {"what": f"x{n}", "customer": str(customer.pk), "due": due, "person": str(person.pk)}
                create_commitment(world.seller, data=data)
                create_commitment(world.seller, data={**data, "side": "theirs"})
            _touched(world.seller, customer, 41, 59, 77, 95)
            plan_activity(
                world.seller,
                data={"kind": "call", "customer": str(customer.pk), "at": timezone.now().isoformat()},
            )
        with in_scope(world.teammate):
            _touched(world.teammate, other, 41, 59, 77, 95)

    more(1)
    few = asked()
    for n in range(2, 8):
        more(n)
    assert asked() == few

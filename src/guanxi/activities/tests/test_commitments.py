"""Promises in both directions: written down with a touch, kept, put off, broken; told to a superior; who sees them."""

# Chinese in code: names and notes in tests

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from guanxi.activities.jobs import escalate
from guanxi.activities.models import Activity, Commitment, Escalated
from guanxi.activities.queries.commitments import due_soon, promises_with, record_of
from guanxi.activities.queries.today import due_count
from guanxi.activities.services import escalating
from guanxi.activities.services.activities import complete_activity, log_activity, plan_activity
from guanxi.activities.services.commitments import (
    break_,
    create_commitment,
    create_commitments,
    edit_commitment,
    keep,
    put_off,
    withdraw,
)
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import words
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import superiors
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


def _customer(actor: Actor, name: str = "鲁味园食品", **more: Any) -> Any:
    return create_customer(actor, data={"name": name, "relations": "customer", **more}, allow_duplicate=True)


def _promise(actor: Actor, customer: Any, what: str = "发报价", days: int = 3, **more: Any) -> Commitment:
    due = timezone.localdate() + timedelta(days=days)
    data = {"side": "ours", "what": what, "customer": str(customer.pk), "due": due.isoformat(), **more}
    return create_commitment(actor, data=data)


def _fresh(one: Commitment) -> Commitment:
    return Commitment.objects.get(pk=one.pk)


def test_what_is_promised_with_a_call_is_written_and_undone_with_it(world: World) -> None:
    with in_scope(world.seller):
        customer = _customer(world.seller)
        person = create_person(
            world.seller, data={"name": "马德胜", "customer": str(customer.pk)}, allow_duplicate=True
        )
        made = log_activity(
            world.seller,
            data={"kind": "call", "text": "周五前发报价", "customer": str(customer.pk)},
            promises=[
                {"side": "ours", "what": "发报价", "due": "2026-11-27", "person": str(person.pk)},
                {"side": "theirs", "what": "预付款", "due": "2026-11-30", "due_time": "17:00"},
            ],
        )
        ours, theirs = Commitment.objects.filter(activity=made).order_by("due")
        assert (ours.customer_id, ours.person_id, ours.owner_id) == (
            customer.pk,
            person.pk,
            world.seller.member_id,
        )
        assert (ours.first_due, ours.moved, ours.state, ours.settled_on) == (
            date(2026, 11, 27),
            0,
            "open",
            None,
        )
        assert (theirs.side, theirs.due_time) == ("theirs", "17:00")
        done = last_operation_id()
    with in_scope(world.seller):
        assert done is not None
        undo(world.seller, done)
        assert not Commitment.objects.exists()
        assert not Activity.objects.exists()


def test_a_promise_without_a_day_keeps_the_call_from_being_saved(world: World) -> None:
    with in_scope(world.seller):
        customer = _customer(world.seller)
        with pytest.raises(Invalid) as error:
            log_activity(
                world.seller,
                data={"kind": "call", "text": "x", "customer": str(customer.pk)},
                promises=[{"side": "ours", "what": "发报价", "due": ""}],
            )
        assert set(error.value.fields) == {"promises"}
        assert not Activity.objects.exists()


def test_what_is_promised_on_completing_hangs_on_it(world: World) -> None:
    with in_scope(world.seller):
        customer = _customer(world.seller)
        planned = plan_activity(
            world.seller,
            data={"kind": "visit", "at": timezone.now().isoformat(), "customer": str(customer.pk)},
        )
        complete_activity(
            world.seller,
            planned.pk,
            outcome="met",
            promises=[{"side": "ours", "what": "样品", "due": "2026-12-01"}],
        )
        assert Commitment.objects.get().activity_id == planned.pk


def test_a_promise_is_kept_put_off_broken_and_each_is_undone(world: World) -> None:
    with in_scope(world.seller):
        one = _promise(world.seller, _customer(world.seller))
    today = timezone.localdate()
    acts: tuple[tuple[Callable[[], int], dict[str, Any]], ...] = (
        (lambda: keep(world.seller, ids=[one.pk]), {"state": "kept", "settled_on": today, "moved": 0}),
        (
            lambda: put_off(world.seller, ids=[one.pk], until=today + timedelta(days=9), why="等图纸"),
            {"state": "open", "moved": 1, "why": "等图纸", "due": today + timedelta(days=9)},
        ),
        (
            lambda: break_(world.seller, ids=[one.pk], why="产能不够"),
            {"state": "broken", "settled_on": today, "why": "产能不够"},
        ),
        (lambda: withdraw(world.seller, ids=[one.pk]), {"state": "withdrawn", "settled_on": today}),
    )
    before = {
        "state": "open",
        "settled_on": None,
        "moved": 0,
        "why": "",
        "due": one.due,
        "first_due": one.due,
    }
    for act, expected in acts:
        with in_scope(world.seller):
            assert act() == 1
            fresh = _fresh(one)
            assert {name: getattr(fresh, name) for name in expected} == expected
            done = last_operation_id()
        with in_scope(world.seller):
            assert done is not None
            undo(world.seller, done)
            fresh = _fresh(one)
            assert {name: getattr(fresh, name) for name in before} == before


def test_what_is_settled_is_not_settled_again(world: World) -> None:
    with in_scope(world.seller):
        one = _promise(world.seller, _customer(world.seller))
        keep(world.seller, ids=[one.pk])
        assert break_(world.seller, ids=[one.pk]) == 0
        assert _fresh(one).state == "kept"


def test_a_later_day_counts_as_put_off_on_every_way(world: World) -> None:
    with in_scope(world.seller):
        one = _promise(world.seller, _customer(world.seller))
        edited = edit_commitment(
            world.seller,
            one.pk,
            data={"due": (one.due + timedelta(days=1)).isoformat()},
            expected_version=one.version,
        )
        assert edited.moved == 1
        sooner = edit_commitment(
            world.seller, one.pk, data={"due": one.due.isoformat()}, expected_version=edited.version
        )
        assert sooner.moved == 1
        resource = find("commitments")
        later = one.due + timedelta(days=5)
        resource.edit_each(world.seller, changes=[(one.pk, {"due": later})])
        assert _fresh(one).moved == 2
        assert resource.update_imported is not None
        resource.update_imported(world.seller, changes=[(one.pk, {"due": later + timedelta(days=1)})])
        assert _fresh(one).moved == 3
        assert _fresh(one).first_due == one.due


def test_nobody_promises_for_a_day_that_has_passed_by_putting_off(world: World) -> None:
    with in_scope(world.seller):
        one = _promise(world.seller, _customer(world.seller))
        with pytest.raises(Invalid):
            put_off(world.seller, ids=[one.pk], until=timezone.localdate() - timedelta(days=1))


def test_the_database_keeps_state_and_day_together(world: World) -> None:
    with in_scope(world.seller):
        one = _promise(world.seller, _customer(world.seller))
        with pytest.raises(IntegrityError), transaction.atomic():
            Commitment.objects.filter(pk=one.pk).update(state="kept")


def test_an_import_brings_settled_ones_with_their_first_day(world: World) -> None:
    with in_scope(world.admin):
        customer = _customer(world.admin)
        due = timezone.localdate() - timedelta(days=30)
        made = create_commitments(
            world.admin,
            rows=[{"what": "a", "side": "ours", "customer_id": customer.pk, "due": due, "state": "kept"}],
        )
        one = Commitment.objects.get(pk=made[0])
        assert (one.first_due, one.settled_on) == (due, due)


def test_everybody_who_sees_the_customer_sees_what_each_promised(world: World) -> None:
    resource = find("commitments")
    with in_scope(world.seller):
        customer = _customer(world.seller)
        mine = _promise(world.seller, customer)
    with in_scope(world.manager):
        theirs = _promise(world.manager, customer, "给折扣")
    with in_scope(world.seller):
        seen = promises_with(world.seller, find("customers"), customer)
        assert {one.pk for one in seen} == {mine.pk, theirs.pk}
        assert keep(world.seller, ids=[theirs.pk]) == 0  # another's is his to keep
    with in_scope(world.elsewhere):
        assert not access.visible(world.elsewhere, resource).exists()
        with pytest.raises(NotFound):
            access.get(world.elsewhere, resource, mine.pk)


def test_today_leads_with_what_was_promised(world: World) -> None:
    with in_scope(world.seller):
        customer = _customer(world.seller)
        late = _promise(world.seller, customer, "样机视频", -2)
        due = _promise(world.seller, customer, "案例", 0)
        _promise(world.seller, customer, "下个月的", 40)
        theirs = _promise(world.seller, customer, "预付款", -1, side="theirs")
        show = Show(actor=world.seller, language="zh-hans")
        ours, of_them = due_soon(world.seller, {world.members["seller"].pk}, show)
        assert [one.id for one in ours] == [late.pk, due.pk]
        assert [(one.late, one.today, one.mine) for one in ours] == [(True, False, True), (False, True, True)]
        assert [one.id for one in of_them] == [theirs.pk]
        assert due_count(world.seller) == 2


def test_how_promises_went_is_counted(world: World) -> None:
    with in_scope(world.seller):
        customer = _customer(world.seller)
        kept, late, broken, gone, moved = (_promise(world.seller, customer, str(n)) for n in range(5))
        _promise(world.seller, customer, "overdue", -1)
        keep(world.seller, ids=[kept.pk])
        put_off(world.seller, ids=[late.pk, moved.pk], until=late.due + timedelta(days=1))
        keep(world.seller, ids=[late.pk])
        break_(world.seller, ids=[broken.pk])
        withdraw(world.seller, ids=[gone.pk])
        found = record_of(promises_with(world.seller, find("customers"), customer))["ours"]
        assert (found.open, found.late, found.in_time, found.after, found.broken, found.moved) == (
            2,
            1,
            1,
            1,
            1,
            2,
        )
        assert found.settled == 3


def test_a_superior_hears_once_of_what_is_overdue(world: World) -> None:
    with in_scope(world.seller):
        customer = _customer(world.seller)
        late = _promise(world.seller, customer, "样机视频", -10)
        _promise(world.seller, customer, "他们的", -10, side="theirs")
        _promise(world.seller, customer, "明天", 1)
    morning = datetime.combine(timezone.localdate(), datetime.min.time(), tzinfo=UTC) + timedelta(hours=2)
    assert escalate(morning - timedelta(hours=4)) == 0  # it is night there
    assert escalate(morning) >= 1
    with in_scope(world.manager):
        told = Notice.objects.filter(member=world.members["manager"], kind="activities.overdue")
        said = f"{world.seller.name} has promised something that is overdue: 样机视频."
        with override("en"):
            assert [words(one) for one in told] == [said]
        assert [one.commitment for one in Escalated.objects.all()] == [late.pk]
        show = Show(actor=world.manager, language="en")
        ours, _theirs = due_soon(world.manager, None, show)
        assert [one.told for one in ours if one.id == late.pk] == [world.manager.name]
    escalate(morning)
    with in_scope(world.manager):
        assert Escalated.objects.count() == 1
    with in_scope(world.seller):
        made = _promise(world.seller, customer, "报价", -10)
        operation = last_operation_id()
    escalate(morning)
    with in_scope(world.seller):
        assert operation is not None
        assert Escalated.objects.filter(commitment=made.pk).exists()
        undo(world.seller, operation)
        assert not Commitment.objects.filter(pk=made.pk).exists()
    with in_scope(world.seller):
        put_off(world.seller, ids=[late.pk], until=timezone.localdate())
        show = Show(actor=world.seller, language="en")
        ours, _theirs = due_soon(world.seller, {world.members["seller"].pk}, show)
        assert [one.told for one in ours if one.id == late.pk] == [""]


def test_promises_of_whom_nobody_is_told_keep_no_others_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escalating, "_BATCH", 1)
    with in_scope(world.owner):
        assert world.owner.member_id not in superiors([world.members["owner"].pk])
        customer = _customer(world.owner)
        for days in (-30, -29):
            _promise(world.owner, customer, "老板自己的", days)
    with in_scope(world.seller):
        late = _promise(world.seller, _customer(world.seller, "另一家"), "样机视频", -10)
    with in_scope(world.system, door="job"):
        assert escalating.escalate_company(timezone.localdate()) == 1
        assert [one.commitment for one in Escalated.objects.all()] == [late.pk]


def test_a_promise_is_kept_by_one_tap_and_the_tap_is_undone(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        one = _promise(world.seller, _customer(world.seller), days=-1)
    client = client_for(world.members["seller"])
    page = client.get(reverse("today")).content.decode()
    assert "发报价" in page
    answer = client.post(reverse("commitment_keep", args=[one.pk]), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "gx:toast" in answer["HX-Trigger"]
    with in_scope(world.seller):
        assert _fresh(one).state == "kept"
    again = client.post(reverse("commitment_keep", args=[one.pk]), headers={"HX-Request": "true"})
    assert again.status_code == 409


def test_the_composer_writes_a_promise_by_itself(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        customer = _customer(world.seller)
    client = client_for(world.members["seller"])
    url = reverse("timeline", args=["customers", customer.pk])
    bad = client.post(url, {"kind": "promise", "text": "寄样品", "promise_side": "theirs"})
    assert bad.status_code == 422
    answer = client.post(
        url, {"kind": "promise", "text": "寄样品", "promise_side": "theirs", "promise_due": "2026-12-01"}
    )
    assert answer.status_code == 302
    with in_scope(world.seller):
        one = Commitment.objects.get()
        assert (one.side, one.what, one.due, one.activity_id) == ("theirs", "寄样品", date(2026, 12, 1), None)
    panel = find("customers").url("panel", id=customer.pk, key="promises")
    assert "寄样品" in client.get(panel, headers={"HX-Request": "true"}).content.decode()

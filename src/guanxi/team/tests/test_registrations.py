"""Registering deals: what is for the same, who is kept out, who learns what, what may be done when."""

# Chinese in code: names in tests

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.ways import charges
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import words
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused
from guanxi.resource import access, guards, listing
from guanxi.resource.registry import find
from guanxi.team.models import Registration, RunningOut
from guanxi.team.queries.registrations import colliding, days_protected, rivals_of
from guanxi.team.rules import Plan
from guanxi.team.rules.registration import Subject, overlap, stem
from guanxi.team.services import telling
from guanxi.team.services.deciding import accept, change_protection, extend, refuse, settle, win, withdraw
from guanxi.team.services.handover import hand_over
from guanxi.team.services.registrations import edit_registration, register_deal
from guanxi.team.tests.deals import age, deal, free_customer, fresh, states
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
_CUSTOMERS = st.uuids()
_REGIONS = st.sampled_from(("", "CN", "370000", "370200", "320500", "310000", "VN"))
_PROJECTS = st.sampled_from(("", "一期", "二期"))


@pytest.mark.parametrize(
    ("code", "found"),
    [("", ""), ("CN", "CN"), ("370000", "CN37"), ("370200", "CN3702"), ("370202", "CN370202"), ("VN", "VN")],
)
def test_the_stem_of_a_region_begins_those_of_all_beneath_it(code: str, found: str) -> None:
    assert stem(code) == found


@given(_CUSTOMERS, _REGIONS, _REGIONS, _PROJECTS, _PROJECTS)
def test_overlapping_is_mutual_and_wider_is_never_less(
    customer: Any, one: str, other: str, here: str, there: str
) -> None:
    first, second = (
        Subject(customer, "灌装线", stem(one), here),
        Subject(customer, "灌装线", stem(other), there),
    )
    assert overlap(first, second) == overlap(second, first)
    assert overlap(first, first)
    if overlap(first, second):
        assert overlap(Subject(customer, "灌装线", "", here), second)
        assert overlap(Subject(customer, "灌装线", stem(one), ""), second)
    assert not overlap(first, Subject(customer, "包装线", stem(one), here))


def test_who_decides_is_told_and_accepting_protects_for_ninety_days(world: World) -> None:
    customer = free_customer(world)
    with in_scope(world.seller):
        one = deal(world.seller, customer, region="370200", evidence="已拜访")
        assert (one.state, one.until, one.owner_id) == ("submitted", None, world.seller.member_id)
        told = Notice.objects.get(kind=telling.SUBMITTED)
        assert told.member_id == world.manager.member_id
        assert "灌装线" in words(told)
        with pytest.raises(Forbidden):
            accept(world.seller, ids=[one.pk])
    with in_scope(world.manager):
        assert accept(world.manager, ids=[one.pk]) == 1
        held = fresh(one)
        assert (held.state, held.until) == ("in_force", timezone.localdate() + timedelta(days=90))
        assert (held.reviewed_by_id, held.reason) == (world.manager.member_id, "")
        assert accept(world.manager, ids=[one.pk]) == 0
        assert Notice.objects.get(kind=telling.ACCEPTED).member_id == world.seller.member_id


def test_a_refusal_gives_its_reason(world: World) -> None:
    customer = free_customer(world)
    with in_scope(world.seller):
        one = deal(world.seller, customer)
    with in_scope(world.manager):
        with pytest.raises(Invalid):
            refuse(world.manager, ids=[one.pk], why=" ")
        assert refuse(world.manager, ids=[one.pk], why="没有立项") == 1
        assert (fresh(one).state, fresh(one).reason) == ("refused", "没有立项")
        assert "没有立项" in words(Notice.objects.get(kind=telling.REFUSED))


def test_somebody_elses_customer_is_not_registered_except_by_who_works_on_it(world: World) -> None:
    with in_scope(world.teammate):
        customer = create_customer(
            world.teammate, data={"name": "乙食品", "relations": "customer"}, allow_duplicate=True
        )
    for power in ("read", "write"):
        with in_scope(world.teammate):
            data = {"customer": customer.pk, "member": world.seller.member_id, "power": power}
            charges.create(world.teammate, data=data)
        with in_scope(world.seller):
            if power == "read":
                with pytest.raises(Refused, match="owned") as refused:
                    deal(world.seller, customer)
                assert world.teammate.name in refused.value.words
            else:
                assert deal(world.seller, customer).state == "submitted"


def test_ones_own_is_not_registered_twice_while_it_lives(world: World) -> None:
    customer = free_customer(world)
    with in_scope(world.seller):
        one = deal(world.seller, customer, "灌装 线", region="370000")
        with pytest.raises(Refused, match="registered_twice"):
            deal(world.seller, customer, region="370200")
        assert deal(world.seller, customer, region="320500").state == "submitted"
        assert withdraw(world.seller, ids=[one.pk]) == 1
        assert deal(world.seller, customer, region="370200").state == "submitted"


def _collide(world: World) -> tuple[Registration, Registration]:
    """The seller's and the team mate's for the same."""
    customer = free_customer(world)
    with in_scope(world.seller):
        one = deal(world.seller, customer, region="370000", project="一期厂房", evidence="图纸在手")
    with in_scope(world.teammate):
        with pytest.raises(guards.Warned) as warned:
            register_deal(
                world.teammate, data={"customer": customer.pk, "line": "灌装线", "region": "370200"}
            )
        said = str(warned.value.warnings[0].reason)
        assert world.seller.name in said
        assert "一期厂房" not in said
        assert "图纸在手" not in said
        other = deal(world.teammate, customer, region="370200", project="", evidence="老板答应")
    return one, other


def test_of_a_collision_both_are_told_and_learn_no_more_than_who(world: World, client_for: ClientFor) -> None:
    one, other = _collide(world)
    with in_scope(world.system):
        told = {(notice.member_id, words(notice)) for notice in Notice.objects.filter(kind=telling.COLLIDES)}
        assert {member for member, _said in told} == {world.seller.member_id, world.teammate.member_id}
        assert not any("一期厂房" in said or "图纸" in said for _member, said in told)
    resource = find("registrations")
    pages = {name: client_for(world.members[name]) for name in ("seller", "teammate", "manager", "elsewhere")}
    for name, mine, theirs in (("seller", one, other), ("teammate", other, one)):
        rival = world.teammate if name == "seller" else world.seller
        card = pages[name].get(resource.url("card", id=mine.pk)).content.decode()
        panel = pages[name].get(resource.url("panel", id=mine.pk, key="others")).content.decode()
        assert rival.name in card
        assert rival.name in panel
        assert str(theirs.pk) not in panel
        hidden = ("老板答应",) if name == "seller" else ("一期厂房", "图纸在手")
        assert not any(text in card + panel for text in hidden)
        assert pages[name].get(resource.url("card", id=theirs.pk)).status_code == 404
        customer = pages[name].get(find("customers").url("card", id=mine.customer_id))
        if customer.status_code == 200:
            assert rival.name in customer.content.decode()
    panel = pages["manager"].get(resource.url("panel", id=one.pk, key="others")).content.decode()
    assert str(other.pk) in panel
    # Who decides has both sides on the page, and who answers for the customer.
    assert "老板答应" in panel
    assert "负责这家客户" in panel
    assert pages["elsewhere"].get(resource.url("card", id=one.pk)).status_code == 404


def test_the_list_finds_collisions_as_the_rule_does(world: World) -> None:
    chance = Random(5)
    customers = [free_customer(world), free_customer(world, "第二食品")]
    for _number in range(28):
        actor = chance.choice((world.seller, world.teammate, world.elsewhere))
        with in_scope(actor), suppress(Refused):
            deal(
                actor,
                chance.choice(customers),
                chance.choice(("灌装线", "包装线", "贴标机", "码垛机")),
                region=chance.choice(("370000", "370200", "320500", "VN")),
                project=chance.choice(("", "一期", "二期", "三期")),
            )
    with in_scope(world.system):
        rows = list(Registration.objects.all())
        expected = set(rivals_of(rows))
        assert len(rows) - 3 > len(expected) > 3
        assert set(Registration.objects.filter(colliding()).values_list("pk", flat=True)) == expected
        for query, wanted in (
            ("collides=yes", expected),
            ("collides=no", {one.pk for one in rows} - expected),
        ):
            found = listing.read(world.admin, find("registrations"), QueryDict(query)).rows()
            assert set(found.values_list("pk", flat=True)) == wanted


def test_one_that_is_in_force_keeps_others_out(world: World) -> None:
    one, other = _collide(world)
    with in_scope(world.manager):
        accept(world.manager, ids=[one.pk])
        with pytest.raises(Refused, match="protected") as refused:
            accept(world.manager, ids=[other.pk])
        assert world.seller.name in refused.value.words
        assert states(one, other) == ["in_force", "submitted"]


@pytest.mark.parametrize("first_in_force", [False, True], ids=["both wait", "the other is in force"])
def test_a_manager_settles_a_collision_in_one_operation(world: World, first_in_force: bool) -> None:
    one, other = _collide(world)
    with in_scope(world.manager):
        if first_in_force:
            accept(world.manager, ids=[one.pk])
        with pytest.raises(Invalid):
            settle(world.manager, other.pk, why="")
        settle(world.manager, other.pk, why="客户指定曾志强")
        assert states(one, other) == ["refused", "in_force"]
        assert {fresh(one).reason, fresh(other).reason} == {"客户指定曾志强"}
        assert fresh(one).until is None
        done = Operation.objects.get(pk=last_operation_id() or "")
        assert done.verb == "team.registration.settle"
        assert done.summary["reason"] == "客户指定曾志强"
        with pytest.raises(Refused, match="no_collision"):
            settle(world.manager, other.pk, why="再来一次")
    with in_scope(world.seller), pytest.raises(NotFound):
        settle(world.seller, other.pk, why="我")


def test_nobody_settles_what_is_not_all_his_to_decide(world: World) -> None:
    customer = free_customer(world)
    with in_scope(world.seller):
        one = deal(world.seller, customer)
    with in_scope(world.owner):
        deal(world.owner, customer)
    with in_scope(world.manager), pytest.raises(Refused, match="beyond_reach"):
        settle(world.manager, one.pk, why="归我们")


def test_who_has_a_superior_does_not_decide_on_his_own(world: World) -> None:
    customer = free_customer(world)
    with in_scope(world.admin), operation(world.admin, "tests.thing.change"):
        Member.objects.filter(pk=world.manager.member_id or "").update(superior=world.owner.member_id)
    with in_scope(world.manager):
        one = deal(world.manager, customer)
        with pytest.raises(Refused, match="own"):
            accept(world.manager, ids=[one.pk])
    with in_scope(world.owner):
        assert accept(world.owner, ids=[one.pk]) == 1


def test_it_is_extended_twice_on_evidence_and_only_while_it_lasts(world: World) -> None:
    customer = free_customer(world)
    today = timezone.localdate()
    with in_scope(world.seller):
        one = deal(world.seller, customer)
        assert extend(world.seller, ids=[one.pk], proof="等") == 0
    with in_scope(world.manager):
        accept(world.manager, ids=[one.pk])
    with in_scope(world.seller):
        with pytest.raises(Invalid):
            extend(world.seller, ids=[one.pk], proof=" ")
        for times in (1, 2):
            assert extend(world.seller, ids=[one.pk], proof=f"第{times}次试机") == 1
            held = fresh(one)
            assert (held.extensions, held.progress) == (times, f"第{times}次试机")
            assert held.until == today + timedelta(days=90 * (times + 1))
        with pytest.raises(Refused, match="extended_enough"):
            extend(world.seller, ids=[one.pk], proof="再来")
        assert "第2次试机" in words(Notice.objects.filter(kind=telling.EXTENDED).latest("created_at"))
        age(world.seller, one, extensions=0, until=today - timedelta(days=1))
        assert extend(world.seller, ids=[one.pk], proof="晚了") == 0
        assert win(world.seller, ids=[one.pk]) == 1
        assert states(one) == ["won"]


def test_what_expired_is_worked_out_and_keeps_nobody_out(world: World) -> None:
    one, other = _collide(world)
    resource, today = find("registrations"), timezone.localdate()

    def listed(query: str) -> set[Any]:
        rows = listing.read(world.manager, resource, QueryDict(query)).rows()
        return set(rows.values_list("pk", flat=True))

    with in_scope(world.manager):
        accept(world.manager, ids=[one.pk])
        assert (listed("state=in_force"), listed("state=expired")) == ({one.pk}, set())
        age(world.manager, one, until=today - timedelta(days=1))
        assert resource.kind("state").value(fresh(one)) == "expired"
        assert (listed("state=in_force"), listed("state=expired")) == (set(), {one.pk})
        assert listed("state.not=expired") == {other.pk}
        assert accept(world.manager, ids=[other.pk]) == 1


def test_what_it_is_for_stays_once_it_was_decided(world: World) -> None:
    customer = free_customer(world)
    resource = find("registrations")
    with in_scope(world.seller):
        one = deal(world.seller, customer)
        edit_registration(world.seller, one.pk, data={"line": "包装线"}, expected_version=None)
        assert fresh(one).line_key == "包装线"
    with in_scope(world.manager):
        accept(world.manager, ids=[one.pk])
    with in_scope(world.seller):
        for change in ({"line": "灌装线"}, {"region": "370200"}, {"project": "一期"}):
            with pytest.raises(Refused, match="decided"):
                edit_registration(world.seller, one.pk, data=change, expected_version=None)
            with pytest.raises(Refused, match="decided"):
                resource.edit_each(world.seller, changes=[(one.pk, change)])
        edit_registration(world.seller, one.pk, data={"evidence": "合同草稿"}, expected_version=None)
        with pytest.raises(Invalid):
            edit_registration(world.seller, one.pk, data={"state": "won"}, expected_version=None)


def test_a_change_is_asked_as_a_new_one_is(world: World) -> None:
    one, _other = _collide(world)
    third = free_customer(world, "第三食品")
    with in_scope(world.teammate):
        free = deal(world.teammate, third, "包装线")
        data = {"customer": str(one.customer_id), "line": "灌装线", "region": "370100"}
        with pytest.raises(guards.Warned):
            edit_registration(world.teammate, free.pk, data=data, expected_version=None)
        with pytest.raises(Refused, match="registered_twice"):
            edit_registration(world.teammate, free.pk, data=data | {"region": ""}, expected_version=None)


def test_owners_are_told_a_week_before_and_once(world: World) -> None:
    customer = free_customer(world)
    today = timezone.localdate()
    with in_scope(world.seller):
        one = deal(world.seller, customer)
    with in_scope(world.manager):
        accept(world.manager, ids=[one.pk])
        until = today + timedelta(days=90)
        assert telling.tell_running_out(until - timedelta(days=8)) == 0
        assert telling.tell_running_out(until - timedelta(days=7)) == 1
        assert telling.tell_running_out(until - timedelta(days=6)) == 0
        assert Notice.objects.get(kind=telling.RUNS_OUT).member_id == world.seller.member_id
        assert RunningOut.objects.get().until == until


def test_the_days_of_protection_are_the_companys(world: World) -> None:
    customer = free_customer(world)
    with in_scope(world.seller), pytest.raises(Forbidden):
        change_protection(world.seller, 30)
    with in_scope(world.admin):
        for days in (None, 0, 731):
            with pytest.raises(Invalid):
                change_protection(world.admin, days)
        change_protection(world.admin, 30)
        assert days_protected() == 30
        one = deal(world.admin, customer)
        accept(world.admin, ids=[one.pk])
        assert fresh(one).until == timezone.localdate() + timedelta(days=30)


def test_a_handover_takes_living_ones_along(world: World) -> None:
    def mine(actor: Actor, name: str) -> Registration:
        customer = create_customer(actor, data={"name": name, "relations": "customer"}, allow_duplicate=True)
        return deal(actor, customer)

    with in_scope(world.seller):
        living, gone = mine(world.seller, "丙食品"), mine(world.seller, "丁食品")
        withdraw(world.seller, ids=[gone.pk])
    mate = world.teammate.member_id
    assert mate is not None
    assert world.seller.member_id is not None
    with in_scope(world.manager):
        hand_over(world.manager, world.seller.member_id, plan=Plan(mate))
        assert (fresh(living).owner_id, fresh(gone).owner_id) == (mate, world.seller.member_id)
        assert access.visible(world.teammate, find("registrations")).get().pk == living.pk

"""What falls in the night is what the page says of each customer, over random rules and histories."""

# Chinese in code: names of customers in tests

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from guanxi.customers.models import Customer, Lock, Pool, Transfer
from guanxi.customers.queries.falling import HELD, KEPT_UNTIL, LAST, due, falling, standings, terms_of
from guanxi.customers.rules.pools import Clock, Term, falls
from guanxi.customers.services.customers import create_customers
from guanxi.customers.services.pool_settings import set_terms
from guanxi.customers.services.pools import claim, move
from guanxi.customers.services.recycling import FALLS_SOON, FELL, recycle, recycle_pools
from guanxi.customers.tests.test_pools import customer_of, make_pool, put
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import words
from guanxi.kernel.errors import Forbidden, Invalid
from guanxi.kinds import Date, Kind, Number
from guanxi.resource.facts import fact, state_facts
from guanxi.resource.registry import find
from guanxi.testing.customers import make_customers
from guanxi.testing.worlds import World, in_scope, writing

CLOCKS = (Clock.OPPORTUNITY, Clock.PURCHASE)


@pytest.fixture(autouse=True)
def facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What customers declare once there are sales, contracts, money and complaints."""
    customers: Any = find("customers")
    kinds: tuple[Kind, ...] = (
        *(fact("customers", Date(name=name, label=name)) for name in (*LAST.values(), KEPT_UNTIL)),
        *(fact("customers", Number(name=name, label=name)) for name in HELD),
    )
    declared = dict(customers.declared)
    for kind in kinds:
        kind.bind(customers)
        declared[kind.name] = kind
    monkeypatch.setattr(customers, "declared", declared)


def _random_terms(chance: Random) -> list[Term]:
    found = []
    for clock in CLOCKS:
        days = chance.choice((None, chance.randint(1, 30)))
        by_grade = {
            grade: chance.choice((None, chance.randint(1, 40))) for grade in "ABC" if chance.random() < 0.4
        }
        found.append(Term(clock, days, by_grade))
    return found


def _random_lives(world: World, pool: Pool, chance: Random, today: date) -> list[Customer]:
    """Customers of every history there is: of long ago and of late, changed hands or not, kept or held."""
    with writing(world.system):
        for one in make_customers(60):
            moment = timezone.now() - timedelta(days=chance.randint(0, 60))
            values: dict[str, Any] = {
                "pool_id": pool.pk, "grade": chance.choice(("", "A", "B", "C", "D")), "created_at": moment,
                "owner_id": chance.choice((world.seller, world.teammate)).member_id,
            }  # fmt: skip
            Customer.objects.filter(pk=one.pk).update(**values)
            if chance.random() < 0.3:
                Customer.objects.filter(pk=one.pk).update(owner_id=world.manager.member_id)
            at = timezone.now() - timedelta(days=chance.randint(0, 40))
            Transfer.objects.filter(customer=one.pk).update(created_at=at)
            for name in ("last_opportunity", "last_purchase"):
                if chance.random() < 0.5:
                    day = today - timedelta(days=chance.randint(0, 40))
                    state_facts(world.system, "customers", name, {one.pk: day}, by="tests")
            if chance.random() < 0.2:
                day = today + timedelta(days=chance.randint(-5, 5))
                state_facts(world.system, "customers", "contract_until", {one.pk: day}, by="tests")
            if chance.random() < 0.1:
                state_facts(world.system, "customers", "money_due", {one.pk: 1200}, by="tests")
            if chance.random() < 0.1:
                until = chance.choice((None, today + timedelta(days=chance.randint(-3, 3))))
                Lock.objects.create(customer_id=one.pk, member=world.members["seller"], until=until)
    with in_scope(world.system):
        return list(Customer.objects.filter(pool=pool))


@pytest.mark.parametrize("seed", range(6))
def test_the_statement_of_the_night_and_the_rule_agree(world: World, seed: int) -> None:
    chance = Random(seed)
    pool = make_pool(world, world.seller)
    today = timezone.localdate()
    customers = _random_lives(world, pool, chance, today)
    for _round in range(3):
        with in_scope(world.admin):
            pool = set_terms(world.admin, pool.pk, _random_terms(chance))
        for ahead in (0, 1, 5):
            with in_scope(world.system):
                day = today + timedelta(days=ahead)
                by_rule = {pk for pk, fall in falling(customers).items() if fall.day <= day}
                assert set(due(pool, day).values_list("pk", flat=True)) == by_rule
    with in_scope(world.system):
        expected = {pk for pk, fall in falling(customers).items() if fall.day <= today}
        fell = recycle(world.system, pool, today)
        assert {pk for ids in fell.values() for pk in ids} == expected
        lying = Customer.objects.filter(pool=pool, owner__isnull=True)
        assert set(lying.values_list("pk", flat=True)) == expected
        assert recycle(world.system, pool, today) == {}


def test_a_night_is_undone_and_the_reason_stands(world: World) -> None:
    pool = make_pool(world, world.seller)
    one = customer_of(world.seller, "冷落了的客户商行")
    put(world.seller, pool, one)
    with in_scope(world.seller):
        claim(world.seller, ids=[one.pk])
    with in_scope(world.admin):
        pool = set_terms(world.admin, pool.pk, [Term(Clock.PURCHASE, 30, {"A": 90})])
    with in_scope(world.system):
        today = timezone.localdate()
        assert recycle(world.system, pool, today + timedelta(days=29)) == {}
    with writing(world.system):
        Transfer.objects.filter(customer=one.pk).update(created_at=timezone.now() - timedelta(days=30))
        Customer.objects.filter(pk=one.pk).update(created_at=timezone.now() - timedelta(days=300))
    with in_scope(world.system):
        assert recycle(world.system, pool, today) == {world.seller.member_id: [one.pk]}
        assert Transfer.objects.filter(customer=one.pk).latest("created_at").reason == "purchase:30"
        done = last_operation_id()
        assert done is not None
    with in_scope(world.admin):
        undo(world.admin, done)
    with in_scope(world.system):
        assert Customer.objects.get(pk=one.pk).owner_id == world.seller.member_id
    with in_scope(world.admin), pytest.raises(Forbidden):
        recycle(world.admin, pool, today)


def test_rules_are_looked_at_before_they_are_kept(world: World) -> None:
    pool = make_pool(world)
    with in_scope(world.admin):
        for wrong in (
            [Term(Clock.PURCHASE, 0)],
            [Term(Clock.PURCHASE, 30, {"A": 9999})],
            [Term(Clock.PURCHASE, 30), Term(Clock.PURCHASE, 60)],
        ):
            with pytest.raises(Invalid):
                set_terms(world.admin, pool.pk, wrong)
        kept = set_terms(
            world.admin, pool.pk, [Term(Clock.PURCHASE, 30, {"A": None}), Term(Clock.ACTIVITY, None)]
        )
        assert terms_of(kept) == [Term(Clock.PURCHASE, 30, {"A": None})]
    with in_scope(world.seller), pytest.raises(Forbidden):
        set_terms(world.seller, pool.pk, [])


def test_what_is_known_is_what_happened(world: World) -> None:
    one = customer_of(world.seller, "有记录的客户商行", grade="B")
    today = timezone.localdate()
    with writing(world.system):
        state_facts(world.system, "customers", "last_purchase", {one.pk: today}, by="tests")
        state_facts(world.system, "customers", "open_complaints", {one.pk: 1}, by="tests")
    with in_scope(world.system):
        known = standings([Customer.objects.get(pk=one.pk)])[one.pk]
        assert (known.since, known.grade, known.last, known.held) == (
            today,
            "B",
            {Clock.PURCHASE: today},
            True,
        )
        assert falls([Term(Clock.PURCHASE, 1)], known) is None


def test_whoever_loses_customers_is_told_before_and_after(world: World) -> None:
    pool = make_pool(world, world.seller, warn_days="2")
    names = [f"要掉公海的客户{at}号商行" for at in range(5)]
    mine = [customer_of(world.seller, name) for name in names]
    with in_scope(world.admin):
        move(world.admin, ids=[one.pk for one in mine], into=pool.pk)
        set_terms(world.admin, pool.pk, [Term(Clock.PURCHASE, 30)])
    today = timezone.localdate()
    with writing(world.system):
        for one, days in zip(mine, (30, 31, 28, 27, 0), strict=True):
            Customer.objects.filter(pk=one.pk).update(created_at=timezone.now() - timedelta(days=days))
    with in_scope(world.system):
        assert recycle_pools(world.system, today) == 2
        told = {one.kind: one for one in Notice.objects.filter(member=world.members["seller"])}
        assert told.keys() == {FELL, FALLS_SOON}
        assert (told[FELL].params["n"], told[FALLS_SOON].params["n"]) == (2, 1)
        assert words(told[FALLS_SOON]) == f"{names[2]} 还有 2 天掉入公海“华东公海”。"
        assert recycle_pools(world.system, today) == 0  # nobody falls twice


def test_what_was_created_elsewhere_long_ago_does_not_fall_the_first_night(world: World) -> None:
    """A company that moves in keeps when its customers were created; their owners have them since today."""
    pool = make_pool(world, world.seller)
    with in_scope(world.admin):
        set_terms(world.admin, pool.pk, [Term(Clock.PURCHASE, 30)])
    long_ago = timezone.now() - timedelta(days=900)
    with in_scope(world.admin):
        row = {"name": "搬来的老客户商行", "relations": "customer", "owner_id": world.seller.member_id}
        (brought,) = create_customers(world.admin, rows=[{**row, "created_at": long_ago}])
    today = timezone.localdate()
    with in_scope(world.system):
        one = Customer.objects.get(pk=brought)
        assert (one.pool_id, one.created_at) == (pool.pk, long_ago)
        assert falling([one])[brought].day == today + timedelta(days=30)
        assert recycle_pools(world.system, today) == 0
        assert recycle_pools(world.system, today + timedelta(days=30)) == 1


def test_nobody_starts_his_clock_anew_by_releasing_and_taking_it_back(world: World) -> None:
    pool = make_pool(world, world.seller)
    mine = customer_of(world.seller, "想留住的客户商行")
    with in_scope(world.admin):
        move(world.admin, ids=[mine.pk], into=pool.pk)
        pool = set_terms(world.admin, pool.pk, [Term(Clock.PURCHASE, 30)])
    with writing(world.system):
        Customer.objects.filter(pk=mine.pk).update(created_at=timezone.now() - timedelta(days=29))
    released = put(world.seller, pool, mine)
    with in_scope(world.seller):
        undo(world.seller, released)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with in_scope(world.system):
        one = Customer.objects.get(pk=mine.pk)
        assert one.owner_id == world.seller.member_id
        assert falling([one])[one.pk].day == tomorrow
        assert list(due(pool, tomorrow)) == [one]
    with in_scope(world.admin):  # given by somebody who may, it begins anew
        assign = next(act for act in find("customers").actions if act.key == "assign").service
        assign(world.admin, ids=[mine.pk], owner=world.teammate.member_id)
        assign(world.admin, ids=[mine.pk], owner=world.seller.member_id)
    with in_scope(world.system):
        assert not due(pool, tomorrow).exists()

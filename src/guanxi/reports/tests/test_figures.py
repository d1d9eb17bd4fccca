"""The figures: equal to what the lists show under the same query, and to facts counted without either."""

# Chinese in code: names in tests

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.activities.models import Activity, Commitment
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.pool_settings import join_pool
from guanxi.customers.services.pools import claim, release
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.reports.queries.sections import written, zone
from guanxi.reports.rules import after
from guanxi.resource import listing
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

DAY = date(2026, 3, 12)  # a Thursday
NEAR = st.integers(-3, 4)
OUTCOMES = {"call": ("answered", "not_answered", "call_back", ""), "visit": ("met", "not_met", "")}
SETTLED = ("kept", "broken", "withdrawn")


@dataclass(frozen=True)
class Touch:
    """One touch: whose, what, of which day, with a customer or not."""

    mine: bool
    kind: str
    state: str
    outcome: str
    days: int
    hour: int
    whom: bool
    undated: bool


@dataclass(frozen=True)
class Promise:
    """One promise: whose, by which side, due and settled on which days."""

    mine: bool
    side: str
    state: str
    due: int
    settled: int


@st.composite
def touches(draw: Any) -> Touch:
    kind = draw(st.sampled_from(("call", "visit", "meeting", "note", "task")))
    return Touch(
        draw(st.booleans()),
        kind,
        draw(st.sampled_from(("done", "done", "planned", "cancelled"))),
        draw(st.sampled_from(OUTCOMES.get(kind, ("",)))),
        draw(NEAR),
        draw(st.sampled_from((0, 1, 9, 16, 23))),
        draw(st.booleans()),
        draw(st.integers(0, 9)) == 0,
    )


promises = st.builds(
    Promise,
    st.booleans(),
    st.sampled_from(("ours", "theirs")),
    st.sampled_from(("open", *SETTLED)),
    NEAR,
    NEAR,
)


def _id(actor: Actor) -> UUID:
    assert actor.member_id is not None
    return actor.member_id


def _at(days: int, hour: int) -> datetime:
    here = timezone.localtime(timezone.now(), zone()).tzinfo
    return datetime.combine(DAY + timedelta(days=days), datetime.min.time(), here) + timedelta(hours=hour)


def _write(world: World, touched: list[Touch], promised: list[Promise]) -> None:
    """The rows as they are given, without the services' rules: any history there may be."""
    with in_scope(world.system), operation(world.system, "tests.thing.change"):
        Commitment.objects.all().delete()
        Activity.objects.all().delete()
        customer = Customer.objects.first()
        if customer is None:
            customer = create_customer(
                world.seller, data={"name": "甲食品", "relations": "customer"}, allow_duplicate=True
            )
        owners = {True: _id(world.seller), False: _id(world.teammate)}
        Activity.objects.bulk_create(
            Activity(
                owner_id=owners[one.mine],
                kind=one.kind,
                state=one.state,
                outcome=one.outcome,
                at=_at(one.days, one.hour),
                undated=one.undated,
                customer=customer if one.whom else None,
            )
            for one in touched
        )
        Commitment.objects.bulk_create(
            Commitment(
                owner_id=owners[one.mine],
                side=one.side,
                what="x",
                customer=customer,
                due=DAY + timedelta(days=one.due),
                state=one.state,
                settled_on=None if one.state == "open" else DAY + timedelta(days=one.settled),
            )
            for one in promised
        )


def _expected(
    period: str, first: date, last: date, touched: list[Touch], promised: list[Promise]
) -> Counter[str]:
    """Counted in plain Python from what was drawn."""
    found: Counter[str] = Counter()
    begins, ends = after(period, first)

    def within(days: int, low: date, high: date) -> bool:
        return low <= DAY + timedelta(days=days) <= high

    for one in touched:
        if not one.mine or one.undated:
            continue
        if one.state == "done" and within(one.days, first, last):
            found[f"touches.{one.kind}"] += 1
            answered = one.kind in ("call", "visit", "meeting") and one.outcome in ("", "answered", "met")
            found["touches.effective"] += answered and one.whom
        found["missed.planned"] += one.state == "planned" and DAY + timedelta(days=one.days) <= last
        found["next.planned"] += one.state == "planned" and within(one.days, begins, ends)
    for promise in promised:
        if not promise.mine:
            continue
        ours = promise.side == "ours"
        if promise.state in ("kept", "broken") and within(promise.settled, first, last):
            code = promise.state if ours else f"theirs_{promise.state}"
            found[f"promises.{code}"] += 1
        found["missed.promises"] += (
            ours and promise.state == "open" and DAY + timedelta(days=promise.due) <= last
        )
        found["next.promises"] += promise.state == "open" and within(promise.due, begins, ends)
    del found["promises.theirs_broken"]
    return +found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(touches(), max_size=14),
    st.lists(promises, max_size=10),
    st.sampled_from(("day", "week")),
)
def test_figures_are_the_facts_and_what_the_lists_show(
    world: World, touched: list[Touch], promised: list[Promise], period: str
) -> None:
    _write(world, touched, promised)
    first = DAY if period == "day" else DAY - timedelta(days=3)
    last = DAY if period == "day" else first + timedelta(days=6)
    expected = _expected(period, first, last, touched, promised)
    with in_scope(world.seller), timezone.override(zone()):
        sections = written(world.seller, _id(world.seller), period, first)
        figures = {one["code"]: one for part in sections for one in part["figures"]}
        counted = {code: one["count"] for code, one in figures.items() if not code.startswith("customers.")}
        assert counted == expected
        for code, one in figures.items():
            shown = listing.read(world.seller, find(one["resource"]), QueryDict(one["query"]))
            assert shown.total().count == one["count"], code
            assert {str(row.pk) for row in shown.page().rows} == {item[0] for item in one["items"]}, code
            if parts := one.get("parts"):
                assert sum(parts.values()) == one["count"], code


def _counts(actor: Actor, day: date) -> dict[str, int]:
    with in_scope(actor):
        sections = written(actor, _id(actor), "day", day)
    return {one["code"]: one["count"] for part in sections for one in part["figures"]}


def test_customers_that_came_and_went_are_counted_unless_it_was_undone(world: World) -> None:
    with in_scope(world.admin):
        days = {"reclaim_days": "0", "arrival_days": "0", "warn_days": "2"}
        pool = find("pools").create(world.admin, data={"name": "华东公海", **days})
        join_pool(world.admin, pool.pk, member=_id(world.seller))
        join_pool(world.admin, pool.pk, member=_id(world.elsewhere))
    with in_scope(world.elsewhere):
        lying = [
            create_customer(
                world.elsewhere,
                data={"name": f"公海{n}号食品", "relations": "customer"},
                allow_duplicate=True,
            )
            for n in range(2)
        ]
        release(world.elsewhere, ids=[one.pk for one in lying], why="no_time", into=pool.pk)
    today = timezone.localdate()
    with in_scope(world.seller):
        for one in lying:
            claim(world.seller, ids=[one.pk])
        second = last_operation_id()
    assert second is not None
    assert _counts(world.seller, today)["customers.claimed"] == 2
    with in_scope(world.seller):
        undo(world.seller, second)
    assert _counts(world.seller, today)["customers.claimed"] == 1
    with in_scope(world.seller):
        release(world.seller, ids=[lying[0].pk], why="no_need")
    assert _counts(world.seller, today)["customers.released"] == 1
    assert _counts(world.elsewhere, today)["customers.released"] == 2

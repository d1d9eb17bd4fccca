"""Who has been contacted already, when and by whom: columns and a filter of customers and of people."""

# Chinese in code: names of customers and people in tests

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone

from guanxi.activities.services.activities import Company, log_activity, plan_activity
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Show
from guanxi.resource import access, listing
from guanxi.resource.links import look_up
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

_COUNT = {("call", "answered"), ("visit", "met"), ("meeting", "met")}
_OTHERS = {("call", "not_answered"), ("visit", "not_met"), ("note", "")}


def _listed(actor: Actor, key: str, query: str) -> set[str]:
    with in_scope(actor):
        return {row.name for row in listing.read(actor, find(key), QueryDict(query)).page().rows}


def _shown(actor: Actor, key: str, column: str) -> dict[str, str]:
    with in_scope(actor):
        resource, show = find(key), Show(actor=actor)
        kind, rows = resource.kind(column), list(access.visible(actor, resource))
        look_up((kind,), rows, show)
        return {row.name: kind.text(row, show) for row in rows}


@pytest.mark.parametrize("seed", range(3))
def test_column_and_filter_say_what_was_done(world: World, seed: int) -> None:
    chance, today = Random(seed), timezone.localdate()
    last: dict[str, dict[str, date]] = {"customers": {}, "people": {}}
    with in_scope(world.seller):
        for number in range(14):
            firm, person = f"第{number}商行", f"王{number}"
            customer = create_customer(
                world.seller, data={"name": firm, "relations": "customer"}, allow_duplicate=True
            )
            known = create_person(
                world.seller, data={"name": person, "customer": str(customer.pk)}, allow_duplicate=True
            )
            data: dict[str, Any] = {"customer": str(customer.pk), "text": "x"}
            for _one in range(chance.randint(0, 4)):
                what = chance.choice(sorted(_COUNT | _OTHERS))
                day, there = today - timedelta(days=chance.randint(0, 12)), chance.random() < 0.6
                _log(world.seller, what, day, data, [known.pk] if there and what[0] != "note" else [])
                if what in _COUNT:
                    last["customers"][firm] = max(day, last["customers"].get(firm, day))
                    if there:
                        last["people"][person] = max(day, last["people"].get(person, day))
            plan_activity(
                world.seller, data=data | {"kind": "call", "at": (timezone.now() + timedelta(1)).isoformat()}
            )
    for key, days in last.items():
        shown = _shown(world.seller, key, "touched_on")
        assert {name for name, text in shown.items() if text} == set(days)
        for ago in (0, 3, 8):
            day = today - timedelta(days=ago)
            assert _listed(world.seller, key, f"touched_on.since={day}") == _of(
                days, lambda at, d=day: at >= d
            )
            assert _listed(world.seller, key, f"touched_on.until={day}") == _of(
                days, lambda at, d=day: at <= d
            )
        between = f"touched_on.between={today - timedelta(days=6)},{today - timedelta(days=2)}"
        assert _listed(world.seller, key, between) == _of(
            days, lambda at: timedelta(days=2) <= today - at <= timedelta(days=6)
        )
        assert _listed(world.seller, key, "touched_on.filled=") == set(days)
        assert _listed(world.seller, key, "touched_on.empty=") == set(shown) - set(days)


def _of(days: dict[str, date], wanted: Any) -> set[str]:
    return {name for name, day in days.items() if wanted(day)}


def _log(actor: Actor, what: tuple[str, str], day: date, data: dict[str, Any], people: list[Any]) -> None:
    at = timezone.make_aware(datetime.combine(day, time(second=1)))
    kind, outcome = what
    log_activity(
        actor,
        data=data | {"kind": kind, "at": at.isoformat()} | ({"outcome": outcome} if outcome else {}),
        company=Company(people=people),
    )


def test_it_is_said_by_whom_and_only_to_whoever_sees_it(world: World) -> None:
    with in_scope(world.seller):
        customer = create_customer(world.seller, data={"name": "鲁味园", "relations": "customer"})
        log_activity(
            world.seller,
            data={"kind": "call", "outcome": "answered", "customer": str(customer.pk), "text": "x"},
        )
    assert _shown(world.manager, "customers", "touched_by") == {"鲁味园": f"{world.seller.name} · 电话"}
    assert _listed(world.manager, "customers", "touched_on.last=7") == {"鲁味园"}
    assert _shown(world.elsewhere, "customers", "touched_by") == {}
    assert _listed(world.elsewhere, "customers", "touched_on.last=7") == set()

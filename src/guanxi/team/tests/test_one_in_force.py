"""Never are two registrations in force for the same deal: whatever is done in whatever order, or at once."""

# Chinese in code: names in tests

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Barrier
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import OperationalError, connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.customers.models import Customer
from guanxi.customers.services.merging import merge_customers
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Conflict, Invalid, NotFound, Refused
from guanxi.resource import acting, guards
from guanxi.resource.registry import find
from guanxi.team.models import Registration
from guanxi.team.services import registrations
from guanxi.team.services.deciding import accept, extend, refuse, settle, win, withdraw
from guanxi.team.services.registrations import edit_each
from guanxi.team.tests.deals import deal, free_customer, fresh, side_by_side, states
from guanxi.testing.worlds import World, in_scope

_NOW = timezone.now


@contextmanager
def _later(days: int) -> Iterator[None]:
    """Within, so many days have gone by."""
    with patch.object(timezone, "now", lambda: _NOW() + timedelta(days=days)):
        yield


def _two(world: World, customer: Customer | None = None) -> tuple[Registration, Registration]:
    at = customer or free_customer(world)
    with in_scope(world.seller):
        one = deal(world.seller, at)
    with in_scope(world.teammate):
        return one, deal(world.teammate, at, region="370200")


def _done(actor: Actor, act: Callable[[], Any]) -> UUID:
    with in_scope(actor):
        act()
        done = last_operation_id()
    assert done is not None
    return done


def test_of_two_managers_who_accept_at_once_one_wins(world: World) -> None:
    customer = free_customer(world)
    for _turn in range(4):
        one, other = _two(world, customer)
        gate = Barrier(2)

        def decide(actor: Actor, mine: Registration, gate: Barrier = gate) -> str:
            resource = find("registrations")
            gate.wait(10)
            try:
                with in_scope(actor):
                    acting.act(
                        actor, resource, acting.find(actor, resource, "accept", form="row"), mine.pk, {}
                    )
                return "accepted"
            except Refused as refused:
                return refused.code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as threads:
            ends = sorted(threads.map(decide, (world.manager, world.owner), (one, other)))
        assert ends == ["accepted", "protected"]
        with in_scope(world.admin):
            assert sorted(states(one, other)) == ["in_force", "submitted"]
            for mine in (one, other):
                withdraw(world.admin, ids=[mine.pk])


def test_who_settles_while_another_accepts_does_not_bring_a_second_one_in_force(world: World) -> None:
    customer = free_customer(world)
    for _turn in range(4):
        one, other = _two(world, customer)
        gate = Barrier(2)

        def decide(settles: bool, pair: Any = (one, other), gate: Barrier = gate) -> str:
            gate.wait(10)
            try:
                with in_scope(world.manager):
                    if settles:
                        settle(world.manager, pair[1].pk, why="先到先得")
                    else:
                        accept(world.manager, ids=[pair[0].pk])
                return "done"
            except Refused as refused:
                return refused.code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as threads:
            ends = list(threads.map(decide, (False, True)))
        assert "done" in ends
        assert set(ends) <= {"done", "protected", "busy"}
        with in_scope(world.admin):
            assert side_by_side() == []
            assert "in_force" in states(one, other)
            for mine in (one, other):
                withdraw(world.admin, ids=[mine.pk])


@pytest.mark.parametrize("how", ["withdraw", "delete", "win"])
def test_an_undo_does_not_bring_a_second_one_in_force(world: World, how: str) -> None:
    one, other = _two(world)
    acts = {
        "withdraw": lambda: withdraw(world.admin, ids=[one.pk]),
        "delete": lambda: find("registrations").remove_many(world.admin, ids=[one.pk]),
        "win": lambda: win(world.admin, ids=[one.pk]),
    }
    _done(world.admin, lambda: accept(world.admin, ids=[one.pk]))
    gone = _done(world.admin, acts[how])
    taken = _done(world.admin, lambda: accept(world.admin, ids=[other.pk]))
    with in_scope(world.admin):
        with pytest.raises(Refused, match="protected") as refused:
            undo(world.admin, gone)
        assert world.teammate.name in refused.value.words
        assert side_by_side() == []
    with in_scope(world.admin):
        undo(world.admin, taken)
        undo(world.admin, gone)
        assert states(one, other) == ["in_force", "submitted"]


@pytest.mark.parametrize("again", [False, True], ids=["an edit", "an undo of it"])
def test_an_undo_does_not_change_what_was_decided_on(world: World, again: bool) -> None:
    customer = free_customer(world)
    with in_scope(world.seller):
        one = deal(world.seller, customer)
    done = _done(world.seller, lambda: edit_each(world.seller, changes=[(one.pk, {"line": "包装线"})]))
    if again:
        done = _done(world.seller, lambda: undo(world.seller, done))
    with in_scope(world.seller):
        line = fresh(one).line
    _done(world.manager, lambda: accept(world.manager, ids=[one.pk]))
    with in_scope(world.seller):
        with pytest.raises(Refused, match="decided"):
            undo(world.seller, done)
        assert (fresh(one).state, fresh(one).line) == ("in_force", line)


@pytest.mark.parametrize("how", ["edit_each", "edit_many", "update_imported"])
def test_nobody_decides_on_what_is_being_changed(
    world: World, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    customer, resource = free_customer(world), find("registrations")
    with in_scope(world.seller):
        one = deal(world.seller, customer)
    usual, held = registrations._usual, []

    def is_held() -> bool:
        try:
            with in_scope(world.manager):
                return not Registration.objects.filter(pk=one.pk).select_for_update(nowait=True)
        except OperationalError:
            return True
        finally:
            connections.close_all()

    def between(*given: Any, **more: Any) -> Any:
        with ThreadPoolExecutor(1) as threads:
            held.append(threads.submit(is_held).result())
        return getattr(usual, how)(*given, **more)

    def change() -> None:
        change: dict[str, Any] = {"region": "370200"}
        if how == "edit_many":
            resource.edit_many(world.seller, ids=[one.pk], data=change)
        else:
            getattr(resource, how)(world.seller, changes=[(one.pk, change)])

    monkeypatch.setattr(registrations, "_usual", usual._replace(**{how: between}))
    with in_scope(world.seller):
        change()
        assert held == [True]
        assert fresh(one).region == "370200"
    with in_scope(world.manager):
        accept(world.manager, ids=[one.pk])
    # As of many, of which the guards were asked before they were locked.
    data: dict[str, Any] = {"region": "320500"}
    with in_scope(world.seller), guards.asked(resource, "edit"), pytest.raises(Refused, match="decided"):
        resource.edit_many(world.seller, ids=[one.pk], data=data)


def test_customers_are_not_merged_while_two_hold_the_same(world: World) -> None:
    first, second = free_customer(world), free_customer(world, "鲁味园集团")
    with in_scope(world.seller):
        one = deal(world.seller, first)
    with in_scope(world.teammate):
        other = deal(world.teammate, second)
    with in_scope(world.admin):
        accept(world.admin, ids=[one.pk, other.pk])
        with pytest.raises(Refused, match="both_in_force") as refused:
            merge_customers(world.admin, ids=[first.pk, second.pk], keep=first.pk)
        assert {name for name in (world.seller.name, world.teammate.name) if name in refused.value.words} == {
            world.seller.name,
            world.teammate.name,
        }
        withdraw(world.admin, ids=[other.pk])
    done = _done(world.admin, lambda: merge_customers(world.admin, ids=[first.pk, second.pk], keep=first.pk))
    with in_scope(world.admin):
        assert fresh(other).customer_id == first.pk
        undo(world.admin, done)
        assert fresh(other).customer_id == second.pk


def test_a_merging_is_not_done_again_where_it_would_bring_two_together(world: World) -> None:
    first, second = free_customer(world), free_customer(world, "鲁味园集团")
    merged = _done(
        world.admin, lambda: merge_customers(world.admin, ids=[first.pk, second.pk], keep=first.pk)
    )
    apart = _done(world.admin, lambda: undo(world.admin, merged))
    with in_scope(world.seller):
        one = deal(world.seller, first)
    with in_scope(world.teammate):
        other = deal(world.teammate, second)
    with in_scope(world.admin):
        accept(world.admin, ids=[one.pk, other.pk])
        with pytest.raises((Refused, Conflict)):
            undo(world.admin, apart)
        assert side_by_side() == []


_ACTS = st.sampled_from(
    ("register", "register", "accept", "accept", "accept", "refuse", "extend", "withdraw", "settle", "win", "undo",
     "undo", "undo", "days")
)  # fmt: skip
_BEGIN = [("register", which, 0) for which in range(3)]  # each of the three people, everywhere
_REGIONS, _PROJECTS = ("", "370000", "370200", "320500"), ("", "一期", "二期")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(_ACTS, st.integers(0, 99), st.integers(0, 99)), min_size=24, max_size=40))
def test_no_order_of_acts_brings_two_in_force(world: World, acts: list[tuple[str, int, int]]) -> None:
    customer = free_customer(world, "随机食品")
    made: list[UUID] = []
    done: list[UUID] = []
    gone_by = 0
    people = (world.seller, world.teammate, world.elsewhere)
    for act, which, how in [*_BEGIN, *acts]:
        if act == "days":
            gone_by += 1 + how
            continue
        with _later(gone_by):
            with suppress(Refused, Conflict, NotFound, Invalid):
                done.append(_step(world, people, customer, made, done, act, which, how))
            with in_scope(world.admin):
                assert side_by_side(customer) == [], (act, which, how)


def _step(
    world: World,
    people: tuple[Actor, ...],
    customer: Customer,
    made: list[UUID],
    done: list[UUID],
    act: str,
    which: int,
    how: int,
) -> UUID:
    """Do one thing; returns its operation."""
    if act == "register":
        actor = people[which % len(people)]
        region, project = _REGIONS[how % len(_REGIONS)], _PROJECTS[how % len(_PROJECTS)]
        return _done(actor, lambda: made.append(deal(actor, customer, region=region, project=project).pk))
    admin = world.admin
    if act == "undo":
        if not done:
            raise Refused("nothing")
        return _done(admin, lambda: undo(admin, done[which % len(done)]))
    if not made:
        raise Refused("nothing")
    one = made[which % len(made)]
    # Some of them for all at once.
    ids = [one] if how % 3 else made
    return _done(
        admin,
        {
            "accept": lambda: accept(admin, ids=ids),
            "refuse": lambda: refuse(admin, ids=[one], why="不成立"),
            "extend": lambda: extend(admin, ids=[one], proof="已试机"),
            "withdraw": lambda: withdraw(admin, ids=[one]),
            "settle": lambda: settle(admin, one, why="裁定"),
            "win": lambda: win(admin, ids=[one]),
        }[act],
    )

"""Locks: whose right they are, how many a person may have, and what becomes of them when a customer changes hands."""

# Chinese in code: names of customers and what pages say

from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from guanxi.customers.models import Customer, Lock, Pool, Transfer
from guanxi.customers.queries.falling import due, falling
from guanxi.customers.queries.locks import ALWAYS, locked_until
from guanxi.customers.rules.pools import Clock, Term
from guanxi.customers.services.locks import lock, unlock
from guanxi.customers.services.merging import merge_customers
from guanxi.customers.services.pool_settings import set_terms
from guanxi.customers.services.pools import claim, release
from guanxi.customers.tests.test_pools import customer_of, lying, make_pool, put
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tests.calling import program_of
from guanxi.kernel.errors import Conflict, Forbidden, NotFound, Refused
from guanxi.resource import listing
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope, writing


def locked(world: World, *customers: Customer) -> list[date | None]:
    with in_scope(world.system):
        found = locked_until([one.pk for one in customers])
    return [found.get(one.pk) for one in customers]


def assigned(actor: Actor, customer: Customer, to: Actor) -> UUID:
    service = next(one for one in find("customers").actions if one.key == "assign").service
    with in_scope(actor):
        assert service(actor, ids=[customer.pk], owner=to.member_id) == 1
        done = last_operation_id()
    assert done is not None
    return done


def mine_in(world: World, pool: Pool, number: int) -> list[Customer]:
    """Customers of the seller that would fall to the pool."""
    found = [customer_of(world.seller, f"锁定客户{at}号商行") for at in range(number)]
    assert all(one.pool_id == pool.pk for one in found)
    return found


def test_a_locked_customer_does_not_fall_until_it_is_unlocked(world: World) -> None:
    pool = make_pool(world, world.seller)
    first, second = mine_in(world, pool, 2)
    with in_scope(world.admin):
        pool = set_terms(world.admin, pool.pk, [Term(Clock.ACTIVITY, 3)])
    today = timezone.localdate()
    with in_scope(world.seller):
        assert lock(world.seller, ids=[first.pk], until=today + timedelta(days=10)) == 1
        assert lock(world.seller, ids=[second.pk]) == 1
    assert locked(world, first, second) == [today + timedelta(days=10), ALWAYS]
    with in_scope(world.system):
        assert not due(pool, today + timedelta(days=9)).exists()
        falls = falling([Customer.objects.get(pk=first.pk), Customer.objects.get(pk=second.pk)])
        assert falls[first.pk].day == today + timedelta(days=11)
        assert second.pk not in falls
    with in_scope(world.seller):
        assert unlock(world.seller, ids=[first.pk]) == 1
        assert unlock(world.seller, ids=[first.pk]) == 0
    with in_scope(world.system):
        assert list(due(pool, today + timedelta(days=3)).values_list("pk", flat=True)) == [first.pk]


def test_only_who_may_lock_locks_and_only_what_can_fall(world: World) -> None:
    pool = make_pool(world, world.seller)
    (mine,) = mine_in(world, pool, 1)
    bare = customer_of(world.teammate, "没有公海的商行")
    with in_scope(world.teammate):
        assert lock(world.teammate, ids=[mine.pk]) == 0
        with pytest.raises(Refused, match="no_pool"):
            lock(world.teammate, ids=[bare.pk])
    with in_scope(world.seller), pytest.raises(Refused, match="past"):
        lock(world.seller, ids=[mine.pk], until=timezone.localdate() - timedelta(days=1))
    assert locked(world, mine) == [None]
    with in_scope(world.manager):
        assert lock(world.manager, ids=[mine.pk]) == 1
    with in_scope(world.system):
        assert Lock.objects.get(customer=mine.pk).member_id == world.seller.member_id  # it is its owner's
    with in_scope(world.teammate):
        assert unlock(world.teammate, ids=[mine.pk]) == 0
    assert locked(world, mine) == [ALWAYS]


def test_a_person_locks_no_more_than_the_pool_allows(world: World) -> None:
    pool = make_pool(world, world.seller, locks_a_person="2")
    first, second, third = mine_in(world, pool, 3)
    with in_scope(world.seller):
        assert lock(world.seller, ids=[first.pk, second.pk]) == 2
        assert (
            lock(world.seller, ids=[first.pk], until=timezone.localdate()) == 1
        )  # another end is no other lock
        with pytest.raises(Refused, match="locks") as refused:
            lock(world.seller, ids=[third.pk])
    assert "华东公海" in refused.value.words
    assert "2" in refused.value.words
    with in_scope(world.manager), pytest.raises(Refused, match="locks"):
        lock(world.manager, ids=[third.pk])  # it would be the seller's
    with in_scope(world.seller):
        unlock(world.seller, ids=[first.pk])
        assert lock(world.seller, ids=[third.pk]) == 1
    assert locked(world, first, second, third) == [None, ALWAYS, ALWAYS]


def test_a_lock_that_is_over_counts_no_more(world: World) -> None:
    pool = make_pool(world, world.seller, locks_a_person="1")
    first, second = mine_in(world, pool, 2)
    with in_scope(world.seller):
        lock(world.seller, ids=[first.pk], until=timezone.localdate())
    with writing(world.system):
        Lock.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert locked(world, first) == [None]
    with in_scope(world.seller):
        assert lock(world.seller, ids=[second.pk]) == 1
        with pytest.raises(Refused, match="locks"):
            lock(world.seller, ids=[first.pk])


def test_a_lock_goes_with_its_owner_and_comes_back_with_an_undo(world: World) -> None:
    pool = make_pool(world, world.seller, world.teammate)
    (mine,) = mine_in(world, pool, 1)
    with in_scope(world.seller):
        lock(world.seller, ids=[mine.pk])
    given = assigned(world.admin, mine, world.teammate)
    assert locked(world, mine) == [None]
    with in_scope(world.system):
        assert not Lock.objects.exists()
    with in_scope(world.admin):
        undo(world.admin, given)
        back = last_operation_id()
    assert locked(world, mine) == [ALWAYS]
    assert back is not None
    with in_scope(world.admin):
        undo(world.admin, back)  # what was taken back is done again
    assert locked(world, mine) == [None]
    with in_scope(world.system):
        assert Customer.objects.get(pk=mine.pk).owner_id == world.teammate.member_id
    put(world.teammate, pool, mine)
    with in_scope(world.seller):
        claim(world.seller, ids=[mine.pk])
    assert locked(world, mine) == [None]  # a lock of long ago is none


def test_taking_back_a_lock_needs_the_customer_today(world: World) -> None:
    pool = make_pool(world, world.seller)
    first, second = mine_in(world, pool, 2)
    with in_scope(world.seller):
        lock(world.seller, ids=[first.pk])
        undo(world.seller, last_operation_id())  # type: ignore[arg-type]
        assert not Lock.objects.exists()
        lock(world.seller, ids=[second.pk])
        unlock(world.seller, ids=[second.pk])
        unlocked = last_operation_id()
    assert unlocked is not None
    assigned(world.admin, second, world.teammate)
    for actor in (world.seller, world.admin):
        with in_scope(actor), pytest.raises(Refused):
            undo(actor, unlocked)
    assert locked(world, second) == [None]


def test_what_was_locked_is_told_with_who_answered_for_it(world: World, client_for: Any) -> None:
    pool = make_pool(world, world.seller)
    (mine,) = mine_in(world, pool, 1)
    until = timezone.localdate() + timedelta(days=400)
    with in_scope(world.seller):
        lock(world.seller, ids=[mine.pk], until=until)
        unlock(world.seller, ids=[mine.pk])
    with in_scope(world.system):
        verbs = Transfer.objects.filter(customer=mine.pk).order_by("created_at").values_list("verb", "reason")
        assert list(verbs) == [
            ("customers.customer.lock", f"locked:{until.isoformat()}"), ("customers.customer.unlock", ""),
        ]  # fmt: skip
    hands = client_for(world.members["seller"]).get(f"/customers/{mine.pk}/panel/hands/").content.decode()
    assert f"锁定 · 至 {until.year} 年" in hands
    assert "解锁" in hands


def test_card_list_and_api_know_of_a_lock(world: World, client_for: Any) -> None:
    pool = make_pool(world, world.seller)
    first, second = mine_in(world, pool, 2)
    client: Client = client_for(world.members["seller"])
    card = f"/customers/{first.pk}/"
    assert f"{card}act/unlock/" not in client.get(card).content.decode()
    day = timezone.localdate() + timedelta(days=5)
    assert client.post(f"{card}act/lock/", {"save": "1", "until": day.isoformat()}).status_code == 302
    page = client.get(card).content.decode()
    assert "此前不会掉入公海" in page
    assert world.seller.name in page
    assert f"{card}act/unlock/" in page
    customers = find("customers")
    with in_scope(world.seller):
        for query, expected in (
            ("locked_until.filled=1", {first.name}),
            ("locked_until.empty=1", {second.name}),
            ("locked_until.next=5", set()),
            ("locked_until.next=6", {first.name}),
        ):
            rows = listing.read(world.seller, customers, QueryDict(query)).page().rows
            assert {row.name for row in rows} == expected, query
    program = program_of(world.seller)
    assert program.get(f"/customers/{first.pk}").json()["locked_until"] == day.isoformat()
    assert program.post(f"/customers/{second.pk}/actions/lock", {"inputs": {}}).status_code < 300
    assert program.get(f"/customers/{second.pk}").json()["locked_until"] == "always"
    listed = client.get("/customers/?columns=locked_until").content.decode()
    assert "无期限" in listed


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_acts_beats_the_limit_of_locks(world: World, seed: int) -> None:
    chance, limit = Random(seed), 2
    pool = make_pool(world, world.seller, locks_a_person=str(limit))
    customers = [*mine_in(world, pool, 4), *lying(world, pool, 2)]
    done: list[UUID] = []
    for _step in range(40):
        act = chance.choice(("lock", "lock", "unlock", "release", "claim", "assign", "undo", "undo", "merge"))
        actor = world.admin if act in ("assign", "merge") else world.seller
        one, other = chance.sample([one.pk for one in customers], 2)
        before = last_operation_id()
        with in_scope(actor):
            try:
                if act == "lock":
                    lock(actor, ids=[one])
                elif act == "unlock":
                    unlock(actor, ids=[one])
                elif act == "release":
                    release(actor, ids=[one], why="no_time", into=pool.pk)
                elif act == "claim":
                    claim(actor, ids=[one])
                elif act == "merge":
                    merge_customers(actor, ids=[one, other], keep=one)
                elif act == "assign":
                    service = next(each for each in find("customers").actions if each.key == "assign").service
                    service(actor, ids=[one], owner=chance.choice((world.seller, world.teammate)).member_id)
                elif done:
                    undo(actor, done.pop(chance.randrange(len(done))))
            except (Refused, Conflict, NotFound, Forbidden):
                continue
            after = last_operation_id()
        if actor is world.seller and after is not None and after != before:
            done.append(after)
        with in_scope(world.system):
            kept = [one.member_id for one in Lock.objects.select_related("customer")]
            assert kept.count(world.seller.member_id) <= limit
            for one_lock in Lock.objects.select_related("customer"):
                assert one_lock.member_id == one_lock.customer.owner_id

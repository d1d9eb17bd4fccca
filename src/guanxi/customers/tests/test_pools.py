"""Pools: who sees what lies in them, who gets it, and that no order of acts beats a quota."""

# Chinese in code: names of customers and pools in tests

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.http import QueryDict
from django.utils import timezone

from guanxi.customers.models import Customer, Pool, Transfer
from guanxi.customers.queries.pools import CLAIM
from guanxi.customers.services.customers import create_customer, create_customers
from guanxi.customers.services.merging import merge_customers
from guanxi.customers.services.pool_settings import join_pool
from guanxi.customers.services.pools import claim, move, release
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Conflict, Forbidden, NotFound, Refused
from guanxi.resource import access, listing
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope, writing


def make_pool(world: World, *people: Actor, name: str = "华东公海", **settings: Any) -> Pool:
    with in_scope(world.admin):
        days = {"reclaim_days": "0", "arrival_days": "0", "warn_days": "2"}
        data = {"name": name, **days, **settings}
        pool: Pool = find("pools").create(world.admin, data=data)
        for one in people:
            join_pool(world.admin, pool.pk, member=one.member_id)
    return pool


def customer_of(actor: Actor, name: str, **more: Any) -> Customer:
    with in_scope(actor):
        return create_customer(
            actor, data={"name": name, "relations": "customer", **more}, allow_duplicate=True
        )


def put(actor: Actor, pool: Pool, *customers: Customer, why: str = "no_time") -> UUID:
    with in_scope(actor):
        assert release(actor, ids=[one.pk for one in customers], why=why, into=pool.pk) == len(customers)
        done = last_operation_id()
    assert done is not None
    return done


def lying(world: World, pool: Pool, number: int) -> list[Customer]:
    """Customers that somebody else released."""
    made = [customer_of(world.elsewhere, f"公海客户{at}号商行") for at in range(number)]
    put(world.elsewhere, pool, *made)
    return made


def sees(actor: Actor, customer: Customer, verb: str = "view") -> bool:
    with in_scope(actor):
        return access.visible(actor, find("customers"), verb).filter(pk=customer.pk).exists()


def owner_of(world: World, customer: Customer) -> UUID | None:
    with in_scope(world.system):
        found: UUID | None = Customer.objects.get(pk=customer.pk).owner_id
    return found


def test_what_lies_in_a_pool_is_seen_by_its_members_and_changed_by_nobody(world: World) -> None:
    pool = make_pool(world, world.seller)
    (one,) = lying(world, pool, 1)
    assert sees(world.seller, one)
    assert not sees(world.seller, one, "edit")
    assert not sees(world.teammate, one)
    assert not sees(world.elsewhere, one)  # whoever released it does not see it any more
    with in_scope(world.seller):
        assert claim(world.seller, ids=[one.pk]) == 1
    assert owner_of(world, one) == world.seller.member_id
    assert sees(world.seller, one, "edit")
    with in_scope(world.system):
        assert Customer.objects.get(pk=one.pk).pool_id == pool.pk  # it falls back to where it came from


def test_what_lies_in_a_pool_stands_in_lists_that_ask_for_it(world: World) -> None:
    pool = make_pool(world, world.seller)
    (one,) = lying(world, pool, 1)
    mine = customer_of(world.seller, "自己的客户商行")

    def listed(query: str) -> set[str]:
        with in_scope(world.seller):
            wanted = listing.read(world.seller, find("customers"), QueryDict(query))
            return {row.name for row in wanted.page().rows}

    assert listed("") == {mine.name}
    assert listed(f"pool={pool.pk}") == {one.name, mine.name}
    assert listed("pool.filled=1&owner.empty=1") == {one.name}
    assert listed("q=公海客户") == {one.name}


def test_a_department_is_its_people(world: World) -> None:
    pool = make_pool(world)
    with in_scope(world.admin):
        join_pool(world.admin, pool.pk, department=world.members["seller"].department_id)
    (one,) = lying(world, pool, 1)
    assert sees(world.seller, one)
    assert sees(world.teammate, one)


def test_only_members_claim_and_only_what_lies_there(world: World) -> None:
    pool = make_pool(world, world.seller)
    (one,) = lying(world, pool, 1)
    mine = customer_of(world.teammate, "别人的客户商行")
    with in_scope(world.teammate), pytest.raises(NotFound):
        claim(world.teammate, ids=[one.pk])
    with in_scope(world.seller), pytest.raises(NotFound):
        claim(world.seller, ids=[one.pk, mine.pk])
    assert owner_of(world, one) is None  # all or none


def test_whoever_is_slower_is_told_by_whom(world: World) -> None:
    pool = make_pool(world, world.seller, world.teammate)
    (one,) = lying(world, pool, 1)
    with in_scope(world.seller):
        claim(world.seller, ids=[one.pk])
    with in_scope(world.teammate), pytest.raises(Refused) as refused:
        claim(world.teammate, ids=[one.pk])
    assert refused.value.code == "claimed"
    assert world.seller.name in refused.value.words


def test_of_many_who_claim_at_once_one_wins(world: World) -> None:
    people = [world.seller, world.teammate, world.manager, world.elsewhere]
    pool = make_pool(world, *people)
    (one,) = lying(world, pool, 1)
    tries = 4 * len(people)
    gate = Barrier(tries)

    def attempt(number: int) -> str:
        actor = people[number % len(people)]
        try:
            gate.wait(30)
            with in_scope(actor):
                claim(actor, ids=[one.pk])
            return actor.name
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(tries) as pool_of_threads:
        ends = list(pool_of_threads.map(attempt, range(tries)))
    won = [end for end in ends if end != "claimed"]
    assert len(won) == 1
    with in_scope(world.system):
        kept = Customer.objects.select_related("owner").get(pk=one.pk)
        assert kept.owner is not None
        assert kept.owner.name == won[0]
        assert Transfer.objects.filter(customer=one.pk, verb="customers.customer.claim").count() == 1


def test_a_quota_counts_what_was_released_and_undone(world: World) -> None:
    pool = make_pool(world, world.seller, claims_a_day="2")
    first, second, third = lying(world, pool, 3)
    with in_scope(world.seller):
        claim(world.seller, ids=[first.pk])
        undo(world.seller, last_operation_id())  # type: ignore[arg-type]
        claim(world.seller, ids=[first.pk])
    put(world.seller, pool, first)
    with in_scope(world.seller), pytest.raises(Refused, match="quota") as refused:
        claim(world.seller, ids=[second.pk])
    assert "华东公海" in refused.value.words
    # What a manager gives costs none of it.
    with in_scope(world.admin):
        action = next(one for one in find("customers").actions if one.key == "assign")
        assert action.service(world.admin, ids=[third.pk], owner=world.seller.member_id) == 1
    assert owner_of(world, third) == world.seller.member_id


def test_the_last_owner_and_new_arrivals_wait(world: World) -> None:
    pool = make_pool(world, world.seller, world.teammate, reclaim_days="7")
    mine = customer_of(world.seller, "我的客户商行")
    put(world.seller, pool, mine)
    with in_scope(world.seller), pytest.raises(Refused) as refused:
        claim(world.seller, ids=[mine.pk])
    assert (timezone.localdate() + timedelta(days=7)).isoformat() in refused.value.words
    with in_scope(world.teammate):
        claim(world.teammate, ids=[mine.pk])
    other = make_pool(world, world.seller, name="新客户公海", arrival_days="3")
    (fresh,) = lying(world, other, 1)
    with in_scope(world.seller), pytest.raises(Refused) as refused:
        claim(world.seller, ids=[fresh.pk])
    assert refused.value.code == "waits"
    with writing(world.system):
        Customer.objects.filter(pk=fresh.pk).update(pooled_at=timezone.now() - timedelta(days=3))
    with in_scope(world.seller):
        claim(world.seller, ids=[fresh.pk])


def test_releasing_has_a_reason_that_stays(world: World) -> None:
    pool = make_pool(world, world.seller)
    mine = customer_of(world.seller, "要放弃的客户商行")
    theirs = customer_of(world.teammate, "同事的客户商行")
    with in_scope(world.seller):
        with pytest.raises(Refused, match="no_pool"):
            release(world.teammate, ids=[theirs.pk], why="no_need")
        assert release(world.seller, ids=[theirs.pk], why="no_need") == 0  # not hers
        release(world.seller, ids=[mine.pk], why="no_need", note="明年再说")
    with in_scope(world.system):
        one = Transfer.objects.get(customer=mine.pk)
        assert (one.former_owner, one.owner, one.pool, one.by) == (
            world.seller.member_id, None, pool.pk, world.seller.member_id,
        )  # fmt: skip
        assert "明年再说" in one.reason


def test_undo_of_a_claim_that_another_took_over_says_so(world: World) -> None:
    pool = make_pool(world, world.seller)
    (one,) = lying(world, pool, 1)
    with in_scope(world.seller):
        claim(world.seller, ids=[one.pk])
        done = last_operation_id()
        assert done is not None
    with in_scope(world.admin):
        action = next(act for act in find("customers").actions if act.key == "assign")
        action.service(world.admin, ids=[one.pk], owner=world.teammate.member_id)
    with in_scope(world.admin), pytest.raises(Conflict):
        undo(world.admin, done)
    with in_scope(world.system):
        lines = Transfer.objects.filter(customer=one.pk).order_by("created_at")
        assert [line.verb.rpartition(".")[2] for line in lines] == ["release", "claim", "assign"]


def test_a_new_customer_falls_to_the_pool_of_its_owner(world: World) -> None:
    pool = make_pool(world, world.seller)
    mine, supplier = (
        customer_of(world.seller, "新来的客户商行"),
        customer_of(world.seller, "供货商行", relations="supplier"),
    )
    theirs = customer_of(world.teammate, "没有公海的人的客户商行")
    with in_scope(world.seller):
        brought = create_customers(
            world.seller,
            rows=[{"name": "成批来的商行", "relations": "customer", "owner_id": world.seller.member_id}],
        )
    with in_scope(world.system):
        pools = dict(Customer.objects.values_list("pk", "pool"))
    assert [pools[pk] for pk in (mine.pk, supplier.pk, theirs.pk, *brought)] == [pool.pk, None, None, pool.pk]


def test_moving_into_a_pool(world: World) -> None:
    first, second = make_pool(world, world.seller), make_pool(world, name="华南公海")
    (one,) = lying(world, first, 1)
    with in_scope(world.seller), pytest.raises(Forbidden):
        move(world.seller, ids=[one.pk], into=second.pk)
    with in_scope(world.admin):
        assert move(world.admin, ids=[one.pk], into=second.pk) == 1
    assert not sees(world.seller, one)


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_acts_beats_a_quota(world: World, seed: int) -> None:
    """Whatever is claimed, released, given, merged and undone: no more is claimed in a day than may be."""
    chance, limit = Random(seed), 3
    pool = make_pool(world, world.seller, claims_a_day=str(limit))
    customers = lying(world, pool, 6)
    assign = next(act for act in find("customers").actions if act.key == "assign").service
    done: list[UUID] = []
    claimed = 0

    def some() -> UUID:
        return UUID(str(chance.choice(customers).pk))

    for _step in range(40):
        act = chance.choice(("claim", "claim", "release", "assign", "undo", "undo", "merge"))
        actor = world.admin if act in ("assign", "merge") else world.seller
        before = last_operation_id()
        with in_scope(actor):
            try:
                if act == "claim":
                    claimed += claim(actor, ids=[some()])
                elif act == "release":
                    release(actor, ids=[some()], why="no_time", into=pool.pk)
                elif act == "assign":
                    assign(actor, ids=[some()], owner=world.seller.member_id)
                elif act == "merge":
                    kept, other = chance.sample([one.pk for one in customers], 2)
                    merge_customers(actor, ids=[kept, other], keep=kept)
                elif done:
                    undo(actor, done.pop(chance.randrange(len(done))))
            except (Refused, Conflict, NotFound, Forbidden):
                continue
            after = last_operation_id()
        if actor is world.seller and after is not None and after != before:
            done.append(after)
        assert claimed <= limit
    with in_scope(world.system):
        assert Transfer.objects.filter(by=world.seller.member_id, verb=CLAIM).count() == claimed

"""Open sales follow their customer from hand to hand; what is closed, and what is somebody else's, stays."""

# Chinese in code: names in tests

import pytest

from guanxi.customers.choices import ReleaseReason
from guanxi.customers.models import Customer, Pool, PoolMember
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.pools import claim, release
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.resource import access, acting
from guanxi.resource.registry import find
from guanxi.sales.models import Move, Opportunity
from guanxi.sales.services.moving import win_opportunity
from guanxi.sales.tests.selling import opened
from guanxi.testing.worlds import World, in_scope


@pytest.fixture
def customer(world: World) -> Customer:
    with in_scope(world.owner), operation(world.owner, "customers.pool.create"):
        pool = Pool.objects.create(name="公海", reclaim_days=0)
        for one in (world.seller, world.teammate):
            PoolMember.objects.create(pool=pool, member_id=one.member_id)
    with in_scope(world.seller):
        return create_customer(world.seller, data={"name": "甲食品厂", "relations": "customer"})


def _owners(world: World, *sales: Opportunity) -> list[str]:
    names = {one.member_id: name for name, one in world.actors.items()} | {None: ""}
    rows = dict(Opportunity.objects.values_list("pk", "owner_id"))
    return [names[rows[one.pk]] for one in sales]


def test_open_sales_go_and_come_with_their_customer(world: World, customer: Customer) -> None:
    with in_scope(world.seller):
        sale, done = (opened(world.seller, customer=str(customer.pk)) for _number in range(2))
        win_opportunity(world.seller, done.pk, reason="The order came")
    with in_scope(world.system):
        data = {"customer": str(customer.pk), "owner": str(world.elsewhere.member_id)}
        other = opened(world.system, **data)
    with in_scope(world.manager):
        assign = acting.find(world.manager, find("customers"), "assign")
        assign.service(world.manager, ids=[customer.pk], owner=world.teammate.member_id)
        given = last_operation_id()
        assert _owners(world, sale, done, other) == ["teammate", "seller", "elsewhere"]
        assert given is not None
        undo(world.manager, given)
        assert _owners(world, sale, done, other) == ["seller", "seller", "elsewhere"]
    with in_scope(world.seller):
        release(world.seller, ids=[customer.pk], why=ReleaseReason.values[0])
        assert _owners(world, sale, done, other) == ["", "seller", "elsewhere"]
    with in_scope(world.teammate):
        claim(world.teammate, ids=[customer.pk])
        assert _owners(world, sale, done, other) == ["teammate", "seller", "elsewhere"]
        assert access.visible(world.teammate, find("opportunities")).filter(pk=done.pk).exists()
        # Each step stands in the sale's own history.
        moves = Move.objects.filter(opportunity=sale.pk).order_by("created_at", "pk")
        hands = [one.owner for one in moves if one.owner != one.former_owner]
        mine, theirs = world.seller.member_id, world.teammate.member_id
        assert hands == [mine, theirs, mine, None, theirs]


def test_a_customer_that_is_edited_otherwise_moves_no_sale(world: World, customer: Customer) -> None:
    with in_scope(world.system):
        nobody = opened(world.system, customer=str(customer.pk), owner=None)
    with in_scope(world.seller):
        find("customers").edit(world.seller, customer.pk, data={"grade": "A"}, expected_version=None)
        assert _owners(world, nobody) == [""]

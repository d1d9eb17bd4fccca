"""Giving registrations to others: who may have one, and who does not decide on it any more."""

# Chinese in code: names in tests

from collections.abc import Callable
from typing import Any

import pytest

from guanxi.customers.services.customers import create_customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.kernel.errors import Refused
from guanxi.resource import acting
from guanxi.resource.registry import find
from guanxi.team.models import Registration
from guanxi.team.services.deciding import accept
from guanxi.team.services.registrations import edit_each, edit_registration
from guanxi.team.tests.deals import deal, free_customer, fresh
from guanxi.testing.worlds import World, in_scope


def _give(world: World, one: Registration, to: Any) -> None:
    resource = find("registrations")
    acting.act(world.manager, resource, acting.find(world.manager, resource, "assign"), one.pk, {"owner": to})


def _give_in_sheet(world: World, one: Registration, to: Any) -> None:
    edit_each(world.manager, changes=[(one.pk, {"owner_id": to})])


def _give_by_edit(world: World, one: Registration, to: Any) -> None:
    edit_registration(world.manager, one.pk, data={"owner": str(to)}, expected_version=None)


GIVING = pytest.mark.parametrize("give", [_give, _give_in_sheet, _give_by_edit])


@pytest.mark.parametrize("how", ["given away", "entered for another"])
def test_who_held_or_entered_it_leaves_the_decision_to_his_superior(world: World, how: str) -> None:
    customer = free_customer(world)
    with in_scope(world.admin), operation(world.admin, "tests.thing.change"):
        Member.objects.filter(pk=world.manager.member_id or "").update(superior=world.owner.member_id)
    with in_scope(world.manager):
        if how == "given away":
            one = deal(world.manager, customer)
            _give(world, one, world.seller.member_id)
        else:
            one = deal(world.manager, customer, owner=str(world.seller.member_id))
        assert fresh(one).owner_id == world.seller.member_id
        with pytest.raises(Refused, match="own"):
            accept(world.manager, ids=[one.pk])
    with in_scope(world.owner):
        assert accept(world.owner, ids=[one.pk]) == 1


@GIVING
def test_it_is_given_to_nobody_who_could_not_register_it(
    world: World, give: Callable[[World, Registration, Any], None]
) -> None:
    with in_scope(world.seller):
        data = {"name": "己食品", "relations": "customer"}
        one = deal(world.seller, create_customer(world.seller, data=data, allow_duplicate=True))
    customer = free_customer(world)
    with in_scope(world.seller):
        rival = deal(world.seller, customer)
    with in_scope(world.teammate):
        deal(world.teammate, customer)
        free = deal(world.teammate, customer, "包装线")
    with in_scope(world.manager):
        for record, code in ((one, "owned"), (rival, "registered_twice")):
            with pytest.raises(Refused, match=code):
                give(world, record, world.teammate.member_id)
            assert fresh(record).owner_id == world.seller.member_id
        give(world, free, world.seller.member_id)
        assert fresh(free).owner_id == world.seller.member_id

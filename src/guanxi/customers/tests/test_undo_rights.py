"""Undo needs today the rights that the act needed: having done it oneself opens the way, no more."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.customers.resources.customers import Customers
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.queries import deleted_rows
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.models import Assignment, FieldRule, Grant
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services import set_grants, set_roles
from guanxi.kernel.errors import Conflict, NotFound, Refused
from guanxi.resource.attachments import attach, detach
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


def _done() -> UUID:
    """The latest operation of the open company."""
    return UUID(str(Operation.objects.latest("at").id))


def _create(world: World, name: str = "淄博鲁味园食品有限公司") -> Customer:
    with in_scope(world.seller):
        return services.create_customer(
            world.seller, data={"name": name, "relations": "customer"}, allow_duplicate=True
        )


def _edit(world: World, customer: Customer, **data: str) -> UUID:
    with in_scope(world.seller):
        services.edit_customer(world.seller, customer.id, data=data, expected_version=None)
        return _done()


def _give_away(world: World, *customers: Customer) -> None:
    with in_scope(world.manager):
        services.edit_customers(
            world.manager, ids=[c.id for c in customers], data={"owner": str(world.members["elsewhere"].id)}
        )


def test_an_own_edit_of_a_customer_that_is_no_longer_mine_stays(world: World, client_for: ClientFor) -> None:
    customer = _create(world)
    done = _edit(world, customer, remarks="neu")
    _give_away(world, customer)
    with in_scope(world.seller), pytest.raises(Refused) as error:
        undo(world.seller, done)
    assert error.value.code == "undo_right_lost"
    answer = client_for(world.members["seller"]).post(f"/undo/{done}/")
    assert answer.status_code == 409
    assert "elsewhere" not in answer.content.decode()
    with in_scope(world.system):
        assert Customer.objects.get(id=customer.id).remarks == "neu"


def test_of_many_rows_those_that_are_no_longer_mine_are_named_as_nothing_and_can_be_left_out(
    world: World, client_for: ClientFor
) -> None:
    kept, lost = _create(world, "甲甲机械有限公司"), _create(world, "乙乙机械有限公司")
    with in_scope(world.seller):
        services.edit_customers(world.seller, ids=[kept.id, lost.id], data={"grade": "A"})
        done = _done()
    _give_away(world, lost)
    client = client_for(world.members["seller"])
    answer = client.post(f"/undo/{done}/", headers={"accept-language": "en"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "乙乙" not in page
    assert f'name="leave" value="{lost.id}"' in page
    assert client.post(f"/undo/{done}/", {"leave": str(lost.id)}).status_code == 302
    with in_scope(world.system):
        grades = dict(Customer.objects.filter(id__in=[kept.id, lost.id]).values_list("id", "grade"))
    assert grades == {kept.id: "", lost.id: "A"}


def test_a_field_that_is_closed_for_me_now_is_not_changed_by_undoing(world: World) -> None:
    customer = _create(world)
    done = _edit(world, customer, phone="13812345678")
    with in_scope(world.system), operation(world.system, "tests.rule.make"):
        FieldRule(
            role_id=world.roles["salesperson"].id, resource="customers", field="phone", mode="mask"
        ).save(force_insert=True)
    with in_scope(world.seller), pytest.raises(Refused):
        undo(load_actor(world.members["seller"].id), done)


def test_a_right_that_was_taken_away_is_not_used_by_undoing(world: World) -> None:
    customer = _create(world)
    done = _edit(world, customer, remarks="neu")
    with in_scope(world.admin):
        set_grants(world.admin, world.roles["salesperson"].id, {"customers.customer.edit": ""})
    with in_scope(world.seller), pytest.raises(Refused):
        undo(load_actor(world.members["seller"].id), done)


def test_creating_is_undone_and_done_again_by_who_may_create_but_not_delete(world: World) -> None:
    customer = _create(world)
    with in_scope(world.seller):
        done = _done()
        again = undo(world.seller, done)
    with in_scope(world.seller):
        undo(world.seller, again.id)
        assert Customer.objects.filter(id=customer.id).exists()


def test_deleting_is_undone_only_within_the_reach_of_deleting(world: World) -> None:
    customer = _create(world)
    with in_scope(world.manager):
        services.delete_customers(world.manager, ids=[customer.id])
        done = _done()
    with in_scope(world.admin):
        set_grants(world.admin, world.roles["sales_manager"].id, {"customers.customer.delete": "own"})
    with in_scope(world.manager):
        manager = load_actor(world.members["manager"].id)
        with pytest.raises(Refused):
            undo(manager, done)
        assert [row.row_id for row in deleted_rows(manager)[0]] == [customer.id], "still in sight"
    with in_scope(world.admin):
        set_grants(world.admin, world.roles["sales_manager"].id, {"customers.customer.view": "own"})
    with in_scope(world.manager):
        assert deleted_rows(load_actor(world.members["manager"].id))[0] == []


def test_giving_a_customer_away_is_undone_only_by_who_may_still_assign(world: World) -> None:
    customer = _create(world)
    _give_away(world, customer)
    with in_scope(world.manager):
        done = _done()
    with in_scope(world.admin):
        set_grants(world.admin, world.roles["sales_manager"].id, {"customers.customer.assign": "own"})
    with in_scope(world.manager), pytest.raises(Refused):
        undo(load_actor(world.members["manager"].id), done)


def test_files_come_and_go_by_undo_only_with_the_right_to_edit_their_record(world: World) -> None:
    customer = _create(world)
    with in_scope(world.seller):
        added = attach(world.seller, Customers, customer.id, name="a.txt", chunks=ContentFile(b"x").chunks())
        adding = _done()
    with in_scope(world.seller):
        detach(world.seller, Customers, customer.id, added.id)
        removing = _done()
    _give_away(world, customer)
    for done in (adding, removing):
        with in_scope(world.seller), pytest.raises((Refused, Conflict)):
            undo(world.seller, done)
    with in_scope(world.system):
        assert not Attachment.objects.filter(id=added.id).exists()


def test_another_companys_operation_is_not_there(world: World, other_world: World) -> None:
    customer = _create(world)
    done = _edit(world, customer, remarks="neu")
    with in_scope(other_world.admin), pytest.raises(NotFound):
        undo(other_world.admin, done)
    with in_scope(world.manager), pytest.raises(Refused) as error:
        undo(world.manager, done)
    assert error.value.code == "undo_not_yours"


def test_what_a_colleague_did_unseen_is_not_there_either(world: World) -> None:
    done = _edit(world, _create(world), remarks="neu")
    with in_scope(world.teammate), pytest.raises(NotFound):
        undo(world.teammate, done)


def test_a_role_taken_away_is_not_brought_back_by_who_lost_his_office(world: World) -> None:
    """The manager may give roles; he withdraws one that he then no longer outranks."""
    with in_scope(world.system), operation(world.system, "tests.right.give"):
        for code in ("permissions.role.manage", "accounts.member.manage"):
            Grant(role_id=world.roles["sales_manager"].id, code=code, reach="all").save(force_insert=True)
    with in_scope(world.manager):
        manager = load_actor(world.members["manager"].id)
        set_roles(manager, world.members["teammate"].id, [])
        done = _done()
    with in_scope(world.admin):
        set_grants(world.admin, world.roles["salesperson"].id, {"customers.customer.view": "all"})
    with in_scope(world.manager), pytest.raises(Refused) as error:
        undo(load_actor(world.members["manager"].id), done)
    assert error.value.code == "beyond_own_rights"
    with in_scope(world.admin):
        set_grants(world.admin, world.roles["sales_manager"].id, {"permissions.role.manage": ""})
    with in_scope(world.manager), pytest.raises(Refused):
        undo(load_actor(world.members["manager"].id), done)
    with in_scope(world.system):
        assert not Assignment.objects.filter(member_id=world.members["teammate"].id).exists()

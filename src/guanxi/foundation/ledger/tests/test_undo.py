"""Undo puts everything back, or says exactly which rows stand in the way and changes nothing."""

import threading
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.ledger.conflicts import RowConflict
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import current_operation, operation
from guanxi.foundation.ledger.tests.images_of_rows import rows_of, without_version
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import Grant, Role
from guanxi.kernel.errors import Conflict, NoScope, NotFound, Refused
from guanxi.kernel.ids import new_id
from guanxi.testing.customers import make_customer, make_customers
from guanxi.testing.worlds import World, in_scope, writing


def _undo(actor: Actor, operation_id: UUID, **how: Any) -> Operation:
    with in_scope(actor):
        return undo(actor, operation_id, **how)


def _refused(actor: Actor, operation_id: UUID, **how: Any) -> list[RowConflict]:
    """The conflicts of an undo; proves that nothing changed, also where the door lets its transaction be."""
    before = rows_of(actor.tenant_id)
    with in_scope(actor):
        acts = Operation.objects.count()
        with pytest.raises(Conflict) as refusal:
            undo(actor, operation_id, **how)
        assert Operation.objects.count() == acts
    assert rows_of(actor.tenant_id) == before
    found: list[Any] = refusal.value.conflicts
    return found


def _named(conflicts: list[RowConflict]) -> list[tuple[Any, ...]]:
    for conflict in conflicts:
        if conflict.later is not None:
            datetime.fromisoformat(conflict.later[1])
    return [(c.kind, c.table, c.row_id, c.columns, c.later and c.later[0]) for c in conflicts]


@pytest.fixture
def customer(world: World) -> Customer:
    with writing(world.admin):
        return make_customer(name="苏州精工机械有限公司", phone="0512-6888", owner=world.members["seller"])


def _edit(actor: Actor, record: Any, **values: Any) -> UUID:
    with writing(actor) as opened:
        type(record).objects.filter(id=record.id).update(**values)
    return opened


def test_an_edit_is_put_back_and_brought_about_again(world: World, customer: Customer) -> None:
    edited = _edit(world.seller, customer, phone="1", address="新址")
    undone = _undo(world.seller, edited)
    with in_scope(world.seller):
        found = Customer.objects.get(id=customer.id)
        assert (found.phone, found.address) == ("0512-6888", "")
        assert Operation.objects.get(id=edited).undone_by_id == undone.id
        assert (undone.undoes_id, undone.verb) == (edited, "ledger.operation.undo")
    _undo(world.seller, undone.id)
    with in_scope(world.seller):
        assert Customer.objects.get(id=customer.id).phone == "1"
        assert Operation.objects.get(id=edited).undone_by_id is None


def test_a_chain_of_undos_always_knows_what_is_in_effect(world: World, customer: Customer) -> None:
    chain = [_edit(world.seller, customer, phone="1")]
    for _ in range(5):
        chain.append(_undo(world.seller, chain[-1]).id)
        with in_scope(world.seller):
            undone = [Operation.objects.get(id=one).undone_by_id is not None for one in chain]
            phone = Customer.objects.get(id=customer.id).phone
        # The last one is in effect, the one before it is not, and so on alternately.
        assert undone == [place % 2 == 0 for place in range(len(chain), 0, -1)]
        assert phone == ("0512-6888" if undone[0] else "1")


def test_what_was_undone_is_not_undone_twice(world: World, customer: Customer) -> None:
    edited = _edit(world.seller, customer, phone="1")
    _undo(world.seller, edited)
    with pytest.raises(Refused, match="undo_done_already"):
        _undo(world.seller, edited)


def test_one_undoes_what_one_did_and_an_administrator_what_others_did(
    world: World, other_world: World, customer: Customer
) -> None:
    edited = _edit(world.seller, customer, phone="1")
    with pytest.raises(Refused, match="undo_not_yours"):  # the manager sees it in the change log
        _undo(world.manager, edited)
    for actor, operation_id in (
        (world.teammate, edited), (other_world.admin, edited), (world.admin, new_id())
    ):  # fmt: skip
        with pytest.raises(NotFound):
            _undo(actor, operation_id)
    assert _undo(world.admin, edited).actor_id == world.admin.member_id


def test_a_later_change_of_the_same_column_is_named_with_who_made_it(
    world: World, customer: Customer
) -> None:
    edited = _edit(world.seller, customer, phone="1", address="新址")
    _edit(world.manager, customer, phone="2")
    found = _refused(world.seller, edited)
    manager = world.manager.member_id
    assert _named(found) == [("changed", "customers_customer", customer.id, ("phone",), manager)]
    assert found[0].image["phone"] == "2"


def test_a_later_change_of_another_column_stays(world: World, customer: Customer) -> None:
    edited = _edit(world.seller, customer, phone="1")
    _edit(world.manager, customer, address="新址")
    _undo(world.seller, edited)
    with in_scope(world.seller):
        found = Customer.objects.get(id=customer.id)
    assert (found.phone, found.address) == ("0512-6888", "新址")


def test_a_change_that_was_itself_undone_stands_in_nobodys_way(world: World, customer: Customer) -> None:
    edited = _edit(world.seller, customer, phone="1")
    _undo(world.manager, _edit(world.manager, customer, phone="2"))
    _undo(world.seller, edited)
    with in_scope(world.seller):
        assert Customer.objects.get(id=customer.id).phone == "0512-6888"


def test_a_row_deleted_since_is_gone(world: World, customer: Customer) -> None:
    edited = _edit(world.seller, customer, phone="1")
    with writing(world.manager):
        Customer.objects.filter(id=customer.id).delete()
    row = ("gone", "customers_customer", customer.id, (), world.manager.member_id)
    assert _named(_refused(world.seller, edited)) == [row]


def test_a_deleted_row_that_exists_again_is_back(world: World, customer: Customer) -> None:
    with writing(world.admin) as deleted:
        Customer.objects.filter(id=customer.id).delete()
    with writing(world.manager):
        customer.save(force_insert=True)
    row = ("back", "customers_customer", customer.id, (), world.manager.member_id)
    assert _named(_refused(world.admin, deleted)) == [row]


def test_a_new_row_that_others_point_to_is_referenced(world: World) -> None:
    with writing(world.admin) as made:
        parent, _ = make_customers(2)
    with writing(world.manager):
        child = make_customer(parent=parent)
    found = _refused(world.admin, made)
    assert _named(found) == [
        ("referenced", "customers_customer", parent.id, ("parent_id",), world.manager.member_id)
    ]
    assert found[0].image["id"] == str(child.id)
    # Undo all but these.
    _undo(world.admin, made, leave=[conflict.row_id for conflict in found])
    with in_scope(world.admin):
        assert set(Customer.objects.values_list("id", flat=True)) == {parent.id, child.id}


def test_a_row_that_would_point_to_nothing_says_what_it_misses(world: World) -> None:
    with writing(world.admin):
        parent = make_customer()
        child = make_customer(parent=parent)
    freed = _edit(world.admin, child, parent=None)
    with writing(world.manager):
        parent.delete()
    row = ("gone", "customers_customer", child.id, ("parent_id",), world.manager.member_id)
    assert _named(_refused(world.admin, freed)) == [row]


def test_a_place_that_another_row_has_taken_is_named(world: World) -> None:
    with writing(world.admin):
        role = Role.objects.create(name="大区经理")
    renamed = _edit(world.admin, role, name="区域经理")
    with writing(world.owner):
        Role.objects.create(name="大区经理")
    row = ("taken", "permissions_role", role.id, ("name",), world.owner.member_id)
    assert _named(_refused(world.admin, renamed)) == [row]


def test_a_deleted_rows_place_that_another_row_has_taken_is_named(world: World) -> None:
    with writing(world.admin) as deleted:
        member = Member.objects.create(name="甲", number="7")
    with writing(world.admin) as deleted:
        Member.objects.filter(id=member.id).delete()
    with writing(world.owner):
        Member.objects.create(name="乙", number="7")
    row = ("taken", "accounts_member", member.id, ("number",), world.owner.member_id)
    assert _named(_refused(world.admin, deleted)) == [row]


def test_all_but_the_rows_in_conflict_are_put_back(world: World) -> None:
    with writing(world.admin):
        customers = make_customers(5)
    with writing(world.admin) as moved:
        Customer.objects.update(region="320500")
    _edit(world.manager, customers[2], region="310000")
    found = _refused(world.admin, moved)
    assert [c.row_id for c in found] == [customers[2].id]
    _undo(world.admin, moved, leave=[customers[2].id])
    with in_scope(world.admin):
        regions = dict(Customer.objects.values_list("id", "region"))
    assert regions == {c.id: "310000" if c == customers[2] else "" for c in customers}


def test_only_the_chosen_rows_are_put_back_and_the_rest_later(world: World) -> None:
    with writing(world.admin):
        customers = make_customers(4)
    with writing(world.admin) as moved:
        Customer.objects.update(region="320500")
    _undo(world.admin, moved, only=[customers[0].id])
    with in_scope(world.admin):
        assert Customer.objects.filter(region="").get() == customers[0]
        assert Operation.objects.get(id=moved).undone_by_id is None
    conflicts = _refused(world.admin, moved)
    assert [c.row_id for c in conflicts] == [customers[0].id]
    _undo(world.admin, moved, leave=[customers[0].id])
    with in_scope(world.admin):
        assert Customer.objects.filter(region="").count() == 4


def test_a_delete_brings_back_what_went_with_it(world: World) -> None:
    with writing(world.admin):
        role = Role.objects.create(name="大区经理")
        Grant.objects.bulk_create(Grant(role=role, code=f"a.b.c{n}", reach="all") for n in range(3))
    before = rows_of(world.tenant_id)
    with writing(world.admin) as deleted:
        Role.objects.get(id=role.id).delete()
    assert len(rows_of(world.tenant_id)) == len(before) - 4
    _undo(world.admin, deleted)
    assert without_version(rows_of(world.tenant_id)) == without_version(before)


def test_a_thousand_rows_go_and_come_in_a_few_statements(world: World) -> None:
    with writing(world.admin) as made:
        make_customers(1000, owner=world.members["seller"])
    with in_scope(world.admin), connections["default"].execute_wrapper(_counting := _Count()):
        undone = undo(world.admin, made)
    assert _counting.number <= 51
    with in_scope(world.admin):
        assert not Customer.objects.exists()
    _undo(world.admin, undone.id)
    with in_scope(world.admin):
        assert Customer.objects.count() == 1000


class _Count:
    number = 0

    def __call__(self, execute: Any, *args: Any) -> Any:
        self.number += 1
        return execute(*args)


def test_a_change_that_slips_in_between_look_and_touch_is_not_lost(world: World, customer: Customer) -> None:
    """Another connection changes the row when the conflicts have been looked for and found none."""
    edited = _edit(world.seller, customer, phone="1")
    slipped = threading.Event()

    def slip_in(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith("UPDATE") and "ledger_change c" in sql and not slipped.is_set():
            slipped.set()
            thread = threading.Thread(target=_elsewhere, args=(world.manager, customer))
            thread.start()
            thread.join()
        return execute(sql, params, many, context)

    with (
        in_scope(world.seller),
        connections["default"].execute_wrapper(slip_in),
        pytest.raises(Conflict) as refusal,
    ):
        undo(world.seller, edited)
    found: list[Any] = refusal.value.conflicts
    assert _named(found) == [
        ("changed", "customers_customer", customer.id, ("phone",), world.manager.member_id)
    ]
    with in_scope(world.seller):
        assert Customer.objects.get(id=customer.id).phone == "2"


def _elsewhere(actor: Actor, customer: Customer) -> None:
    try:
        _edit(actor, customer, phone="2")
    finally:
        connections.close_all()


def test_two_who_undo_the_same_thing_at_once_do_it_once(world: World, customer: Customer) -> None:
    edited = _edit(world.seller, customer, phone="1")
    answers: list[str] = []

    def attempt() -> None:
        try:
            _undo(world.seller, edited)
            answers.append("done")
        except Refused as refusal:
            answers.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["done", "undo_done_already"]


# Operations


def _fail_after_writing(actor: Actor, verb: str) -> None:
    with operation(actor, verb):
        make_customers(2)
        raise ZeroDivisionError


def test_an_operation_that_raises_leaves_nothing_though_its_door_answers(world: World) -> None:
    before = rows_of(world.tenant_id)
    with in_scope(world.admin):
        acts = Operation.objects.count()
        with pytest.raises(ZeroDivisionError):
            _fail_after_writing(world.admin, "tests.thing.change")
        assert current_operation() is None
        assert Operation.objects.count() == acts
        # The same transaction goes on to do something else.
        with operation(world.admin, "tests.thing.change"):
            Department.objects.create(name="新部门")
    after = rows_of(world.tenant_id)
    assert len(after) == len(before) + 1


def test_a_service_called_by_another_joins_its_operation_and_fails_alone(world: World) -> None:
    with in_scope(world.admin), operation(world.admin, "tests.thing.change") as outer:
        make_customer(name="先来的")
        with pytest.raises(ZeroDivisionError):
            _fail_after_writing(world.admin, "tests.other.change")
        assert current_operation() is outer
        make_customer(name="后到的")
    with in_scope(world.admin):
        assert set(Customer.objects.values_list("name", flat=True)) == {"先来的", "后到的"}
    _undo(world.admin, outer.id)
    with in_scope(world.admin):
        assert not Customer.objects.exists()


def test_an_actor_of_another_company_opens_nothing_here(world: World, other_world: World) -> None:
    with in_scope(world.admin), pytest.raises(NoScope), operation(other_world.admin, "tests.thing.change"):
        pass
    with pytest.raises(NoScope), writing(world.admin), operation(other_world.admin, "tests.thing.change"):
        pass

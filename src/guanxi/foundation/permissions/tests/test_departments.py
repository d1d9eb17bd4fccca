import pytest

from guanxi.foundation.accounts.models import Department
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services import (
    create_department,
    create_member,
    create_role,
    delete_department,
    edit_department,
    edit_member,
    move_department,
    reorder_departments,
)
from guanxi.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from guanxi.testing.worlds import World, in_scope


def tree() -> dict[str, str | None]:
    return dict(Department.objects.values_list("name", "parent__name"))


def test_a_department_cannot_lie_beneath_itself(world: World) -> None:
    with in_scope(world.admin) as admin:
        before = tree()
        for target in ("sales", "east"):
            with pytest.raises(Invalid) as caught:
                move_department(admin, world.departments["sales"].id, parent_id=world.departments[target].id)
            assert list(caught.value.fields) == ["parent_id"]
        assert tree() == before


def test_a_move_changes_who_a_manager_reaches_and_is_undone(world: World) -> None:
    north = world.departments["north"]
    with in_scope(world.admin) as admin:
        assert world.members["elsewhere"].id in world.manager.below
        move_department(admin, north.id, parent_id=world.departments["office"].id)
        assert world.members["elsewhere"].id not in load_actor(world.members["manager"].id).below
        undo(admin, Operation.objects.filter(verb="accounts.department.move").latest("at").id)
        assert load_actor(world.members["manager"].id).below == world.manager.below


def test_two_departments_of_one_name_live_only_under_different_ones(world: World) -> None:
    with in_scope(world.admin) as admin:
        with pytest.raises(Invalid) as caught:
            create_department(admin, name="华东组", parent_id=world.departments["sales"].id)
        assert list(caught.value.fields) == ["name"]
        create_department(admin, name="华东组")
        with pytest.raises(Invalid):
            edit_department(admin, world.departments["office"].id, name="销售部")


def test_only_an_empty_department_is_deleted(world: World) -> None:
    with in_scope(world.admin) as admin:
        empty = create_department(admin, name="空")
        for key, code in (("sales", "department_has_children"), ("north", "department_has_members")):
            with pytest.raises(Refused) as caught:
                delete_department(admin, world.departments[key].id)
            assert caught.value.code == code
        delete_department(admin, empty.id)
        assert "空" not in tree()
        assert len(tree()) == len(world.departments)


def test_a_department_that_people_have_moved_into_is_not_undone_away(world: World) -> None:
    with in_scope(world.admin) as admin:
        made = create_department(admin, name="新部门")
        operation = Operation.objects.filter(verb="accounts.department.create").latest("at")
        edit_member(admin, world.members["seller"].id, department_id=made.id)
        with pytest.raises(Conflict):
            undo(admin, operation.id)
        assert Department.objects.filter(id=made.id).exists()


def test_siblings_are_put_in_order(world: World) -> None:
    with in_scope(world.admin) as admin:
        ids = [world.departments["north"].id, world.departments["east"].id]
        reorder_departments(admin, ids)
        assert (
            list(
                Department.objects.filter(parent=world.departments["sales"])
                .order_by("position")
                .values_list("id", flat=True)
            )
            == ids
        )
        with pytest.raises(Invalid):
            reorder_departments(admin, [world.departments["office"].id, world.departments["east"].id])


def test_nobody_widens_his_own_reach_by_moving_departments(world: World) -> None:
    with in_scope(world.admin) as admin:
        role = create_role(admin, name="人事", grants={"accounts.member.manage": "all"})
        member = create_member(
            admin, name="曾国藩", role_ids=[role.id], department_id=world.departments["sales"].id
        )
        helper = load_actor(member.id)
    with in_scope(helper):
        with pytest.raises(Refused):
            move_department(helper, world.departments["office"].id, parent_id=world.departments["sales"].id)
        assert Department.objects.get(id=world.departments["office"].id).parent_id is None


def test_a_seller_changes_no_department_and_strangers_find_none(world: World, other_world: World) -> None:
    sales = world.departments["sales"]
    with in_scope(world.seller) as seller:
        before = list(Department.objects.order_by("id").values())
        for act in (
            lambda: create_department(seller, name="甲"),
            lambda: edit_department(seller, sales.id, name="乙"),
            lambda: move_department(seller, sales.id, parent_id=None),
            lambda: delete_department(seller, sales.id),
            lambda: reorder_departments(seller, [sales.id]),
        ):
            with pytest.raises(Forbidden):
                act()
        assert list(Department.objects.order_by("id").values()) == before
    with in_scope(other_world.admin) as admin:
        with pytest.raises(NotFound):
            edit_department(admin, sales.id, name="乙")
        with pytest.raises(Invalid):
            create_department(admin, name="甲", parent_id=sales.id)

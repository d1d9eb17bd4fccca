from datetime import date
from uuid import UUID, uuid4

import pytest

from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import Assignment, Role
from guanxi.foundation.permissions.queries import holds_of_member, load_actor
from guanxi.foundation.permissions.services import (
    close_member,
    create_company,
    create_member,
    create_role,
    edit_member,
    give_role,
    reopen_member,
    set_password,
    set_roles,
    withdraw_role,
)
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from guanxi.testing.worlds import World, in_scope

PASSWORD = "correct horse battery"


def roles_of(member: Member) -> set[str]:
    return set(Assignment.objects.filter(member_id=member.id).values_list("role__code", flat=True))


def account_of(member: Member) -> Account:
    """As it is now."""
    return Account.objects.get(id=member.account_id or uuid4())


def me(actor: Actor) -> UUID:
    """The member behind an actor."""
    assert actor.member_id is not None
    return actor.member_id


def load_now(actor: Actor) -> Actor:
    """The same member with the rights of today."""
    with in_scope(actor):
        return load_actor(me(actor))


def helper_of(world: World, *more: str) -> Actor:
    """Somebody who may change people and roles, and is no administrator."""
    grants = dict.fromkeys(("accounts.member.manage", "permissions.role.manage", *more), "all")
    with in_scope(world.admin) as admin:
        role = create_role(admin, name="人事", grants=grants)
        member = create_member(
            admin, name="曾国藩", role_ids=[role.id], department_id=world.departments["sales"].id
        )
        return load_actor(member.id)


def test_a_person_without_a_sign_in_sorts_by_the_surname(world: World) -> None:
    with in_scope(world.admin) as admin:
        member = create_member(admin, name=" 查  良 ", number="A-7", title="工程师")
    assert (member.name, member.account) == ("查 良", None)
    assert member.name_sort.startswith("zha'")


def test_closing_closes_the_sign_in_and_undoing_that_opens_it_again(world: World) -> None:
    seller = world.members["seller"]
    with in_scope(world.admin) as admin:
        close_member(admin, seller.id)
        assert not account_of(seller).is_active
        undo(admin, Operation.objects.filter(verb="accounts.member.close").latest("at").id)
        assert account_of(seller).is_active
        assert load_actor(seller.id) == world.seller


def test_a_first_password_must_be_changed(world: World) -> None:
    username = f"zha.{uuid4().hex[:10]}"
    with in_scope(world.admin) as admin:
        member = create_member(admin, name="查良", username=username, password=PASSWORD)
    account = Account.objects.get(username=username)
    assert (account.id, account.must_change_password) == (member.account_id, True)
    assert account.check_password(PASSWORD)


def test_wrong_fields_are_named_and_nothing_is_made(world: World) -> None:
    with in_scope(world.admin) as admin:
        before = Member.objects.count()
        for fields, wrong in (
            ({"name": "  "}, "name"),
            ({"name": "长" * 101}, "name"),
            ({"name": "甲", "email": "nowhere"}, "email"),
            ({"name": "甲", "department_id": uuid4()}, "department_id"),
            ({"name": "甲", "username": "zhao", "password": "123"}, "password"),
        ):
            with pytest.raises(Invalid) as caught:
                create_member(admin, **fields)
            assert list(caught.value.fields) == [wrong]
        assert Member.objects.count() == before


def test_an_employee_number_belongs_to_one_person(world: World) -> None:
    with in_scope(world.admin) as admin:
        create_member(admin, name="甲", number="7")
        with pytest.raises(Invalid) as caught:
            edit_member(admin, world.members["seller"].id, number="7")
    assert list(caught.value.fields) == ["number"]


def test_nobody_is_their_own_superior_however_far_up(world: World) -> None:
    with in_scope(world.admin) as admin:
        with pytest.raises(Invalid) as caught:
            edit_member(admin, world.members["manager"].id, superior_id=world.members["seller"].id)
        assert list(caught.value.fields) == ["superior_id"]
        assert Member.objects.get(id=world.members["manager"].id).superior_id is None


def test_the_second_of_two_forms_over_one_person_is_told(world: World) -> None:
    with in_scope(world.admin) as admin:
        seller = Member.objects.get(id=world.members["seller"].id)
        edited = edit_member(admin, seller.id, version=seller.version, title="大客户经理")
        assert edited.version == seller.version + 1
        with pytest.raises(Stale):
            edit_member(admin, seller.id, version=seller.version, title="销售")
        assert Member.objects.get(id=seller.id).title == "大客户经理"


def test_another_companys_person_is_not_there(world: World, other_world: World) -> None:
    theirs = other_world.members["seller"]
    with in_scope(world.admin) as admin:
        for act in (edit_member, close_member, reopen_member):
            with pytest.raises(NotFound):
                act(admin, theirs.id)
        with pytest.raises(NotFound):
            set_password(admin, theirs.id, password=PASSWORD)
        with pytest.raises(NotFound):
            give_role(admin, theirs.id, world.roles["salesperson"].id)


@pytest.mark.parametrize("who", ["seller", "manager"])
def test_who_may_not_manage_people_changes_nothing(world: World, who: str) -> None:
    actor = getattr(world, who)
    mate = world.members["teammate"]
    with in_scope(actor):
        before = list(Member.objects.order_by("id").values()), list(Assignment.objects.values("id"))
        for act in (
            lambda: create_member(actor, name="甲"),
            lambda: edit_member(actor, mate.id, name="乙"),
            lambda: close_member(actor, mate.id),
            lambda: reopen_member(actor, mate.id),
            lambda: set_password(actor, mate.id, password=PASSWORD),
            lambda: give_role(actor, actor.member_id, world.roles["administrator"].id),
            lambda: withdraw_role(actor, mate.id, world.roles["salesperson"].id),
        ):
            with pytest.raises(Forbidden):
                act()
        assert (list(Member.objects.order_by("id").values()), list(Assignment.objects.values("id"))) == before


def test_closing_keeps_what_they_are_to_others_and_reopening_brings_them_back(world: World) -> None:
    manager = world.members["manager"]
    with in_scope(world.admin) as admin:
        close_member(admin, manager.id, left_on=date(2026, 3, 1))
        with pytest.raises(NotFound):
            load_actor(manager.id)
        holds = holds_of_member(manager.id)
        assert {one.name for one in holds.reports} == {world.seller.name, world.teammate.name}
        assert [one.name for one in holds.departments] == ["销售部"]
        with pytest.raises(Refused):
            close_member(admin, manager.id)
        reopen_member(admin, manager.id)
        assert load_actor(manager.id).roles == ("sales_manager",)


def test_nobody_closes_himself_or_the_last_administrator(world: World) -> None:
    helper = helper_of(world)
    with in_scope(world.admin) as admin:
        with pytest.raises(Refused) as caught:
            close_member(admin, me(admin))
        assert caught.value.code == "close_self"
        with pytest.raises(Refused) as caught:
            withdraw_role(admin, me(admin), world.roles["administrator"].id)
        assert caught.value.code == "last_administrator"
        assert roles_of(world.members["admin"]) == {"administrator"}
    with in_scope(helper), pytest.raises(Refused) as caught:
        close_member(helper, world.members["admin"].id)
    assert caught.value.code == "member_outranks"


def test_with_a_second_administrator_the_first_may_go(world: World) -> None:
    with in_scope(world.admin) as admin:
        give_role(admin, world.members["owner"].id, world.roles["administrator"].id)
        withdraw_role(admin, me(admin), world.roles["administrator"].id)
        assert roles_of(world.members["admin"]) == set()


def test_an_undo_cannot_take_the_last_administrator_either(world: World) -> None:
    with in_scope(world.admin) as admin:
        give_role(admin, world.members["owner"].id, world.roles["administrator"].id)
        given = Operation.objects.filter(verb="accounts.member.set_roles").latest("at")
        owner = load_actor(world.members["owner"].id)
        withdraw_role(owner, me(admin), world.roles["administrator"].id)
        with pytest.raises(Refused) as caught:
            undo(owner, given.id)
        assert caught.value.code == "last_administrator"
        assert "administrator" in roles_of(world.members["owner"])


def test_who_lost_the_office_cannot_bring_back_a_role_he_once_took_away(world: World) -> None:
    helper = helper_of(world, *world.seller.grants)
    seller = world.members["seller"]
    with in_scope(helper):
        withdraw_role(helper, seller.id, world.roles["salesperson"].id)
    with in_scope(world.admin) as admin:
        set_roles(admin, me(helper), [])
        mine = Operation.objects.filter(actor_id=helper.member_id).latest("at")
    with in_scope(load_now(helper)) as former:
        with pytest.raises(Refused):
            undo(former, mine.id)
        assert roles_of(seller) == set()


def test_a_change_of_roles_is_undone(world: World) -> None:
    seller = world.members["seller"]
    with in_scope(world.admin) as admin:
        set_roles(admin, seller.id, [world.roles["sales_manager"].id])
        assert roles_of(seller) == {"sales_manager"}
        undo(admin, Operation.objects.filter(verb="accounts.member.set_roles").latest("at").id)
        assert roles_of(seller) == {"salesperson"}


def test_nobody_raises_himself(world: World) -> None:
    helper = helper_of(world)
    with in_scope(helper):
        with pytest.raises(Refused) as caught:
            give_role(helper, me(helper), world.roles["salesperson"].id)
        assert caught.value.code == "own_roles"
        with pytest.raises(Refused) as caught:
            give_role(helper, world.members["seller"].id, world.roles["administrator"].id)
        assert caught.value.code == "administrators_only"
        with pytest.raises(Refused) as caught:
            give_role(helper, world.members["seller"].id, world.roles["owner"].id)
        assert caught.value.code == "beyond_own_rights"
        with pytest.raises(Refused) as caught:
            edit_member(helper, me(helper), department_id=None)
        assert caught.value.code == "own_place"
        assert load_actor(me(helper)) == helper


def test_a_password_of_somebody_with_more_rights_is_not_theirs_to_set(world: World) -> None:
    helper = helper_of(world)
    with in_scope(helper), pytest.raises(Refused) as caught:
        set_password(helper, world.members["admin"].id, password=PASSWORD)
    assert caught.value.code == "member_outranks"
    assert account_of(world.members["admin"]).password == "!"


def test_a_sign_in_that_opens_another_company_keeps_its_password(world: World) -> None:
    account = account_of(world.members["seller"])
    second = create_company(name=f"第二家 {uuid4()}", admin_name="同一个人", account=account)
    with in_scope(world.admin) as admin, pytest.raises(Refused) as caught:
        set_password(admin, world.members["seller"].id, password=PASSWORD)
    assert caught.value.code == "account_of_several_companies"
    assert account_of(world.members["seller"]).password == "!"
    with scope(second.id, door="test"):
        assert Member.objects.get().account_id == account.id


def test_a_person_without_a_sign_in_gets_one(world: World) -> None:
    username = f"liu.{uuid4().hex[:10]}"
    with in_scope(world.admin) as admin:
        member = create_member(admin, name="刘", department_id=world.departments["east"].id)
        set_password(admin, member.id, username=username, password=PASSWORD)
        assert account_of(Member.objects.get(id=member.id)).username == username
        with pytest.raises(Invalid):
            set_password(admin, member.id, password="12345678")


def test_a_new_person_and_their_roles_go_with_one_undo(world: World) -> None:
    with in_scope(world.admin) as admin:
        member = create_member(admin, name="刘", role_ids=[Role.objects.get(code="salesperson").id])
        undo(admin, Operation.objects.filter(verb="accounts.member.create").latest("at").id)
        assert not Member.objects.filter(id=member.id).exists()

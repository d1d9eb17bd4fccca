from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions import codes
from guanxi.foundation.permissions.codes import CatalogueField, CatalogueResource
from guanxi.foundation.permissions.models import FieldRule, Grant, Role
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services import (
    close_member,
    copy_role,
    create_member,
    create_role,
    delete_role,
    edit_role,
    set_field_rule,
    set_grants,
    set_roles,
)
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from guanxi.testing.worlds import World, in_scope


@pytest.fixture
def things(monkeypatch: pytest.MonkeyPatch) -> None:
    """A resource with a phone and a name."""
    fields = (CatalogueField("phone", "Phone", maskable=True), CatalogueField("name", "Name"))
    monkeypatch.setattr(codes, "field_catalogue", [lambda: [CatalogueResource("thing", "Thing", fields)]])


def grants_of(role: Role) -> dict[str, str]:
    return dict(Grant.objects.filter(role_id=role.id).values_list("code", "reach"))


def test_a_role_is_made_copied_renamed_and_deleted(world: World) -> None:
    with in_scope(world.admin) as admin:
        role = create_role(admin, name="外贸", grants={"accounts.member.view": "department"})
        copied = copy_role(admin, role.id, name="外贸主管")
        assert grants_of(copied) == grants_of(role) == {"accounts.member.view": "department"}
        edit_role(admin, copied.id, name="外贸经理", note="看全组")
        with pytest.raises(Invalid):
            edit_role(admin, copied.id, name="外贸")
        delete_role(admin, copied.id)
        assert not Role.objects.filter(id=copied.id).exists()
        undo(admin, Operation.objects.filter(verb="permissions.role.delete").latest("at").id)
        assert grants_of(Role.objects.get(name="外贸经理")) == {"accounts.member.view": "department"}


def test_grants_change_only_where_they_are_named_and_are_undone(world: World) -> None:
    role = world.roles["sales_manager"]
    with in_scope(world.admin) as admin:
        before = grants_of(role)
        set_grants(admin, role.id, {"accounts.member.view": "all", "ledger.operation.view": ""})
        assert grants_of(role) == {
            **{code: reach for code, reach in before.items() if code != "ledger.operation.view"},
            "accounts.member.view": "all",
        }
        assert load_actor(world.members["manager"].id).reach("ledger.operation.view") is None
        undo(admin, Operation.objects.filter(verb="permissions.role.grant").latest("at").id)
        assert grants_of(role) == before


def test_a_code_without_reach_is_held_wholly(world: World) -> None:
    with in_scope(world.admin) as admin:
        role = create_role(admin, name="甲", grants={"jobs.job.manage": "own"})
        assert grants_of(role) == {"jobs.job.manage": "all"}


def test_an_unknown_code_or_reach_is_refused(world: World) -> None:
    with in_scope(world.admin) as admin:
        for grants in ({"no.such.code": "all"}, {"accounts.member.view": "planet"}):
            with pytest.raises(Invalid):
                set_grants(admin, world.roles["salesperson"].id, grants)


def test_the_second_of_two_forms_over_one_role_is_told(world: World) -> None:
    with in_scope(world.admin) as admin:
        role = Role.objects.get(id=world.roles["salesperson"].id)
        changed = set_grants(admin, role.id, {"accounts.member.view": "own"}, version=role.version)
        assert changed.version > role.version
        with pytest.raises(Stale):
            set_grants(admin, role.id, {"accounts.member.view": ""}, version=role.version)
        assert "accounts.member.view" in grants_of(role)


def test_the_administrators_role_is_fixed(world: World, things: None) -> None:
    role = world.roles["administrator"]
    with in_scope(world.admin) as admin:
        before = grants_of(role)
        for act in (
            lambda: set_grants(admin, role.id, {"permissions.role.manage": ""}),
            lambda: delete_role(admin, role.id),
            lambda: set_field_rule(admin, role.id, resource="thing", field="phone", mode="hide"),
        ):
            with pytest.raises(Refused) as caught:
                act()
            assert caught.value.code == "administrator_fixed"
        assert grants_of(role) == before


def test_a_role_somebody_has_is_not_deleted(world: World) -> None:
    with in_scope(world.admin) as admin:
        with pytest.raises(Refused) as caught:
            delete_role(admin, world.roles["salesperson"].id)
        assert caught.value.code == "role_in_use"
        assert Role.objects.filter(id=world.roles["salesperson"].id).exists()


def test_nobody_grants_or_takes_what_he_does_not_hold(world: World) -> None:
    with in_scope(world.admin) as admin:
        own = create_role(
            admin,
            name="人事",
            grants={"permissions.role.manage": "all", "accounts.member.view": "department"},
        )
        helper = load_actor(create_member(admin, name="曾国藩", role_ids=[own.id]).id)
    with in_scope(helper):
        before = grants_of(own), grants_of(world.roles["sales_manager"])
        for act in (
            lambda: set_grants(helper, own.id, {"accounts.member.manage": "all"}),
            lambda: set_grants(helper, own.id, {"accounts.member.view": "all"}),
            lambda: set_grants(helper, world.roles["sales_manager"].id, {"accounts.member.view": "own"}),
            lambda: create_role(helper, name="乙", grants={"jobs.job.manage": "all"}),
            lambda: copy_role(helper, world.roles["owner"].id, name="丙"),
            lambda: delete_role(helper, world.roles["owner"].id),
        ):
            with pytest.raises(Refused) as caught:
                act()
            assert caught.value.code == "beyond_own_rights"
        assert (grants_of(own), grants_of(world.roles["sales_manager"])) == before


@pytest.mark.parametrize("who", ["seller", "manager"])
def test_who_may_not_manage_roles_changes_nothing(world: World, who: str, things: None) -> None:
    role = world.roles["salesperson"]
    with in_scope(getattr(world, who)) as actor:
        before = grants_of(role), list(Role.objects.order_by("id").values())
        for act in (
            lambda: create_role(actor, name="甲"),
            lambda: copy_role(actor, role.id, name="甲"),
            lambda: edit_role(actor, role.id, name="甲"),
            lambda: set_grants(actor, role.id, {"accounts.member.view": "all"}),
            lambda: delete_role(actor, role.id),
            lambda: set_field_rule(actor, role.id, resource="thing", field="phone", mode="hide"),
        ):
            with pytest.raises(Forbidden):
                act()
        assert (grants_of(role), list(Role.objects.order_by("id").values())) == before
        assert not FieldRule.objects.exists()


def test_a_field_rule_reaches_the_people_of_the_role_and_goes_again(world: World, things: None) -> None:
    role = world.roles["salesperson"]
    with in_scope(world.admin) as admin:
        set_field_rule(admin, role.id, resource="thing", field="phone", mode="mask")
        set_field_rule(admin, role.id, resource="thing", field="phone", mode="hide")
        assert load_actor(world.members["seller"].id).field_mode("thing", "phone") == "hide"
        assert load_actor(world.members["manager"].id).field_mode("thing", "phone") is None
        set_field_rule(admin, role.id, resource="thing", field="phone")
        assert load_actor(world.members["seller"].id).field_mode("thing", "phone") is None


@pytest.mark.parametrize(
    ("field", "mode"),
    [("name", "mask"), ("fax", "hide"), ("phone", "burn")],
    ids=["not maskable", "no field", "no mode"],
)
def test_a_rule_that_cannot_be_kept_is_refused(world: World, things: None, field: str, mode: str) -> None:
    with in_scope(world.admin) as admin:
        with pytest.raises(Invalid):
            set_field_rule(admin, world.roles["salesperson"].id, resource="thing", field=field, mode=mode)
        assert not FieldRule.objects.exists()


def test_who_somebody_is_takes_one_statement(world: World) -> None:
    with in_scope(world.admin) as admin:
        set_field_rule(
            admin, world.roles["sales_manager"].id, resource="customers", field="phone", mode="mask"
        )
    with in_scope(world.manager), CaptureQueriesContext(connection) as asked:
        found = load_actor(world.members["manager"].id)
    with in_scope(world.admin):
        assert found.grants == grants_of(world.roles["sales_manager"])
    assert len(asked) == 1
    people = {name: member.id for name, member in world.members.items()}
    assert found.peers == {people["manager"]}
    assert found.below == {people[name] for name in ("manager", "seller", "teammate", "elsewhere")}
    assert found.roles == ("sales_manager",)
    assert found.field_rules == {("customers", "phone"): "mask"}
    assert (found.member_id, found.account_id) == (people["manager"], world.members["manager"].account_id)


def test_of_several_roles_the_widest_reach_holds_and_a_role_without_a_rule_frees_a_field(
    world: World,
) -> None:
    member = world.members["seller"].id
    with in_scope(world.admin) as admin:
        first = create_role(admin, name="甲", grants={"customers.customer.view": "department"})
        second = create_role(admin, name="乙", grants={"customers.customer.view": "own"})
        for role, fields in ((first, ("phone", "address")), (second, ("phone",))):
            for field in fields:
                set_field_rule(admin, role.id, resource="customers", field=field, mode="hide")
        set_roles(admin, member, role_ids=[first.id, second.id])
        found = load_actor(member)
    assert found.grants["customers.customer.view"] == "department"
    assert found.field_rules == {("customers", "phone"): "hide"}
    assert found.peers == {world.members["seller"].id, world.members["teammate"].id}


def test_who_has_no_role_may_nothing_and_who_left_is_nobody(world: World) -> None:
    member = world.members["seller"].id
    with in_scope(world.admin) as admin:
        set_roles(admin, member, role_ids=[])
        found = load_actor(member)
        assert (found.grants, found.roles, found.field_rules) == ({}, (), {})
        close_member(admin, member)
        with pytest.raises(NotFound):
            load_actor(member)


def test_another_companys_member_is_nobody_here(world: World, other_world: World) -> None:
    with in_scope(world.admin), pytest.raises(NotFound):
        load_actor(other_world.members["seller"].id)


def test_a_ready_made_role_is_read_in_the_readers_language_until_it_is_renamed(
    world: World, client_for: Callable[[Member], Client]
) -> None:
    role = world.roles["sales_manager"]
    with in_scope(world.admin):
        role.refresh_from_db()
        with override("en"):
            assert (role.shown_name, str(role)) == ("Sales manager", "Sales manager")
        with override("zh-hans"):
            assert role.shown_name == "销售经理"
    client = client_for(world.members["admin"])
    Account.objects.filter(id=world.members["admin"].account_id).update(language="en")
    url = f"/settings/roles/{role.id}/edit/"
    page = client.get(url).content.decode()
    assert 'value="Sales manager"' in page
    assert "销售经理" not in page
    client.post(url, {"name": "Sales manager", "note": "Sees them all", "version": role.version})
    with in_scope(world.admin):
        role.refresh_from_db()
        assert (role.name, role.note) == ("销售经理", "Sees them all")
        edit_role(world.admin, role.id, name="外贸经理", note="")
        role.refresh_from_db()
        with override("en"):
            assert role.shown_name == "外贸经理"

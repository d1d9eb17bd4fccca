from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.ledger.retention import first_kept
from guanxi.foundation.permissions import codes
from guanxi.foundation.permissions.codes import EVERYBODY, all_codes
from guanxi.foundation.permissions.models import Grant, Role
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services import create_company, delete_role, set_grants, sync_roles
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.errors import Invalid
from guanxi.testing.worlds import World

PASSWORD = "correct horse battery"


def a_company(**fields: Any) -> Tenant:
    word = uuid4().hex[:12]
    given: dict[str, Any] = {
        "name": f"华兴包装 {word}",
        "admin_name": "单雄信",
        "username": f"admin.{word}",
        "password": PASSWORD,
    }
    return create_company(**{**given, **fields})


@pytest.fixture
def tenant(database: None) -> Tenant:
    return a_company()


def grants_of(tenant: Tenant) -> list[tuple[str, str, str]]:
    with scope(tenant.id, door="test"):
        return sorted(Grant.objects.values_list("role__code", "code", "reach"))


def test_a_new_company_has_its_roles_and_one_administrator_who_may_do_everything(tenant: Tenant) -> None:
    with scope(tenant.id, door="test"):
        assert set(Role.objects.values_list("code", flat=True)) == set(EVERYBODY)
        member = Member.objects.get()
        admin = load_actor(member.id)
    assert member.name_sort.startswith("shan'xiong'xin'")  # a surname, read as one
    assert admin.roles == ("administrator",)
    assert dict(admin.grants) == {code.key: "all" for code in all_codes()}
    assert not Account.objects.get(id=member.account_id).must_change_password


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "销售经理"), ("en", "Sales manager")])
def test_role_names_are_in_the_companys_language(database: None, language: str, name: str) -> None:
    with scope(a_company(language=language).id, door="test"):
        assert Role.objects.get(code="sales_manager").name == name


def test_short_names_are_made_from_the_sound_and_never_twice(database: None) -> None:
    slugs = [a_company(name="重庆单氏机械").slug for _ in range(2)]
    assert slugs[0].startswith("chongqing")
    assert slugs[0] != slugs[1]


def test_a_weak_password_or_a_wrong_name_leaves_no_company_behind(database: None) -> None:
    name = f"甲 {uuid4()}"
    with pytest.raises(Invalid) as caught:
        a_company(name=name, username="王 小二", password="123456")
    assert set(caught.value.fields) == {"username", "password"}
    assert not Tenant.objects.filter(name=name).exists()


def test_a_taken_sign_in_name_is_refused_whatever_its_case(tenant: Tenant) -> None:
    username = f"Wang.{uuid4().hex[:12]}"
    a_company(username=username)
    with pytest.raises(Invalid) as caught:
        a_company(username=username.lower())
    assert list(caught.value.fields) == ["username"]


def test_an_account_of_one_company_can_be_the_administrator_of_another(tenant: Tenant) -> None:
    with scope(tenant.id, door="test"):
        account = Account.objects.get(id=Member.objects.get().account_id)
    second = a_company(account=account, admin_name="老单")
    with scope(second.id, door="test"):
        assert list(Member.objects.values_list("name", "account_id")) == [("老单", account.id)]


def test_syncing_again_changes_nothing(tenant: Tenant) -> None:
    before = grants_of(tenant)
    assert sync_roles(tenant.id) == 0
    assert grants_of(tenant) == before


def test_a_new_code_reaches_ready_roles_and_what_people_set_stays(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope(tenant.id, door="test"):
        admin = load_actor(Member.objects.get().id)
        seller = Role.objects.get(code="salesperson")
        kept = dict.fromkeys(Grant.objects.filter(role=seller).values_list("code", flat=True), "")
        set_grants(admin, seller.id, kept)
        delete_role(admin, Role.objects.get(code="dispatcher").id)
    monkeypatch.setattr(codes, "_codes", dict(codes._codes))
    codes.register(
        "tests.thing.view", "See things", group="Tests", defaults={"salesperson": "own", "dispatcher": "all"}
    )
    assert sync_roles(tenant.id) == 3  # seller, owner, administrator
    with scope(tenant.id, door="test"):
        assert dict(Grant.objects.filter(role=seller).values_list("code", "reach")) == {
            "tests.thing.view": "own"
        }
        assert not Role.objects.filter(code="dispatcher").exists()
        assert load_actor(Member.objects.get().id).reach("tests.thing.view") == "all"
    assert sync_roles(tenant.id) == 0


@pytest.mark.parametrize("bad", ["thing", "a.b", "a.b.c.d", "a..c", "a.b c.d"])
def test_a_malformed_code_is_a_fault_of_the_declaration(bad: str) -> None:
    with pytest.raises(ValueError, match="permission code"):
        codes.register(bad, "x", group="x")


@pytest.mark.parametrize("defaults", [{"nobody": "own"}, {"salesperson": "planet"}])
def test_unknown_roles_and_reaches_are_faults_of_the_declaration(defaults: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"tests\.thing\.view"):
        codes.register("tests.thing.view", "x", group="x", defaults=defaults)


def test_until_the_company_chooses_the_installations_months_hold(
    world: World, client_for: Callable[[Member], Client], settings: Any
) -> None:
    settings.LEDGER_KEEP_MONTHS = 24
    client = client_for(world.members["admin"])
    form = {"name": "恒捷包装", "language": "zh-hans", "time_zone": "Asia/Shanghai"}

    def kept() -> int:
        return Tenant.objects.get(id=world.tenant_id).ledger_months

    assert 'value="24"' in client.get("/settings/company/").content.decode()
    client.post("/settings/company/", {**form, "months": "24"})  # saved for another reason
    settings.LEDGER_KEEP_MONTHS = 3
    assert kept() == 3
    assert client.post("/settings/company/", {**form, "months": "3"}).status_code == 302
    client.post("/settings/company/", {**form, "months": ""})
    assert kept() == 0
    client.post("/settings/company/", {**form, "months": "36"})
    assert kept() == 36
    assert first_kept(kept(), date(2030, 5, 1)) == datetime(2027, 5, 1, tzinfo=UTC)

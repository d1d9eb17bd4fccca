"""The registry's settings, its log, and a customer filled from it, as the product does it."""

# Chinese in code: what the registry answers

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.models import FieldRule
from guanxi.integrations.api.tests.calling import program_of
from guanxi.integrations.models import RegistryAccount, RegistryCall
from guanxi.integrations.registry import client as client_module
from guanxi.integrations.registry import services
from guanxi.integrations.registry.tests.serving import CODE, KEY, Registry, serving
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope, writing


@pytest.fixture
def registry(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    settings.REGISTRY_PRIVATE = True
    monkeypatch.setattr(client_module, "PAUSE", 0.0)
    with serving() as served:
        yield served


@pytest.fixture
def account(world: World, registry: Registry) -> Registry:
    with in_scope(world.admin):
        services.change_account(world.admin, {"url": registry.url, "key": KEY})
    return registry


@pytest.fixture
def customer(world: World) -> Customer:
    data = {"name": "苏州恒力机械有限公司", "relations": "customer", "address": "旧地址1号"}
    with in_scope(world.seller):
        return create_customer(world.seller, data=data)


def test_the_page_says_what_a_test_brought_and_keeps_the_key_to_itself(
    world: World, registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = client_for(world.members["admin"])
    empty = client.get("/settings/registry/", headers={"Accept-Language": "en"}).content.decode()
    assert "gx-al gx-" in empty
    tried = client.post(
        "/settings/registry/", {"act": "test", "url": registry.url, "key": KEY}
    ).content.decode()
    assert "Registry of the tests" in tried
    assert KEY not in tried
    with in_scope(world.admin):
        assert not RegistryAccount.objects.exists()
    assert (
        client.post("/settings/registry/", {"act": "save", "url": registry.url, "key": KEY}).status_code
        == 302
    )
    assert KEY not in client.get("/settings/registry/").content.decode()
    with in_scope(world.admin):
        assert KEY not in RegistryAccount.objects.get().key
    wrong = client.post(
        "/settings/registry/", {"act": "test", "url": registry.url, "key": "no"}
    ).content.decode()
    assert "gx-al gx-" in wrong
    assert KEY not in caplog.text


def test_the_stored_key_is_never_sent_to_another_address(world: World, account: Registry) -> None:
    with serving() as other:
        answer = client_for(world.members["admin"]).post(
            "/settings/registry/", {"act": "test", "url": other.url}
        )
        assert answer.status_code == 422
        assert other.asked == []
    again = client_for(world.members["admin"]).post(
        "/settings/registry/", {"act": "test", "url": account.url}
    )
    assert "Registry of the tests" in again.content.decode()


def test_without_the_installations_leave_no_private_address_is_taken(world: World, settings: Any) -> None:
    settings.REGISTRY_PRIVATE = False
    client = client_for(world.members["admin"])
    assert (
        client.post("/settings/registry/", {"act": "test", "url": "http://127.0.0.1:1/"}).status_code == 422
    )
    told = client.post("/settings/registry/", {"act": "test", "url": "https://10.0.0.1/"}).content.decode()
    assert "gx-al gx-" in told
    with in_scope(world.admin):
        assert [call.error for call in RegistryCall.objects.all()] == ["private"]


def test_calls_are_written_down_with_their_cost_and_what_failed_is_asked_again(
    world: World, account: Registry
) -> None:
    with in_scope(world.seller):
        assert services.search(world.seller, name="恒力").found[0].credit_code == CODE
        account.always = "500"
        failed = services.fetch(world.seller, credit_code=CODE)
        assert (failed.code, bool(failed.words)) == ("server", True)
    account.always = ""
    with in_scope(world.admin):
        told = services.totals(world.admin)
        assert (told["count"], told["failed"], str(told["cost"].normalize())) == (2, 1, "0.1")
        call = services.calls(world.admin, failed=True).get()
        assert (call.asked, call.tries, call.member_id) == (CODE, 3, world.seller.member_id)
    admin = client_for(world.members["admin"])
    page = admin.get("/settings/registry/calls/?only=failed").content.decode()
    assert CODE in page
    assert "恒力" not in page
    assert admin.post(f"/settings/registry/calls/{call.pk}/retry/").status_code == 302
    with in_scope(world.admin):
        assert [one.error for one in services.calls(world.admin)] == ["", "server", ""]


def test_who_fails_several_times_in_a_row_rests_and_is_then_asked_again(
    world: World, account: Registry
) -> None:
    account.always = "500"
    with in_scope(world.seller):
        for _time in range(5):
            services.fetch(world.seller, credit_code=CODE)
        asked = len(account.asked)
        assert services.fetch(world.seller, credit_code=CODE).code == "cool_down"
        assert len(account.asked) == asked
        account.always = ""
        RegistryAccount.objects.update(rests_until=timezone.now() - timedelta(seconds=1))
        assert services.fetch(world.seller, credit_code=CODE).code == ""


def test_not_knowing_a_company_is_no_failure_of_the_registry(world: World, account: Registry) -> None:
    with in_scope(world.seller):
        for _time in range(7):
            assert services.fetch(world.seller, credit_code="91110108287901622J").code == "not_found"
        assert services.fetch(world.seller, credit_code=CODE).code == ""


def test_old_calls_are_forgotten(world: World, account: Registry) -> None:
    with in_scope(world.seller):
        services.search(world.seller, name="恒力")
    assert services.forget_calls(timezone.now()) == 0
    services.forget_calls(timezone.now() + timedelta(days=91))
    with in_scope(world.admin):
        assert not RegistryCall.objects.exists()


def test_facts_stand_beside_what_is_there_and_what_is_ticked_is_one_edit(
    world: World, account: Registry, customer: Customer
) -> None:
    client = client_for(world.members["seller"])
    card = client.get(f"/customers/{customer.pk}/").content.decode()
    assert f"/customers/{customer.pk}/registry/" in card
    path = f"/customers/{customer.pk}/registry/"
    assert account.asked == []  # looking costs nothing before somebody asks
    client.get(path)
    assert account.asked == []
    assert CODE in client.post(path, {"asked": "恒力"}).content.decode()
    page = client.post(path, {"asked": CODE}).content.decode()
    assert "旧地址1号" in page
    assert 'name="new-address" value="苏州市工业园区星湖街328号"' in page
    assert 'id="take-address">' in page  # something stands there: not ticked
    taken = {
        "act": "save", "version": customer.version,
        "take": ["legal_representative", "capital", "founded", "registration"],
        "new-legal_representative": "王建国", "new-capital": "5000000.00", "new-founded": "2008-05-12",
        "new-registration": "active", "new-address": "苏州市工业园区星湖街328号",
    }  # fmt: skip
    assert client.post(path, taken).status_code == 302
    with in_scope(world.seller):
        now = Customer.objects.get()
        assert (now.legal_representative, now.capital, now.registration) == ("王建国", 500_000_000, "active")
        assert now.address == "旧地址1号"
        (operation,) = Operation.objects.filter(verb="customers.customer.edit")
        undo(world.seller, operation.id)
        assert Customer.objects.get().legal_representative == ""


def test_fields_closed_to_somebody_are_neither_shown_nor_taken(
    world: World, account: Registry, customer: Customer
) -> None:
    with writing(world.system):
        FieldRule(role=world.roles["salesperson"], resource="customers", field="capital", mode="hide").save()
    client = client_for(world.members["seller"])
    path = f"/customers/{customer.pk}/registry/"
    page = client.post(path, {"asked": CODE}).content.decode()
    assert "new-founded" in page
    assert "new-capital" not in page
    client.post(path, {"act": "save", "version": customer.version, "take": ["capital"], "new-capital": "7"})
    with in_scope(world.system):
        assert Customer.objects.get().capital is None


def test_the_form_of_a_new_customer_is_filled_too(world: World, account: Registry) -> None:
    client = client_for(world.members["seller"])
    assert "box-registry" in client.get("/customers/new/").content.decode()
    candidates = client.post("/customers/registry/", {"asked": "恒力"}).content.decode()
    assert CODE in candidates
    filled = client.post("/customers/registry/", {"asked": CODE}).content.decode()
    for field in ("name", "credit_code", "capital", "founded", "registration", "region", "address"):
        assert f'data-gx-filled="{field}"' in filled
    account.always = "broken"
    assert "gx-bad" in client.post("/customers/registry/", {"asked": CODE}).content.decode()


def test_where_no_registry_is_set_up_nothing_of_it_is_seen(world: World, customer: Customer) -> None:
    client = client_for(world.members["seller"])
    assert "/registry/" not in client.get(f"/customers/{customer.pk}/").content.decode()
    assert "box-registry" not in client.get("/customers/new/").content.decode()


def test_the_api_tells_of_settings_and_asks(world: World, account: Registry) -> None:
    admin, seller = program_of(world.admin), program_of(world.seller)
    told = admin.get("/registry_settings").json()
    assert (told["url"], told["key_stored"]) == (account.url, True)
    assert admin.post("/registry_settings/test", {}).json()["answered"] is True
    assert seller.post("/registry/search", {"name": "恒力"}).json()["items"][0]["credit_code"] == CODE
    facts = seller.post("/registry/fetch", {"credit_code": CODE}).json()
    assert (facts["capital"], facts["founded"]) == ("5000000.00", "2008-05-12")
    assert seller.get("/registry/calls").status_code == 403
    assert len(admin.get("/registry/calls").json()["items"]) == 3
    account.always = "404"
    assert seller.post("/registry/fetch", {"credit_code": CODE}).json()["code"] == "not_found"

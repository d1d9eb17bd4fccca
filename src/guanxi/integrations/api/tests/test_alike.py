"""Duplicates through the API: asked for while typing, told at a refusal, overridden with a reason."""

from typing import Any

import pytest

from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.permissions.models import FieldRule
from guanxi.integrations.api.tests.calling import program_of
from guanxi.kernel.codes import make_credit_code
from guanxi.kernel.ids import new_id
from guanxi.testing.worlds import World, in_scope, writing

CODE = make_credit_code(12345678)


@pytest.fixture
def there(world: World) -> Customer:
    with in_scope(world.seller):
        data = {"name": "苏州北斗电子有限公司", "relations": "customer", "credit_code": CODE}
        return create_customer(world.seller, data=data)


def test_what_seems_to_be_there_is_told_while_one_types(world: World, there: Customer) -> None:
    program = program_of(world.seller)
    (likely,) = program.post("/customers/duplicates", {"name": "苏州北斗电子有限公司"}).json()["items"]
    assert (likely["verdict"], likely["reasons"], likely["visible"]) == ("likely", ["name"], True)
    assert (likely["id"], likely["name"]) == (str(there.id), there.name)
    assert (likely["owner"], likely["owner_name"]) == (str(world.seller.member_id), world.seller.name)
    (certain,) = program.post("/customers/duplicates", {"name": "甲", "credit_code": CODE}).json()["items"]
    assert certain["verdict"] == "certain"
    assert program.post("/customers/duplicates", {"name": "甲"}).json() == {"items": []}
    beside = program.post(f"/customers/duplicates?beside={there.id}", {"credit_code": CODE})
    assert beside.json() == {"items": []}
    with in_scope(world.system):
        assert Customer.objects.count() == 1


def test_what_is_not_right_yet_counts_as_not_typed_and_unknown_names_are_told(
    world: World, there: Customer
) -> None:
    program = program_of(world.seller)
    half = program.post("/customers/duplicates", {"credit_code": CODE[:9], "name": there.name, "grade": "?"})
    assert [one["verdict"] for one in half.json()["items"]] == ["likely"]
    wrongs: tuple[Any, ...] = ({"nothing": "x"}, {"name": 1}, [])
    for body in wrongs:
        assert program.post("/customers/duplicates", body).status_code == 422
    assert program.post("/customers/duplicates?beside=x", {}).status_code == 422


def test_of_a_record_one_cannot_see_only_who_answers_for_it_is_told(world: World, there: Customer) -> None:
    (one,) = program_of(world.elsewhere).post("/customers/duplicates", {"name": there.name}).json()["items"]
    assert not one["visible"]
    assert "id" not in one
    assert there.name not in one["name"]
    assert one["owner_name"] == world.seller.name
    with writing(world.system):
        rule = FieldRule(role=world.roles["salesperson"], resource="customers", field="owner", mode="hide")
        rule.save(force_insert=True)
    (one,) = program_of(world.elsewhere).post("/customers/duplicates", {"name": there.name}).json()["items"]
    assert "owner" not in one
    assert world.seller.name not in str(one)


def test_who_may_neither_create_nor_edit_asks_nothing(
    world: World, other_world: World, there: Customer
) -> None:
    limited = program_of(world.seller, scopes=frozenset(("vehicles:write",)))
    assert limited.post("/customers/duplicates", {"name": there.name}).status_code == 403
    stranger = program_of(other_world.admin)
    assert stranger.post("/customers/duplicates", {"name": there.name}).json() == {"items": []}


def test_a_manager_creates_what_certainly_exists_with_a_reason_that_stands_in_the_log(
    world: World, there: Customer
) -> None:
    body: dict[str, Any] = {"name": "乙公司", "relations": ["customer"], "credit_code": CODE}
    manager, seller = program_of(world.manager), program_of(world.seller)
    refused = manager.post("/customers?allow_duplicate=1", body)
    assert (refused.status_code, refused.json()["overridable"]) == (409, True)
    assert not seller.post("/customers?duplicate_reason=weil", body).json()["overridable"]
    made = manager.post("/customers?duplicate_reason=分厂单独开票", body)
    assert made.status_code == 201, made.content
    with in_scope(world.manager):
        found = Operation.objects.get(id=made["Operation-Id"])
        assert found.summary["reason"] == "分厂单独开票"


def test_an_entity_without_duplicates_has_none(world: World) -> None:
    program = program_of(world.admin)
    assert program.post("/vehicles/duplicates", {"plate": "苏E 12345"}).json() == {"items": []}
    assert program.post(f"/vehicles/duplicates?beside={new_id()}", {}).json() == {"items": []}

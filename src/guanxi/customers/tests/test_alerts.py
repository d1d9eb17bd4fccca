"""What is said at the head of a customer's card, and before two companies are made one."""

# Chinese in code: names of customers in tests, sentences of pages

from typing import Any

import pytest
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer, edit_customer
from guanxi.customers.services.merging import merge_customers
from guanxi.resource import guards
from guanxi.resource.merging import merged_into
from guanxi.testing.worlds import World, in_scope

CODES = ("91371300MA3C0F2X1X", "91371400MA3C0F2X8Q")


def _make(world: World, name: str, **more: Any) -> Customer:
    data = {"name": name, "relations": "customer", **more}
    return create_customer(world.admin, data=data, allow_duplicate=True)


def test_a_company_out_of_operation_and_a_doubtful_credit_are_said_first(
    world: World, client_for: Any
) -> None:
    with in_scope(world.admin):
        one = _make(world, "鲁味园食品有限公司")
    client: Client = client_for(world.members["admin"])
    quiet = client.get(f"/customers/{one.pk}/").content.decode()
    assert "工商登记状态：吊销" not in quiet
    with in_scope(world.admin):
        data = {"registration": "revoked", "credit_rating": "D"}
        edit_customer(world.admin, one.pk, data=data, expected_version=None)
    page = client.get(f"/customers/{one.pk}/").content.decode()
    assert "工商登记状态：吊销" in page
    assert "信用等级 D" in page


def test_two_codes_or_parent_and_subsidiary_are_warned_of_before_they_are_one(
    world: World, client_for: Any
) -> None:
    with in_scope(world.admin):
        first = _make(world, "鲁味园食品有限公司", credit_code=CODES[0])
        second = _make(world, "鲁味园食品（德州）", credit_code=CODES[1])
        part = _make(world, "鲁味园食品临沂厂", parent=str(first.pk))
    with in_scope(world.admin), pytest.raises(guards.Warned) as said:
        merge_customers(world.admin, ids=[first.pk, second.pk, part.pk], keep=first.pk)
    assert [one.code for one in said.value.warnings] == ["customers.two_codes", "customers.family"]
    client: Client = client_for(world.members["admin"])
    given = {"ids": [str(first.pk), str(second.pk)], "keep": str(first.pk)}
    page = client.post("/customers/merge/", given)
    assert page.status_code == 409
    assert "统一社会信用代码不同" in page.content.decode()
    done = client.post("/customers/merge/", {**given, "accept_warnings": "customers.two_codes"})
    assert done.status_code == 302
    with in_scope(world.admin):
        assert merged_into("customers", second.pk) == first.pk

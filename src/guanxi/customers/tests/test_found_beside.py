"""Customers and people are found by the numbers and tax numbers that hang on them."""

# Chinese in code: names

from dataclasses import replace
from uuid import UUID

from guanxi.customers.services.customers import create_customer, delete_customers, edit_customer
from guanxi.customers.services.merging import merge_customers
from guanxi.customers.services.people import create_person
from guanxi.customers.services.ways import billing, points
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope

_TAX = "91371300MA3C7XK423"


def _found(actor: Actor, text: str, key: str = "customers") -> list[UUID]:
    with in_scope(actor):
        return [hit.id for hit in access.search(actor, find(key), text)]


def _last() -> UUID:
    done = last_operation_id()
    assert done is not None
    return done


def _customer(actor: Actor, name: str) -> str:
    with in_scope(actor):
        return str(create_customer(actor, data={"name": name, "relations": "customer"}).pk)


def test_a_further_number_finds_its_customer_until_it_is_changed_or_taken_away(world: World) -> None:
    actor = world.seller
    customer = _customer(actor, "号码多多机械有限公司")
    with in_scope(actor):
        fax = points.create(actor, data={"customer": customer, "kind": "fax", "value": "0512-66661234"})
        mail = points.create(
            actor, data={"customer": customer, "kind": "email", "value": "buy@duoduo.example"}
        )
    assert _found(actor, "66661234") == [UUID(customer)]
    assert _found(actor, "buy@duoduo.example") == [UUID(customer)]
    with in_scope(actor):
        points.edit(actor, fax.pk, data={"value": "0512-77775678"}, expected_version=None)
        done = _last()
    assert _found(actor, "66661234") == []
    assert _found(actor, "77775678") == [UUID(customer)]
    with in_scope(actor):
        undo(actor, done)
    assert _found(actor, "66661234") == [UUID(customer)]
    with in_scope(actor):
        points.remove_many(actor, ids=[mail.pk])
        done = _last()
    assert _found(actor, "buy@duoduo.example") == []
    with in_scope(actor):
        undo(actor, done)
    assert _found(actor, "buy@duoduo.example") == [UUID(customer)]


def test_a_number_given_to_another_customer_finds_that_one(world: World) -> None:
    actor = world.seller
    first, second = _customer(actor, "甲方收货有限公司"), _customer(actor, "乙方发货有限公司")
    with in_scope(actor):
        qq = points.create(actor, data={"customer": first, "kind": "qq", "value": "889977665"})
        points.edit(actor, qq.pk, data={"customer": second}, expected_version=None)
    assert _found(actor, "889977665") == [UUID(second)]


def test_the_tax_number_and_all_former_names_find_the_customer_through_merge_and_undo(world: World) -> None:
    actor = world.manager
    first, second = _customer(actor, "保留下来食品有限公司"), _customer(actor, "并进去了食品有限公司")
    with in_scope(actor):
        billing.create(
            actor, data={"customer": second, "title": "并进去了开票", "tax_number": "TX9988776655"}
        )
        edit_customer(
            actor, UUID(second), data={"former_names": "老招牌豆制品厂；更老的酱园"}, expected_version=None
        )
    assert _found(actor, "TX9988776655") == _found(actor, "更老的酱园") == [UUID(second)]
    with in_scope(actor):
        merge_customers(actor, ids=[UUID(second)], keep=UUID(first))
        merged = _last()
    assert _found(actor, "TX9988776655") == [UUID(first)]
    with in_scope(actor):
        undo(actor, merged)
    assert _found(actor, "TX9988776655") == _found(actor, "更老的酱园") == [UUID(second)]
    with in_scope(actor):
        delete_customers(actor, ids=[UUID(second)])
        done = _last()
    assert _found(actor, "TX9988776655") == []
    with in_scope(actor):
        undo(actor, done)
    assert _found(actor, "TX9988776655") == [UUID(second)]


def test_a_person_is_found_by_a_second_mobile_but_by_a_private_one_nobody(world: World) -> None:
    actor = world.seller
    with in_scope(actor):
        person = create_person(actor, data={"name": "钱多多", "phone": "13800001111"})
        for value, seen in (("13900002222", "all"), ("13700003333", "owner")):
            points.create(
                actor, data={"person": str(person.pk), "kind": "mobile", "value": value, "seen_by": seen}
            )
    assert _found(actor, "13900002222", "people") == [person.pk]
    assert _found(actor, "13700003333", "people") == []


def test_what_is_closed_to_the_reader_finds_nothing(world: World) -> None:
    actor = world.seller
    customer = _customer(actor, "保密号码有限公司")
    with in_scope(actor):
        points.create(actor, data={"customer": customer, "kind": "fax", "value": "0512-66661234"})
        billing.create(actor, data={"customer": customer, "title": "某某", "tax_number": "TX5544332211"})
    for rule in (
        {("customers", "phone"): "mask"},
        {("contact_points", "value"): "hide"},
        {("billing_profiles", "tax_number"): "hide"},
    ):
        shut = replace(actor, field_rules=rule)
        assert _found(shut, "66661234") == _found(shut, "TX5544332211") == []
        assert _found(shut, "保密号码") == [UUID(customer)]
    assert _found(actor, "TX5544332211") == [UUID(customer)]


def test_the_result_says_why(world: World) -> None:
    actor = world.seller
    customer = _customer(actor, "说明原因有限公司")
    with in_scope(actor):
        points.create(actor, data={"customer": customer, "kind": "fax", "value": "0512-66661234"})
    page = client_for(world.members["seller"]).get("/search/?q=66661234").content.decode()
    assert "说明原因有限公司" in page
    assert "<mark>" in page

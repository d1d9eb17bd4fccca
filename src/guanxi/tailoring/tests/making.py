"""Fields and customers for these tests."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guanxi.customers import services as customers
from guanxi.customers.models import Customer
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.declaration import Resource
from guanxi.resource.kinds import Show
from guanxi.resource.listing import read
from guanxi.resource.registry import find
from guanxi.tailoring.models import OwnField
from guanxi.tailoring.services import fields

COLOURS = ({"zh": "红", "en": "Red"}, {"zh": "绿", "en": "Green"}, {"zh": "蓝", "en": "Blue"})


def resource() -> type[Resource]:
    return find("customers")


def add(actor: Actor, kind: str, label: str = "", **data: Any) -> OwnField:
    """A field of customers; call it in a scope."""
    given = {"label_zh": label or f"字段{kind}", **data}
    if kind in ("choice", "choices"):
        given.setdefault("options", COLOURS)
    return fields.add_field(actor, resource="customers", kind=kind, data=given)


def make(actor: Actor, name: str, **own: Any) -> Customer:
    data = {"name": name, "relations": "customer", **own}
    return customers.create_customer(actor, data=data, allow_duplicate=True)


def edit(actor: Actor, record_id: UUID, **data: Any) -> Customer:
    return customers.edit_customer(actor, record_id, data=data, expected_version=None)


def listed(actor: Actor, **query: str) -> list[str]:
    """Names of the customers that a list shows."""
    wanted = read(actor, resource(), query)
    return sorted(row.name for row in wanted.page().rows)


def held(record_id: UUID) -> Mapping[str, Any]:
    """What the row's own values are."""
    return dict(Customer.objects.get(pk=record_id).own)


def said(actor: Actor, record: Customer, name: str) -> str:
    return resource().kind(name).text(record, Show(actor))

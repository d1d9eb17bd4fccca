"""Fields and customers for these tests."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guanxi.customers.models import Customer
from guanxi.customers.services import customers
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Show
from guanxi.resource.declaration import Resource
from guanxi.resource.listing import read
from guanxi.resource.registry import find
from guanxi.tailoring.models import OwnField
from guanxi.tailoring.services import fields
from guanxi.testing.worlds import World

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


KINDS = (
    ("text", "编号", "K-1"),
    ("long_text", "说明二", "一\n二"),
    ("number", "人数", 12),
    ("number", "重量", "12.50"),
    ("money", "预算", "1200.50"),
    ("date", "到期日", "2024-03-05"),
    ("moment", "见面时间", "2024-03-05T06:30:00+00:00"),
    ("yes_no", "已签约", True),
    ("choice", "颜色", "red"),
    ("choices", "多种颜色", ["blue", "red"]),
    ("phone", "老板电话", "13812345678"),
    ("email", "邮箱", "li@example.com"),
    ("web", "店铺", "https://shop.example.com"),
)


def every_kind(world: World) -> dict[str, Any]:
    """A field of each kind, name → a value as the API answers it; in a scope."""
    found = {}
    for kind, label, value in KINDS:
        more = {"places": "2"} if label == "重量" else {}
        found[add(world.admin, kind, label, **more).name] = value
    found[add(world.admin, "member", "介绍人").name] = str(world.seller.member_id)
    return found

"""The bar at the foot of a card: what kinds of fields offer there, to whom."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.models import FieldRule
from guanxi.foundation.permissions.queries import load_actor
from guanxi.kinds import Address, PhoneNumber, Show, Text, WeChat
from guanxi.resource.registry import find
from guanxi.screens.quick import quick_ways, ways_of
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
PLACE = "山东省临沂市兰山区义堂镇工业二路 18 号"


def make(world: World, **data: Any) -> Any:
    with in_scope(world.seller):
        given = {"name": "山东鲁味园食品股份有限公司", "relations": "customer", **data}
        return services.create_customer(world.seller, data=given, allow_duplicate=True)


def rule(world: World, field: str, mode: str) -> None:
    with in_scope(world.system), operation(world.system, "tests.rule.set"):
        FieldRule(role=world.roles["salesperson"], resource="customers", field=field, mode=mode).save()


def keys(world: World, record: Any) -> list[str]:
    with in_scope(world.seller):
        return [
            one.key
            for one in quick_ways(find("customers"), record, Show(load_actor(world.members["seller"].id)))
        ]


def test_only_what_has_a_value_is_offered(world: World) -> None:
    assert keys(world, make(world)) == []
    assert keys(world, make(world, address=PLACE)) == ["navigate"]
    assert keys(world, make(world, phone="0539-8316220", address=PLACE)) == ["call", "navigate"]


@pytest.mark.parametrize("mode", ["hide", "mask"])
def test_what_the_viewer_may_not_read_is_not_offered(world: World, client_for: ClientFor, mode: str) -> None:
    made = make(world, phone="0539-8316220", address=PLACE)
    rule(world, "phone", mode)
    assert keys(world, made) == ["navigate"]
    page = client_for(world.members["seller"]).get(f"/customers/{made.id}/").content.decode()
    assert "8316220" not in page


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("0539-8316220", ["tel:+865398316220"]),
        ("13800138000 / 0539-8316220", ["tel:+8613800138000", "tel:+865398316220"]),
        ("0539-8316220 转 8001", ["tel:+865398316220,8001"]),
        ("+1 650 253 0000", ["tel:+16502530000"]),
        ("前台", []),
    ],
    ids=["one", "two", "extension", "abroad", "no number"],
)
def test_a_phone_is_dialled_as_it_is_meant(text: str, urls: list[str]) -> None:
    assert [way.url for way in ways_of(PhoneNumber(name="phone", label="Phone"), text)] == urls


def test_a_place_is_navigated_to_and_an_id_copied() -> None:
    (way,) = ways_of(Address(name="address", label="Address"), "a&b 路")
    assert way.url == "https://uri.amap.com/search?keyword=a%26b%20%E8%B7%AF&src=guanxi&callnative=1"
    (way,) = ways_of(WeChat(name="wechat", label="WeChat"), "li_ming88")
    assert (way.copy, way.url) == ("li_ming88", "")
    assert ways_of(Text(name="remarks", label="Remarks"), "0539-8316220") == ()


def test_the_bar_leads_to_the_composer_where_one_may_write(world: World, client_for: ClientFor) -> None:
    made = make(world)
    page = client_for(world.members["seller"]).get(f"/customers/{made.id}/").content.decode()
    assert 'href="#timeline-text" data-gx-write' in page
    assert 'id="timeline-text"' in page


def test_a_link_in_a_list_dials_the_first_number_without_its_extension(
    world: World, client_for: ClientFor
) -> None:
    make(world, phone="0539-8316220 转 8001")
    make(world, phone="0539-8316221、13800138000")
    page = client_for(world.members["seller"]).get("/customers/").content.decode()
    assert 'href="tel:05398316220"' in page
    assert 'href="tel:05398316221"' in page

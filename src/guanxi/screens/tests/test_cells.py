"""A cell of a list edited in its place: the row is drawn anew where it stands, what is wrong is told in the cell."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.models import FieldRule
from guanxi.screens.tests.test_lists import HTMX, make
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


@pytest.fixture
def seller(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["seller"])


def test_a_cell_is_edited_in_its_place_and_its_row_is_drawn_anew(world: World, seller: Client) -> None:
    made = make(world, grade="C")
    page = seller.get("/customers/?columns=name,grade,phone&density=compact").content.decode()
    assert re.findall(r'data-key="(\w+)"[^>]*data-gx-editor="([^"]+)"', page) == [
        ("name", "field/name/"), ("grade", "field/grade/"), ("phone", "field/phone/"),
    ]  # fmt: skip
    query = unescape(re.findall(r'data-gx-query="([^"]+)"', page)[0])
    url = f"/customers/{made.id}/field/grade/?{query}"
    form = seller.get(url, headers=HTMX).content.decode()
    assert 'hx-target="closest [data-gx-cell]"' in form
    assert unescape(re.findall(r'hx-post="([^"]+)"', form)[0]) == url
    answer = seller.post(url, {"grade": "A", "version": "1"}, headers=HTMX)
    row = answer.content.decode()
    assert answer["HX-Retarget"] == f'tr[data-id="{made.id}"]'
    assert answer["HX-Reswap"] == "outerHTML"
    assert "/undo/" in answer["HX-Trigger"]
    assert row.startswith("<tr ")
    assert row.count("<td") == 4
    assert "gx-gr-A" in row
    with in_scope(world.seller):
        made.refresh_from_db()
        assert made.grade == "A"


def test_a_wrong_value_and_a_stale_one_are_told_in_the_cell(world: World, seller: Client) -> None:
    made = make(world)
    url = f"/customers/{made.id}/field/name/?cell=1"
    wrong = seller.post(url, {"name": "", "version": "1"}, headers=HTMX)
    assert wrong.status_code == 422
    assert "HX-Retarget" not in wrong
    assert seller.post(url, {"name": "第一个人", "version": "1"}, headers=HTMX).status_code == 200
    stale = seller.post(url, {"name": "第二个人", "version": "1"}, headers=HTMX)
    assert stale.status_code == 409
    assert "第一个人" in stale.content.decode()
    assert 'value="第二个人"' in stale.content.decode()
    assert "[data-gx-cell]" in stale.content.decode()


def test_a_row_that_leaves_the_viewers_sight_leaves_the_list(world: World, client_for: ClientFor) -> None:
    made = make(world)
    manager = client_for(world.members["manager"])
    answer = manager.post(
        f"/customers/{made.id}/field/owner/?cell=1",
        {"owner": str(world.members["admin"].id), "version": "1"},
        headers=HTMX,
    )
    if answer.status_code == 200:
        assert answer["HX-Reswap"] == "delete"
        assert answer.content == b""


def test_rows_that_cannot_be_changed_offer_no_editor(world: World, client_for: ClientFor) -> None:
    mine, theirs = make(world), None
    with in_scope(world.manager):
        theirs = services.create_customer(world.manager, data={"name": "经理的客户", "relations": "customer"})
    with in_scope(world.admin), operation(world.admin, "permissions.role.restrict"):
        FieldRule(
            role=world.roles["sales_manager"], resource="customers", field="phone", mode="read_only"
        ).save(force_insert=True)
    page = client_for(world.members["manager"]).get("/customers/").content.decode()
    assert "field/phone/" not in page
    assert "field/grade/" in page
    assert f"/customers/{mine.id}/edit/" in page
    assert f"/customers/{theirs.id}/edit/" in page

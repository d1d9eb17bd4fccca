"""A record that is missing is created over the form that asks for it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
HTMX = {"HX-Request": "true"}


def make(world: World, name: str = "山东鲁味园食品股份有限公司", **data: Any) -> Customer:
    with in_scope(world.seller):
        return services.create_customer(
            world.seller, data={"name": name, "relations": "customer", **data}, allow_duplicate=True
        )


@pytest.fixture
def seller(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["seller"])


def test_what_is_missing_is_created_on_the_spot(world: World, seller: Client) -> None:
    form = seller.get("/customers/new/").content.decode()
    assert 'data-create="/customers/new/spot/"' in form
    offered = seller.get("/customers/options/parent/?q=鲁味园集团&create=1", headers=HTMX).content.decode()
    assert 'data-create="鲁味园集团"' in offered
    assert (
        "data-create" not in seller.get("/customers/options/parent/?q=鲁味园", headers=HTMX).content.decode()
    )
    small = seller.get("/customers/new/spot/?text=鲁味园集团", headers=HTMX).content.decode()
    assert 'value="鲁味园集团"' in small
    assert 'name="relations"' in small
    assert 'name="website"' not in small
    done = seller.post(
        "/customers/new/spot/", {"name": "鲁味园集团", "relations": ["customer"]}, headers=HTMX
    )
    with in_scope(world.seller):
        made = Customer.objects.get(name="鲁味园集团")
    assert done.status_code == 201
    assert f'data-gx-made="{made.id}" data-label="鲁味园集团"' in done.content.decode()
    assert "/undo/" in done["HX-Trigger"]
    assert made.owner_id == world.seller.member_id


def test_the_small_form_keeps_what_was_typed_and_shows_what_exists(world: World, seller: Client) -> None:
    wrong = seller.post("/customers/new/spot/", {"name": "", "relations": ["bank"]}, headers=HTMX)
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.content.decode()
    assert re.search(r'value="bank" checked', wrong.content.decode())
    made = make(world, "上海北斗机械有限公司")
    data = {"name": "上海北斗机械股份有限公司", "relations": ["customer"]}
    double = seller.post("/customers/new/spot/", data, headers=HTMX)
    assert double.status_code == 409
    assert f'data-gx-use="{made.id}"' in double.content.decode()
    again = seller.post("/customers/new/spot/", {**data, "allow_duplicate": "1"}, headers=HTMX)
    assert again.status_code == 201


def test_who_may_not_create_is_offered_nothing(world: World, client_for: ClientFor) -> None:
    with in_scope(world.system), operation(world.system, "tests.role.set"):
        world.roles["salesperson"].grants.filter(code="customers.customer.create").delete()
    seller = client_for(world.members["seller"])
    made = make_as_system(world)
    card = seller.get(f"/customers/{made.id}/field/parent/", headers=HTMX).content.decode()
    assert "gx-fact-editor" in card
    assert "data-create" not in card
    assert seller.get("/customers/new/spot/?text=x", headers=HTMX).status_code == 403
    offered = seller.get("/customers/options/parent/?q=x&create=1", headers=HTMX).content.decode()
    assert "data-create" not in offered


def make_as_system(world: World) -> Customer:
    with in_scope(world.system):
        return services.create_customer(
            world.system,
            data={"name": "系统建的", "relations": "customer", "owner": str(world.seller.member_id)},
        )

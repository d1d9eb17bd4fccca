"""Prices, floors, costs and stock that are closed to somebody are said by no page and no operation."""

# Chinese in code: names of products

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.catalog.models import Option, Product
from guanxi.catalog.queries.configuring import configure, costs_of
from guanxi.catalog.queries.pricing import price_for
from guanxi.catalog.resources.panels import _options, _prices, _stock
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services import set_field_rule
from guanxi.kernel.errors import Forbidden
from guanxi.kinds import Show
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


def _make(world: World, key: str, **data: str) -> str:
    with in_scope(world.manager):
        return str(find(key).create(world.manager, data=data).pk)


@pytest.fixture
def machine(world: World) -> str:
    product = {"name": "枕包机", "kind": "machine", "state": "active", "unit": "台", "list_price": "268000"}
    return _make(world, "products", **product, cost="150001")


@pytest.fixture
def book(world: World, machine: str) -> str:
    made = _make(world, "price_books", name="国内", currency="CNY", taxed="yes")
    _make(world, "prices", book=made, product=machine, price="260001", floor="240002")
    return made


def _close(world: World, resource: str, field: str, *, mode: str = "hide", role: str = "salesperson") -> None:
    with in_scope(world.admin):
        set_field_rule(world.admin, world.roles[role].pk, resource=resource, field=field, mode=mode)


def _now(world: World, who: str) -> Actor:
    return load_actor(world.members[who].pk)


@pytest.mark.django_db(transaction=True)
def test_a_closed_floor_is_said_nowhere(world: World, client_for: ClientFor, machine: str, book: str) -> None:
    with in_scope(world.seller):
        assert price_for(world.seller, Product.objects.get(pk=machine)).floor == 2_400_020_000
    _close(world, "prices", "floor")
    with in_scope(world.seller):
        seller, product = _now(world, "seller"), Product.objects.get(pk=machine)
        found = price_for(seller, product)
        assert (found.price, found.floor) == (2_600_010_000, None)
        rows = _prices(seller, product, Show(actor=seller)).rows
        assert "260,001" in rows[0].end
        assert "240,002" not in str(rows)
    page = client_for(world.members["seller"]).get(reverse("price_lookup"), {"product": machine})
    assert "260,001" in page.content.decode()
    assert "240,002" not in page.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("field", [("prices", "price"), ("products", "list_price")])
def test_whoever_may_not_read_prices_is_told_none(
    world: World, client_for: ClientFor, machine: str, book: str, field: tuple[str, str]
) -> None:
    _close(world, *field)
    with in_scope(world.seller):
        seller, product = _now(world, "seller"), Product.objects.get(pk=machine)
        with pytest.raises(Forbidden):
            price_for(seller, product)
        if field[0] == "prices":
            assert "260,001" not in str(_prices(seller, product, Show(actor=seller)).rows)
        else:
            assert configure(seller, product.pk, []).price is None
    page = client_for(world.members["seller"]).get(reverse("price_lookup"), {"product": machine})
    assert page.status_code == 403


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("field", ["price", "floor"])
@pytest.mark.parametrize("mode", ["hide", "read_only"])
def test_the_grid_is_for_who_writes_prices_and_floors(
    world: World, client_for: ClientFor, book: str, field: str, mode: str
) -> None:
    manager = client_for(world.members["manager"])
    assert manager.get(reverse("price_grid", args=[book])).status_code == 200
    _close(world, "prices", field, mode=mode, role="sales_manager")
    assert manager.get(reverse("price_grid", args=[book])).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_cost_that_a_rule_hides_is_not_summed_up(world: World, machine: str) -> None:
    bundle = _make(world, "products", name="线", kind="bundle", state="active")
    _make(world, "bundle_parts", bundle=bundle, product=machine, quantity="2")
    group = _make(world, "option_groups", name="电压", product=machine)
    option = _make(world, "options", name="380V", group=group, price="901", cost="17")
    with in_scope(world.manager):
        one, both = Product.objects.get(pk=machine), Product.objects.get(pk=bundle)
        chosen = [Option.objects.get(pk=option).pk]
        assert costs_of(world.manager, [both.pk]) == {both.pk: 3_000_020_000}
        assert configure(world.manager, one.pk, chosen).cost == 1_500_180_000
    _close(world, "options", "cost", role="sales_manager")
    with in_scope(world.manager):
        assert configure(_now(world, "manager"), one.pk, chosen).cost is None
    _close(world, "products", "cost", role="sales_manager")
    _close(world, "options", "price", role="sales_manager")
    with in_scope(world.manager):
        manager = _now(world, "manager")
        assert costs_of(manager, [both.pk]) == {both.pk: None}
        assert configure(manager, one.pk, chosen).price is None
        assert "901" not in str(_options(manager, one, Show(actor=manager)).rows)


@pytest.mark.django_db(transaction=True)
def test_stock_that_a_rule_hides_is_not_told_beside_it(
    world: World, client_for: ClientFor, machine: str
) -> None:
    house = _make(world, "warehouses", name="济南")
    _make(world, "stock", warehouse=house, product=machine, quantity="128")
    page = client_for(world.members["manager"]).get(reverse("price_lookup"), {"product": machine})
    assert "128" in page.content.decode()
    _close(world, "products", "stock", role="sales_manager")
    page = client_for(world.members["manager"]).get(reverse("price_lookup"), {"product": machine})
    assert "128" not in page.content.decode()
    with in_scope(world.manager):
        manager, product = _now(world, "manager"), Product.objects.get(pk=machine)
        assert "128" not in str(_stock(manager, product, Show(actor=manager)).rows)

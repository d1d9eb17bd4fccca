"""The pages of the catalog: what something costs, a price book as a grid."""

# Chinese in code: names of products and customers

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from guanxi.catalog.models import Price
from guanxi.foundation.accounts.models import Member
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


def _product(world: World, **more: str) -> str:
    data = {
        "name": "给袋式包装机",
        "kind": "goods",
        "state": "active",
        "unit": "台",
        "list_price": "268000",
        **more,
    }
    with in_scope(world.manager):
        return str(find("products").create(world.manager, data=data).pk)


def _book(world: World, **more: str) -> str:
    data = {"name": "国内含税价", "currency": "CNY", "taxed": "yes", **more}
    with in_scope(world.manager):
        return str(find("price_books").create(world.manager, data=data).pk)


def test_a_seller_asks_what_something_costs_and_hears_why(world: World, client_for: ClientFor) -> None:
    product, browser = _product(world), client_for(world.members["seller"])
    assert browser.get(reverse("price_lookup")).status_code == 200
    page = browser.get(reverse("price_lookup"), {"product": product, "quantity": "2"}).content.decode()
    assert "¥268,000" in page
    assert "¥536,000.00" in page
    assert "按标准售价" in page
    asked = browser.get(reverse("price_lookup"), {"product": product, "quantity": "zwei"})
    assert asked.status_code == 422


def test_a_link_under_the_name_of_a_row_is_a_link(world: World, client_for: ClientFor) -> None:
    """The rows of a panel join what stands under a name; markup of one field must not become text by it."""
    product = _product(world, name="Cutter <M8>")
    with in_scope(world.manager):
        warehouse = str(find("warehouses").create(world.manager, data={"name": "East"}).pk)
        stock = {"product": product, "warehouse": warehouse, "quantity": "3", "told_at": "2026-01-05T10:00"}
        find("stock").create(world.manager, data=stock)
    page = (
        client_for(world.members["manager"])
        .get(f"/warehouses/{warehouse}/panel/stock-warehouse/")
        .content.decode()
    )
    assert f'href="/products/{product}/"' in page
    assert "&lt;a " not in page
    assert "Cutter &lt;M8&gt;" in page
    assert "<M8>" not in page


def test_without_a_rate_there_is_no_price_in_another_currency(world: World, client_for: ClientFor) -> None:
    product, browser = _product(world), client_for(world.members["seller"])
    page = browser.get(reverse("price_lookup"), {"product": product, "currency": "USD"}).content.decode()
    assert "没有价格" in page
    assert "也没有该币种的汇率" in page


def test_rows_pasted_from_a_spreadsheet_become_prices_and_an_emptied_cell_takes_one_out(
    world: World, client_for: ClientFor
) -> None:
    _product(world, code="HJ-G8")
    book, browser = _book(world), client_for(world.members["manager"])
    url = reverse("price_grid", args=[book])
    pasted = "编码\t起订量\t单价\t底价\nHJ-G8\t1\t26.8万\t25万\nHJ-G8\t10\t260000\t"
    assert browser.post(url, {"pasted": pasted}).status_code == 302
    with in_scope(world.manager):
        first, second = Price.objects.order_by("from_quantity")
    assert (first.from_quantity, first.price, first.floor) == (1000, 2_680_000_000, 2_500_000_000)
    assert (second.from_quantity, second.price, second.floor) == (10_000, 2_600_000_000, None)
    changed = {f"price-{first.pk}": "270000", f"floor-{first.pk}": "", f"price-{second.pk}": ""}
    assert browser.post(url, changed).status_code == 302
    with in_scope(world.manager):
        (only,) = Price.objects.all()
    assert (only.pk, only.price, only.floor) == (first.pk, 2_700_000_000, None)


def test_what_cannot_be_read_is_said_and_nothing_is_written_or_lost(
    world: World, client_for: ClientFor
) -> None:
    book, browser = _book(world), client_for(world.members["manager"])
    answer = browser.post(reverse("price_grid", args=[book]), {"pasted": "HJ-1\t5\nHJ-2\t6"})
    assert answer.status_code == 422
    assert "HJ-2" in answer.content.decode()
    with in_scope(world.manager):
        assert not Price.objects.exists()


def test_the_card_of_a_product_says_its_prices_and_its_stock(world: World, client_for: ClientFor) -> None:
    product, book = _product(world), _book(world)
    with in_scope(world.manager):
        find("prices").create(
            world.manager, data={"product": product, "book": book, "price": "260000", "floor": "240000"}
        )
        house = find("warehouses").create(world.manager, data={"name": "苏州总仓"})
        find("stock").create(
            world.manager, data={"product": product, "warehouse": str(house.pk), "quantity": "3"}
        )
    browser = client_for(world.members["seller"])
    card = browser.get(find("products").url("card", id=product)).content.decode()
    assert "3 台，今天" in card
    for panel, said in (("prices", "¥260,000"), ("stock", "苏州总仓")):
        text = browser.get(find("products").url("panel", id=product, key=panel)).content.decode()
        assert said in text
    held = browser.get(find("price_books").url("panel", id=book, key="prices")).content.decode()
    assert "给袋式包装机" in held
    assert "¥260,000" in held

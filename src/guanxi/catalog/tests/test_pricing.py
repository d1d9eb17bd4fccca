"""What a product costs for a customer: the book that holds, its break, the list price, another currency."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from guanxi.catalog.models import Product, Stock
from guanxi.catalog.queries.configuring import configure, costs_of
from guanxi.catalog.queries.currencies import amount_in_own, rate_of
from guanxi.catalog.queries.pricing import Asked, price_for, prices_for
from guanxi.catalog.queries.stock import in_stock
from guanxi.catalog.services.prices import Line, set_prices
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

DAY = date(2026, 6, 1)


def _made(world: World, key: str, **data: str) -> UUID:
    with in_scope(world.manager):
        found: UUID = find(key).create(world.manager, data={**find(key).defaults, **data}).pk
    return found


def _product(world: World, **more: str) -> UUID:
    return _made(world, "products", **{"name": "Bagger", "unit": "pc", "list_price": "100", **more})


def _book(world: World, product: UUID, *prices: tuple[str, str], **more: str) -> UUID:
    book = _made(world, "price_books", **{"name": f"Book {more}", **more})
    for start, price in prices:
        _made(world, "prices", product=str(product), book=str(book), from_quantity=start, price=price)
    return book


def _customer(world: World, **more: str) -> UUID:
    with in_scope(world.seller):
        found: UUID = find("customers").create(world.seller, data={"name": "Acme Packing Ltd", **more}).pk
    return found


def _asked(world: World, *args: Any, **kwargs: Any) -> Any:
    with in_scope(world.seller):
        return price_for(world.seller, *args, **kwargs)


def test_the_book_meant_for_the_customer_goes_before_the_one_for_everybody(world: World) -> None:
    product = _product(world)
    everybody = _book(world, product, ("0", "95"), ("10", "90"))
    dealers = _book(world, product, ("0", "80"), relation="distributor")
    dealer = _customer(world, relations="distributor")
    assert (found := _asked(world, product, dealer)).book_id == dealers
    assert (found.price, found.why, found.taxed) == (800_000, "book", True)
    found = _asked(world, product, None, 12_000)
    assert (found.book_id, found.price, found.from_quantity, found.more) == (everybody, 900_000, 10_000, None)
    found = _asked(world, product)
    assert found.more is not None
    assert (found.price, found.more.price) == (950_000, 900_000)


def test_a_book_without_a_price_of_it_or_out_of_its_days_is_passed_over(world: World) -> None:
    product = _product(world)
    _book(world, product, ("0", "70"), until="2026-05-31")
    _book(world, product, ("0", "60"), closed="yes")
    _book(world, _product(world, name="Other"), ("0", "50"))
    assert (found := _asked(world, product, day=DAY)).why == "list"
    assert (found.price, found.currency) == (1_000_000, "CNY")
    assert _asked(world, product, day=date(2026, 5, 31)).price == 700_000


def test_a_price_in_another_currency_needs_a_rate_and_takes_the_last_before_the_day(world: World) -> None:
    product = _product(world)
    found = _asked(world, product, day=DAY, currency="USD")
    assert (found.price, found.why) == (None, "no_rate")
    _made(world, "exchange_rates", currency="USD", day="2026-05-01", rate="8", source="a")
    _made(world, "exchange_rates", currency="USD", day="2026-07-01", rate="5", source="b")
    found = _asked(world, product, day=DAY, currency="USD")
    assert (found.price, found.why, found.currency) == (125_000, "converted", "USD")
    with in_scope(world.seller):
        assert rate_of("USD", date(2026, 4, 30)) is None
        assert amount_in_own(1_000, "USD", date(2026, 4, 30)) is None
        assert amount_in_own(1_000, "USD", DAY) == 8_000
        assert amount_in_own(1_000, "CNY", DAY) == 1_000


def test_yen_without_minor_units_are_brought_over_in_full(world: World) -> None:
    _made(world, "exchange_rates", currency="JPY", day="2026-05-01", rate="0.05", source="a")
    with in_scope(world.seller):
        assert amount_in_own(1_000, "JPY", DAY) == 5_000  # 1,000 yen are 50 yuan


def test_the_tax_is_that_of_the_day(world: World) -> None:
    old = _made(world, "tax_rates", name="VAT 17", code="vat", rate="17", until="2026-04-30")
    _made(world, "tax_rates", name="VAT 13", code="vat", rate="13", since="2026-05-01")
    product = _product(world, tax=str(old))
    assert _asked(world, product, day=date(2026, 4, 1)).tax == 1_700
    assert _asked(world, product, day=DAY).tax == 1_300


def test_many_products_are_asked_for_at_once_and_strangers_learn_nothing(
    world: World, other_world: World
) -> None:
    first, second, theirs = _product(world), _product(world, list_price="7"), _product(other_world)
    with in_scope(world.seller):
        found = prices_for(world.seller, [Asked(second, 2_000), Asked(first)])
        assert [one.price for one in found] == [70_000, 1_000_000]
        with pytest.raises(NotFound):
            price_for(world.seller, theirs)


def test_prices_set_in_a_book_are_one_operation_and_come_back_as_one(world: World) -> None:
    first, second = _product(world), _product(world, name="Other")
    book = _book(world, first, ("0", "95"))
    with in_scope(world.manager):
        done = set_prices(
            world.manager, book, lines=[Line(first, 0, 900_000, 850_000), Line(second, 5_000, 50_000)]
        )
        assert done == (1, 1, 0)
        assert set_prices(world.manager, book, lines=[Line(first, 0, 900_000, 850_000)]) == (0, 0, 0)
        operation = last_operation_id()
        assert operation is not None
        undo(world.manager, operation)
    assert _asked(world, first).price == 950_000
    assert _asked(world, second, quantity=5_000).why == "list"


def test_a_bundle_costs_its_parts_and_only_who_may_know_learns_it(world: World) -> None:
    part, other = _product(world, cost="10.5"), _product(world, name="Other", cost="2")
    bundle = _product(world, name="Set", kind="bundle")
    for one, many in ((part, "2"), (other, "1.5")):
        _made(world, "bundle_parts", bundle=str(bundle), product=str(one), quantity=many)
    with in_scope(world.manager):
        assert costs_of(world.manager, [bundle]) == {bundle: 240_000}
    with in_scope(world.seller):
        assert costs_of(world.seller, [bundle]) == {bundle: None}


def test_a_machine_is_configured_and_an_option_of_another_machine_is_refused(world: World) -> None:
    machine, other = _product(world, kind="machine"), _product(world, name="Other", kind="machine")
    group = _made(world, "option_groups", product=str(machine), name="Voltage", required="yes")
    elsewhere = _made(world, "option_groups", product=str(other), name="Voltage")
    option = _made(world, "options", group=str(group), name="380 V", price="20")
    foreign = _made(world, "options", group=str(elsewhere), name="220 V", price="30")
    with in_scope(world.seller):
        assert configure(world.seller, machine, []).missing == (group,)
        assert configure(world.seller, machine, [option]).price == 1_200_000
        assert configure(world.seller, machine, [foreign]).unknown == (foreign,)
    with pytest.raises(Invalid) as refused:
        _made(world, "options", group=str(group), name="400 V", price="0", excludes=str(foreign))
    assert list(refused.value.fields) == ["excludes"]


def test_a_second_product_of_a_code_is_told_so_at_its_field(world: World) -> None:
    _product(world, code="HJ-1")
    with pytest.raises(Invalid) as refused:
        _product(world, code="HJ-1", name="Another")
    assert [message.code for message in refused.value.fields["code"]] == ["taken"]


def test_stock_is_what_all_warehouses_in_use_were_told_at_the_oldest_time(world: World) -> None:
    product = _product(world)
    for name, many, when, closed in (
        ("East", "3", "2026-05-02 10:00", "no"),
        ("West", "4.5", "2026-05-01 10:00", "no"),
        ("Old", "100", "2020-01-01 10:00", "yes"),
    ):
        house = _made(world, "warehouses", name=name, closed=closed)
        _made(world, "stock", warehouse=str(house), product=str(product), quantity=many, told_at=when)
    with in_scope(world.seller):
        found = in_stock(world.seller, [product])[product]
        assert (found.quantity, found.unit) == (7_500, "pc")
        assert found.told_at == Stock.objects.get(warehouse__name="West").told_at
        assert Product.objects.count() == 1

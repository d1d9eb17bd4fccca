"""The forecast by department, region, product and product line, in money and quantities: as plain SQL has it, every
figure with the sales behind it, nothing of what is closed to the reader."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from guanxi.catalog.models import Product, ProductLine
from guanxi.customers.services.customers import create_customer
from guanxi.foundation.accounts.models import Member
from guanxi.kernel.errors import Forbidden
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity
from guanxi.sales.queries.forecasting import behind, forecast, forecast_with_whole, ways_to_group
from guanxi.sales.services.moving import win_opportunity
from guanxi.sales.tests.selling import opened
from guanxi.testing.worlds import World, in_scope

FIRST, LAST = date(2027, 1, 1), date(2027, 3, 31)
JANUARY = date(2027, 1, 1)


def _catalog(world: World) -> tuple[ProductLine, Product, Product]:
    with in_scope(world.admin):
        line = find("product_lines").create(world.admin, data={"name": "Lasers"})
        first, second = (
            find("products").create(
                world.admin,
                data={"name": name, "line": str(line.pk), "unit": "台", "kind": "goods", "state": "active"},
            )
            for name in ("L100", "L200")
        )
    return line, first, second


def _line(world: World, sale: Opportunity, product: Product | None, **values: Any) -> None:
    what = {"product": str(product.pk)} if product is not None else {"text": "A cabinet"}
    find("sale_lines").create(world.seller, data={"opportunity": str(sale.pk), **what, **values})


def _amount(world: World, sale: Opportunity, amount: str) -> None:
    sale.refresh_from_db()
    find("opportunities").edit(world.seller, sale.pk, data={"amount": amount}, expected_version=None)


def _sold(world: World, first: Product, second: Product) -> list[Opportunity]:
    """One of both products whose amount is not the sum of its lines, one of a single line without a price, one that
    only says what they want, one without lines."""
    with in_scope(world.seller):
        both, bare, text, none = (
            opened(world.seller, name=name, expected_on="2027-01-15", probability="50", category="best")
            for name in ("both", "bare", "text", "none")
        )
        _line(world, both, first, quantity="2", price="100")
        _line(world, both, second, quantity="1", price="100")
        _amount(world, both, "1000")
        _line(world, bare, first, quantity="3")
        _amount(world, bare, "70")
        _line(world, text, None, quantity="5", price="10")
        _amount(world, none, "0.01")
    return [both, bare, text, none]


def test_amounts_are_shared_out_as_the_lines_are_worth_and_nothing_is_lost(world: World) -> None:
    line, first, second = _catalog(world)
    _sold(world, first, second)
    with in_scope(world.seller):
        found, whole = forecast_with_whole(world.seller, FIRST, LAST, "product")
        amounts = {key: one.best for (key, _month), one in found.items()}
        assert amounts == {first.pk: 66_667 + 7_000, second.pk: 33_333, None: 5_000 + 1}
        assert {key: (one.quantity, one.likely) for (key, _month), one in found.items()} == {
            first.pk: (5_000, 2_500),
            second.pk: (1_000, 500),
            None: (0, 0),
        }
        assert sum(amounts.values()) == whole[JANUARY].best == 112_001
        assert whole[JANUARY].sales == 4
        by_line = forecast(world.seller, FIRST, LAST, "product_line")
        assert {key: one.best for (key, _month), one in by_line.items()} == {line.pk: 107_000, None: 5_001}
        assert by_line[line.pk, JANUARY].sales == 2
        by_owner = forecast(world.seller, FIRST, LAST, "owner")[world.seller.member_id, JANUARY]
        assert (by_owner.best, by_owner.weighted) == (whole[JANUARY].best, whole[JANUARY].weighted)


def test_what_was_won_counts_by_product_too(world: World) -> None:
    _line_of, first, second = _catalog(world)
    both, *_rest = _sold(world, first, second)
    with in_scope(world.seller):
        win_opportunity(world.seller, both.pk, reason="The order came")
        today = timezone.localdate()
        found = forecast(world.seller, today, today, "product")
        sums = found[first.pk, today.replace(day=1)]
        assert (sums.won, sums.won_quantity, sums.open) == (66_667, 2_000, 0)
        ((sale, part),) = behind(world.seller, today, today, "product", first.pk, "won")
        assert (sale.pk, part.amount, part.quantity) == (both.pk, 66_667, 2_000)


@pytest.mark.parametrize(
    "by", ["owner", "department", "pipeline", "stage", "region", "product_line", "product"]
)
def test_the_sales_behind_a_figure_come_to_it(world: World, by: str) -> None:
    _line_of, first, second = _catalog(world)
    _sold(world, first, second)
    with in_scope(world.manager):
        cells = forecast(world.manager, FIRST, LAST, by)
        assert cells
        for (key, _month), sums in cells.items():
            for what, wanted in (("open", sums.open), ("best", sums.best), ("commit", sums.commit)):
                rows = behind(world.manager, FIRST, LAST, by, key, what)
                assert sum(part.amount or 0 for _sale, part in rows) == wanted, (key, what)
            rows = behind(world.manager, FIRST, LAST, by, key, "open")
            assert len(rows) == sums.sales
            assert sum(part.sure or 0 for _sale, part in rows) == sums.weighted


def test_departments_and_regions_are_as_plain_sql_has_them(world: World) -> None:
    with in_scope(world.seller):
        for region in ("320500", "320200", "110000", "US", ""):
            data = {"name": f"In {region}", "relations": "customer", "region": region}
            theirs = create_customer(world.seller, data=data)
            opened(world.seller, customer=str(theirs.pk), amount="100", expected_on="2027-02-01")
        opened(world.seller, customer="", amount="7", expected_on="2027-02-01")
    with in_scope(world.teammate):
        opened(world.teammate, amount="30", expected_on="2027-02-01")
    with in_scope(world.manager):
        regions = forecast(world.manager, FIRST, LAST, "region")
        assert _plain(
            "SELECT coalesce(left(c.region, 2), ''), sum(o.own_amount)::bigint FROM sales_opportunity o "
            "LEFT JOIN customers_customer c ON c.id = o.customer_id WHERE o.state = 'open' GROUP BY 1"
        ) == {key: one.open for (key, _month), one in regions.items()}
        assert {"32", "11", "US", ""} <= {key for key, _month in regions}
        assert regions["32", date(2027, 2, 1)].open >= 20_000
        departments = forecast(world.manager, FIRST, LAST, "department")
        assert _plain(
            "SELECT m.department_id, sum(o.own_amount)::bigint FROM sales_opportunity o "
            "LEFT JOIN accounts_member m ON m.id = o.owner_id WHERE o.state = 'open' GROUP BY 1"
        ) == {key: one.open for (key, _month), one in departments.items()}


def _plain(sql: str) -> dict[Any, int]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return dict(cursor.fetchall())


def test_what_is_closed_to_the_reader_makes_no_figure(world: World) -> None:
    _line_of, first, second = _catalog(world)
    _sold(world, first, second)
    closed = {
        ("customers", "region"): {"region"},
        ("opportunities", "customer"): {"region"},
        ("sale_lines", "product"): {"product", "product_line"},
        ("sale_lines", "amount"): {"product", "product_line"},
        ("products", "line"): {"product_line"},
    }
    with in_scope(world.seller):
        every = set(ways_to_group(world.seller))
        assert "product" in every
        for field, gone in closed.items():
            blind = replace(world.seller, field_rules={field: "hide"})
            assert every - set(ways_to_group(blind)) == gone, field
            for by in gone:
                with pytest.raises(Forbidden):
                    forecast(blind, FIRST, LAST, by)
                with pytest.raises(Forbidden):
                    behind(blind, FIRST, LAST, by, None, "open")
        blind = replace(world.seller, field_rules={("opportunities", "amount"): "mask"})
        for by in every:
            with pytest.raises(Forbidden):
                forecast(blind, FIRST, LAST, by)


def test_the_region_of_a_customer_beyond_reach_is_not_told(world: World) -> None:
    with in_scope(world.seller):
        data = {"name": "Far away", "relations": "customer", "region": "320500"}
        theirs = create_customer(world.seller, data=data)
        opened(world.seller, customer=str(theirs.pk), amount="100", expected_on="2027-02-01")
    narrow = replace(world.manager, grants={**world.manager.grants, "customers.customer.view": "own"})
    with in_scope(world.manager):
        assert {key for key, _month in forecast(narrow, FIRST, LAST, "region")} == {""}
        assert {key for key, _month in forecast(world.manager, FIRST, LAST, "region")} == {"32"}


def test_another_company_and_another_reach_see_nothing_of_it(world: World) -> None:
    _line_of, first, second = _catalog(world)
    _sold(world, first, second)
    for other in (world.elsewhere, world.teammate):
        with in_scope(other):
            assert forecast(other, FIRST, LAST, "product") == {}
            assert behind(other, FIRST, LAST, "product", first.pk, "open") == []


def test_the_page_draws_products_in_money_and_in_quantities(
    world: World, client_for: Callable[[Member], Client]
) -> None:
    _line_of, first, _second = _catalog(world)
    today = timezone.localdate()
    with in_scope(world.seller):
        sale = opened(world.seller, amount="1000", expected_on=str(today), name="Two lasers")
        _line(world, sale, first, quantity="2", price="500")
    client = client_for(world.members["manager"])
    for by in ("department", "region", "product_line", "product"):
        assert client.get("/opportunities/forecast/", {"by": by}).status_code == 200, by
    page = client.get("/opportunities/forecast/", {"by": "product", "in": "quantity"}).content.decode()
    assert "2 台" in page
    asked = {"by": "product", "key": str(first.pk), "first": str(today), "last": str(today), "what": "open"}
    page = client.get("/opportunities/forecast/sales/", asked).content.decode()
    assert "Two lasers" in page
    assert "2 台" in page
    sheet = client.get("/opportunities/forecast/?by=product&in=quantity&format=csv").content.decode(
        "utf-8-sig"
    )
    assert f"L100,台,{today.replace(day=1)}" in sheet
    assert "2.000" in sheet
    for wrong in ({"by": "nobody"}, {"first": "2027-13-45"}, {"what": "omitted"}, {"last": ""}, {"key": "x"}):
        assert client.get("/opportunities/forecast/sales/", asked | wrong).status_code == 404, wrong


def test_each_figure_of_a_person_opens_a_list_of_as_many_sales(
    world: World, client_for: Callable[[Member], Client]
) -> None:
    today = timezone.localdate()
    with in_scope(world.seller):
        for name, category in (("Sure one", "commit"), ("Perhaps", "best"), ("Left out", "omitted")):
            opened(world.seller, name=name, amount="10", expected_on=str(today), category=category)
    client = client_for(world.members["manager"])
    page = client.get("/opportunities/forecast/").content.decode()
    assert "category=commit%2Cbest%2Cpipeline" in page
    who: UUID | None = world.seller.member_id
    asked = {"look": "list", "state": "open", "category": "commit", "owner": str(who)}
    listed = client.get(
        "/opportunities/", asked | {"expected_on.between": f"{today},{today}"}
    ).content.decode()
    assert "Sure one" in listed
    assert "Perhaps" not in listed

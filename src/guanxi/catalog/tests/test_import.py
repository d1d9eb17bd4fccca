"""Product sheets, prices and stock come in as files of either language; a later count replaces what was told."""

# Chinese in code: heads and cells of product sheets

from datetime import UTC, datetime
from pathlib import Path

import pytest

from guanxi.catalog.models import Price, Product, ProductLine, Stock
from guanxi.foundation.ledger.undo import undo
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.outcomes import Outcome
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.kernel.tests.shared_data import FOLDER
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

MAVEN = FOLDER / "maven_crm" / "products.csv"


def _brought(world: World, key: str, path: Path, rule: str = "overwrite") -> Outcome:
    with in_scope(world.admin, door="cli"):
        table = open_table(path)
        columns = map_columns(world.admin, find(key), table.headers)
        return run_import(
            world.admin, resource=find(key), table=table, columns=columns, options=Options(on_duplicate=rule)
        )


def _file(folder: Path, *lines: str) -> Path:
    path = folder / "sheet.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _made(world: World, key: str, **data: str) -> None:
    with in_scope(world.admin):
        find(key).create(world.admin, data={**find(key).defaults, **data})


def test_a_chinese_product_sheet_comes_in_and_the_next_one_changes_its_prices(
    world: World, tmp_path: Path
) -> None:
    _made(world, "tax_rates", name="增值税 13%", code="13", rate="13")
    _made(world, "product_lines", name="备件")
    head = "产品编码,品名,规格型号,单位,产品类别,税率,含税单价,成本价"
    first = _file(
        tmp_path, head, "BJ-01,吸盘,Φ30,个,备件,13%,12.5,4.2", "BJ-02,切刀,L420,把,备件,0.13,¥320,138"
    )
    found = _brought(world, "products", first)
    assert (found.created, found.rejected) == (2, 0)
    with in_scope(world.admin):
        cup, knife = Product.objects.order_by("code").select_related("tax", "line")
        assert (cup.name, cup.specification, cup.unit, cup.list_price, cup.cost) == (
            "吸盘",
            "Φ30",
            "个",
            125_000,
            42_000,
        )
        assert [one.tax.rate for one in (cup, knife) if one.tax] == [1_300, 1_300]
        assert knife.line is not None
        assert (knife.line.name, knife.kind, knife.state) == ("备件", "goods", "active")
    again = _brought(world, "products", _file(tmp_path, "产品编码,品名,含税单价", "BJ-01,吸盘,13.8"))
    assert (again.created, again.updated) == (0, 1)
    with in_scope(world.admin):
        assert dict(Product.objects.values_list("code", "list_price")) == {
            "BJ-01": 138_000,
            "BJ-02": 3_200_000,
        }
        assert again.operation_id is not None
        assert found.operation_id is not None
        undo(world.admin, again.operation_id)
        undo(world.admin, found.operation_id)
        assert not Product.objects.exists()


@pytest.mark.parametrize(
    "head",
    ["Name,ProductCode,UnitPrice", "Product name,SKU,Unit price", "Name,Internal Reference,Sales Price"],
    ids=["salesforce", "hubspot", "odoo"],
)
def test_the_sheets_of_other_programs_are_understood(world: World, tmp_path: Path, head: str) -> None:
    assert _brought(world, "products", _file(tmp_path, head, "Suction cup,BJ-01,12.5")).created == 1
    with in_scope(world.admin):
        assert list(Product.objects.values_list("name", "code", "list_price")) == [
            ("Suction cup", "BJ-01", 125_000)
        ]


def test_a_later_count_replaces_the_number_and_its_time_and_an_earlier_one_nothing(
    world: World, tmp_path: Path
) -> None:
    _made(world, "products", name="吸盘", code="BJ-01", unit="个")
    _made(world, "warehouses", name="苏州总仓")
    head = "产品编码,仓库,库存数量,截至"
    assert _brought(world, "stock", _file(tmp_path, head, "BJ-01,苏州总仓,128,2026-05-01 18:20")).created == 1
    _brought(world, "stock", _file(tmp_path, head, "BJ-01,苏州总仓,90,2026-05-02 18:20"))
    with in_scope(world.admin):
        (row,) = Stock.objects.all()
        assert (row.quantity, row.told_at) == (90_000, datetime(2026, 5, 2, 10, 20, tzinfo=UTC))
    # What was counted before what stands there says nothing new.
    _brought(world, "stock", _file(tmp_path, head, "BJ-01,苏州总仓,500,2026-04-01 08:00"))
    with in_scope(world.admin):
        assert Stock.objects.get().quantity == 90_000
    # Counted anew and found to be the same: the time is the later one.
    _brought(world, "stock", _file(tmp_path, head, "BJ-01,苏州总仓,90,2026-05-03 18:20"))
    with in_scope(world.admin):
        row = Stock.objects.get()
        assert (row.quantity, row.told_at) == (90_000, datetime(2026, 5, 3, 10, 20, tzinfo=UTC))
    # A file that says no time was counted now.
    _brought(world, "stock", _file(tmp_path, "产品编码,仓库,库存数量", "BJ-01,苏州总仓,88"))
    with in_scope(world.admin):
        row = Stock.objects.get()
        assert row.quantity == 88_000
        assert row.told_at > datetime(2026, 5, 3, 10, 20, tzinfo=UTC)
        counted = row.told_at
    # The same number once more, without a time: it has been counted again.
    again = _brought(world, "stock", _file(tmp_path, "产品编码,仓库,库存数量", "BJ-01,苏州总仓,88"))
    assert again.updated == 1
    with in_scope(world.admin):
        row = Stock.objects.get()
        assert row.quantity == 88_000
        assert row.told_at > counted


def test_prices_of_a_book_come_in_by_product_and_quantity(world: World, tmp_path: Path) -> None:
    _made(world, "products", name="吸盘", code="BJ-01")
    _made(world, "price_books", name="国内含税价")
    head = "价格表,产品编码,起订量,单价,底价"
    lines = ("国内含税价,BJ-01,,12.5,11", "国内含税价,BJ-01,100,11.8,11")
    assert _brought(world, "prices", _file(tmp_path, head, *lines)).created == 2
    again = _brought(world, "prices", _file(tmp_path, head, "国内含税价,BJ-01,100,11.5,11"))
    assert (again.created, again.updated) == (0, 1)
    with in_scope(world.admin):
        found = list(Price.objects.order_by("from_quantity").values_list("from_quantity", "price", "floor"))
    assert found == [(0, 125_000, 110_000), (100_000, 115_000, 110_000)]


@pytest.mark.shared_data
@pytest.mark.skipif(not MAVEN.is_file(), reason="the sample files of ../shared/data are not here")
def test_mavens_products_come_in_with_their_lines(world: World) -> None:
    for series in ("GTX", "MG", "GTK"):
        _made(world, "product_lines", name=series)
    found = _brought(world, "products", MAVEN)
    assert (found.rows, found.created, found.rejected) == (7, 7, 0)
    with in_scope(world.admin):
        prices = dict(Product.objects.values_list("name", "list_price"))
        assert prices["GTK 500"] == 267_680_000
        assert prices["MG Special"] == 550_000
        assert sorted(Product.objects.values_list("line__name", flat=True)) == [
            "GTK",
            *["GTX"] * 4,
            *["MG"] * 2,
        ]
        assert ProductLine.objects.count() == 3

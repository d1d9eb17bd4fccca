"""Each kind of file with a Chinese and with an English head comes in as a file of the command line and over the API,
and says the same."""

# Chinese in code: heads and cells of spreadsheets

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from guanxi.catalog.models import Price, Product, Stock
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.ledger.services import operation
from guanxi.integrations.api.tests.calling import program_of
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.marketing.models import Lead
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity
from guanxi.sales.services.defaults import make_for_opened_company
from guanxi.testing.worlds import World, in_scope

FILES = {
    "products": (
        "产品编码,产品名称,规格型号,产品线,单位,税率,含税单价,成本价,状态,备注",
        "SKU,Product name,Model,Product line,UOM,VAT,Unit price,Unit cost,Active,Product description",
        "BJ-01,吸盘,Φ30,备件,个,13%,12.5,4.2,是,食品级",
    ),
    "prices": (
        "价格表,产品编码,起订量,单价,底价,备注",
        "Price list,SKU,Min quantity,Unit price,Floor,Note",
        "国内价,CP-01,100,11.8,11,老客户",
    ),
    "stock": (
        "产品编码,仓库,库存数量,盘点时间,库位",
        "SKU,Warehouse,Qty,As of,Bin",
        "CP-01,苏州总仓,128,2026-05-01 18:20,A-3",
    ),
    "leads": (
        "公司名称,联系人,职务,手机号,邮箱,地区,线索来源,需求描述,预算,决策人,采购时间,备注",
        ("Company,Contact name,Job title,Mobile phone,Email address,City,Lead source,Requirements,Budget,"
        "Decision maker,Timeframe,Notes"),
        ("苏州恒达食品有限公司,张经理,采购经理,13812345678,zhang@hengda.test,苏州,展会,两台枕包机,二十万,王总,春节前,"
        "聊过"),
    ),
    "opportunities": (
        "商机名称,商机编号,客户名称,销售阶段,商机金额,币种,赢率,预计成交日期,来源,备注",
        ("Deal name,Deal ID,Account name,Deal stage,Deal amount,Currency,Probability (%),Expected close date,"
        "Lead source,Description"),
        "包装线,D-1,苏州鼎盛食品有限公司,方案,120000,CNY,50,2026-12-30,展会,二期",
    ),
}  # fmt: skip
_SAID: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "products": (
        Product,
        ("code", "name", "specification", "line__name", "unit", "tax__rate", "list_price", "cost", "state",
         "description"),
    ),
    "prices": (Price, ("book__name", "product__code", "from_quantity", "price", "floor", "remark")),
    "stock": (Stock, ("product__code", "warehouse__name", "quantity", "told_at", "place")),
    "leads": (
        Lead,
        ("name", "person", "post", "phone", "email", "region", "source", "need", "budget", "decider", "timing",
         "remarks"),
    ),
    "opportunities": (
        Opportunity,
        ("name", "external_number", "customer__name", "stage__name", "amount", "currency", "probability",
         "expected_on", "source", "remarks"),
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def company(world: World, settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    with in_scope(world.admin):
        for key, data in (
            ("tax_rates", {"name": "增值税 13%", "code": "13", "rate": "13"}),
            ("product_lines", {"name": "备件"}),
            ("products", {"name": "成品", "code": "CP-01"}),
            ("price_books", {"name": "国内价"}),
            ("warehouses", {"name": "苏州总仓"}),
            ("customers", {"name": "苏州鼎盛食品有限公司"}),
        ):
            find(key).create(world.admin, data={**find(key).defaults, **data})
        with operation(world.admin, "sales.pipeline.create"):
            make_for_opened_company()


def _by_file(world: World, key: str, text: str, folder: Path) -> tuple[int, int, int]:
    path = folder / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    with in_scope(world.admin, door="cli"):
        table = open_table(path)
        columns = map_columns(world.admin, find(key), table.headers)
        found = run_import(world.admin, resource=find(key), table=table, columns=columns, options=Options())
    return found.created, found.rejected, found.warnings


def _by_api(world: World, key: str, text: str, folder: Path) -> tuple[int, int, int]:
    program = program_of(world.admin)
    asked = urlencode({"name": "sheet.csv"})
    brought = program.post(
        f"/{key}/import?{asked}", raw=text.encode(), headers={"Content-Type": "application/octet-stream"}
    )
    assert brought.status_code == 202, brought.content
    assert [one["column"] for one in brought.json()["columns"] if not one["field"]] == []
    run_job(world.tenant_id, brought.json()["job"])
    job = program.get(brought["Location"].removeprefix("/api/v1")).json()
    assert job["state"] == "done", job
    return job["result"]["created"], job["result"]["rejected"], job["result"]["warnings"]


@pytest.mark.parametrize("door", [_by_file, _by_api], ids=["file", "api"])
@pytest.mark.parametrize("language", [0, 1], ids=["zh", "en"])
@pytest.mark.parametrize("key", list(FILES))
def test_a_file_says_the_same_in_either_language_through_either_door(
    world: World, key: str, language: int, door: Any, tmp_path: Path
) -> None:
    head, cells = FILES[key][language], FILES[key][2]
    assert door(world, key, f"{head}\n{cells}\n", tmp_path) == (1, 0, 0)
    model, names = _SAID[key]
    with in_scope(world.admin):
        rows = model.objects.exclude(code="CP-01") if key == "products" else model.objects.all()
        (row,) = rows.values_list(*names)
        empty = [name for name, value in zip(names, row, strict=True) if value in (None, "")]
        assert empty == []

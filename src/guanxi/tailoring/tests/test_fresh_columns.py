"""Columns that nobody knows become fields of the company's own, with the import and undone with it."""

# Chinese in code: a sheet as companies keep it

from pathlib import Path
from typing import Any

import pytest

from guanxi.customers.models import Customer
from guanxi.foundation.ledger.conflicts import RowConflict
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.fresh import guessed_kind
from guanxi.integrations.imports.heads import head_of
from guanxi.integrations.imports.mapping import match_table
from guanxi.integrations.imports.outcomes import Outcome
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.kernel.errors import Conflict, Invalid
from guanxi.resource.registry import find
from guanxi.tailoring.models import OwnField
from guanxi.testing.worlds import World, in_scope

SHEET = (
    "客户名称,机台数,合作等级,首台装机,编号后缀,说明\n"
    "苏州甲乙包装有限公司,12.5,战略,2021-03-04,007,每月回访\n"
    "常州丙丁食品厂,3,普通,2022年5月6日,012,\n"
    "无锡戊己机械有限公司,,普通,,,对方要求开专票\n"
    "南通庚辛纸业有限公司,8,战略,2020/1/2,013,\n"
)
NEW = {"机台数": "new:number", "合作等级": "new:choice", "首台装机": "new:date", "编号后缀": "new:text"}


def bring(actor: Actor, path: Path, chosen: dict[str, str], *, dry: bool = False, **more: Any) -> Outcome:
    resource = find("customers")
    table = open_table(path, head_of=lambda rows: head_of(resource, rows))
    return run_import(
        actor,
        resource=resource,
        table=table,
        columns=match_table(actor, resource, table, chosen),
        options=Options(**more),
        dry_run=dry,
        report_to=path.parent,
    )


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "old.csv"
    path.write_text(SHEET, encoding="utf-8")
    return path


def own_of(name: str) -> dict[str, Any]:
    return dict(Customer.objects.get(name=name).own)


def test_fields_come_with_the_import_and_go_with_its_undo(world: World, sheet: Path) -> None:
    with in_scope(world.admin):
        tried = bring(world.admin, sheet, NEW, dry=True)
        assert (tried.created, tried.warnings, OwnField.objects.count()) == (4, 0, 0)
    with in_scope(world.admin):
        outcome = bring(world.admin, sheet, NEW)
        assert (outcome.created, outcome.warnings) == (4, 0)
        fields = {row.label_zh: (row.name, row.kind) for row in OwnField.objects.all()}
        assert {label: kind for label, (_name, kind) in fields.items()} == {
            "机台数": "number", "合作等级": "choice", "首台装机": "date", "编号后缀": "text"
        }  # fmt: skip
        first = own_of("苏州甲乙包装有限公司")
        assert first[fields["机台数"][0]] == 125  # of one decimal
        assert first[fields["首台装机"][0]] == "2021-03-04"
        assert first[fields["编号后缀"][0]] == "007"
        assert set(own_of("无锡戊己机械有限公司")) == {fields["合作等级"][0]}
        assert outcome.operation_id is not None
        undoing = undo(world.admin, outcome.operation_id)
        assert (Customer.objects.count(), OwnField.objects.count()) == (0, 0)
        undo(world.admin, undoing.id)
        assert own_of("苏州甲乙包装有限公司") == first
        assert OwnField.objects.count() == 4


def test_a_field_that_others_use_since_stays_when_the_import_is_undone(world: World, sheet: Path) -> None:
    with in_scope(world.admin):
        outcome = bring(world.admin, sheet, {"合作等级": "new:choice"})
        path = sheet.with_name("more.csv")
        path.write_text("客户名称,合作等级\n泰州壬癸电子有限公司,战略\n", encoding="utf-8")
        assert bring(world.admin, path, {}).created == 1
        assert outcome.operation_id is not None
        with pytest.raises(Conflict) as caught:
            undo(world.admin, outcome.operation_id)
        in_the_way = [
            one.row_id for one in caught.value.conflicts if isinstance(one, RowConflict) and one.row_id
        ]
        undo(world.admin, outcome.operation_id, leave=in_the_way)
        assert [c.name for c in Customer.objects.all()] == ["泰州壬癸电子有限公司"]
        assert OwnField.objects.get().label_zh == "合作等级"


def test_nothing_is_added_where_no_row_is_taken(world: World, sheet: Path) -> None:
    with in_scope(world.admin):
        bring(world.admin, sheet, {})
        outcome = bring(world.admin, sheet, NEW)
        assert (outcome.created, outcome.skipped, outcome.operation_id) == (0, 4, None)
        assert not OwnField.objects.exists()
        assert not [name for name in find("customers").fields() if name.startswith("x_")]


def test_who_manages_no_fields_adds_none(world: World, sheet: Path) -> None:
    with in_scope(world.manager), pytest.raises(Invalid):
        bring(world.manager, sheet, NEW)


def test_two_columns_may_become_new_fields_of_one_kind(world: World, sheet: Path) -> None:
    with in_scope(world.admin):
        assert bring(world.admin, sheet, {"编号后缀": "new:text", "说明": "new:text"}).created == 4
        assert OwnField.objects.filter(kind="text").count() == 2


def test_the_few_that_do_not_fit_are_listed(world: World, tmp_path: Path) -> None:
    said = [f"2024-01-{n:02}" for n in range(1, 29)] + ["待定", "无", "—"]
    path = tmp_path / "dates.csv"
    rows = [f"第{n}号机械有限公司,{day}\n" for n, day in enumerate(said)]
    path.write_text("客户名称,首台装机\n" + "".join(rows), encoding="utf-8")
    with in_scope(world.admin):
        table = open_table(path)
        columns = match_table(world.admin, find("customers"), table)
        assert columns.columns[1].fresh == "date"
        for dry, unclear in ((True, "reject"), (False, "empty")):
            found = bring(world.admin, path, {"首台装机": "new:date"}, dry=dry, unclear=unclear)
            assert (found.created, found.rejected) == (31, 0)
            assert set(found.remarks) == {("首台装机", word) for word in ("待定", "无", "—")}
        assert sum(bool(one.own) for one in Customer.objects.all()) == 28


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["12", "3.5", "1,200"], "number"),
        (["¥1,200", "350元", "1.2万"], "money"),
        (["2024-01-02", "2024年3月5日"], "date"),
        (["是", "否", "是"], "yes_no"),
        (["1", "0", "1"], "number"),
        (["007", "012", "115"], "text"),
        (["110101199003071234", "110101199003071235"], "text"),
        (["a@b.com", "c@d.cn"], "email"),
        (["甲", "乙", "甲", "乙"], "choice"),
        (["甲", "乙", "丙"], "text"),
        (["第一行\n第二行"], "long_text"),
        ([f"2024-01-{n:02}" for n in range(1, 19)] + ["待定", "—"], "date"),
        ([f"{n}.5万" for n in range(18)] + ["无", "约50万"], "money"),
        ([str(n) for n in range(9)] + ["无"], "number"),
        (["是", "否"] * 9 + ["待定"], "yes_no"),
        ([f"2024-01-{n:02}" for n in range(1, 9)] + ["待定", "—"], "text"),
        ([str(n) for n in range(1001, 1030)] + ["A003"], "text"),
    ],
)
def test_what_a_column_holds_is_guessed_from_its_values(world: World, values: list[str], kind: str) -> None:
    with in_scope(world.admin):
        assert guessed_kind(values, world.admin) == kind

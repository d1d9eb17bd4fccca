"""Own fields in files: what is exported reads back, and what is unique stays so."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict

from guanxi.customers.models import Customer
from guanxi.integrations.exports.formats import format_of
from guanxi.integrations.exports.services import write_file
from guanxi.integrations.imports.heads import head_of
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.outcomes import Outcome
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.kernel.errors import Invalid
from guanxi.kinds import Show
from guanxi.resource import listing
from guanxi.tailoring.services import fields
from guanxi.tailoring.tests.making import add, edit, every_kind, held, make, resource
from guanxi.testing.worlds import World, in_scope


@pytest.fixture
def import_rows(tmp_path: Path) -> Callable[..., Outcome]:
    def run(world: World, rows: list[list[str]], *, rule: str = "skip") -> Outcome:
        path = tmp_path / "in.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return run_file(world, path, rule=rule, report_to=tmp_path)

    return run


def run_file(world: World, path: Path, *, rule: str = "skip", report_to: Path | None = None) -> Outcome:
    kind: Any = resource()
    with in_scope(world.admin, door="cli"):
        table = open_table(path, head_of=lambda first: head_of(kind, first))
        columns = map_columns(world.admin, kind, table.headers)
        return run_import(
            world.admin,
            resource=kind,
            table=table,
            columns=columns,
            options=Options(rule, {}),
            report_to=report_to,
        )


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_exported_reads_back_as_it_was(
    world: World, tmp_path: Path, ending: str, language: str
) -> None:
    from django.utils.translation import override

    with in_scope(world.admin):
        values = every_kind(world)
        other = make(world.admin, "乙")
        values[add(world.admin, "record", "推荐客户", to="customers").name] = str(other.id)
        record = make(world.admin, "甲", **values)
        before = held(record.id)
        assert before.keys() == values.keys()
        path = tmp_path / f"out.{ending}"
        with override(language):
            write_file(
                listing.read(world.admin, resource(), QueryDict("q=")),
                Show(world.admin, language),
                path,
                format_of(resource(), ending),
            )
        edit(world.admin, record.id, **dict.fromkeys(values, ""))
        assert held(record.id) == {}
    outcome = run_file(world, path, rule="fill")
    assert outcome.warnings == 0, outcome.remarks
    with in_scope(world.admin):
        assert held(record.id) == before


def test_columns_are_matched_by_the_names_of_the_company_itself(world: World, other_world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "会员编号", label_en="Member number")
    for one, mapped in ((world, row.name), (other_world, "")):
        with in_scope(one.admin):
            columns = map_columns(one.admin, resource(), ["客户名称", "会员编号", "member NUMBER"]).columns
            assert [column.field for column in columns][1] == mapped
    with in_scope(world.admin):
        fields.edit_field(world.admin, resource="customers", name=row.name, data={"label_zh": "代号"})
        assert map_columns(world.admin, resource(), ["代号", "会员编号"]).as_json() == {
            "代号": row.name,
            "会员编号": "",
        }
        fields.set_state(world.admin, resource="customers", name=row.name, state="retired")
        with pytest.raises(Invalid):
            map_columns(world.admin, resource(), ["代号"], chosen={"代号": row.name})


def test_an_import_keeps_unique_fields_and_says_which_rows_repeat(
    world: World, import_rows: Callable[..., Outcome], tmp_path: Path
) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "会员编号", unique=True)
        make(world.admin, "甲甲有限公司", **{row.name: "K-1"})
    head = ["客户名称", "会员编号"]
    outcome = import_rows(
        world, [head, ["乙乙有限公司", "K-1"], ["丙丙有限公司", "K-2"], ["丁丁有限公司", "K-2"]]
    )
    assert (outcome.created, outcome.warnings) == (3, 2)
    with in_scope(world.admin):
        kept = dict(Customer.objects.values_list("name", "own"))
        assert kept["丙丙有限公司"] == {row.name: "K-2"}
        assert kept["乙乙有限公司"] == kept["丁丁有限公司"] == {}
        fields.edit_field(world.admin, resource="customers", name=row.name, data={"required": True})
    outcome = import_rows(
        world, [head, ["戊戊有限公司", "K-1"], ["己己有限公司", "K-3"], ["庚庚有限公司", ""]]
    )
    assert (outcome.created, outcome.rejected) == (1, 2)


def test_nothing_links_to_a_row_that_a_unique_field_rejects(
    world: World, import_rows: Callable[..., Outcome]
) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "会员编号", unique=True, required=True)
        make(world.admin, "甲甲有限公司", **{row.name: "K-1"})
    outcome = import_rows(
        world,
        [
            ["客户名称", "会员编号", "上级公司"],
            ["乙乙有限公司", "K-1", ""],
            ["乙乙有限公司", "K-4", ""],
            ["丙丙有限公司", "K-2", "乙乙有限公司"],
            ["丁丁有限公司", "K-3", "戊戊有限公司"],
            ["戊戊有限公司", "K-2", ""],
        ],
    )
    assert (outcome.created, outcome.rejected, outcome.warnings) == (3, 2, 1)
    with in_scope(world.admin):
        above = dict(Customer.objects.values_list("name", "parent__name"))
        assert above == {
            "甲甲有限公司": None,
            "乙乙有限公司": None,
            "丙丙有限公司": "乙乙有限公司",
            "丁丁有限公司": None,
        }


def test_a_later_row_about_the_same_leaves_out_what_another_has(
    world: World, import_rows: Callable[..., Outcome]
) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "会员编号", unique=True)
        make(world.admin, "甲甲有限公司", **{row.name: "K-1"})
    rows = [["客户名称", "会员编号"], ["乙乙有限公司", ""], ["乙乙有限公司", "K-1"], ["乙乙有限公司", "K-2"]]
    assert import_rows(world, rows, rule="fill").warnings == 1
    with in_scope(world.admin):
        assert Customer.objects.get(name="乙乙有限公司").own == {row.name: "K-2"}


def test_an_import_fills_and_overwrites_own_fields_and_undoes(
    world: World, import_rows: Callable[..., Outcome]
) -> None:
    from guanxi.foundation.ledger.undo import undo

    with in_scope(world.admin):
        first, second = add(world.admin, "number", "人数"), add(world.admin, "choice", "颜色")
        record = make(world.admin, "甲甲有限公司", **{first.name: "5"})
    rows = [["客户名称", "人数", "颜色"], ["甲甲有限公司", "1.2万", "红"]]
    assert import_rows(world, rows, rule="fill").updated == 1
    with in_scope(world.admin):
        assert held(record.id) == {first.name: 5, second.name: "red"}
    outcome = import_rows(world, rows, rule="overwrite")
    with in_scope(world.admin):
        assert held(record.id) == {first.name: 12_000, second.name: "red"}
        assert outcome.operation_id is not None
        undo(world.admin, outcome.operation_id)
        assert held(record.id) == {first.name: 5, second.name: "red"}
    assert import_rows(world, rows, rule="fill").skipped == 1


def test_an_import_gives_new_records_the_defaults(world: World, import_rows: Callable[..., Outcome]) -> None:
    with in_scope(world.admin):
        level = add(world.admin, "choice", "颜色", default="绿", required=True)
        finder = add(world.admin, "text", "产品线", searched=True)
    import_rows(world, [["客户名称", "产品线"], ["甲甲有限公司", "压力试验机"]])
    with in_scope(world.admin):
        assert Customer.objects.get().own == {level.name: "green", finder.name: "压力试验机"}
        from guanxi.resource import access

        assert [hit.title for hit in access.search(world.admin, resource(), "试验机")] == ["甲甲有限公司"]

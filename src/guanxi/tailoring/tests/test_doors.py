"""Own fields through every door: API, import, export, pages. Two hundred of them, and some that are retired."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.services import set_field_rules
from guanxi.integrations.api.tests.calling import Program, program_of
from guanxi.integrations.exports.services import write_file
from guanxi.integrations.imports.mapping import head_of, map_columns
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, Outcome, run_import
from guanxi.kernel.errors import Invalid
from guanxi.resource import listing
from guanxi.resource.kinds import Show
from guanxi.tailoring.models import OwnField
from guanxi.tailoring.services import fields
from guanxi.tailoring.tests.making import add, edit, held, make, resource
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
KINDS = (
    ("text", "编号", "K-1"),
    ("long_text", "说明二", "一\n二"),
    ("number", "人数", 12),
    ("number", "重量", "12.50"),
    ("money", "预算", "1200.50"),
    ("date", "到期日", "2024-03-05"),
    ("moment", "见面时间", "2024-03-05T06:30:00+00:00"),
    ("yes_no", "已签约", True),
    ("choice", "颜色", "red"),
    ("choices", "多种颜色", ["blue", "red"]),
    ("phone", "老板电话", "13812345678"),
    ("email", "邮箱", "li@example.com"),
    ("web", "店铺", "https://shop.example.com"),
)


def every_kind(world: World) -> dict[str, Any]:
    """A field of each kind, name → a value as the API answers it; in a scope."""
    found = {}
    for kind, label, value in KINDS:
        more = {"places": "2"} if label == "重量" else {}
        found[add(world.admin, kind, label, **more).name] = value
    found[add(world.admin, "member", "介绍人").name] = str(world.seller.member_id)
    return found


# API


def test_the_api_takes_what_it_answers(world: World) -> None:
    with in_scope(world.admin):
        values = every_kind(world)
    program = program_of(world.admin)
    made = program.post("/customers", {"name": "甲", "relations": ["customer"], **values})
    assert made.status_code == 201, made.content
    assert {name: made.json()[name] for name in values} == values
    record = made.json()["id"]
    emptied = program.patch(f"/customers/{record}", dict.fromkeys(values))
    assert emptied.status_code == 200, emptied.content
    blank = {name: emptied.json()[name] for name in values}
    assert all(value in (None, "", []) for value in blank.values())
    again = program.patch(f"/customers/{record}", values)
    assert {name: again.json()[name] for name in values} == values
    read = program.get(f"/customers/{record}?fields={','.join(values)}")
    assert {name: read.json()[name] for name in values} == values
    with in_scope(world.admin):
        assert held(Customer.objects.get().id).keys() == values.keys()


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", "zwölf"), ("number", 1.5), ("text", 7), ("choice", ["red"]), ("choices", "red"), ("yes_no", "yes"),
     ("date", 20240305), ("number", 10**25), ("money", {"minor": 1})],
)  # fmt: skip
def test_the_api_refuses_values_of_the_wrong_shape_in_words(world: World, kind: str, value: Any) -> None:
    with in_scope(world.admin):
        name = add(world.admin, kind).name
    answer = program_of(world.admin).post(
        "/customers", {"name": "甲", "relations": ["customer"], name: value}
    )
    assert answer.status_code == 422
    assert name in str(answer.json())


@pytest.mark.parametrize("ask", ["{name}=1", "{name}.filled=1", "sort={name}", "fields={name}"])
def test_the_api_answers_in_words_to_a_field_that_was_retired(world: World, ask: str) -> None:
    with in_scope(world.admin):
        name = add(world.admin, "number", "人数").name
    program = program_of(world.admin)
    assert program.get("/customers?" + ask.format(name=name)).status_code == 200
    with in_scope(world.admin):
        fields.set_state(world.admin, resource="customers", name=name, state="retired")
    answer = program.get("/customers?" + ask.format(name=name))
    assert answer.status_code == 422
    written = program.post("/customers", {"name": "甲", "relations": ["customer"], name: 1})
    assert written.status_code == 422
    assert name in str(written.json())


def test_the_api_describes_the_fields_the_caller_may_know(world: World) -> None:
    with in_scope(world.admin):
        colour = add(world.admin, "choice", "颜色", required=True, help="外壳").name
        secret = add(world.admin, "text", "底价").name
        set_field_rules(world.admin, world.roles["salesperson"].id, {("customers", secret): "hide"})
    told = {one["name"]: one for one in program_of(world.seller).get("/customers/fields").json()["items"]}
    assert secret not in told
    mine = told[colour]
    assert (mine["own"], mine["required"], mine["writable"], mine["help"]) == (True, True, True, "外壳")
    assert [one["value"] for one in mine["options"]] == ["red", "green", "blue"]
    assert told["name"]["own"] is False
    assert told["parent"]["to"] == "customers"
    assert program_of(world.seller).get("/customers?" + secret + "=1").status_code == 422


def test_of_two_equal_values_in_one_bulk_request_the_item_is_told(world: World) -> None:
    with in_scope(world.admin):
        name = add(world.admin, "text", "编号", unique=True).name
    program = program_of(world.admin)
    items = [{"name": one, "relations": ["customer"], name: "K-1"} for one in ("甲", "乙")]
    answer = program.post("/customers/bulk", {"items": items})
    assert answer.status_code == 422
    assert name in str(answer.json())
    with in_scope(world.admin):
        assert not Customer.objects.exists()


# Import and export


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
                ending,
            )
        edit(world.admin, record.id, **dict.fromkeys(values, ""))
        assert held(record.id) == {}
    outcome = run_file(world, path, rule="fill")
    assert outcome.warnings == 0, outcome.remarks
    with in_scope(world.admin):
        assert held(record.id) == before


def test_columns_are_matched_by_the_names_of_the_company_itself(world: World, other_world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "客户编号", label_en="Customer number")
    for one, mapped in ((world, row.name), (other_world, "")):
        with in_scope(one.admin):
            columns = map_columns(one.admin, resource(), ["客户名称", "客户编号", "customer NUMBER"]).columns
            assert [column.field for column in columns][1] == mapped
    with in_scope(world.admin):
        fields.edit_field(world.admin, resource="customers", name=row.name, data={"label_zh": "代号"})
        assert map_columns(world.admin, resource(), ["代号", "客户编号"]).as_json() == {
            "代号": row.name,
            "客户编号": "",
        }
        fields.set_state(world.admin, resource="customers", name=row.name, state="retired")
        with pytest.raises(Invalid):
            map_columns(world.admin, resource(), ["代号"], chosen={"代号": row.name})


def test_an_import_keeps_unique_fields_and_says_which_rows_repeat(
    world: World, import_rows: Callable[..., Outcome], tmp_path: Path
) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "客户编号", unique=True)
        make(world.admin, "甲甲有限公司", **{row.name: "K-1"})
    head = ["客户名称", "客户编号"]
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
        row = add(world.admin, "text", "客户编号", unique=True, required=True)
        make(world.admin, "甲甲有限公司", **{row.name: "K-1"})
    outcome = import_rows(
        world,
        [
            ["客户名称", "客户编号", "上级公司"],
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
        row = add(world.admin, "text", "客户编号", unique=True)
        make(world.admin, "甲甲有限公司", **{row.name: "K-1"})
    rows = [["客户名称", "客户编号"], ["乙乙有限公司", ""], ["乙乙有限公司", "K-1"], ["乙乙有限公司", "K-2"]]
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


# Pages


def test_an_own_field_stands_on_form_card_list_and_bulk_edit(world: World, client_for: ClientFor) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "money", "年度预算", help="不含税", listed=True, default="1万", required=True)
    client = client_for(world.members["admin"])
    form = client.get("/customers/new/").content.decode()
    assert "年度预算" in form
    assert "不含税" in form
    assert 'value="10000"' in form
    made = client.post("/customers/new/", {"name": "甲", "relations": "customer", row.name: "3.5万"})
    assert made.status_code == 302, made.content.decode()
    with in_scope(world.admin):
        record = Customer.objects.get()
        assert held(record.id) == {row.name: 3_500_000}
    card = client.get(f"/customers/{record.id}/").content.decode()
    assert "年度预算" in card
    assert "¥3.5万" in card
    listed = client.get("/customers/").content.decode()
    assert "年度预算" in listed
    assert "¥3.5万" in listed
    wrong = client.post(
        f"/customers/{record.id}/field/{row.name}/", {row.name: "viel"}, headers={"HX-Request": "true"}
    )
    assert wrong.status_code == 422
    right = client.post(
        f"/customers/{record.id}/field/{row.name}/", {row.name: "4万"}, headers={"HX-Request": "true"}
    )
    assert right.status_code == 200
    with in_scope(world.admin):
        assert held(record.id) == {row.name: 4_000_000}
    history = client.get(f"/customers/{record.id}/history/?field={row.name}").content.decode()
    assert "¥40,000" in history


@pytest.mark.parametrize("kind", [kind for kind, _label, _value in KINDS] + ["member", "record"])
def test_every_kind_has_an_editor_and_a_filter_on_the_page(
    world: World, client_for: ClientFor, kind: str
) -> None:
    with in_scope(world.admin):
        row = add(world.admin, kind, **({"to": "customers"} if kind == "record" else {}))
        record = make(world.admin, "甲")
    client = client_for(world.members["admin"])
    for page in (
        "/customers/new/",
        f"/customers/{record.id}/",
        f"/customers/{record.id}/edit/",
        f"/customers/filter/{row.name}/",
        f"/customers/?columns=name,{row.name}",
    ):
        answer = client.get(page, headers={"HX-Request": "true"})
        assert answer.status_code == 200, page


def test_a_list_with_a_retired_field_in_its_address_says_so(world: World, client_for: ClientFor) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        make(world.admin, "甲", **{row.name: "K-1"})
        fields.set_state(world.admin, resource="customers", name=row.name, state="retired")
    client = client_for(world.members["admin"])
    for query in (f"{row.name}=K-1", f"sort={row.name}", f"columns=name,{row.name}"):
        answer = client.get(f"/customers/?{query}")
        assert answer.status_code in (200, 400)
        assert "甲" in answer.content.decode()
    assert client.get(f"/customers/filter/{row.name}/").status_code == 404


# Two hundred


@pytest.fixture
def two_hundred(world: World) -> World:
    with in_scope(world.admin):
        kinds = (
            "text",
            "number",
            "money",
            "date",
            "choice",
            "choices",
            "yes_no",
            "phone",
            "member",
            "record",
        )
        for number in range(198):
            kind = kinds[number % len(kinds)]
            add(world.admin, kind, f"字段{number}", **({"to": "customers"} if kind == "record" else {}))
    return world


def test_two_hundred_fields_are_asked_for_as_quickly_as_two(
    two_hundred: World, client_for: ClientFor
) -> None:
    world = two_hundred
    with in_scope(world.admin):
        mine = list(OwnField.objects.order_by("position"))
        assert len(mine) == 198
        values = {row.name: "5" for row in mine if row.kind in ("text", "number", "money", "phone")}
        values |= {row.name: "me" for row in mine if row.kind == "member"}
        first = make(world.admin, "甲", **values)
        values |= {row.name: str(first.id) for row in mine if row.kind == "record"}
        second = make(world.admin, "乙", **values)
    client = client_for(world.members["admin"])
    program: Program = program_of(world.admin)
    pages = {
        f"/customers/{second.id}/": client.get,
        "/customers/": client.get,
        "/customers/new/": client.get,
        f"/customers/{second.id}/edit/": client.get,
        f"/customers/{second.id}": program.get,
        "/customers": program.get,
    }
    asked = {}
    for path, get in pages.items():
        get(path)
        with CaptureQueriesContext(connection) as queries:
            answer = get(path)
        assert answer.status_code == 200, path
        asked[path] = len(queries.captured_queries)
    with in_scope(world.admin):
        for row in mine:
            if row.kind not in ("member", "record") or mine.index(row) > 9:
                fields.set_state(world.admin, resource="customers", name=row.name, state="retired")
    for path, get in pages.items():
        get(path)
        with CaptureQueriesContext(connection) as queries:
            get(path)
        assert asked[path] == len(queries.captured_queries), path

"""A list leaves as a file: what its reader may know, harmless, in constant memory, and it reads back."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.translation import override

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import FieldRule
from guanxi.foundation.permissions.queries import load_actor
from guanxi.integrations.exports.formats import format_of
from guanxi.integrations.exports.services import csv_lines, write_file
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.kernel.errors import Forbidden, NoScope
from guanxi.kinds import Show
from guanxi.resource import listing
from guanxi.resource.registry import find
from guanxi.resource.writing import insert
from guanxi.testing.customers import make_customer
from guanxi.testing.worlds import World, in_scope, writing

CUSTOMERS: Any = find("customers")
ClientFor = Callable[[Member], Client]


def exported(actor: Actor, path: Path, *, query: str = "", language: str = "zh-hans") -> int:
    with in_scope(actor):
        wanted = listing.read(actor, CUSTOMERS, QueryDict(query))
        return write_file(
            wanted, Show(actor=actor, language=language), path, format_of(CUSTOMERS, path.suffix.lstrip("."))
        )


def body(response: Any) -> list[list[str]]:
    data = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(data)))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_written_reads_back_as_it_was(
    world: World, tmp_path: Path, ending: str, language: str
) -> None:
    with writing(world.system):
        mother = insert(CUSTOMERS, {"name": "乙集团", "relations": "customer"})
        values = {
            "name": "=cmd|' /C calc'!A0", "relations": "customer,distributor", "region": "320500",
            "industry": "14", "size": "1000", "grade": "A", "source": "exhibition",
            "owner_id": world.members["seller"].id, "parent_id": mother.id, "phone": "+86 512 6288 1234",
            "website": "https://www.example.com", "address": '1, Main "Street"', "remarks": "第一行\n第二行\t-5",
        }  # fmt: skip
        insert(CUSTOMERS, values)
    path = tmp_path / f"out.{ending}"
    with override(language):
        assert exported(world.admin, path, language=language) == 2
    with in_scope(world.admin):
        table = open_table(path)
        outcome = run_import(
            world.admin,
            resource=CUSTOMERS,
            table=table,
            columns=map_columns(world.admin, CUSTOMERS, table.headers),
            options=Options("overwrite"),
        )
    assert (outcome.skipped, outcome.updated, outcome.warnings, outcome.rejected) == (2, 0, 0, 0)


def test_a_csv_runs_nothing_in_a_spreadsheet(world: World, tmp_path: Path) -> None:
    with writing(world.system):
        make_customer(name="=1+1", phone="+86 512", remarks="@x", address="-5")
    exported(world.admin, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        (_head, row) = csv.reader(file)
    assert [cell for cell in row if cell[:1] in "=+@" and cell] == []
    assert {"'=1+1", "'+86 512", "'@x", "-5"} <= set(row)


def test_hidden_fields_are_left_out_and_masked_ones_masked(world: World, tmp_path: Path) -> None:
    with writing(world.system):
        make_customer(name="甲", phone="13900006120", remarks="秘密", owner=world.members["manager"])
        role = world.roles["sales_manager"]
        FieldRule(role=role, resource="customers", field="remarks", mode="hide").save()
        FieldRule(role=role, resource="customers", field="phone", mode="mask").save()
    with in_scope(world.system):
        actor = load_actor(world.members["manager"].id)
    exported(actor, tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert "秘密" not in text
    assert "备注" not in text
    assert "13900006120" not in text
    assert "6120" in text


def test_the_reach_of_exporting_counts_and_the_filter(world: World, tmp_path: Path) -> None:
    with writing(world.system):
        make_customer(name="我的", owner=world.members["seller"], grade="A")
        make_customer(name="别人的", owner=world.members["admin"], grade="A")
        make_customer(name="我的乙", owner=world.members["seller"], grade="B")
    assert exported(world.manager, tmp_path / "a.csv") == 2
    assert exported(world.admin, tmp_path / "a.csv", query="grade=A&sort=name") == 2
    with pytest.raises(Forbidden):
        exported(world.seller, tmp_path / "a.csv")


def test_a_parent_that_cannot_be_seen_is_not_named(world: World, tmp_path: Path) -> None:
    with writing(world.system):
        mother = make_customer(name="看不见的集团", owner=world.members["admin"])
        make_customer(name="看得见", owner=world.members["seller"], parent=mother)
    exported(world.manager, tmp_path / "a.csv")
    assert "看不见" not in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")


def test_the_page_streams_after_its_request_in_a_scope_of_its_own(
    world: World, other_world: World, client_for: ClientFor
) -> None:
    with writing(world.system):
        make_customer(name="甲公司", grade="A")
        make_customer(name="乙公司", grade="B")
    with writing(other_world.system):
        make_customer(name="外人公司", grade="A")
    client, other = client_for(world.members["admin"]), client_for(other_world.members["admin"])
    first, second = (
        client.get("/customers/export/?grade=A&format=csv"),
        other.get("/customers/export/?format=csv"),
    )
    mine, theirs = body(first), body(second)
    assert [row[0] for row in mine] == ["客户名称", "甲公司"]
    assert [row[0] for row in theirs] == ["客户名称", "外人公司"]
    assert "filename*=" in first.headers["Content-Disposition"]
    english = client.get("/customers/export/?format=csv", headers={"Accept-Language": "en"})
    assert len(body(english)) == 3


def test_a_workbook_by_page_reads_back(world: World, client_for: ClientFor, tmp_path: Path) -> None:
    with writing(world.system):
        make_customer(name="甲公司")
    response = client_for(world.members["admin"]).get("/customers/export/?format=xlsx")
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    assert [row.cells[0] for row in open_table(path).rows()] == ["甲公司"]


def test_who_may_not_export_and_what_cannot_be_is_refused_before_the_answer_begins(
    world: World, client_for: ClientFor
) -> None:
    assert client_for(world.members["seller"]).get("/customers/export/").status_code == 403
    assert client_for(world.members["admin"]).get("/customers/export/?format=exe").status_code in (400, 422)
    assert client_for(world.members["admin"]).get("/customers/export/?nonsense=1").status_code in (400, 422)


def test_without_a_company_an_export_fails_instead_of_coming_out_empty(world: World) -> None:
    with in_scope(world.admin):
        wanted = listing.read(world.admin, CUSTOMERS, QueryDict(""))
    with pytest.raises(NoScope):
        list(csv_lines(wanted, Show(actor=world.admin)))


def test_a_workbook_says_who_took_it_out(world: World, tmp_path: Path) -> None:
    exported(world.admin, tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert world.admin.name in book.read("docProps/core.xml").decode()
        assert world.admin.name in book.read("xl/worksheets/sheet1.xml").decode()


def test_an_empty_list_still_has_its_head(world: World, tmp_path: Path) -> None:
    assert exported(world.admin, tmp_path / "a.csv") == 0
    assert exported(world.admin, tmp_path / "a.xlsx") == 0
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").startswith("客户名称,")
    with in_scope(world.admin):
        assert Customer.objects.count() == 0

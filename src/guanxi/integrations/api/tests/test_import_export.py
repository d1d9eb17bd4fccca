"""A file in, a file out: the same rows, the same figures as at the command line, no more than one may see."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from python_calamine import CalamineWorkbook

from guanxi.customers.models import Customer, Person
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.permissions.models import FieldRule
from guanxi.foundation.tenancy.models import Tenant
from guanxi.integrations.api.tests.calling import Program, program_of
from guanxi.tailoring.services.views import create_view
from guanxi.testing.customers import make_customers
from guanxi.testing.worlds import World, in_scope, writing

BYTES = {"Content-Type": "application/octet-stream"}
CSV = "公司,城市,级别\n甲有限公司,苏州,A\n乙有限公司,不知道,B\n,上海,A\n".encode()
FIGURES = {
    "rows", "created", "updated", "skipped", "rejected", "review", "warnings", "duplicates", "seconds", "operation",
    "beside",
}  # fmt: skip


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def bring(program: Program, raw: bytes = CSV, name: str = "a.csv", **options: str) -> Any:
    return program.post(f"/customers/import?{urlencode({'name': name, **options})}", raw=raw, headers=BYTES)


def worked(world: World, program: Program, brought: Any) -> dict[str, Any]:
    """The job of an import after it ran."""
    assert brought.status_code == 202, brought.content
    run_job(world.tenant_id, brought.json()["job"])
    job: dict[str, Any] = program.get(brought["Location"].removeprefix("/api/v1")).json()
    return job


def content(answer: Any) -> bytes:
    found = b"".join(answer)
    answer.close()
    return found


def names(world: World) -> set[str]:
    with in_scope(world.system):
        return set(Customer.objects.values_list("name", flat=True))


def test_a_file_is_imported_by_a_job_with_the_figures_of_the_command_line(world: World) -> None:
    program = program_of(world.admin)
    brought = bring(program)
    body = brought.json()
    assert (body["rows"], body["name"]) == (3, "a.csv")
    assert [one["field"] for one in body["columns"]] == ["name", "region", "grade"]
    assert names(world) == set()
    job = worked(world, program, brought)
    assert job["state"] == "done", job
    assert set(job["result"]) >= FIGURES
    found = job["result"]
    assert (found["rows"], found["created"], found["rejected"], found["warnings"]) == (3, 2, 1, 1)
    assert job["operation"] == found["operation"]
    assert names(world) == {"甲有限公司", "乙有限公司"}
    rejected = program.get(f"/customers/import/{body['id']}/rejected")
    assert "上海" in content(rejected).decode()
    assert program.get(f"/customers/import/{body['id']}/nothing").status_code == 404
    assert program_of(world.manager).get(f"/customers/import/{body['id']}/rejected").status_code == 404
    assert program.post(f"/operations/{job['operation']}/undo").status_code == 200
    assert names(world) == set()


def test_a_dry_run_says_the_same_and_writes_nothing(world: World) -> None:
    program = program_of(world.admin)
    job = worked(world, program, bring(program, dry_run="1"))
    assert job["state"] == "done"
    assert (job["result"]["created"], job["result"]["rejected"], job["result"]["operation"]) == (2, 1, None)
    assert job["result"]["noted"][0]["action"] == "reject"
    assert names(world) == set()


def test_columns_duplicates_and_constants_go_as_they_were_chosen(world: World) -> None:
    program = program_of(world.admin)
    raw = "Firma,城市\n甲有限公司,苏州\n".encode()
    chosen = {"map": json.dumps({"Firma": "name", "城市": ""}), "constants": json.dumps({"grade": "B"})}
    assert worked(world, program, bring(program, raw, **chosen))["result"]["created"] == 1
    with in_scope(world.system):
        made = Customer.objects.get()
        assert (made.region, made.grade) == ("", "B")
    again = bring(program, "公司,城市\n甲有限公司,苏州\n".encode(), on_duplicate="fill")
    assert worked(world, program, again)["result"]["updated"] == 1
    with in_scope(world.system):
        assert Customer.objects.get().region == "320500"


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"map": "{"}, "map"),
        ({"map": "[]"}, "map"),
        ({"map": '{"a": 1}'}, "map"),
        ({"map": '{"nothing": "name"}'}, ""),
        ({"map": '{"城市": "nothing"}'}, ""),
        ({"map": '{"公司": ""}'}, ""),
        ({"constants": '{"grade": "?"}'}, "grade"),
        ({"constants": '{"nothing": "x"}'}, "nothing"),
        ({"on_duplicate": "perhaps"}, "on_duplicate"),
        ({"dry_run": "perhaps"}, "dry_run"),
        ({"encoding": "nothing"}, "file"),
        ({"sheet": "x" * 1000, "name": "a.xlsx"}, "file"),
        ({"name": ""}, "name"),
    ],
    ids=range(13),
)
def test_what_cannot_be_is_said_at_once_and_keeps_nothing(
    world: World, options: dict[str, str], field: str, tmp_path: Path
) -> None:
    raw = b"PK\x03\x04broken" if options.get("name") == "a.xlsx" else CSV
    answer = bring(program_of(world.admin), raw, **options)
    assert answer.status_code == 422, answer.content
    fields = {one["field"] for one in answer.json()["errors"]}
    assert field in fields or not field
    with in_scope(world.system):
        assert not Job.objects.filter(kind__startswith="imports.").exists()
    assert not [one for one in (tmp_path / "files").rglob("*") if one.is_file()]


def test_an_empty_file_and_one_that_is_no_table_are_refused(world: World) -> None:
    program = program_of(world.admin)
    for raw in (b"", b"\x00\x01\x02" * 100, "公司\n".encode()):
        answer = bring(program, raw)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "file")


def test_who_may_not_import_brings_nothing(world: World) -> None:
    looking = program_of(world.admin, may_write=False)
    for program in (program_of(world.seller), looking):
        assert bring(program).status_code == 403
    for scopes, status in (("customers:write", 202), ("customers:read", 403), ("vehicles:write", 403)):
        limited = program_of(world.admin, scopes=frozenset((scopes,)))
        assert bring(limited).status_code == status


def test_a_file_brings_only_what_the_token_may_though_the_member_may_more(world: World) -> None:
    raw = "公司,联系人,手机\n甲有限公司,张三,13900000001\n".encode()
    for scopes, people in ((("customers:write",), 0), (("customers:write", "people:write"), 1)):
        limited = program_of(world.admin, scopes=frozenset(scopes))
        brought = bring(limited, raw, on_duplicate="skip")
        fields = [one["field"] for one in brought.json()["columns"]]
        assert ("people.name" in fields) == bool(people)
        worked(world, program_of(world.admin), brought)
        with in_scope(world.system):
            assert Person.objects.count() == people


def test_why_a_job_failed_is_said(world: World, tmp_path: Path) -> None:
    program = program_of(world.admin)
    brought = bring(program)
    next(tmp_path.rglob("source")).unlink()
    job = worked(world, program, brought)
    assert (job["state"], job["why"]) == ("failed", "There is no such file.")
    assert program.post(f"/jobs/{job['id']}/restart").json()["why"] == ""


# Out


def read(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer.content
    text = content(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_list_comes_out_as_it_is_filtered_and_sorted(world: World) -> None:
    with writing(world.admin):
        make_customers(3, owner_id=world.admin.member_id, grade="A")
        make_customers(2, owner_id=world.admin.member_id, grade="B")
    program = program_of(world.admin)
    answer = program.get("/customers/export?grade=A&sort=-name&fields=name,grade")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment;")
    head, *rows = read(answer)
    assert len(head) == 2
    wanted = program.get("/customers?grade=A&sort=-name&fields=name,grade").json()["items"]
    assert [row[0] for row in rows] == [one["name"] for one in wanted]
    assert {row[1][0] for row in rows} == {"A"}
    book = program.get("/customers/export?format=xlsx&grade=B", headers={"Accept": "text/html"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content(book))).get_sheet_by_index(0).to_python()
    assert len(sheet) == 3
    with in_scope(world.admin):
        view = create_view(world.admin, resource="customers", name="B", query="grade=B&columns=name,grade").pk
    assert [row[1][0] for row in read(program.get(f"/customers/export?view={view}"))[1:]] == ["B", "B"]


def test_an_export_holds_what_the_caller_may_see(world: World, other_world: World) -> None:
    for one in (world, other_world):
        with writing(one.seller):
            make_customers(2, owner_id=one.seller.member_id, phone="0512-66660000")
    with writing(world.admin):
        make_customers(1, owner_id=world.admin.member_id)
    with writing(world.system):
        rule = FieldRule(role=world.roles["sales_manager"], resource="customers", field="phone", mode="hide")
        rule.save(force_insert=True)
    manager = program_of(world.manager)
    assert len(read(manager.get("/customers/export"))) == 3
    assert "66660000" not in content(manager.get("/customers/export")).decode()
    for query in (
        "fields=phone",
        "fields=nothing",
        "phone=1",
        "format=pdf",
        "sort=nothing",
        f"view={world.tenant_id}",
    ):
        answer = manager.get(f"/customers/export?{query}")
        assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json"), query
    assert program_of(world.seller).get("/customers/export").status_code == 403


def test_moments_are_those_of_the_company(world: World) -> None:
    with in_scope(world.system):
        Tenant.objects.filter(id=world.tenant_id).update(time_zone="America/New_York")
    with writing(world.admin):
        (one,) = make_customers(1, owner_id=world.admin.member_id)
    with writing(world.system):
        Customer.objects.filter(pk=one.pk).update(created_at=datetime(2026, 3, 1, 2, tzinfo=UTC))
    rows = read(program_of(world.admin).get("/customers/export?fields=name,created_at"))
    assert rows[1][1] == "2026-02-28 21:00"

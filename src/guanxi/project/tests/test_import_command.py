"""`guanxi import` and `guanxi export`: figures on one line, refusals in words, for a company and as a person."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from guanxi.customers.models import Customer, Person
from guanxi.foundation.ledger.models import Operation
from guanxi.testing.worlds import World, in_scope

FIGURES = {
    "rows", "created", "updated", "skipped", "rejected", "review", "warnings", "duplicates", "seconds", "operation",
    "beside",
}  # fmt: skip


def run(*words: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "客户.csv"
    path.write_text("公司,营业额,等级\n甲有限公司,100,A\n乙有限公司,200,Z\n,1,\n", encoding="gbk")
    return path


def test_figures_come_on_one_line(world: World, file: Path, tmp_path: Path) -> None:
    company = {"company": world.tenant.slug}
    (tmp_path / "map.json").write_text(json.dumps({"等级": "grade"}), encoding="utf-8")
    dry = json.loads(run("import_", "customers", file, json=True, dry_run=True, **company))
    assert set(dry) == FIGURES
    assert (dry["operation"], dry["created"], dry["rejected"]) == (None, 2, 1)
    line = run(
        "import_",
        "customers",
        file,
        "--map",
        tmp_path / "map.json",
        json=True,
        member="admin." + world.tenant.slug,
        **company,
    )
    assert len(line.splitlines()) == 1
    found = json.loads(line)
    assert (
        found["rows"] == sum(found[k] for k in ("created", "updated", "skipped", "rejected", "review")) == 3
    )
    assert found["warnings"] == 1
    with in_scope(world.system):
        operation = Operation.objects.get(id=found["operation"])
        assert (operation.actor_id, operation.door) == (world.members["admin"].id, "cli")
        assert set(Customer.objects.values_list("name", "grade")) == {("甲有限公司", "A"), ("乙有限公司", "")}


def test_without_json_it_speaks(world: World, file: Path) -> None:
    said = run("import_", "customers", file, company=world.tenant.slug)
    assert "营业额" in said
    assert "3" in said


@pytest.mark.parametrize(
    "words",
    [
        ("nothing", "{file}"), ("customers", "{file}.missing"), ("addresses", "{file}", "--on-duplicate", "review"),
        ("customers", "{file}", "--map", "{file}"), ("customers", "{file}", "--as", "无此人"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_written(world: World, file: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as caught:
        run("import_", *(word.replace("{file}", str(file)) for word in words), "--company", world.tenant.slug)
    assert str(caught.value)
    with in_scope(world.system):
        assert not Customer.objects.exists()


def test_where_there_are_several_companies_one_must_be_named(
    world: World, other_world: World, file: Path
) -> None:
    with pytest.raises(CommandError, match=world.tenant.slug[:2]):
        run("import_", "customers", file)
    with pytest.raises(CommandError):
        run("import_", "customers", file, company="没有这家公司")


def test_a_person_without_the_right_may_not(world: World, file: Path) -> None:
    with pytest.raises(CommandError, match=r"customers\.customer\.import"):
        run("import_", "customers", file, company=world.tenant.slug, member="单晓梅")


def test_what_goes_out_comes_in_again(world: World, other_world: World, file: Path, tmp_path: Path) -> None:
    run("import_", "customers", file, company=world.tenant.slug)
    for ending in ("csv", "xlsx"):
        path = tmp_path / f"out.{ending}"
        said = run("export", "customers", path, company=world.tenant.slug, filter="sort=name")
        assert "2" in said
        found = json.loads(run("import_", "customers", path, company=other_world.tenant.slug, json=True))
        assert found["rows"] == 2
    with in_scope(other_world.system):
        assert set(Customer.objects.values_list("name", flat=True)) == {"甲有限公司", "乙有限公司"}


def test_an_export_that_cannot_be_leaves_no_file(world: World, tmp_path: Path) -> None:
    for words in (
        ("customers", tmp_path / "a.pdf"), ("nothing", tmp_path / "a.csv"), ("customers", tmp_path / "none" / "a.csv"),
        ("customers", tmp_path / "a.csv", "--filter", "nonsense=1"),
        ("customers", tmp_path / "a.csv", "--as", "单晓梅"),
    ):  # fmt: skip
        with pytest.raises(CommandError):
            run("export", *words, "--company", world.tenant.slug)
    assert list(tmp_path.iterdir()) == []


def test_values_for_every_row_come_with_the_command(world: World, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("电话\n0512-66001234\n0512-66001235\n", encoding="utf-8")
    words = ("import_", "customers", path, "--set", "name=客户 {row}", "--set", "grade=B")
    assert json.loads(run(*words, json=True, company=world.tenant.slug))["created"] == 2
    with in_scope(world.system):
        assert set(Customer.objects.values_list("name", "grade")) == {("客户 2", "B"), ("客户 3", "B")}
    with pytest.raises(CommandError):
        run("import_", "customers", path, "--set", "name", company=world.tenant.slug)


def test_a_set_of_files_moves_in(world: World, tmp_path: Path) -> None:
    accounts, contacts, deals = tmp_path / "accounts.csv", tmp_path / "x.csv", tmp_path / "deals.csv"
    accounts.write_text("id,name,owner_id\n0011x,Acme,0051\n", encoding="utf-8")
    contacts.write_text("id,name,account_id\n0031x,Eve Ray,0011x\n", encoding="utf-8")
    deals.write_text("id,name\n1,Big\n", encoding="utf-8")
    users = tmp_path / "users.csv"
    users.write_text("id,name\n0051,Somebody\n", encoding="utf-8")
    seller = world.members["seller"].name
    words = ("move_in", deals, f"people={contacts}", accounts, users, "--who", f"0051={seller}")
    company = {"company": world.tenant.slug}
    assert "Acme" not in run(*words, dry_run=True, **company)
    found = json.loads(run(*words, json=True, **company))
    created = [(one["resource"], one["created"]) for one in found["files"]]
    assert created == [("customers", 1), ("people", 1), ("opportunities", 1)]
    with in_scope(world.system):
        acme = Customer.objects.get()
        assert acme.owner_id == world.members["seller"].id
        assert Person.objects.get().customer == acme
    assert "deals.csv" in run(*words, **company)
    for wrong in (("move_in", tmp_path / "none.csv"), ("move_in", accounts, "--who", "0051=无此人")):
        with pytest.raises(CommandError):
            run(*wrong, **company)

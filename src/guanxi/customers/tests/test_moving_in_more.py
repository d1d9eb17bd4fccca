"""What later rows say of a company, what another program has thrown away, and what files do not fill."""

from pathlib import Path

import pytest

from guanxi.activities.models import Activity
from guanxi.customers.models import ContactPoint, Customer, Person
from guanxi.customers.tests.test_moving_in import written
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports import services
from guanxi.integrations.imports.heads import head_of
from guanxi.integrations.imports.mapping import match_table
from guanxi.integrations.imports.outcomes import Outcome
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

# Chinese in code: rows of files
PEOPLE = (
    "姓名,手机,公司名称,公司地址,公司电话\n"
    "张三,13900000001,无锡新新机械有限公司,,\n"
    "李四,13900000002,无锡新新机械有限公司,东吴北路 1 号,\n"
    "王五,13900000003,无锡新新机械有限公司,别的路 2 号,0510-68080000\n"
    "赵六,13900000004,常州旧旧机械有限公司,不该写的路 3 号,\n"
)


def bring(actor: Actor, path: Path, key: str) -> Outcome:
    resource = find(key)
    table = open_table(path, head_of=lambda rows: head_of(resource, rows))
    columns = match_table(actor, resource, table)
    return run_import(actor, resource=resource, table=table, columns=columns, options=Options())


@pytest.mark.parametrize("batch", [5000, 1])
def test_a_new_company_gets_what_only_a_later_row_says_and_one_that_was_there_nothing(
    world: World, tmp_path: Path, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "BATCH", batch)
    with in_scope(world.admin):
        bring(world.admin, written(tmp_path, "客户名称\n常州旧旧机械有限公司\n"), "customers")
        outcome = bring(world.admin, written(tmp_path, PEOPLE), "people")
        assert outcome.created == 4
        assert outcome.beside["customers"]["created"] == 1
        kept = {one.name: (one.address, one.phone) for one in Customer.objects.all()}
        assert kept == {
            "无锡新新机械有限公司": ("东吴北路 1 号", "0510-68080000"), "常州旧旧机械有限公司": ("", ""),
        }  # fmt: skip
        assert Person.objects.filter(customer__name="无锡新新机械有限公司").count() == 3


@pytest.mark.parametrize(("head", "yes"), [("is_deleted", "true"), ("IsDeleted", "1"), ("是否删除", "是")])
def test_what_another_program_has_deleted_is_set_aside_with_a_word(
    world: World, tmp_path: Path, head: str, yes: str
) -> None:
    path = written(tmp_path, f"客户名称,{head}\n甲有限公司,{yes}\n乙有限公司,\n丙有限公司,false\n")
    with in_scope(world.admin):
        outcome = bring(world.admin, path, "customers")
        assert (outcome.created, outcome.skipped) == (2, 1)
        assert [one.code for one in outcome.noted[0].reasons] == ["deleted"]
        assert set(Customer.objects.values_list("name", flat=True)) == {"乙有限公司", "丙有限公司"}


def test_tags_are_not_filled_by_files_and_the_reason_says_so(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, "客户名称,标签\n甲有限公司,老客户\n")
    with in_scope(world.admin):
        column = match_table(world.admin, find("customers"), open_table(path)).columns[1]
        assert column.why is not None
        assert (column.field, column.why.code) == ("", "not_by_file")


GOOGLE = (
    "Name,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,"
    "Organization 1 - Name,Group Membership\n"
    "张三,* Work,zs@example.com ::: zs2@example.com,Mobile,13900000001 ::: 13900000002,Work,0510-68080000,"
    "无锡新新机械有限公司,* myContacts ::: 老客户\n"
    "李四,* Work,ls@example.com,Mobile,13900000003,,,,* myContacts\n"
)


def test_several_values_of_a_cell_are_several_numbers_and_addresses(world: World, tmp_path: Path) -> None:
    with in_scope(world.admin):
        outcome = bring(world.admin, written(tmp_path, GOOGLE), "people")
        assert (outcome.created, outcome.warnings) == (2, 0)
        first = Person.objects.get(name="张三")
        assert (first.phone, first.email) == ("13900000001", "zs@example.com")
        reached = set(ContactPoint.objects.filter(person=first).values_list("kind", "value"))
        assert {("email", "zs2@example.com"), ("phone", "0510-68080000")} <= reached
        assert any(value == "13900000002" for _kind, value in reached)
        assert Person.objects.get(name="李四").phone == "13900000003"


def test_what_no_column_is_for_stays_to_be_seen(tmp_path: Path) -> None:
    path = written(tmp_path, "Name,Organization 1 - Title\n张三,经理 ::: 董事\n李四,\n")
    table = open_table(path)
    assert table.headers == ("Name", "Organization 1 - Title", "Organization 1 - Title (2)")
    assert [row.cells for row in table.rows()] == [["张三", "经理", "董事"], ["李四", "", ""]]


SALESFORCE = (
    "Id,Name,Type,AnnualRevenue\n"
    "0011G00000jWVWoQAO,Acme GmbH,Customer - Direct,1000000\n"
    "0011G00000ugZ6HQAU,Beta Ltd,Channel Partner / Reseller,\n"
    "0011G00000ugZ6HQAV,Gamma Inc,Prospect,\n"
)
TASKS = (
    "Id,Subject,Priority,WhatId\n"
    "00T1G00003Ufap9UAB,Call back,High,0011G00000jWVWoQAO\n"
    "00T1G00003UfepsUAB,Offer,Normal,0061G00000N31HAQAZ\n"
)


def test_salesforces_types_and_what_an_activity_is_about(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, SALESFORCE)
    with in_scope(world.admin):
        columns = {
            one.header: one for one in match_table(world.admin, find("customers"), open_table(path)).columns
        }
        revenue = columns["AnnualRevenue"]
        assert revenue.why is not None
        assert (revenue.why.code, revenue.fresh) == ("no_place", "number")
        outcome = bring(world.admin, path, "customers")
        assert (outcome.created, outcome.warnings) == (3, 0)
        kept = dict(Customer.objects.values_list("name", "relations"))
        assert kept == {"Acme GmbH": "customer", "Beta Ltd": "distributor", "Gamma Inc": "customer"}
        path = written(tmp_path, TASKS)
        columns = {
            one.header: one for one in match_table(world.admin, find("activities"), open_table(path)).columns
        }
        assert columns["Priority"].why is not None
        assert columns["Priority"].why.code == "no_place"
        outcome = bring(world.admin, path, "activities")
        assert outcome.created == 2
        # An opportunity has no place here: what is about one is told, and hangs on nobody.
        assert set(outcome.remarks) == {("WhatId", "0061G00000N31HAQAZ")}
        about = dict(Activity.objects.values_list("subject", "customer__name"))
        assert about == {"Call back": "Acme GmbH", "Offer": None}

"""One file carries customers, their people and more: each once, tied, undone as one."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from guanxi.customers.models import Affiliation, BillingProfile, ContactPoint, Customer, Person
from guanxi.customers.queries.pieces import contact_of
from guanxi.customers.services.customers import create_customer
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.heads import head_of
from guanxi.integrations.imports.mapping import map_columns, match_table
from guanxi.integrations.imports.outcomes import Outcome
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

HEAD = "客户名称,联系人,职务,手机,电话,开户行,账号,备注\n"
ROWS = (
    "苏州甲乙包装有限公司,张三,采购经理,13900000001,0512-66001234,中国银行苏州分行,1234567890,好客户\n"
    "苏州甲乙包装有限公司,李四,厂长,13900000002,0512-66001234,,,\n"
    "常州丙丁食品厂,,,,0519-88123456,,,\n"
    "合计,,,,,,,\n"
)


def bring(actor: Actor, path: Path, of: str = "customers", **more: Any) -> Outcome:
    resource = find(of)
    table = open_table(path, head_of=lambda rows: head_of(resource, rows))
    columns = match_table(actor, resource, table)
    return run_import(
        actor,
        resource=resource,
        table=table,
        columns=columns,
        options=Options(**more),
        dry_run=False,
        report_to=path.parent,
    )


def written(tmp_path: Path, text: str, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_head_says_whose_a_column_is(world: World) -> None:
    with in_scope(world.admin):
        mapped = map_columns(world.admin, find("customers"), HEAD.strip().split(","))
        assert {column.header: column.field for column in mapped.columns} == {
            "客户名称": "name", "联系人": "people.name", "职务": "people.post", "手机": "people.phone",
            "电话": "phone", "开户行": "billing_profiles.bank", "账号": "billing_profiles.account", "备注": "remarks",
        }  # fmt: skip
        mapped = map_columns(world.admin, find("people"), ["姓名", "公司", "公司电话", "手机"])
        assert list(mapped.used) == ["name", "customers.name", "customers.phone", "phone"]
        mapped = map_columns(
            world.admin, find("customers"), ["Company", "Contact Name", "Contact Phone", "Phone"]
        )
        assert list(mapped.used) == ["name", "people.name", "people.phone", "phone"]


def test_a_file_without_people_is_about_customers_alone(world: World) -> None:
    with in_scope(world.admin):
        mapped = map_columns(world.admin, find("customers"), ["公司", "手机", "职务"])
        assert mapped.used == {"name": 0, "phone": 1}


def test_customers_and_people_of_one_file_are_each_there_once_and_go_together(
    world: World, tmp_path: Path
) -> None:
    path = written(tmp_path, HEAD + ROWS)
    with in_scope(world.admin):
        outcome = bring(world.admin, path)
        assert (outcome.rows, outcome.created, outcome.skipped, outcome.rejected) == (4, 2, 2, 0)
        assert outcome.beside["people"]["created"] == 2
        assert outcome.operation_id is not None
    with in_scope(world.admin):
        one = Customer.objects.get(name="苏州甲乙包装有限公司")
        assert {(p.name, p.post) for p in Person.objects.filter(customer=one)} == {
            ("张三", "采购经理"), ("李四", "厂长"),
        }  # fmt: skip
        assert Affiliation.objects.filter(customer=one, main=True).count() == 2
        assert not Person.objects.filter(customer__name="常州丙丁食品厂").exists()
        undo(world.admin, outcome.operation_id)
        assert (Customer.objects.count(), Person.objects.count(), Affiliation.objects.count()) == (0, 0, 0)
        assert BillingProfile.objects.count() == 0


def test_people_bring_companies_that_are_not_there_and_find_those_that_are(
    world: World, tmp_path: Path
) -> None:
    path = written(
        tmp_path,
        "姓名,公司,手机\n张三,无锡新新机械有限公司,13900000001\n李四,无锡旧旧机械有限公司,\n王五,,\n",
    )
    with in_scope(world.admin):
        old = create_customer(world.admin, data={"name": "无锡旧旧机械有限公司", "relations": "customer"})
        outcome = bring(world.admin, path, "people")
        assert (outcome.created, outcome.beside["customers"]["created"]) == (3, 1)
    with in_scope(world.admin):
        works = dict(Person.objects.values_list("name", "customer__name"))
        assert works == {"张三": "无锡新新机械有限公司", "李四": "无锡旧旧机械有限公司", "王五": None}
        assert Person.objects.get(name="李四").customer_id == old.pk


def test_what_comes_with_a_customer_is_answered_for_by_the_same(world: World, tmp_path: Path) -> None:
    seller = world.members["seller"]
    path = written(tmp_path, f"客户名称,负责人,联系人\n无锡新新机械有限公司,{seller.name},张三\n")
    with in_scope(world.admin):
        bring(world.admin, path)
    with in_scope(world.seller):
        assert Person.objects.get().owner_id == seller.pk


def test_a_row_of_which_a_part_cannot_be_taken_is_rejected_whole_with_the_reason(
    world: World, tmp_path: Path
) -> None:
    path = written(tmp_path, "客户名称,联系人,职务\n甲机械有限公司,,经理\n乙食品有限公司,李四,经理\n")
    with in_scope(world.admin):
        outcome = bring(world.admin, path)
        assert (outcome.created, outcome.rejected) == (1, 1)
        assert outcome.beside["people"]["created"] == 1
    assert "甲机械有限公司" in (tmp_path / "rejected.csv").read_text(encoding="utf-8-sig")


def test_nobody_learns_of_a_company_or_hangs_a_person_on_it_that_is_out_of_sight(
    world: World, tmp_path: Path
) -> None:
    with in_scope(world.elsewhere):
        create_customer(world.elsewhere, data={"name": "常州苏谷豆制品有限公司", "relations": "customer"})
    path = written(tmp_path, "客户名称,联系人\n常州苏谷豆制品有限公司,张三\n")
    codes = ("customers.customer.import", "customers.person.import")
    brings = replace(world.seller, grants={**world.seller.grants, **dict.fromkeys(codes, "own")})
    with in_scope(brings):
        outcome = bring(brings, path)
        assert (outcome.skipped, outcome.beside) == (1, {})
        assert "苏谷" not in str(outcome.noted[0].reasons)
    with in_scope(world.admin):
        assert (Customer.objects.count(), Person.objects.count()) == (1, 0)


@pytest.mark.parametrize("rule", ["skip", "fill", "overwrite"])
def test_a_second_time_nothing_is_new(world: World, tmp_path: Path, rule: str) -> None:
    path = written(tmp_path, HEAD + ROWS)
    with in_scope(world.admin):
        bring(world.admin, path)
    with in_scope(world.admin):
        again = bring(world.admin, path, on_duplicate=rule)
        assert (again.created, again.updated, again.operation_id) == (0, 0, None)
        assert again.beside["people"]["created"] == 0
        assert (Customer.objects.count(), Person.objects.count()) == (2, 2)


def test_names_addresses_and_birthdays_in_pieces_become_whole(world: World, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "First Name,Last Name,Display Name,Company,Work Address,Work City,Work State,Work ZipCode,Work Country,"
        "Birth Year,Birth Month,Birth Day\n"
        "John,Doe,,Acme Tools Inc,9 Main St,Austin,TX,73301,United States,1980,3,2\n"
        "国栋,赵,,无锡新新机械有限公司,长江路 9 号,无锡,江苏,,,,,\n",
    )
    with in_scope(world.admin):
        bring(world.admin, path, "people")
    with in_scope(world.admin):
        people = {one.name: one for one in Person.objects.select_related("customer")}
        assert set(people) == {"John Doe", "赵国栋"}
        assert str(people["John Doe"].born) == "1980-03-02"
        acme, wuxi = people["John Doe"].customer, people["赵国栋"].customer
        assert acme is not None
        assert wuxi is not None
        assert (acme.address, acme.region) == ("9 Main St, Austin, TX 73301, United States", "US")
        assert (wuxi.address, wuxi.region) == ("江苏无锡长江路 9 号", "320200")


def test_province_and_city_in_columns_of_their_own_are_the_region_and_the_address_stays(
    world: World, tmp_path: Path
) -> None:
    path = written(
        tmp_path, "公司名称,省份,城市,详细地址\n无锡新新机械有限公司,江苏省,无锡市,新吴区长江路 9 号\n"
    )
    with in_scope(world.admin):
        bring(world.admin, path)
    with in_scope(world.admin):
        one = Customer.objects.get()
        assert (one.region, one.address) == ("320200", "新吴区长江路 9 号")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("张经理 138 0000 1234", {"name": "张经理", "phone": "138 0000 1234"}),
        ("王建国采购经理/0512-66001234", {"name": "王建国", "post": "采购经理", "phone": "0512-66001234"}),
        ("李女士（13900000001）", {"name": "李女士", "phone": "13900000001"}),
        ("13900000001", {"phone": "13900000001"}),
        ("John Doe +49 30 1234567", {"name": "John Doe", "phone": "+49 30 1234567"}),
    ],
)
def test_a_person_and_their_phone_in_one_cell_are_parted(text: str, made: dict[str, str]) -> None:
    assert contact_of({"text": text}) == made


def test_a_column_of_people_with_phones_is_parted(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, "客户名称,联系人及电话\n无锡新新机械有限公司,张经理 13900000001\n")
    with in_scope(world.admin):
        bring(world.admin, path)
        person = Person.objects.get()
        assert (person.name, person.phone[-4:]) == ("张经理", "0001")


def test_a_company_known_by_its_number_is_found_and_no_other_is_made(world: World, tmp_path: Path) -> None:
    with in_scope(world.admin):
        data = {"name": "无锡新新机械有限公司", "relations": "customer", "number": "001A"}
        there = create_customer(world.admin, data=data)
    path = written(tmp_path, "姓名,Account ID,Company\n张三,001A,\n李四,001B,\n")
    with in_scope(world.admin):
        outcome = bring(world.admin, path, "people")
        assert (outcome.created, outcome.warnings, Customer.objects.count()) == (2, 1, 1)
        assert dict(Person.objects.values_list("name", "customer")) == {"张三": there.pk, "李四": None}


def test_an_address_without_a_company_is_told_and_the_person_comes_in(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, "姓名,公司,Work City,Work Street\n张三,,无锡,长江路 9 号\n")
    with in_scope(world.admin):
        outcome = bring(world.admin, path, "people")
        assert (outcome.created, outcome.warnings, Customer.objects.count()) == (1, 1, 0)


@pytest.mark.parametrize("head", ["property_firstname,property_lastname", "First Name,Last Name", "名,姓"])
def test_names_in_pieces_are_known_by_what_programs_call_them(world: World, head: str) -> None:
    with in_scope(world.admin):
        assert set(map_columns(world.admin, find("people"), head.split(",")).used) == {
            "name:given", "name:family",
        }  # fmt: skip


def test_a_file_of_rejected_rows_keeps_the_rows_as_they_were(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, "First Name,Last Name,Email\n,,a@example.com\nJohn,Doe,b@example.com\n")
    with in_scope(world.admin):
        assert bring(world.admin, path, "people").rejected == 1
    lines = (tmp_path / "rejected.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("First Name,Last Name,Email,")
    assert lines[1].startswith(",,a@example.com,2,")


def test_a_day_that_is_not_clear_is_left_out_or_rejects_its_row_as_one_likes(
    world: World, tmp_path: Path
) -> None:
    path = written(tmp_path, "客户名称,成立日期\n甲机械有限公司,3/5/2004\n乙食品有限公司,2004年3月5日\n")
    with in_scope(world.admin):
        left = bring(world.admin, path)
        assert (left.created, left.warnings) == (2, 1)
        assert dict(Customer.objects.values_list("name", "founded"))["甲机械有限公司"] is None
        assert left.operation_id is not None
        undo(world.admin, left.operation_id)
    with in_scope(world.admin):
        strict = bring(world.admin, path, unclear="reject")
        assert (strict.created, strict.rejected) == (1, 1)
        assert strict.operation_id is not None
        undo(world.admin, strict.operation_id)
    with in_scope(world.admin):
        bring(world.admin, path, dates="dmy")
        assert str(Customer.objects.get(name="甲机械有限公司").founded) == "2004-05-03"


def test_further_numbers_of_a_row_become_contact_points(world: World, tmp_path: Path) -> None:
    text = (
        "First Name,Last Name,Organization,Mobile Phone,Work Phone,Home Phone,E-mail,E-mail 2,Fax\n"
        "Ada,Lovelace,Analytical Ltd,+86 13900000001,0512-66001234,,ada@a.example,ada@home.example,0512-66001235\n"
        "Bob,Short,Analytical Ltd,,0512-66001299,,,,\n"
        "Cyd,Same,Analytical Ltd,0512-66001300,0512-66001300,,,,\n"
    )
    path = written(tmp_path, text)
    with in_scope(world.admin):
        outcome = bring(world.admin, path, "people")
        assert (outcome.created, outcome.rejected, outcome.warnings) == (3, 0, 0)
        ada = Person.objects.get(name__contains="Ada")
        assert {(p.kind, p.use, p.value, p.main) for p in ContactPoint.objects.filter(person=ada)} == {
            ("mobile", "", "+86 13900000001", True), ("phone", "work", "0512-66001234", False),
            ("email", "", "ada@a.example", True), ("email", "", "ada@home.example", False),
            ("fax", "work", "0512-66001235", False),
        }  # fmt: skip
        assert (ada.phone, ada.email) == ("+86 13900000001", "ada@a.example")
        assert Person.objects.get(name__contains="Bob").phone == "0512-66001299"
        assert not ContactPoint.objects.filter(person__name__contains="Cyd").exists()
        again = bring(world.admin, path, "people")
        assert (again.created, again.operation_id) == (0, None)
        assert outcome.operation_id is not None
        undo(world.admin, outcome.operation_id)
        assert (Person.objects.count(), ContactPoint.objects.count()) == (0, 0)


def test_a_row_may_name_several_people_by_number(world: World, tmp_path: Path) -> None:
    head = "客户名称,电话,联系人1,电话1,联系人2,联系人2职务,电话2,第三联系人,第三联系人手机,传真\n"
    rows = (
        "苏州甲乙包装有限公司,0512-66001234,张三,13900000001,李四,厂长,13900000002,王五,13900000003,0512-66001235\n"
        "常州丙丁食品厂,0519-88123456,赵六,13900000004,,,,,,\n"
    )
    path = written(tmp_path, head + rows)
    with in_scope(world.admin):
        mapped = map_columns(world.admin, find("customers"), head.strip().split(","))
        assert list(mapped.used) == [
            "name", "phone", "people.name", "people.phone", "people#2.name", "people#2.post", "people#2.phone",
            "people#3.name", "people#3.phone", "contact_points#fax.value",
        ]  # fmt: skip
        tried = run_import(
            world.admin, resource=find("customers"), table=open_table(path), columns=mapped, options=Options(),
            dry_run=True,
        )  # fmt: skip
        outcome = bring(world.admin, path)
        assert outcome.beside["people"]["created"] == tried.beside["people"]["created"] == 4
        assert {(p.name, p.post, p.phone) for p in Person.objects.filter(customer__phone="0512-66001234")} == {
            ("张三", "", "13900000001"), ("李四", "厂长", "13900000002"), ("王五", "", "13900000003"),
        }  # fmt: skip
        assert Affiliation.objects.filter(main=True).count() == 4
        assert ContactPoint.objects.get(kind="fax").customer.name == "苏州甲乙包装有限公司"


def test_who_stands_twice_in_a_row_is_one_person(world: World, tmp_path: Path) -> None:
    head = "客户名称,联系人1,联系人1手机,联系人2,联系人2手机\n"
    path = written(tmp_path, head + "苏州甲乙包装有限公司,张三,13900000001,张三,13900000001\n")
    with in_scope(world.admin):
        outcome = bring(world.admin, path)
        assert Person.objects.count() == 1
        assert outcome.beside["people"] == {"created": 1, "updated": 0, "skipped": 1, "rejected": 0}


def test_people_who_come_with_their_post_and_phone_in_one_cell_are_parted(
    world: World, tmp_path: Path
) -> None:
    rows = "无锡新新机械有限公司,王建国 经理\n常州丙丁食品厂,王芳（采购）0519-88123456\n南通庚辛纸业有限公司,李四\n"
    path = written(tmp_path, "客户名称,联系人\n" + rows)
    with in_scope(world.admin):
        bring(world.admin, path)
        assert set(Person.objects.values_list("name", "post", "phone")) == {
            ("王建国", "经理", ""), ("王芳", "采购", "0519-88123456"), ("李四", "", "")
        }  # fmt: skip
    two = "钱进 13900000002 李四 13800001111"
    assert contact_of({"text": two}) == {"name": two}

"""Several numbers, addresses and companies in the rows of a file: none is lost, none is taken for another."""

# Chinese in code: heads and values of spreadsheets

from pathlib import Path

import pytest

from guanxi.customers.models import ContactPoint, Customer, Person
from guanxi.customers.services.people import create_person
from guanxi.customers.tests.test_moving_in import bring, written
from guanxi.integrations.imports.mapping import map_columns
from guanxi.kernel.errors import Invalid
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def test_a_second_column_of_a_number_is_one_more_number(world: World, tmp_path: Path) -> None:
    text = "姓名,手机,电话,邮箱,Email\n张三,13900000001,0512-66001234,a@example.com,b@example.com\n"
    with in_scope(world.admin):
        bring(world.admin, written(tmp_path, text), "people")
        person = Person.objects.get()
        assert (person.phone, person.email) == ("13900000001", "a@example.com")
        points = set(ContactPoint.objects.filter(main=False).values_list("kind", "value", "use"))
        assert points == {("phone", "0512-66001234", "other"), ("email", "b@example.com", "")}


def test_a_column_that_holds_nothing_takes_no_field_from_one_that_does(world: World) -> None:
    headers = ["mobile_phone", "name", "phone", "notes_c", "description"]
    rows = [["", "Ann", "0512-66001234", "", "asked for a price"]]
    with in_scope(world.admin):
        found = map_columns(world.admin, find("people"), headers, rows).as_json()
    assert (found["phone"], found["description"], found["notes_c"]) == ("phone", "remarks", "")
    assert found["mobile_phone"] == "contact_points#mobile_2.value"


def test_companies_that_rows_name_are_not_one_because_they_share_a_site(world: World, tmp_path: Path) -> None:
    text = "姓名,公司,公司网站\n张三,甲公司,www.group.example\n李四,乙公司,www.group.example\n王五,甲公司,\n"
    with in_scope(world.admin):
        bring(world.admin, written(tmp_path, text), "people")
        assert dict(Person.objects.values_list("name", "customer__name")) == {
            "张三": "甲公司",
            "李四": "乙公司",
            "王五": "甲公司",
        }
        assert Customer.objects.count() == 2


def test_what_nobody_can_be_reached_by_is_left_out_and_the_row_comes_in(world: World, tmp_path: Path) -> None:
    text = "姓名,手机,邮箱,邮箱2,传真,家庭电话\n张三,见名片,a@example.com,同上,0512-66001235,打前台\n"
    with in_scope(world.admin):
        outcome = bring(world.admin, written(tmp_path, text), "people")
        assert (outcome.created, outcome.rejected) == (1, 0)
        assert ("手机", "见名片") in outcome.remarks
        assert outcome.beside["contact_points"] == {"created": 1, "updated": 0, "skipped": 0, "rejected": 2}
        assert Person.objects.get().phone == ""
        assert ContactPoint.objects.get(kind="fax").value == "0512-66001235"


@pytest.mark.parametrize("phone", ["无", "zYXs9P+yNjgg8uwZvFV8PQ==", "Mobile"])
def test_a_phone_without_a_number_is_none(world: World, phone: str) -> None:
    with in_scope(world.admin), pytest.raises(Invalid) as refused:
        create_person(world.admin, data={"name": "张三", "phone": phone})
    assert "phone" in refused.value.fields


@pytest.mark.parametrize("phone", ["110", "0512-66001234转8001 (Mr. Zhang)", "1-800-FLOWERS", "tel: 95588"])
def test_what_people_write_beside_a_number_stays(world: World, phone: str) -> None:
    with in_scope(world.admin):
        assert create_person(world.admin, data={"name": "张三", "phone": phone}).phone == phone


def test_a_cell_that_stands_for_nothing_is_no_number_and_no_company(world: World, tmp_path: Path) -> None:
    text = "姓名,公司,手机,传真,家庭电话\n张三,无,13900000001,暂无,-\n李四,甲公司,无,0512-66001235,\n"
    with in_scope(world.admin):
        outcome = bring(world.admin, written(tmp_path, text), "people")
        assert (outcome.created, outcome.rejected, outcome.warnings) == (2, 0, 0)
        assert dict(Person.objects.values_list("name", "customer__name")) == {"张三": None, "李四": "甲公司"}
        assert list(ContactPoint.objects.values_list("value", flat=True)) == ["0512-66001235"]

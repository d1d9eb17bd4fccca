"""Columns find their fields by either language; what is doubtful is left to the person."""

from pathlib import Path

import pytest

from guanxi.foundation.permissions.models import FieldRule
from guanxi.foundation.permissions.queries import load_actor
from guanxi.integrations.imports.heads import field_of, head_of, names_of
from guanxi.integrations.imports.mapping import map_columns, match_table
from guanxi.integrations.imports.reading import open_table
from guanxi.kernel.errors import Invalid
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope, writing

CUSTOMERS = find("customers")


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("客户名称", "name"), ("公司", "name"), ("Company Name", "name"), ("customer_name", "name"), ("NAME", "name"),
        ("客户名称*", "name"), ("客户名称（必填）", "name"), ("统一社会信用代码", "credit_code"),
        ("Credit code", "credit_code"),
        ("sector", "industry"), ("office_location", "region"), ("subsidiary_of", "parent"), ("上级公司", "parent"),
        ("联系电话", "phone"), ("revenue", ""), ("employees", ""), ("", ""), ("年营业额", ""),
    ],
)  # fmt: skip
def test_a_head_names_its_field(header: str, field: str) -> None:
    assert field_of(names_of(CUSTOMERS), header) == field


def test_a_title_above_the_head_is_passed_over() -> None:
    rows = [["客户信息表"], ["2026 年 11 月"], ["公司", "电话", "城市"], ["甲", "1", "苏州"]]
    assert head_of(CUSTOMERS, rows) == 2
    assert head_of(CUSTOMERS, [["甲", "1"], ["乙", "2"]]) == 0


def test_two_columns_of_one_field_the_later_is_left_out_and_says_why(world: World) -> None:
    mapped = map_columns(world.admin, CUSTOMERS, ["公司", "客户名称", "营业额"])
    assert mapped.used == {"name": 0}
    assert [column.why.code if column.why else "" for column in mapped.left_out] == ["taken", ""]


def test_what_is_chosen_goes_before_what_the_head_says(world: World) -> None:
    mapped = map_columns(world.admin, CUSTOMERS, ["公司", "简介"], chosen={"公司": "", "简介": "name"})
    assert mapped.used == {"name": 1}


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        ({"没有": "name"}, "no_column"), ({"公司": "nothing"}, "no_field"), ({"公司": 5}, "no_field"),
        ({"公司": "updated_at"}, "not_writable"), ({"公司": "name", "简介": "name"}, "twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_chosen_is_refused_by_name(world: World, chosen: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        map_columns(world.admin, CUSTOMERS, ["公司", "简介"], chosen=chosen)
    assert [message.code for found in caught.value.fields.values() for message in found] == [code]


def test_a_field_the_actor_may_not_set_is_no_target(world: World) -> None:
    with writing(world.system):
        FieldRule(role=world.roles["sales_manager"], resource="customers", field="phone", mode="mask").save()
        actor = load_actor(world.members["manager"].id)
    mapped = map_columns(actor, CUSTOMERS, ["公司", "电话"])
    assert mapped.used == {"name": 0}
    assert [column.why.code for column in mapped.left_out if column.why] == ["not_writable"]


def test_values_are_a_hint_and_never_taken(world: World) -> None:
    rows = [["甲", "0539-8316220", "495"], ["乙", "13800001234", "1185"], ["丙", "+86 21 5000 1234", "80"]]
    mapped = map_columns(world.admin, CUSTOMERS, ["公司", "号码", "employees"], rows)
    assert mapped.used == {"name": 0}
    assert [column.guess for column in mapped.columns] == ["", "phone", ""]


def test_a_first_row_of_values_is_no_head_and_columns_become_what_they_hold(
    world: World, tmp_path: Path
) -> None:
    people = find("people")
    path = tmp_path / "book.csv"
    path.write_text("张三,zhang@example.cn,13900000001\n李四,li@example.cn,13900000002\n", encoding="utf-8")
    with in_scope(world.admin):
        table = open_table(path, head_of=lambda rows: head_of(people, rows))
        assert table.head_line == 0
        mapped = match_table(world.admin, people, table)
    assert mapped.used == {"name": 0, "email": 1, "phone": 2}


def test_the_head_is_below_the_names_of_groups(world: World) -> None:
    rows = [
        ["展会客户", "", "", "", "", ""], ["客户", "", "联系人", "", "地址", ""],
        ["公司名称", "级别", "联系人", "手机", "省份", "行业"],
        ["甲公司", "A", "张三", "13900000001", "江苏", "纺织业"],
    ]  # fmt: skip
    with in_scope(world.admin):
        assert head_of(CUSTOMERS, rows) == 2
        assert head_of(CUSTOMERS, rows[2:]) == 0
        assert head_of(CUSTOMERS, [["x", "y"], ["1", "2"]]) == 0

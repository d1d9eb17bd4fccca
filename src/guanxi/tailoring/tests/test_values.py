"""Values of own fields on their way through the engine: written, filtered, told, undone."""

from typing import Any

import pytest
from django.utils import timezone

from guanxi.customers.models import Customer
from guanxi.customers.services import customers
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services import set_field_rules
from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.history import history_of
from guanxi.tailoring.services import fields
from guanxi.tailoring.tests.making import add, edit, held, listed, make, resource, said
from guanxi.testing.worlds import World, in_scope

# kind → what is typed, what the row then holds, what people read in Chinese
TYPED: list[tuple[str, dict[str, Any], Any, Any, str]] = [
    ("text", {}, "  K-1  ", "K-1", "K-1"),
    ("long_text", {}, "一\n二", "一\n二", "一\n二"),
    ("number", {}, "1.2万", 12_000, "12,000"),
    ("number", {"places": "2", "unit": "吨"}, "１，２３４．５", 123_450, "1,234.5吨"),
    ("number", {"unit": "%"}, "85%", 85, "85%"),
    ("money", {}, "3.5万", 3_500_000, "¥35,000.00"),
    ("money", {"currency": "USD"}, "USD 1,200.5", 120_050, "$1,200.50"),
    ("date", {}, "2024年3月5日", "2024-03-05", "2024 年 3 月 5 日"),
    ("moment", {}, "2024年3月5日下午2点30分", "2024-03-05T06:30:00+00:00", "2024 年 3 月 5 日 14:30"),
    ("yes_no", {}, "是", True, "是"),
    ("yes_no", {}, False, False, "否"),
    ("choice", {}, "绿", "green", "绿"),
    ("choices", {}, "蓝、红", ["blue", "red"], "红、蓝"),
    ("choices", {}, ["red"], ["red"], "红"),
    ("phone", {}, "0539 8888888", "0539 8888888", "0539 8888888"),
    ("email", {}, "mailto:Li@Example.COM", "Li@example.com", "Li@example.com"),
    ("web", {}, "www.example.com", "https://www.example.com", "https://www.example.com"),
]


@pytest.mark.parametrize(("kind", "settings", "typed", "kept", "read"), TYPED)
def test_what_is_typed_is_kept_read_filtered_and_taken_away(
    world: World, kind: str, settings: dict[str, Any], typed: Any, kept: Any, read: str
) -> None:
    with in_scope(world.admin):
        row = add(world.admin, kind, **settings)
        record = make(world.admin, "甲", **{row.name: typed})
        other = make(world.admin, "乙")
        assert held(record.id) == {row.name: kept}
        assert held(other.id) == {}
        assert said(world.admin, record, row.name) == read
        assert listed(world.admin, **{f"{row.name}.filled": "1"}) == ["甲"]
        assert listed(world.admin, **{f"{row.name}.empty": "1"}) == ["乙"]
        if "is" in resource().kind(row.name).operators and kind != "long_text":
            word = typed if isinstance(typed, str) else "红" if typed else "否"
            wanted = word.replace(",", "").replace("，", "").replace("、", ",")
            assert listed(world.admin, **{row.name: wanted}) == ["甲"]
        edit(world.admin, record.id, **{row.name: ""})
        assert held(record.id) == {}


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("number", "viel"), ("number", "1.5"), ("number", True), ("number", ["1"]), ("number", {"a": 1}),
        ("number", 10**30), ("number", float("nan")), ("money", "0.001"), ("money", "USD 5"), ("money", "¥"),
        ("date", "2026-13-45"), ("date", True), ("date", []), ("date", 10**20), ("moment", "25:99"), ("moment", {}),
        ("yes_no", "vielleicht"), ("yes_no", 7), ("choice", "紫"), ("choice", ["红"]), ("choices", [["红"]]),
        ("choices", "紫"),
        ("email", "li@"), ("email", "li@example.com, wang@example.com"), ("web", "javascript:alert(1)"),
        ("text", "x" * 501), ("text", []), ("member", "nobody"), ("record", "nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_beside_the_field(world: World, kind: str, typed: Any) -> None:
    with in_scope(world.admin):
        row = add(world.admin, kind, **({"to": "customers"} if kind == "record" else {}))
        with pytest.raises(Invalid) as refused:
            make(world.admin, "甲", **{row.name: typed})
        assert list(refused.value.fields) == [row.name]
        assert str(refused.value.fields[row.name][0])
        assert not Customer.objects.exists()


def test_a_link_to_a_colleague_and_to_a_customer(world: World) -> None:
    with in_scope(world.admin):
        whom = add(world.admin, "member", "介绍人")
        what = add(world.admin, "record", "推荐客户", to="customers")
        first = make(world.admin, "甲")
        second = make(world.admin, "乙", **{whom.name: "单晓梅", what.name: str(first.id)})
        assert held(second.id) == {whom.name: str(world.seller.member_id), what.name: str(first.id)}
        assert said(world.admin, second, whom.name) == "单晓梅"
        assert said(world.admin, second, what.name) == "甲"
        assert listed(world.admin, **{what.name: str(first.id)}) == ["乙"]
        edit(world.admin, second.id, **{whom.name: "me"})
        assert listed(world.admin, **{whom.name: "me"}) == ["乙"]


def test_a_linked_record_out_of_sight_is_not_named(world: World) -> None:
    with in_scope(world.admin):
        what = add(world.admin, "record", "推荐客户", to="customers")
        hidden = make(world.admin, "不给看的客户")
        make(world.admin, "乙", **{"owner": str(world.seller.member_id), what.name: str(hidden.id)})
    with in_scope(world.seller):
        record = access.visible(world.seller, resource()).get()
        kind = resource().kind(what.name)
        show = Show(world.seller)
        assert kind.text(record, show) == ""
        assert kind.json(record, show) is None
        assert "不给看" not in str(kind.html(record, show))


@pytest.mark.parametrize(
    ("kind", "settings", "values", "query", "found"),
    [
        ("number", {}, {"甲": "5", "乙": "50", "丙": "500"}, {"least": "50"}, ["丙", "乙"]),
        ("number", {}, {"甲": "5", "乙": "50", "丙": "500"}, {"most": "50"}, ["乙", "甲"]),
        ("number", {"places": "2"}, {"甲": "0.5", "乙": "5.25", "丙": "-3"}, {"between": "-5,0.5"}, ["丙", "甲"]),
        ("number", {}, {"甲": "5", "乙": "50", "丙": ""}, {"between": "60,6"}, ["乙"]),
        ("number", {}, {"甲": "5", "乙": "50", "丙": ""}, {"not": "5"}, ["丙", "乙"]),
        ("number", {}, {"甲": "5", "乙": "50", "丙": "500", "丁": ""}, {"outside": "10,100"}, ["丁", "丙", "甲"]),
        ("money", {}, {"甲": "1万", "乙": "9999.99"}, {"least": "1万"}, ["甲"]),
        ("date", {}, {"甲": "2024-02-29", "乙": "2024-03-01"}, {"since": "2024-03-01"}, ["乙"]),
        ("date", {}, {"甲": "2024-02-29", "乙": "2024-03-01"}, {"between": "2024-02-01,2024-02-29"}, ["甲"]),
        ("moment", {}, {"甲": "2024-02-29 23:59", "乙": "2024-03-01 00:00"}, {"until": "2024-02-29"}, ["甲"]),
        ("text", {}, {"甲": "ab-1", "乙": "ac-1"}, {"starts": "ab"}, ["甲"]),
        ("choice", {}, {"甲": "红", "乙": "绿", "丙": ""}, {"not": "红"}, ["丙", "乙"]),
        ("choices", {}, {"甲": "红、绿", "乙": "绿", "丙": ""}, {"not": "红"}, ["丙", "乙"]),
        ("choices", {}, {"甲": "红、绿", "乙": "绿", "丙": "蓝"}, {"is": "红,蓝"}, ["丙", "甲"]),
        ("yes_no", {}, {"甲": "是", "乙": "否", "丙": ""}, {"not": "是"}, ["丙", "乙"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("indexed", [False, True], ids=["json", "narrow"])
def test_filters_say_the_same_with_and_without_an_index(
    world: World,
    kind: str,
    settings: dict[str, Any],
    values: dict[str, str],
    query: dict[str, str],
    found: list[str],
    indexed: bool,
) -> None:
    with in_scope(world.admin):
        row = add(world.admin, kind, indexed=indexed, **settings)
        for name, value in values.items():
            make(world.admin, name, **{row.name: value})
        ((operator, value),) = query.items()
        key = row.name if operator == "is" else f"{row.name}.{operator}"
        assert listed(world.admin, **{key: value}) == sorted(found)
        own = resource().kind(row.name).own
        assert own is not None
        assert (own.narrow is not None) == indexed


def test_a_required_field_must_be_given_and_a_default_stands_in(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号", required=True)
        with pytest.raises(Invalid) as refused:
            make(world.admin, "甲")
        assert row.name in refused.value.fields
        fields.edit_field(world.admin, resource="customers", name=row.name, data={"default": "无"})
        assert held(make(world.admin, "甲").id) == {row.name: "无"}
        with pytest.raises(Invalid):
            make(world.admin, "乙", **{row.name: ""})


def test_defaults_move_with_the_day_and_the_person(world: World) -> None:
    with in_scope(world.admin):
        day = add(world.admin, "date", "登记日", default="今天")
        who = add(world.admin, "member", "登记人", default="me")
        colour = add(world.admin, "choices", "颜色", default=["红", "蓝"])
        empty = add(world.admin, "choice", "形状", default="绿")
        fields.edit_field(
            world.admin, resource="customers", name=empty.name,
            data={"options": [{"code": "red", "zh": "红"}], "default": ""},
        )  # fmt: skip
        record = make(world.admin, "甲")
        assert held(record.id) == {
            day.name: timezone.localdate().isoformat(),
            who.name: str(world.admin.member_id),
            colour.name: ["blue", "red"],
        }


def test_many_records_get_a_value_at_once_and_lose_it(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "choices", "颜色")
        other = add(world.admin, "text", "编号")
        ids = [make(world.admin, name, **{other.name: name}).id for name in ("甲", "乙", "丙")]
        edit(world.admin, ids[0], **{row.name: "红、绿"})
        assert customers.edit_customers(world.admin, ids=ids, data={row.name: ["红"]}) == 3
        assert [held(one)[row.name] for one in ids] == [["red"]] * 3
        assert customers.edit_customers(world.admin, ids=ids, data={row.name: ["红"]}) == 0
        assert customers.edit_customers(world.admin, ids=ids[:2], data={row.name: []}) == 2
        assert [held(one) for one in ids] == [
            {other.name: "甲"},
            {other.name: "乙"},
            {other.name: "丙", row.name: ["red"]},
        ]
        done = Operation.objects.filter(verb="customers.customer.edit").order_by("-at")
        undo(world.admin, done[0].id)
        assert held(ids[1]) == {other.name: "乙", row.name: ["red"]}


# History and undo


def changes(actor: Actor, record: Customer, field: str = "") -> list[tuple[str, str, str]]:
    entries, _more = history_of(actor, resource(), record, Show(actor), field=field)
    return [(one.label, one.old, one.new) for entry in entries for one in entry.fields]


def test_the_history_tells_of_each_own_field_by_itself(world: World) -> None:
    with in_scope(world.admin):
        number = add(world.admin, "money", "预算")
        colour = add(world.admin, "choice", "颜色")
        record = make(world.admin, "甲", **{number.name: "5万", colour.name: "红"})
        edit(world.admin, record.id, **{number.name: "6万"})
        edit(world.admin, record.id, **{colour.name: ""})
        record.refresh_from_db()
        assert changes(world.admin, record) == [("颜色", "红", ""), ("预算", "¥50,000.00", "¥60,000.00")]
        assert changes(world.admin, record, number.name) == [("预算", "¥50,000.00", "¥60,000.00")]


def test_the_history_still_tells_of_a_field_that_is_out_of_use(world: World) -> None:
    with in_scope(world.admin):
        number = add(world.admin, "money", "预算")
        record = make(world.admin, "甲", **{number.name: "5万"})
        edit(world.admin, record.id, **{number.name: "6万"})
        told = [("预算", "¥50,000.00", "¥60,000.00")]
        fields.set_state(world.admin, resource="customers", name=number.name, state="retired")
        record.refresh_from_db()
        assert number.name not in resource().fields()
        assert changes(world.admin, record) == told
        entries, _more = history_of(world.admin, resource(), record, Show(world.admin))
        assert all(entry.fields for entry in entries if entry.action == "U")


def test_a_field_out_of_use_is_told_of_only_to_those_who_might_read_it(world: World) -> None:
    with in_scope(world.admin):
        number = add(world.admin, "money", "预算")
        record = make(world.admin, "甲", **{number.name: "5万", "owner": str(world.seller.member_id)})
        edit(world.admin, record.id, **{number.name: "6万"})
    restrict(world, "salesperson", number.name, "hide")
    with in_scope(world.admin):
        fields.set_state(world.admin, resource="customers", name=number.name, state="retired")
    with in_scope(world.seller):
        assert changes(load_actor(world.members["seller"].id), Customer.objects.get(pk=record.id)) == []


def operations() -> list[Any]:
    return [one.id for one in Operation.objects.filter(verb="customers.customer.edit").order_by("-at", "-id")]


def test_undoing_one_field_leaves_later_edits_of_others_alone(world: World) -> None:
    with in_scope(world.admin):
        first, second = add(world.admin, "text", "编号"), add(world.admin, "number", "人数")
        record = make(world.admin, "甲", **{first.name: "K-1", second.name: "10"})
        edit(world.admin, record.id, **{first.name: "K-2"})
        (mine,) = operations()
        edit(world.admin, record.id, **{second.name: "20"})
        third = add(world.admin, "text", "备注二")
        edit(world.admin, record.id, **{third.name: "新"})
        undo(world.admin, mine)
        assert held(record.id) == {first.name: "K-1", second.name: 20, third.name: "新"}


def test_undoing_one_field_that_was_changed_since_is_refused_and_says_which(world: World) -> None:
    with in_scope(world.admin):
        first, second = add(world.admin, "text", "编号"), add(world.admin, "number", "人数")
        record = make(world.admin, "甲", **{first.name: "K-1"})
        edit(world.admin, record.id, **{first.name: "K-2", second.name: "5"})
        (mine,) = operations()
        edit(world.admin, record.id, **{first.name: "K-3"})
        with pytest.raises(Conflict) as refused:
            undo(world.admin, mine)
        (conflict,) = refused.value.conflicts
        assert conflict.columns == (first.name,)  # type: ignore[attr-defined]
        assert held(record.id) == {first.name: "K-3", second.name: 5}


def test_undoing_the_giving_of_a_value_takes_it_away_and_redoing_brings_it_back(world: World) -> None:
    with in_scope(world.admin):
        first, second = add(world.admin, "text", "编号"), add(world.admin, "number", "人数")
        record = make(world.admin, "甲")
        edit(world.admin, record.id, **{first.name: "K-1"})
        (mine,) = operations()
        edit(world.admin, record.id, **{second.name: "5"})
        again = undo(world.admin, mine)
        assert held(record.id) == {second.name: 5}
        undo(world.admin, again.id)
        assert held(record.id) == {first.name: "K-1", second.name: 5}


def test_a_record_that_got_a_value_since_is_not_uncreated(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        record = make(world.admin, "甲")
        made = Operation.objects.get(verb="customers.customer.create")
        edit(world.admin, record.id, **{row.name: "K-1"})
        with pytest.raises(Conflict):
            undo(world.admin, made.id)
        assert held(record.id) == {row.name: "K-1"}


def test_a_deleted_record_comes_back_with_its_own_values(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "choice", "颜色", indexed=True)
        record = make(world.admin, "甲", **{row.name: "红"})
        customers.delete_customers(world.admin, ids=[record.id])
        assert listed(world.admin, **{row.name: "红"}) == []
        undo(world.admin, Operation.objects.get(verb="customers.customer.delete").id)
        assert listed(world.admin, **{row.name: "红"}) == ["甲"]


# Rules and search


def restrict(world: World, role: str, field: str, mode: str) -> None:
    with in_scope(world.admin):
        set_field_rules(world.admin, world.roles[role].id, {("customers", field): mode})


@pytest.mark.parametrize("mode", ["hide", "mask", "read_only"])
def test_field_rules_hold_for_own_fields(world: World, mode: str) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "phone", "老板电话")
        record = make(world.admin, "甲", **{"owner": str(world.seller.member_id), row.name: "13812345678"})
    restrict(world, "salesperson", row.name, mode)
    with in_scope(world.seller):
        seller = load_actor(world.members["seller"].id)
        kind = resource().kind(row.name)
        names = [one.name for one in access.readable(seller, resource())]
        assert (row.name in names) == (mode != "hide")
        with pytest.raises(Invalid):
            edit(seller, record.id, **{row.name: "1"})
        if mode == "read_only":
            assert listed(seller, **{row.name: "13812345678"}) == ["甲"]
        else:
            with pytest.raises(Invalid):
                listed(seller, **{row.name: "13812345678"})
        if mode == "mask":
            assert "1234" not in kind.masked(record, Show(seller))


def test_a_searched_field_finds_its_record_and_stops_to(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "产品线", searched=True)
        make(world.admin, "甲", **{row.name: "压力试验机"})
        make(world.admin, "乙", **{row.name: "盐雾箱"})

        def find(text: str) -> list[str]:
            return [hit.title for hit in access.search(world.admin, resource(), text)]

        assert find("试验") == ["甲"]
        fields.edit_field(world.admin, resource="customers", name=row.name, data={"searched": False})
        assert find("试验") == []
        fields.edit_field(world.admin, resource="customers", name=row.name, data={"searched": True})
        assert find("盐雾") == ["乙"]
        fields.set_state(world.admin, resource="customers", name=row.name, state="retired")
        assert find("盐雾") == []


def test_nothing_is_left_in_the_ledger_but_what_changed(world: World) -> None:
    """An edit of one own field is one change of one column."""
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        record = make(world.admin, "甲")
        edit(world.admin, record.id, **{row.name: "K-1"})
        change = Change.objects.filter(row_id=record.id, action="U").get()
        assert set(change.new or {}) - {"updated_at"} == {"own"}

"""Adding, changing, hiding, retiring, deleting fields: what is kept, what is refused, who may."""

from typing import Any

import pytest
from django.utils.translation import override

from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.queries import Filter, operations
from guanxi.foundation.ledger.undo import undo
from guanxi.integrations.api.tests.calling import program_of
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from guanxi.tailoring.models import OwnField, OwnOption
from guanxi.tailoring.services import fields
from guanxi.tailoring.tests.making import add, edit, held, listed, make, resource, said
from guanxi.testing.worlds import World, in_scope


def last_operation(verb: str) -> Operation:
    found = Operation.objects.filter(verb=verb).order_by("-at").first()
    assert found is not None
    return found


def test_a_field_is_named_by_the_sound_of_its_label_and_keeps_the_name_when_it_is_renamed(
    world: World,
) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "客户编号")
        assert row.name == "x_kehubianhao"
        fields.edit_field(
            world.admin, resource="customers", name=row.name, data={"label_zh": "编号", "label_en": "Number"}
        )
        assert OwnField.objects.get().name == "x_kehubianhao"
        assert str(resource().kind("x_kehubianhao").label) == "编号"


def test_an_english_label_names_a_field_and_a_second_one_gets_a_number(world: World) -> None:
    with in_scope(world.admin):
        first = add(world.admin, "text", label_zh="", label_en="Customer level")
        assert first.name == "x_customer_level"
        fields.set_state(world.admin, resource="customers", name=first.name, state="retired")
        assert add(world.admin, "text", label_zh="", label_en="Customer level").name == "x_customer_level_2"


@pytest.mark.parametrize(
    ("chosen", "name"),
    [
        ("contract_no", "x_contract_no"),
        ("x_contract_no", "x_contract_no"),
        ("Contract No.", "x_contract_no"),
        ("合同号", "x_hetonghao"),
        ("  ", "x_bianhao"),
    ],
    ids=range(5),
)
def test_a_field_may_be_given_its_name_in_the_api(world: World, chosen: str, name: str) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号", name=chosen)
        assert row.name == name
        make(world.admin, "甲", **{name: "K-1"})
        assert listed(world.admin, **{name: "K-1"}) == ["甲"]


@pytest.mark.parametrize("chosen", ["！？", "a" * 50], ids=["signs", "long"])
def test_what_can_be_no_name_is_refused_beside_it(world: World, chosen: str) -> None:
    with in_scope(world.admin), pytest.raises(Invalid) as refused:
        add(world.admin, "text", "编号", name=chosen)
    assert set(refused.value.fields) == {"name"}


def test_a_chosen_name_is_nobody_elses_nor_was_it(world: World) -> None:
    with in_scope(world.admin):
        first = add(world.admin, "text", "编号", name="code")
        fields.delete_field(world.admin, resource="customers", name=first.name)
        with pytest.raises(Invalid) as refused:
            add(world.admin, "text", "代码", name="code")
        assert set(refused.value.fields) == {"name"}


def test_the_name_of_a_deleted_field_is_not_given_out_again(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        fields.delete_field(world.admin, resource="customers", name=row.name)
        assert add(world.admin, "number", "编号").name == f"{row.name}_2"


@pytest.mark.parametrize("who", ["owner", "admin"])
def test_administrators_manage_fields(world: World, who: str) -> None:
    actor = world.actors[who]
    with in_scope(actor):
        assert add(actor, "text").in_use


@pytest.mark.parametrize("who", ["manager", "seller", "teammate"])
def test_nobody_else_does(world: World, who: str) -> None:
    actor = world.actors[who]
    with in_scope(actor):
        for act in (
            lambda: add(actor, "text"),
            lambda: fields.edit_field(actor, resource="customers", name="x_a", data={}),
            lambda: fields.set_state(actor, resource="customers", name="x_a", state="hidden"),
            lambda: fields.delete_field(actor, resource="customers", name="x_a"),
            lambda: fields.order_fields(actor, resource="customers", names=[]),
        ):
            with pytest.raises(Forbidden):
                act()
        assert not OwnField.objects.exists()


def test_a_field_of_one_company_is_not_there_in_another(world: World, other_world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
    with in_scope(other_world.admin):
        assert row.name not in resource().fields()
        with pytest.raises(NotFound):
            fields.edit_field(other_world.admin, resource="customers", name=row.name, data={"help": "x"})
        with pytest.raises(Invalid):
            make(other_world.admin, "甲", **{row.name: "1"})


@pytest.mark.parametrize(
    ("kind", "data", "beside"),
    [
        ("text", {"label_zh": ""}, "label_zh"),
        ("text", {"label_zh": "地址"}, "label_zh"),
        ("text", {"label_zh": "x" * 41}, "label_zh"),
        ("nothing", {}, "kind"),
        ("number", {"places": "9"}, "places"),
        ("number", {"places": "-1"}, "places"),
        ("money", {"currency": "XXX"}, "currency"),
        ("record", {"to": "nowhere"}, "to"),
        ("choice", {"options": ()}, "options"),
        ("choice", {"options": ({"zh": "红"}, {"zh": "红"})}, "options"),
        ("choices", {"options": ({"zh": "红、绿"},)}, "options"),
        ("long_text", {"unique": True}, "unique"),
        ("choice", {"unique": True}, "unique"),
        ("long_text", {"indexed": True}, "indexed"),
        ("number", {"searched": True}, "searched"),
        ("number", {"default": "many"}, "default"),
        ("choice", {"default": "purple"}, "default"),
        ("date", {"default": "2026-13-45"}, "default"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(
    world: World, kind: str, data: dict[str, Any], beside: str
) -> None:
    with in_scope(world.admin):
        with pytest.raises(Invalid) as refused:
            add(world.admin, kind, **data)
        assert beside in refused.value.fields
        assert not OwnField.objects.exists()


def test_what_a_field_holds_is_for_good(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "number", "人数", places="2")
        for data in ({"kind": "text"},):
            with pytest.raises(Invalid):
                fields.edit_field(world.admin, resource="customers", name=row.name, data=data)
        fields.edit_field(
            world.admin, resource="customers", name=row.name, data={"places": "0", "unit": "人"}
        )
        row.refresh_from_db()
        assert (row.kind, row.settings) == ("number", {"places": 2, "unit": "人"})


def test_an_older_version_is_not_written_over(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        fields.edit_field(
            world.admin, resource="customers", name=row.name, data={"help": "一"}, expected_version=1
        )
        with pytest.raises(Stale):
            fields.edit_field(
                world.admin, resource="customers", name=row.name, data={"help": "二"}, expected_version=1
            )
        row.refresh_from_db()
        assert row.help == "一"


def test_a_retired_field_is_gone_and_comes_back_with_its_values(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        record = make(world.admin, "甲", **{row.name: "K-1"})
        fields.set_state(world.admin, resource="customers", name=row.name, state="retired")
        assert row.name not in resource().fields()
        assert row.name not in [name for section in resource().sections() for name in section.fields]
        with pytest.raises(Invalid):
            edit(world.admin, record.id, **{row.name: "K-2"})
        edit(world.admin, record.id, phone="0539 8888888")
        fields.set_state(world.admin, resource="customers", name=row.name, state="active")
        record.refresh_from_db()
        assert said(world.admin, record, row.name) == "K-1"


def test_a_filter_on_a_retired_field_says_so(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        fields.set_state(world.admin, resource="customers", name=row.name, state="retired")
        with pytest.raises(Invalid) as refused:
            listed(world.admin, **{row.name: "K-1"})
        assert row.name in refused.value.fields


def test_a_hidden_field_stands_on_no_form_card_or_list_and_is_still_there(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号", listed=True)
        assert row.name in resource().usual_columns()
        fields.set_state(world.admin, resource="customers", name=row.name, state="hidden")
        assert row.name not in resource().usual_columns()
        for place in ("form", "card"):
            assert row.name not in [name for section in resource().sections(place) for name in section.fields]
            assert row.name not in resource().filterable()
        record = make(world.admin, "甲", **{row.name: "K-1"})
        assert said(world.admin, record, row.name) == "K-1"


def test_a_required_field_cannot_be_hidden(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号", required=True)
        with pytest.raises(Refused):
            fields.set_state(world.admin, resource="customers", name=row.name, state="hidden")


def test_a_field_with_values_is_not_deleted_and_one_without_is(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        record = make(world.admin, "甲", **{row.name: "K-1"})
        with pytest.raises(Refused) as refused:
            fields.delete_field(world.admin, resource="customers", name=row.name)
        assert refused.value.code == "has_values"
        edit(world.admin, record.id, **{row.name: ""})
        fields.delete_field(world.admin, resource="customers", name=row.name)
        assert row.name not in resource().fields()


def test_adding_a_field_is_undone_unless_it_has_values(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "choice", "颜色", indexed=True)
        record = make(world.admin, "甲", **{row.name: "red"})
        done = last_operation("tailoring.field.create")
        with pytest.raises(Refused):
            undo(world.admin, done.id)
        edit(world.admin, record.id, **{row.name: ""})
        undo(world.admin, done.id)
        assert not OwnField.objects.exists()
        assert not OwnOption.objects.exists()
        assert row.name not in resource().fields()


def test_a_change_of_a_field_is_undone_and_seen_at_once(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        fields.edit_field(world.admin, resource="customers", name=row.name, data={"label_zh": "代号"})
        undo(world.admin, last_operation("tailoring.field.edit").id)
        assert str(resource().kind(row.name).label) == "编号"


def test_choices_are_renamed_retired_and_never_lost(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "choice", "颜色")
        record = make(world.admin, "甲", **{row.name: "红"})
        assert held(record.id) == {row.name: "red"}
        fields.edit_field(
            world.admin,
            resource="customers",
            name=row.name,
            data={
                "options": [{"code": "green", "zh": "草绿"}, {"code": "red", "zh": "大红", "retired": True}]
            },
        )
        record.refresh_from_db()
        assert said(world.admin, record, row.name) == "大红"
        kind = resource().kind(row.name)
        assert kind.json_schema()["enum"] == ["", "green"]
        with pytest.raises(Invalid):
            edit(world.admin, record.id, **{row.name: "大红"})
        edit(
            world.admin, record.id, **{row.name: "red", "phone": "0539 8888888"}
        )  # as its form sends it back
        edit(world.admin, record.id, **{row.name: "草绿"})
        assert held(record.id) == {row.name: "green"}
        # Left out of the list is retired, too.
        assert dict(OwnOption.objects.values_list("code", "retired")) == {
            "red": True,
            "green": False,
            "blue": True,
        }


def test_the_change_log_names_a_field_and_a_kind_of_record_in_the_readers_language(world: World) -> None:
    with in_scope(world.admin), override("zh-hans"):
        first = add(world.admin, "text", "编号", label_en="Code")
        second = add(world.admin, "text", "无英文名")
        fields.order_fields(world.admin, resource="customers", names=[second.name, first.name])
        made, other = (Operation.objects.get(record_id=row.id) for row in (first, second))
        ordered = Operation.objects.get(verb="tailoring.field.order")
        undone = undo(world.admin, ordered.id)
    for language, words in (
        ("zh-hans", ("编号", "无英文名", "客户")),
        ("en", ("Code", "无英文名", "Customers")),
    ):
        with override(language):
            assert (made.shown_label, other.shown_label, ordered.shown_label) == words
            assert undone.shown_label == words[-1]
    assert (made.label, ordered.label) == ("编号", "客户")  # as whoever did it read it
    program = program_of(world.admin)
    told = program.get(f"/operations/{made.id}").json()
    assert (told["label"], told["summary"]) == ("Code", {})
    with in_scope(world.admin):
        found = operations(world.admin, Filter(text="Code"))
        assert [one.id for one in found] == [made.id]


def test_fields_stand_in_the_order_they_are_given(world: World) -> None:
    with in_scope(world.admin):
        names = [add(world.admin, "text", label).name for label in ("甲", "乙", "丙")]
        fields.order_fields(world.admin, resource="customers", names=[names[2], names[0]])
        assert list(resource().sections()[-1].fields) == [names[2], names[0], names[1]]
        with pytest.raises(Invalid):
            fields.order_fields(world.admin, resource="customers", names=["x_nothing"])


def test_there_is_an_end_to_fields(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guanxi.tailoring.rules.MOST_FIELDS", 1)
    with in_scope(world.admin):
        add(world.admin, "text", "甲")
        with pytest.raises(Refused):
            add(world.admin, "text", "乙")

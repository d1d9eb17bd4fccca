"""The pages of administration: a field is added, seen, changed, put out of use and brought back with a mouse alone."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from guanxi.foundation.accounts.models import Member
from guanxi.tailoring.models import Layout, OwnField, OwnOption
from guanxi.tailoring.services.fields import set_state
from guanxi.tailoring.services.layouts import set_layout
from guanxi.tailoring.services.views import create_view, share_view
from guanxi.tailoring.tests.making import add, make, resource
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
BASE = "/settings/fields/customers/"


@pytest.fixture
def client(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["admin"])


def text(answer: Any) -> str:
    return answer.content.decode()  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", OwnField.Kind.values)
def test_a_field_of_each_kind_is_added_from_its_page(world: World, client: Client, kind: str) -> None:
    page = client.get(f"{BASE}new/?kind={kind}")
    assert page.status_code == 200
    data = {
        "kind": kind,
        "label_zh": "新字段",
        "to": "customers",
        "places": "2",
        "currency": "USD",
        "more": "红|Red\n绿",
    }
    seen = client.post(f"{BASE}preview/", data)
    assert "新字段" in text(seen)
    made = client.post(f"{BASE}new/", data)
    assert made.status_code == 302, text(made)
    with in_scope(world.admin):
        row = OwnField.objects.get()
        assert (row.kind, row.label_zh) == (kind, "新字段")
        codes = list(OwnOption.objects.order_by("position").values_list("code", flat=True))
        assert codes == (["red", "lv"] if kind in ("choice", "choices") else [])
    assert "新字段" in text(client.get(BASE))
    assert "1 个自定义字段" in text(client.get("/settings/fields/"))
    assert client.get(f"{BASE}field/{row.name}/").status_code == 200
    assert client.get(f"{BASE}layout/").status_code == 200


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(world: World, client: Client) -> None:
    answer = client.post(
        f"{BASE}new/",
        {"kind": "number", "label_zh": "", "help": "说明在此", "places": "12", "default": "viel"},
    )
    assert answer.status_code == 422
    page = text(answer)
    assert "请填写字段名称" in page
    assert "小数位数为 0 到 6" in page
    assert "说明在此" in page
    assert "viel" in page
    with in_scope(world.admin):
        assert not OwnField.objects.exists()


def test_a_chosen_name_stands_in_the_form_and_what_is_wrong_with_it_beside_it(
    world: World, client: Client
) -> None:
    wrong = client.post(f"{BASE}new/", {"kind": "text", "label_zh": "合同编号", "code": "！"})
    assert wrong.status_code == 422
    assert 'id="id_code_error"' in text(wrong)
    made = client.post(f"{BASE}new/", {"kind": "text", "label_zh": "合同编号", "code": "contract_no"})
    assert made.status_code == 302
    with in_scope(world.admin):
        assert OwnField.objects.get().name == "x_contract_no"


def test_choices_are_reordered_renamed_and_added_on_the_page(world: World, client: Client) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "choice", "颜色")
    page = text(client.get(f"{BASE}field/{row.name}/"))
    assert "Green" in page
    answer = client.post(
        f"{BASE}field/{row.name}/",
        {
            "kind": "choice", "name": row.name, "version": "1", "label_zh": "颜色",
            "option_code": ["blue", "red", "green"], "option_zh": ["蓝", "大红", "绿"],
            "option_en": ["Blue", "Red", ""],
            "option_retired": ["green"], "more": "黄 | Yellow\n\n紫",
        },
    )  # fmt: skip
    assert answer.status_code == 302, text(answer)
    with in_scope(world.admin):
        rows = OwnOption.objects.order_by("position").values_list("code", "label_zh", "label_en", "retired")
        assert list(rows) == [
            ("blue", "蓝", "Blue", False), ("red", "大红", "Red", False), ("green", "绿", "", True),
            ("yellow", "黄", "Yellow", False), ("zi", "紫", "", False),
        ]  # fmt: skip


def test_a_field_is_hidden_retired_brought_back_and_deleted_by_its_buttons(
    world: World, client: Client
) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        make(world.admin, "甲", **{row.name: "K-1"})
    for state in ("hidden", "retired", "active"):
        sent = {"state": state, "sure": "1"}
        assert client.post(f"{BASE}field/{row.name}/state/", sent).status_code == 302
        with in_scope(world.admin):
            assert OwnField.objects.get().state == state
        assert "编号" in text(client.get(BASE))
    refused = client.post(f"{BASE}field/{row.name}/delete/")
    assert refused.status_code == 422
    assert "已有记录填写了“编号”" in text(refused)
    with in_scope(world.admin):
        empty = add(world.admin, "text", "空的")
    assert client.post(f"{BASE}field/{empty.name}/delete/").status_code == 302
    with in_scope(world.admin):
        assert OwnField.objects.get().name == row.name


def test_what_uses_a_field_is_told_before_it_is_retired(world: World, client: Client) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        other = add(world.admin, "text", "编号二")
        make(world.admin, "甲", **{row.name: "K-1"})
        set_layout(
            world.admin, resource="customers", sections=[{"key": "own", "fields": [row.name]}],
            off_card=[], off_form=[],
        )  # fmt: skip
        create_view(world.admin, resource="customers", name="我的编号", query=f"{row.name}.filled=1")
        create_view(world.admin, resource="customers", name="另一栏", query=f"columns=name,{other.name}")
    with in_scope(world.manager):
        shown = create_view(
            world.manager, resource="customers", name="经理共享的", query=f"columns=name,{row.name}"
        )
        share_view(world.manager, shown.pk, everyone=True)
    with in_scope(world.seller):
        tree = json.dumps(
            {
                "any": [
                    {"field": row.name, "op": "is", "values": ["K"]},
                    {"field": "grade", "op": "is", "values": ["A"]},
                ]
            }
        )
        create_view(world.seller, resource="customers", name="他人私有的", query=urlencode({"filter": tree}))
    place = f"{BASE}field/{row.name}/state/"
    page = text(client.post(place, {"state": "retired"}))
    for said in ("我的编号", "经理共享的", "1 条记录", "1 个其他人的私有视图", "布局"):
        assert said in page, said
    for unsaid in ("他人私有的", "另一栏"):
        assert unsaid not in page
    with in_scope(world.admin):
        assert OwnField.objects.get(name=row.name).state == "active"  # nothing has happened yet
    assert client.post(place, {"state": "retired", "sure": "1"}).status_code == 302
    with in_scope(world.admin):
        assert OwnField.objects.get(name=row.name).state == "retired"


def test_a_field_that_nothing_uses_is_retired_at_once(world: World, client: Client) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
    assert client.post(f"{BASE}field/{row.name}/state/", {"state": "retired"}).status_code == 302


def test_the_order_is_changed_with_and_without_a_script(world: World, client: Client) -> None:
    with in_scope(world.admin):
        names = [add(world.admin, "text", label).name for label in ("甲", "乙", "丙")]
    sent = {"order": [names[1], names[0], names[2]]}
    answer = client.post(f"{BASE}order/", sent, headers={"HX-Request": "true"})
    assert "undo" in answer.headers["HX-Trigger"]
    assert client.post(f"{BASE}order/", sent, headers={"HX-Request": "true"}).status_code == 204
    assert client.post(f"{BASE}order/", {**sent, "up": names[2]}).status_code == 302
    with in_scope(world.admin):
        assert list(resource().sections()[-1].fields) == [names[1], names[2], names[0]]


def test_card_and_form_are_arranged_on_the_page(world: World, client: Client) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
    page = text(client.get(f"{BASE}layout/"))
    assert f'value="f:{row.name}"' in page
    order = ["s:name", "f:name", f"f:{row.name}", "f:relations", "s:phone", "f:phone"]
    answer = client.post(
        f"{BASE}layout/",
        {"order": order, "zh:name": "基本信息", "card": ["relations", "phone"], "form": ["name", row.name, "relations"],
         "new_zh": "我们的", "version": "0"},
    )  # fmt: skip
    assert answer.status_code == 302, text(answer)
    with in_scope(world.admin):
        assert Layout.objects.get().off_form == ["phone"]
        form = [(str(one.title), one.fields[:3]) for one in resource().sections()]
        assert form[0] == ("基本信息", ("name", row.name, "relations"))
    assert "我们的" in text(client.get(f"{BASE}layout/"))
    assert "基本信息" in text(client.get("/customers/new/"))
    without = client.post(f"{BASE}layout/", {"order": order, "card": [], "form": [], "version": "1"})
    assert without.status_code == 422
    assert "必填" in text(without)
    assert client.post(f"{BASE}layout/reset/").status_code == 302
    with in_scope(world.admin):
        assert not Layout.objects.exists()


def test_what_is_not_there_is_not_found(world: World, other_world: World, client: Client) -> None:
    with in_scope(other_world.admin):
        foreign = add(other_world.admin, "text", "别家的")
    for path in (
        "/settings/fields/nothing/",
        f"{BASE}field/{foreign.name}/",
        "/settings/fields/nothing/layout/",
    ):
        assert client.get(path).status_code == 404
    with in_scope(other_world.admin):
        set_state(other_world.admin, resource="customers", name=foreign.name, state="hidden")

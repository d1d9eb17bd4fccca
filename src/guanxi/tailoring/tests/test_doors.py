"""Own fields through every door: API and pages. Two hundred of them, and some that are retired."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.services import set_field_rules
from guanxi.integrations.api.tests.calling import Program, program_of
from guanxi.tailoring.models import OwnField
from guanxi.tailoring.services import fields
from guanxi.tailoring.tests.making import KINDS, add, every_kind, held, make
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]

# API


def test_the_api_takes_what_it_answers(world: World) -> None:
    with in_scope(world.admin):
        values = every_kind(world)
    program = program_of(world.admin)
    made = program.post("/customers", {"name": "甲", "relations": ["customer"], **values})
    assert made.status_code == 201, made.content
    assert {name: made.json()[name] for name in values} == values
    record = made.json()["id"]
    emptied = program.patch(f"/customers/{record}", dict.fromkeys(values))
    assert emptied.status_code == 200, emptied.content
    blank = {name: emptied.json()[name] for name in values}
    assert all(value in (None, "", []) for value in blank.values())
    again = program.patch(f"/customers/{record}", values)
    assert {name: again.json()[name] for name in values} == values
    read = program.get(f"/customers/{record}?fields={','.join(values)}")
    assert {name: read.json()[name] for name in values} == values
    with in_scope(world.admin):
        assert held(Customer.objects.get().id).keys() == values.keys()


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", "zwölf"), ("number", 1.5), ("text", 7), ("choice", ["red"]), ("choices", "red"), ("yes_no", "yes"),
     ("date", 20240305), ("number", 10**25), ("money", {"minor": 1})],
)  # fmt: skip
def test_the_api_refuses_values_of_the_wrong_shape_in_words(world: World, kind: str, value: Any) -> None:
    with in_scope(world.admin):
        name = add(world.admin, kind).name
    answer = program_of(world.admin).post(
        "/customers", {"name": "甲", "relations": ["customer"], name: value}
    )
    assert answer.status_code == 422
    assert name in str(answer.json())


@pytest.mark.parametrize("ask", ["{name}=1", "{name}.filled=1", "sort={name}", "fields={name}"])
def test_the_api_answers_in_words_to_a_field_that_was_retired(world: World, ask: str) -> None:
    with in_scope(world.admin):
        name = add(world.admin, "number", "人数").name
    program = program_of(world.admin)
    assert program.get("/customers?" + ask.format(name=name)).status_code == 200
    with in_scope(world.admin):
        fields.set_state(world.admin, resource="customers", name=name, state="retired")
    answer = program.get("/customers?" + ask.format(name=name))
    assert answer.status_code == 422
    written = program.post("/customers", {"name": "甲", "relations": ["customer"], name: 1})
    assert written.status_code == 422
    assert name in str(written.json())


def test_the_api_describes_the_fields_the_caller_may_know(world: World) -> None:
    with in_scope(world.admin):
        colour = add(world.admin, "choice", "颜色", required=True, help="外壳").name
        secret = add(world.admin, "text", "底价").name
        set_field_rules(world.admin, world.roles["salesperson"].id, {("customers", secret): "hide"})
    told = {one["name"]: one for one in program_of(world.seller).get("/customers/fields").json()["items"]}
    assert secret not in told
    mine = told[colour]
    assert (mine["own"], mine["required"], mine["writable"], mine["help"]) == (True, True, True, "外壳")
    assert [one["value"] for one in mine["options"]] == ["red", "green", "blue"]
    assert told["name"]["own"] is False
    assert told["parent"]["to"] == "customers"
    assert program_of(world.seller).get("/customers?" + secret + "=1").status_code == 422


def test_of_two_equal_values_in_one_bulk_request_the_item_is_told(world: World) -> None:
    with in_scope(world.admin):
        name = add(world.admin, "text", "编号", unique=True).name
    program = program_of(world.admin)
    items = [{"name": one, "relations": ["customer"], name: "K-1"} for one in ("甲", "乙")]
    answer = program.post("/customers/bulk", {"items": items})
    assert answer.status_code == 422
    assert name in str(answer.json())
    with in_scope(world.admin):
        assert not Customer.objects.exists()


# Pages


def test_an_own_field_stands_on_form_card_list_and_bulk_edit(world: World, client_for: ClientFor) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "money", "年度预算", help="不含税", listed=True, default="1万", required=True)
    client = client_for(world.members["admin"])
    form = client.get("/customers/new/").content.decode()
    assert "年度预算" in form
    assert "不含税" in form
    assert 'value="10000"' in form
    made = client.post("/customers/new/", {"name": "甲", "relations": "customer", row.name: "3.5万"})
    assert made.status_code == 302, made.content.decode()
    with in_scope(world.admin):
        record = Customer.objects.get()
        assert held(record.id) == {row.name: 3_500_000}
    card = client.get(f"/customers/{record.id}/").content.decode()
    assert "年度预算" in card
    assert "¥3.5万" in card
    listed = client.get("/customers/").content.decode()
    assert "年度预算" in listed
    assert "¥3.5万" in listed
    wrong = client.post(
        f"/customers/{record.id}/field/{row.name}/", {row.name: "viel"}, headers={"HX-Request": "true"}
    )
    assert wrong.status_code == 422
    right = client.post(
        f"/customers/{record.id}/field/{row.name}/", {row.name: "4万"}, headers={"HX-Request": "true"}
    )
    assert right.status_code == 200
    with in_scope(world.admin):
        assert held(record.id) == {row.name: 4_000_000}
    history = client.get(f"/customers/{record.id}/history/?field={row.name}").content.decode()
    assert "¥40,000" in history


@pytest.mark.parametrize("kind", [kind for kind, _label, _value in KINDS] + ["member", "record"])
def test_every_kind_has_an_editor_and_a_filter_on_the_page(
    world: World, client_for: ClientFor, kind: str
) -> None:
    with in_scope(world.admin):
        row = add(world.admin, kind, **({"to": "customers"} if kind == "record" else {}))
        record = make(world.admin, "甲")
    client = client_for(world.members["admin"])
    for page in (
        "/customers/new/",
        f"/customers/{record.id}/",
        f"/customers/{record.id}/edit/",
        f"/customers/filter/{row.name}/",
        f"/customers/?columns=name,{row.name}",
    ):
        answer = client.get(page, headers={"HX-Request": "true"})
        assert answer.status_code == 200, page


def test_a_list_with_a_retired_field_in_its_address_says_so(world: World, client_for: ClientFor) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        make(world.admin, "甲", **{row.name: "K-1"})
        fields.set_state(world.admin, resource="customers", name=row.name, state="retired")
    client = client_for(world.members["admin"])
    for query in (f"{row.name}=K-1", f"sort={row.name}", f"columns=name,{row.name}"):
        answer = client.get(f"/customers/?{query}")
        assert answer.status_code in (200, 400)
        assert "甲" in answer.content.decode()
    assert client.get(f"/customers/filter/{row.name}/").status_code == 404


# Two hundred


@pytest.fixture
def two_hundred(world: World) -> World:
    with in_scope(world.admin):
        kinds = (
            "text",
            "number",
            "money",
            "date",
            "choice",
            "choices",
            "yes_no",
            "phone",
            "member",
            "record",
        )
        for number in range(198):
            kind = kinds[number % len(kinds)]
            add(world.admin, kind, f"字段{number}", **({"to": "customers"} if kind == "record" else {}))
    return world


def test_two_hundred_fields_are_asked_for_as_quickly_as_two(
    two_hundred: World, client_for: ClientFor
) -> None:
    world = two_hundred
    with in_scope(world.admin):
        mine = list(OwnField.objects.order_by("position"))
        assert len(mine) == 198
        values = {row.name: "55555" for row in mine if row.kind in ("text", "number", "money", "phone")}
        values |= {row.name: "me" for row in mine if row.kind == "member"}
        first = make(world.admin, "甲", **values)
        values |= {row.name: str(first.id) for row in mine if row.kind == "record"}
        second = make(world.admin, "乙", **values)
    client = client_for(world.members["admin"])
    program: Program = program_of(world.admin)
    pages = {
        f"/customers/{second.id}/": client.get,
        "/customers/": client.get,
        "/customers/new/": client.get,
        f"/customers/{second.id}/edit/": client.get,
        f"/customers/{second.id}": program.get,
        "/customers": program.get,
    }
    asked = {}
    for path, get in pages.items():
        get(path)
        with CaptureQueriesContext(connection) as queries:
            answer = get(path)
        assert answer.status_code == 200, path
        asked[path] = len(queries.captured_queries)
    with in_scope(world.admin):
        for row in mine:
            if row.kind not in ("member", "record") or mine.index(row) > 9:
                fields.set_state(world.admin, resource="customers", name=row.name, state="retired")
    for path, get in pages.items():
        get(path)
        with CaptureQueriesContext(connection) as queries:
            get(path)
        assert asked[path] == len(queries.captured_queries), path


def test_the_editor_of_a_number_understands_its_ends_in_any_order_and_thousands(
    world: World, client_for: ClientFor
) -> None:
    with in_scope(world.admin):
        name = add(world.admin, "number", "人数", unit="人").name
    client = client_for(world.members["admin"])
    for given, query in (
        ({"__op": "between", "__low": "1,200", "__high": "30"}, f"{name}.between=30,1200"),
        ({"__op": "outside", "__low": "9", "__high": "9"}, f"{name}.outside=9,9"),
        ({"__op": "is", "__value": "1,200"}, f"{name}=1200"),
        ({"__op": "not", "__value": "5,7"}, f"{name}.not=5,7"),
    ):
        answer = client.get(f"/customers/filter/{name}/", {"__apply": "1", **given})
        assert answer.status_code == 302
        assert answer["Location"].endswith(f"?{query}")
        page = client.get(answer["Location"]).content.decode()
        if given["__op"] == "between":
            assert "30人 至 1,200人" in page


def test_the_editor_of_a_filter_says_the_unit_of_a_number_and_of_an_amount(
    world: World, client_for: ClientFor
) -> None:
    client = client_for(world.members["admin"])
    for kind, given, unit in (
        ("number", {"unit": "吨"}, "吨"),
        ("money", {"currency": "CNY"}, "元"),
        ("money", {"currency": "JPY"}, "JPY"),
    ):
        with in_scope(world.admin):
            name = add(world.admin, kind, f"年用量{unit}", **given).name
        page = client.get(f"/customers/filter/{name}/").content.decode()
        assert f'<span class="gx-t3">{unit}</span>' in page

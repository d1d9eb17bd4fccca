"""A list that begins with a saved view: what it holds, what is above it, and whose it is."""

from typing import Any
from uuid import UUID

import pytest

from guanxi.customers.models import Customer
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import FieldRule
from guanxi.integrations.api.tests.calling import Program, program_of
from guanxi.kernel.ids import new_id
from guanxi.tailoring.services.views import create_view, share_view
from guanxi.testing.customers import make_customers
from guanxi.testing.worlds import World, in_scope, writing


def view_of(actor: Actor, query: str, *, shared: bool = False) -> UUID:
    with in_scope(actor):
        made = create_view(actor, resource="customers", name="大客户", query=query)
        if shared:
            share_view(actor, made.pk, everyone=True)
        return UUID(str(made.pk))


def customers_of(actor: Actor, number: int, **fields: Any) -> list[Customer]:
    with writing(actor):
        return make_customers(number, owner_id=actor.member_id, **fields)


def listed(program: Program, query: str) -> list[dict[str, Any]]:
    answer = program.get(f"/customers?{query}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_filter_order_and_columns_of_a_view_apply(world: World) -> None:
    customers_of(world.seller, 2, grade="A")
    customers_of(world.seller, 3, grade="B")
    view = view_of(world.seller, "grade=A&sort=-name&columns=name,grade&density=compact&widths=name:300")
    program = program_of(world.seller)
    rows = listed(program, f"view={view}&total=1")
    assert [set(row) for row in rows] == [{"id", "version", "name", "grade"}] * 2
    assert [row["grade"] for row in rows] == ["A", "A"]
    assert rows == sorted(rows, key=lambda row: row["name"], reverse=True)
    assert rows == listed(program, "grade=A&sort=-name&fields=name,grade")


def test_a_parameter_stands_in_place_of_the_views_of_its_name(world: World) -> None:
    customers_of(world.seller, 2, grade="A")
    (second,) = customers_of(world.seller, 1, grade="B", source="exhibition")
    view = view_of(world.seller, "grade=A&sort=-name&columns=name,grade")
    program = program_of(world.seller)
    assert [row["id"] for row in listed(program, f"view={view}&grade=B")] == [str(second.id)]
    assert listed(program, f"view={view}&source=exhibition") == []
    assert len(listed(program, f"view={view}&grade=")) == 3
    assert {frozenset(row) for row in listed(program, f"view={view}&fields=grade")} == {
        frozenset(("id", "version", "grade"))
    }
    names = [row["name"] for row in listed(program, f"view={view}&sort=name")]
    assert names == sorted(names)


def test_a_view_with_brackets_applies_and_pages_go_on(world: World) -> None:
    for grade in "ABC":
        customers_of(world.seller, 2, grade=grade)
    tree = '{"any":[{"field":"grade","op":"is","values":["A"]},{"field":"grade","op":"is","values":["B"]}]}'
    view = view_of(world.seller, f"filter={tree}")
    program = program_of(world.seller)
    seen: list[str] = []
    after = ""
    while True:
        body = program.get(f"/customers?view={view}&limit=3&after={after}").json()
        seen += [row["grade"] for row in body["items"]]
        if not (after := body["next"]):
            break
    assert sorted(seen) == ["A", "A", "B", "B"]


@pytest.mark.parametrize("whose", ["nobodys", "anothers", "another_companys"])
def test_a_view_that_is_not_ones_own_to_open_is_as_unknown_as_one_that_is_not_there(
    world: World, other_world: World, whose: str
) -> None:
    if whose == "nobodys":
        view = new_id()
    else:
        view = view_of(world.manager if whose == "anothers" else other_world.seller, "grade=A")
    answer = program_of(world.seller).get(f"/customers?view={view}")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "view", "code": "unknown_view", "message": "There is no such view."}
    ]


def test_a_view_of_another_list_and_what_is_no_id_are_unknown_too(world: World) -> None:
    view = view_of(world.admin, "grade=A")
    program = program_of(world.admin)
    assert program.get(f"/vehicles?view={view}").status_code == 422
    assert program.get("/customers?view=all").json()["errors"][0]["field"] == "view"


def test_what_the_caller_may_not_see_of_a_shared_view_is_nowhere(world: World) -> None:
    customers_of(world.seller, 1, grade="A", region="310000")
    customers_of(world.seller, 1, grade="B", region="320500")
    view = view_of(world.admin, "region=310000&columns=name,region,grade", shared=True)
    with writing(world.system):
        rule = FieldRule(role=world.roles["salesperson"], resource="customers", field="region", mode="hide")
        rule.save(force_insert=True)
    body = program_of(world.seller).get(f"/customers?view={view}").json()
    assert body["left_out"] == 2
    assert [set(row) for row in body["items"]] == [{"id", "version", "name", "grade"}] * 2
    assert "left_out" not in program_of(world.admin).get(f"/customers?view={view}").json()


def test_an_explicit_mistake_is_told_in_spite_of_a_view(world: World) -> None:
    view = view_of(world.seller, "grade=A")
    for query in ("nothing=1", "sort=nothing", "fields=nothing"):
        assert program_of(world.seller).get(f"/customers?view={view}&{query}").status_code == 422

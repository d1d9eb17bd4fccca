"""What a list and a record answer beside their fields: links expanded, totals, choices, people, search, the log."""

from typing import Any

import pytest

from guanxi.customers.models import Customer
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import FieldRule
from guanxi.integrations.api.tests.calling import program_of
from guanxi.testing.customers import make_customer, make_customers
from guanxi.testing.worlds import World, writing


def customers_of(actor: Actor, number: int = 1, **fields: Any) -> list[Customer]:
    with writing(actor):
        return make_customers(number, owner_id=actor.member_id, **fields)


def test_links_are_shown_with_what_they_lead_to(world: World) -> None:
    (parent,) = customers_of(world.seller, grade="A")
    (child,) = customers_of(world.seller, parent_id=parent.id)
    program = program_of(world.seller)
    body = program.get(f"/customers/{child.id}?fields=name&expand=owner,parent").json()
    assert set(body) == {"id", "version", "name", "expanded"}
    assert body["expanded"]["owner"] == {
        "id": str(world.seller.member_id), "name": world.seller.name, "department": "华东组", "active": True,
    }  # fmt: skip
    assert (body["expanded"]["parent"]["id"], body["expanded"]["parent"]["grade"]) == (str(parent.id), "A")
    assert "expanded" not in body["expanded"]["parent"]
    (row,) = program.get(f"/customers?parent={parent.id}&expand=parent").json()["items"]
    assert row["expanded"]["parent"]["id"] == str(parent.id)
    assert program.get(f"/customers/{parent.id}?expand=parent").json()["expanded"] == {"parent": None}


def test_what_the_caller_may_not_see_is_not_expanded(world: World) -> None:
    (parent,) = customers_of(world.elsewhere, website="https://example.com")
    with writing(world.seller):
        child = make_customer(owner_id=world.seller.member_id, parent_id=parent.id)
    assert program_of(world.seller).get(f"/customers/{child.id}?expand=parent").json()["expanded"] == {
        "parent": None
    }
    with writing(world.system):
        for name, mode in (("website", "hide"), ("owner", "mask")):
            rule = FieldRule(role=world.roles["sales_manager"], resource="customers", field=name, mode=mode)
            rule.save(force_insert=True)
    program = program_of(world.manager)
    seen = program.get(f"/customers/{child.id}?expand=parent").json()["expanded"]["parent"]
    assert seen["id"] == str(parent.id)
    assert "website" not in seen
    for name in ("owner", "nothing", "name", "tenant"):
        answer = program.get(f"/customers/{child.id}?expand={name}")
        assert answer.status_code == 422
        assert answer.json()["errors"] == [
            {"field": "expand", "code": "unknown_field", "message": f"There is no such field: {name}."}
        ]


def test_expanding_costs_a_statement_for_each_link(world: World, django_assert_max_num_queries: Any) -> None:
    parents = customers_of(world.seller, 20)
    for parent in parents:
        customers_of(world.seller, 2, parent_id=parent.id)
    program = program_of(world.seller)
    with django_assert_max_num_queries(22):
        page = program.get("/customers?limit=100&expand=owner,parent&total=1").json()
    assert sum(row["expanded"]["parent"] is not None for row in page["items"]) == 40


def test_a_total_is_counted_only_where_it_is_asked_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    customers_of(world.seller, 5)
    program = program_of(world.seller)
    assert "total" not in program.get("/customers").json()
    monkeypatch.setattr("guanxi.resource.listing.COUNTED", 3)
    monkeypatch.setattr("guanxi.resource.listing._EXACT_WITHIN_MS", 1)
    assert program.get("/customers?total=exact&limit=1").json()["total"] == {"count": 5, "exact": True}
    assert program.get("/customers?total=1&limit=1").json()["total"]["count"] in (3, 5)
    assert program.get("/customers?total=much").status_code == 422


def test_what_a_form_offers_for_a_field_the_api_offers_too(world: World) -> None:
    (customer,) = customers_of(world.seller, name="嘉善挑选有限公司", name_key="嘉善挑选")
    program = program_of(world.seller)
    assert [one["value"] for one in program.get("/customers/choices/grade").json()["items"]][:2] == ["A", "B"]
    regions = program.get("/customers/choices/region?q=杭州").json()["items"]
    assert regions[0]["value"].startswith("3301")
    people = program.get(f"/customers/choices/owner?q={world.manager.name}").json()["items"]
    assert people == [
        {"value": str(world.manager.member_id), "label": world.manager.name, "detail": "销售部"}
    ]
    assert customer.id
    with writing(world.system):
        rule = FieldRule(role=world.roles["salesperson"], resource="customers", field="grade", mode="hide")
        rule.save(force_insert=True)
    for field in ("grade", "nothing", "name", "tenant_id"):
        assert program.get(f"/customers/choices/{field}").status_code == 404


def test_people_are_found_by_name_and_initials(world: World) -> None:
    program = program_of(world.seller)
    everybody = program.get("/members").json()["items"]
    assert {one["name"] for one in everybody} == {member.name for member in world.members.values()}
    (found,) = program.get(f"/members?q={world.manager.name}").json()["items"]
    assert found["id"] == str(world.manager.member_id)
    assert len(program.get("/members?limit=2").json()["items"]) == 2
    assert program.get("/members?limit=0").status_code == 422


def test_one_search_goes_through_every_kind_and_only_what_is_in_sight(world: World) -> None:
    seller, elsewhere = program_of(world.seller), program_of(world.elsewhere)
    made = seller.post("/customers", {"name": "苏州青岚包装有限公司"}).json()
    assert seller.get("/search?q=qlbz").json()["items"] == [
        {"resource": "customers", "id": made["id"], "title": made["name"], "detail": ""}
    ]
    assert elsewhere.get("/search?q=qlbz").json()["items"] == []
    assert seller.get("/search").json()["items"] == []


def test_the_change_log_is_read_page_by_page(world: World) -> None:
    program = program_of(world.admin)
    for i in range(5):
        program.post("/customers", {"name": f"日志第{i}有限公司"})
    query = f"member={world.admin.member_id}&door=api&verb=customers.customer.create"
    seen, after = [], ""
    while True:
        page = program.get(f"/operations?limit=2&{query}&after={after}").json()
        seen += [one["label"] for one in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert seen == [f"日志第{i}有限公司" for i in reversed(range(5))]
    assert program.get("/operations?until=2020-01-01T00:00:00Z").json()["items"] == []
    assert program.get("/operations?since=2020-01-01T00:00:00+08:00&limit=1").json()["items"]
    assert program_of(world.seller).get("/operations").json()["items"] == []
    for wrong in (
        "since=x",
        "since=2020-01-01",
        "until=9999-12-31T23:59:59Z",
        "member=x",
        "after=x",
        "after=x~y",
    ):
        assert program.get(f"/operations?{wrong}").status_code == 422, wrong
    shown = program_of(world.manager).get("/operations").json()["items"]
    assert not any(one["label"].startswith("日志") for one in shown)

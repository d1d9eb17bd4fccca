"""Many records in one request: set by set, all or none, each item at fault told by its index."""

import threading
from typing import Any

import pytest
from django.db import connections

from guanxi.customers.models import Customer
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import FieldRule, Grant
from guanxi.integrations.api.tests.calling import Program, program_of
from guanxi.kernel.ids import new_id
from guanxi.resource.registry import find
from guanxi.testing.customers import make_customers
from guanxi.testing.worlds import World, in_scope, writing


def customers_of(actor: Actor, number: int = 1, **fields: Any) -> list[Customer]:
    with writing(actor):
        return make_customers(number, owner_id=actor.member_id, **fields)


def told(answer: Any) -> list[tuple[int, str]]:
    assert answer.status_code == 422, answer.content[:500]
    return [(item["index"], item["code"]) for item in answer.json()["items"]]


def names() -> list[str]:
    return list(Customer.objects.order_by("name").values_list("name", flat=True))


def test_five_hundred_cost_hardly_more_statements_than_one(
    world: World, django_assert_max_num_queries: Any
) -> None:
    program = program_of(world.manager)
    (parent,) = customers_of(world.manager)
    items = [
        {"name": f"温州第{i}阀门厂", "owner": str(world.seller.member_id), "parent": str(parent.id)}
        for i in range(500)
    ]
    with django_assert_max_num_queries(56):
        made = program.post("/customers/bulk", {"items": items})
    assert made.status_code == 201, made.json()
    assert [row["name"] for row in made.json()["items"]] == [item["name"] for item in items]
    changes = [
        {"id": row["id"], "version": 1, "phone": f"0577-{i:08}"} for i, row in enumerate(made.json()["items"])
    ]
    with django_assert_max_num_queries(56):
        changed = program.patch("/customers/bulk", {"items": changes})
    assert changed.status_code == 200, changed.json()
    assert [row["phone"] for row in changed.json()["items"]] == [item["phone"] for item in changes]
    assert {row["version"] for row in changed.json()["items"]} == {2}
    with in_scope(world.manager):
        acts = Operation.objects.get(id=changed.json()["operation"])
        assert Change.objects.filter(operation_id=acts.id).count() == 500
        assert acts.verb == "customers.customer.edit"
    # What was written is found, and one undo takes all of it back.
    assert program.get("/search?q=057700000499").json()["items"][0]["title"] == "温州第499阀门厂"
    assert program.post(f"/operations/{made.json()['operation']}/undo").status_code == 409
    for operation in (changed.json()["operation"], made.json()["operation"]):
        assert program.post(f"/operations/{operation}/undo").status_code == 200
    assert program.get("/customers?total=1").json()["total"]["count"] == 1


def test_a_set_is_the_same_as_one_by_one(world: World) -> None:
    program = program_of(world.manager)
    item = {
        "name": "金华同样有限公司",
        "grade": "B",
        "relations": ["supplier", "customer"],
        "phone": "0579-88223344",
        "remarks": "甲\n乙",
    }
    single = program.post("/customers", item).json()
    program.delete(f"/customers/{single['id']}")
    (several,) = program.post("/customers/bulk", {"items": [item]}).json()["items"]
    assert single.keys() == several.keys()
    differ = {name for name in single if single[name] != several[name]}
    assert differ <= {"id", "created_at", "updated_at"}


def test_every_item_at_fault_is_told_and_nothing_is_written(world: World) -> None:
    program = program_of(world.seller)
    program.post("/customers", {"name": "衢州已有有限公司"})
    answer = program.post(
        "/customers/bulk",
        {
            "items": [
                {"name": "衢州好的有限公司"},
                {"name": ""},
                {"name": 1},
                {"name": "衢州颜色有限公司", "grade": "Z", "nonsense": 1},
                {"name": "衢州已有有限公司"},
                {"name": "衢州好的有限公司"},
                {"name": "衢州别人有限公司", "owner": str(new_id())},
                {},
            ]
        },
    )
    kinds = dict(told(answer))
    assert [index for index, kind in kinds.items() if kind == "duplicate"] == [4, 5]
    assert [index for index, kind in kinds.items() if kind == "invalid"] == [1, 2, 3, 6, 7]
    fields = {
        item["index"]: {one["field"] for one in item.get("errors", ())} for item in answer.json()["items"]
    }
    assert fields[3] == {"grade", "nonsense"}
    assert fields[7] == {"name"}
    with in_scope(world.seller):
        assert names() == ["衢州已有有限公司"]


def test_a_likely_duplicate_is_let_through_where_it_is_wanted_a_certain_one_never(world: World) -> None:
    program = program_of(world.seller)
    code = "91330100MA2AXL8X5E"
    first = program.post("/customers", {"name": "舟山编号有限公司", "credit_code": code})
    items = [{"name": "舟山编号有限公司"}, {"name": "舟山别名有限公司", "credit_code": code}]
    if first.status_code == 422:
        pytest.skip("the sample code is not one")
    answer = program.post("/customers/bulk?allow_duplicate=1", {"items": items})
    assert told(answer) == [(1, "duplicate")]
    assert program.post("/customers/bulk?allow_duplicate=1", {"items": items[:1]}).status_code == 201


def test_who_may_not_give_away_is_told_which_item_does(world: World) -> None:
    program = program_of(world.seller)
    items = [
        {"name": "台州自己有限公司"},
        {"name": "台州他人有限公司", "owner": str(world.teammate.member_id)},
    ]
    assert told(program.post("/customers/bulk", {"items": items})) == [(1, "forbidden")]
    first, second = customers_of(world.seller, 2)
    changes = [
        {"id": str(first.id), "grade": "A"},
        {"id": str(second.id), "owner": str(world.teammate.member_id)},
    ]
    assert told(program.patch("/customers/bulk", {"items": changes})) == [(1, "forbidden")]
    assert program.get(f"/customers/{first.id}").json()["grade"] == ""


def test_nobody_gives_customers_to_people_beyond_his_reach(world: World) -> None:
    with writing(world.system):
        Grant.objects.filter(code="customers.customer.assign").update(reach="below")
    (customer,) = customers_of(world.seller)
    beyond = {"id": str(customer.id), "owner": str(world.owner.member_id)}
    answer = program_of(world.manager).patch("/customers/bulk", {"items": [beyond]})
    assert told(answer) == [(0, "forbidden")]


def test_made_for_somebody_else_and_out_of_sight_only_the_id_is_told(world: World) -> None:
    with writing(world.system):
        role = world.roles["salesperson"]
        Grant(role=role, code="customers.customer.assign", reach="all").save(force_insert=True)
    program = program_of(world.seller)
    made = program.post(
        "/customers/bulk",
        {"items": [{"name": "丽水送出有限公司", "owner": str(world.elsewhere.member_id)}]},
    )
    assert made.status_code == 201, made.json()
    assert set(made.json()["items"][0]) == {"id", "version"}


def test_circles_and_taken_codes_are_refused_in_sets_too(world: World) -> None:
    program = program_of(world.manager)
    one, two = customers_of(world.manager, 2)
    circle = [{"id": str(one.id), "parent": str(two.id)}, {"id": str(two.id), "parent": str(one.id)}]
    answer = program.patch("/customers/bulk", {"items": circle})
    assert told(answer) == [(1, "invalid")]
    with in_scope(world.manager):
        assert not Customer.objects.filter(parent__isnull=False).exists()


def test_records_that_are_gone_foreign_stale_or_not_ones_own_are_told_apart(
    world: World, other_world: World
) -> None:
    mine, stale = customers_of(world.seller, 2)
    (theirs,) = customers_of(world.elsewhere)
    (foreign,) = customers_of(other_world.seller)
    items = [
        {"id": str(mine.id), "grade": "A"},
        {"id": str(stale.id), "grade": "A", "version": 7},
        {"id": str(theirs.id), "grade": "A"},
        {"id": str(foreign.id), "grade": "A"},
        {"id": str(new_id()), "grade": "A"},
    ]
    answer = program_of(world.seller).patch("/customers/bulk", {"items": items})
    assert told(answer) == [(1, "stale"), (2, "not_found"), (3, "not_found"), (4, "not_found")]
    assert answer.json()["items"][0]["current_version"] == 1


def test_many_are_deleted_all_or_none_and_come_back(world: World) -> None:
    one, two = customers_of(world.manager, 2)
    (mine,) = customers_of(world.seller)
    (elsewhere,) = customers_of(world.owner)
    program = program_of(world.manager)
    bad = [{"id": str(one.id)}, {"id": str(two.id), "version": 3}, {"id": str(elsewhere.id)}]
    assert told(program.post("/customers/bulk/delete", {"items": bad})) == [(1, "stale"), (2, "not_found")]
    assert told(
        program_of(world.admin).post("/customers/bulk/delete", {"items": [{"id": str(new_id())}]})
    ) == [(0, "not_found")]
    good = [{"id": str(one.id), "version": 1}, {"id": str(two.id)}]
    gone = program.post("/customers/bulk/delete", {"items": good})
    assert (gone.status_code, gone.json()["deleted"]) == (200, 2)
    assert program.get(f"/customers/{one.id}").status_code == 404
    assert program.post(f"/operations/{gone['Operation-Id']}/undo").status_code == 200
    assert program.get(f"/customers/{one.id}").status_code == 200
    forbidden = program_of(world.seller).post("/customers/bulk/delete", {"items": [{"id": str(mine.id)}]})
    assert forbidden.status_code == 403


def test_hidden_fields_are_no_fields_in_sets(world: World) -> None:
    with writing(world.system):
        role = world.roles["salesperson"]
        for name, mode in (("website", "hide"), ("relations", "hide"), ("grade", "read_only")):
            FieldRule(role=role, resource="customers", field=name, mode=mode).save(force_insert=True)
    program = program_of(world.seller)
    # A default that the caller may not write is not held against him.
    made = program.post("/customers/bulk", {"items": [{"name": "宁波隐藏有限公司"}]})
    assert made.status_code == 201, made.json()
    assert "relations" not in made.json()["items"][0]
    assert program.post("/customers", {"name": "宁波隐藏二号有限公司"}).status_code == 201
    # Wrong values of hidden fields are told like fields that do not exist.
    for name in ("website", "grade", "nothing"):
        answer = program.post("/customers/bulk", {"items": [{"name": "宁波三号有限公司", name: 5}]})
        (item,) = answer.json()["items"]
        assert [(one["field"], one["code"]) for one in item["errors"]] == [(name, "not_writable")]


def test_without_set_forms_the_same_is_done_one_by_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from guanxi.resource.declaration import not_offered

    resource = find("customers")
    monkeypatch.setattr(resource, "create_many", not_offered)
    monkeypatch.setattr(resource, "edit_each", not_offered)
    program = program_of(world.seller)
    made = program.post("/customers/bulk", {"items": [{"name": "甲有限公司"}, {"name": "乙有限公司"}]})
    assert made.status_code == 201, made.json()
    items = [{"id": row["id"], "grade": "A"} for row in made.json()["items"]]
    assert program.patch("/customers/bulk", {"items": items}).status_code == 200
    items[1]["grade"] = "Z"
    assert told(program.patch("/customers/bulk", {"items": items})) == [(1, "invalid")]


def test_of_two_who_bring_the_same_at_once_one_is_told(world: World) -> None:
    secret = program_of(world.seller).secret
    items = [{"name": f"同时第{i}有限公司"} for i in range(20)]
    barrier = threading.Barrier(3)
    answers: list[int] = []

    def send() -> None:
        barrier.wait()
        try:
            answers.append(Program(secret).post("/customers/bulk", {"items": items}).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 422, 422]
    with in_scope(world.seller):
        assert Customer.objects.count() == 20

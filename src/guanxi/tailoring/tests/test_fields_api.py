"""Own fields and layouts are managed by program as on the screen."""

from typing import Any

import pytest

from guanxi.integrations.api.tests.calling import program_of
from guanxi.tailoring.models import Layout, OwnField
from guanxi.tailoring.tests.making import add, make, resource
from guanxi.testing.worlds import World, in_scope


def test_a_field_is_added_used_changed_retired_and_deleted(world: World) -> None:
    program = program_of(world.admin)
    body = {
        "resource": "customers", "kind": "choice", "label_zh": "颜色", "indexed": True, "default": "绿",
        "options": [{"zh": "红", "en": "Red"}, {"zh": "绿", "en": "Green"}],
    }  # fmt: skip
    made = program.post("/own_fields", body)
    assert made.status_code == 201, made.content
    row = made.json()
    assert (row["name"], row["index_ready"], row["default"]) == ("x_yanse", True, "green")
    assert [one["code"] for one in row["options"]] == ["red", "green"]
    record = program.post("/customers", {"name": "甲", "relations": ["customer"]}).json()
    assert record["x_yanse"] == "green"
    path = f"/own_fields/{row['id']}"
    options = [*reversed(row["options"]), {"zh": "蓝", "en": "Blue"}]
    changed = program.patch(path, {"label_en": "Colour", "options": options}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200, changed.content
    assert [one["code"] for one in changed.json()["options"]] == ["green", "red", "blue"]
    assert program.patch(path, {"help": "x"}, headers={"If-Match": '"1"'}).status_code == 412
    assert program.delete(path).status_code == 409
    assert program.post(f"{path}/state", {"state": "retired"}).json()["state"] == "retired"
    assert "x_yanse" not in program.get(f"/customers/{record['id']}").json()
    listed = program.get("/own_fields?resource=customers").json()["items"]
    assert [one["name"] for one in listed] == ["x_yanse"]
    undone = program.post(f"/operations/{changed.headers['Operation-Id']}/undo")
    assert undone.status_code == 200, undone.content
    assert program.get(path).json()["label_en"] == ""


@pytest.mark.parametrize(
    "body",
    [{"kind": "text"}, {"kind": "nothing", "label_zh": "甲"}, {"kind": "number", "label_zh": "甲", "places": 12},
     {"kind": "choice", "label_zh": "甲"}, {"kind": "text", "label_zh": 7},
     {"kind": "text", "label_zh": "甲", "options": 5}],
)  # fmt: skip
def test_what_does_not_fit_is_answered_in_words(world: World, body: dict[str, Any]) -> None:
    answer = program_of(world.admin).post("/own_fields", {"resource": "customers", **body})
    assert answer.status_code == 422, answer.content
    with in_scope(world.admin):
        assert not OwnField.objects.exists()


def test_who_does_not_manage_fields_is_refused_and_strangers_find_nothing(
    world: World, other_world: World
) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
    seller, stranger = program_of(world.seller), program_of(other_world.admin)
    for path in ("/own_fields", f"/own_fields/{row.id}", "/layouts"):
        assert seller.get(path).status_code == 403
    assert stranger.get(f"/own_fields/{row.id}").status_code == 404
    assert stranger.patch(f"/own_fields/{row.id}", {"help": "x"}).status_code == 404
    assert stranger.get("/own_fields").json()["items"] == []


def test_fields_are_ordered_and_card_and_form_arranged(world: World) -> None:
    with in_scope(world.admin):
        names = [add(world.admin, "text", label).name for label in ("甲", "乙")]
        make(world.admin, "甲")
    program = program_of(world.admin)
    answer = program.post("/own_field_order", {"resource": "customers", "order": [names[1], names[0]]})
    assert [one["name"] for one in answer.json()["items"]] == [names[1], names[0]]
    body = {
        "resource": "customers",
        "sections": [
            {"key": "own", "zh": "我们的", "fields": names},
            {"key": "+x", "en": "Extra", "fields": ["phone"]},
        ],
        "off_card": ["website"],
    }
    made = program.post("/layouts", body)
    assert made.status_code == 200, made.content
    assert made.json()["sections"][0] == {"key": "own", "zh": "我们的", "en": "", "fields": names}
    with in_scope(world.admin):
        assert str(resource().sections("card")[0].title) == "我们的"
    assert len(program.get("/layouts").json()["items"]) == 1
    assert program.post("/layouts", {"resource": "customers", "off_form": ["name"]}).status_code == 422
    assert program.delete(f"/layouts/{made.json()['id']}").status_code == 204
    with in_scope(world.admin):
        assert not Layout.objects.exists()

"""Comments, tags and following through the API: the same rights, the same answers."""

from typing import Any
from uuid import uuid4

import pytest

from guanxi.collaboration.models import Comment, Tag
from guanxi.collaboration.services.comments import add_comment
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tests.calling import program_of
from guanxi.testing.worlds import NAMES, World, in_scope


def make(actor: Actor) -> Customer:
    with in_scope(actor):
        return create_customer(
            actor, data={"name": f"绍兴纺机有限公司{uuid4().hex[:6]}", "relations": "customer"}
        )


def test_a_comment_is_made_read_changed_deleted_and_undone(world: World) -> None:
    customer, program = make(world.seller), program_of(world.seller)
    given: dict[str, Any] = {
        "resource": "customers",
        "record": str(customer.id),
        "text": f"@{NAMES['manager']} 看",
    }
    made = program.post("/comments", given)
    assert made.status_code == 201, made.json()
    body = made.json()
    assert body["mentions"] == [
        {"member": str(world.manager.member_id), "name": NAMES["manager"], "told": True}
    ]
    assert made["Operation-Id"]
    read = program.get(f"/comments?resource=customers&record={customer.id}").json()
    assert [one["text"] for one in read["items"]] == [body["text"]]
    assert read["next"] is None
    path = f"/comments/{body['id']}"
    assert program.patch(path, {"text": "改"}, headers={"If-Match": '"7"'}).status_code == 412
    changed = program.patch(path, {"text": "改"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed["ETag"]) == (200, '"2"')
    gone = program.delete(path)
    assert gone.status_code == 204
    assert program.post(f"/operations/{gone['Operation-Id']}/undo", {}).status_code == 200
    with in_scope(world.seller):
        assert Comment.objects.get().text == "改"


def test_pages_of_comments_follow_each_other(world: World) -> None:
    customer, program = make(world.seller), program_of(world.seller)
    with in_scope(world.seller):
        for number in range(5):
            add_comment(world.seller, resource="customers", record_id=customer.id, text=str(number))
    asked = f"/comments?resource=customers&record={customer.id}&limit=2"
    said, after = [], ""
    read: dict[str, Any] = {}
    for _page in range(3):
        read = program.get(asked + after).json()
        said += [one["text"] for one in read["items"]]
        after = f"&after={read['next']}"
    assert said == ["4", "3", "2", "1", "0"]
    assert read["next"] is None


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param("", 422, id="nothing"),
        pytest.param("resource=customers&record=x", 422, id="no_id"),
        pytest.param("resource=spaceships&record=01a20153-fa74-7156-96af-3096ca5025e5", 404, id="no_kind"),
        pytest.param("resource=customers&record=01a20153-fa74-7156-96af-3096ca5025e5", 404, id="no_record"),
    ],
)
def test_what_is_asked_for_wrongly_is_told(world: World, query: str, status: int) -> None:
    assert program_of(world.seller).get(f"/comments?{query}").status_code == status


def test_what_is_not_seen_is_not_there(world: World) -> None:
    customer = make(world.seller)
    with in_scope(world.seller):
        comment = add_comment(world.seller, resource="customers", record_id=customer.id, text="秘密")
    program = program_of(world.elsewhere)
    assert program.get(f"/comments?resource=customers&record={customer.id}").status_code == 404
    assert program.delete(f"/comments/{comment.id}").status_code == 404
    given = {"resource": "customers", "record": str(customer.id), "text": "x"}
    assert program.post("/comments", given).status_code == 404
    assert program.post("/comments", {**given, "more": 1}).status_code == 422
    assert program_of(world.manager).patch(f"/comments/{comment.id}", {"text": "x"}).status_code == 403


def test_tags_are_made_given_read_and_put_in_order(world: World) -> None:
    customer, program = make(world.seller), program_of(world.seller)
    first = program.post("/tags", {"name": "广交会", "colour": "teal"}).json()
    assert program.post("/tags", {"name": "广交会"}).json()["id"] == first["id"]
    assert [one["name"] for one in program.get("/tags?q=gjh").json()["items"]] == ["广交会"]
    given = program.post(f"/customers/{customer.id}/actions/tag", {"inputs": {"tag": "广交会"}})
    assert given.status_code == 200, given.json()
    assert program.get(f"/customers/{customer.id}").json()["tags"] == ["广交会"]
    assert len(program.get("/customers?tags=广交会").json()["items"]) == 1
    assert program.delete(f"/tags/{first['id']}").status_code == 403
    admin = program_of(world.admin)
    second = admin.post("/tags", {"name": "展会"}).json()
    assert admin.patch(f"/tags/{second['id']}", {"colour": "red"}).json()["name"] == "展会"
    assert admin.patch(f"/tags/{second['id']}", {"colour": "magenta"}).status_code == 422
    merged = admin.post(f"/tags/{first['id']}/merge", {"into": second["id"]})
    assert merged.json()["id"] == second["id"]
    assert program.get(f"/customers/{customer.id}").json()["tags"] == ["展会"]
    assert admin.delete(f"/tags/{second['id']}").status_code == 204
    with in_scope(world.admin):
        assert not Tag.objects.exists()


def test_following_is_a_field_and_two_actions(world: World) -> None:
    customer, program = make(world.seller), program_of(world.manager)
    assert program.get(f"/customers/{customer.id}").json()["followed"] is False
    assert program.post(f"/customers/{customer.id}/actions/follow", {}).status_code == 200
    assert program.get(f"/customers/{customer.id}").json()["followed"] is True
    assert [one["id"] for one in program.get("/customers?followed=1").json()["items"]] == [str(customer.id)]
    assert program.post(f"/customers/{customer.id}/actions/unfollow", {}).status_code == 200
    assert program.get(f"/customers/{customer.id}").json()["followed"] is False

"""Everything the screen can do with activities, the API can."""

# Chinese in code: names of customers and people in tests

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.activities.models import Activity
from guanxi.activities.services.activities import Company, log_activity
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tokens import create_token
from guanxi.testing.worlds import World, in_scope


def _key(actor: Actor) -> dict[str, str]:
    with in_scope(actor):
        return {"Authorization": f"Bearer {create_token(actor, name='x', may_write=True)[1]}"}


@pytest.fixture
def customer(world: World) -> Any:
    with in_scope(world.seller):
        return create_customer(world.seller, data={"name": "苏州鼎盛食品有限公司", "relations": "customer"})


def _post(path: str, key: dict[str, str], **body: Any) -> Any:
    return Client().post(f"/api/v1/{path}", body, content_type="application/json", headers=key)


def test_a_call_is_logged_with_people_and_the_next_step_and_undone_as_one(
    world: World, customer: Any
) -> None:
    key = _key(world.seller)
    with in_scope(world.seller):
        person = create_person(world.seller, data={"name": "刘洋", "customer": str(customer.pk)})
    answer = _post(
        "timeline",
        key,
        kind="call",
        customer=str(customer.pk),
        text="谈了交期",
        outcome="answered",
        people=[str(person.pk)],
        next=[{"kind": "visit", "at": (timezone.now() + timedelta(days=7)).isoformat()}],
    )
    assert answer.status_code == 201, answer.content
    assert answer.json()["people"] == [str(person.pk)]
    with in_scope(world.seller):
        assert sorted(Activity.objects.values_list("kind", "state")) == [
            ("call", "done"),
            ("visit", "planned"),
        ]
    undone = _post(f"operations/{answer['Operation-Id']}/undo", key)
    assert undone.status_code < 300
    with in_scope(world.seller):
        assert not Activity.objects.exists()


def test_a_timeline_is_read_page_by_page(world: World, customer: Any) -> None:
    key = _key(world.seller)
    with in_scope(world.seller):
        for n in range(5):
            log_activity(
                world.seller,
                data={
                    "kind": "call",
                    "customer": customer.pk,
                    "text": f"{n}",
                    "at": (timezone.now() - timedelta(hours=n)).isoformat(),
                },
            )
    found: list[str] = []
    after = ""
    while True:
        query = {
            "resource": "customers",
            "record": str(customer.pk),
            "kind": "call",
            "limit": "2",
            "after": after,
        }
        page = Client().get("/api/v1/timeline", query, headers=key).json()
        found += [one["text"] for one in page["items"]]
        after = page["next"] or ""
        if not after:
            break
    assert found == ["0", "1", "2", "3", "4"]


def test_a_planned_one_is_put_off_and_completed(world: World, customer: Any) -> None:
    key = _key(world.seller)
    made = _post(
        "timeline", key, kind="call", planned=True, subject="问验收", at="2026-01-05T10:00:00+08:00",
        customer=str(customer.pk),
    )  # fmt: skip
    assert made.json()["state"] == "planned"
    path = f"timeline/{made.json()['id']}"
    assert _post(f"{path}/postpone", key, days=0).status_code == 422
    assert _post(f"{path}/postpone", key, days=1).json()["at"] > timezone.now().isoformat()
    done = _post(f"{path}/complete", key, outcome="not_answered")
    assert (done.json()["state"], done.json()["outcome"]) == ("done", "not_answered")
    assert _post(f"{path}/complete", key).status_code == 409


def test_who_took_part_is_told_and_changed_as_far_as_one_sees(world: World, customer: Any) -> None:
    with in_scope(world.manager):
        theirs = create_customer(world.manager, data={"name": "上海第三家有限公司", "relations": "customer"})
        hidden = create_person(world.manager, data={"name": "赵密", "customer": str(theirs.pk)})
        made = log_activity(
            world.manager,
            data={"kind": "call", "customer": customer.pk, "text": "x", "owner": str(world.seller.member_id)},
            company=Company(people=[hidden.pk], members=[world.members["manager"].pk]),
        )
    key = _key(world.seller)
    answer = _post(f"timeline/{made.pk}/participants", key, people=[], members=[])
    assert answer.json()["people"] == answer.json()["members"] == []
    with in_scope(world.manager):
        assert list(made.participants.values_list("person_id", flat=True)) == [hidden.pk]
    assert _post(f"timeline/{made.pk}/participants", _key(world.elsewhere), members=[]).status_code == 404

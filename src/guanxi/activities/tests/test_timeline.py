"""One history of a record: every source, newest first, page by page; only what the reader may see."""

# Chinese in code: names of customers and people in tests

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guanxi.activities.models import Activity
from guanxi.activities.queries import timeline
from guanxi.activities.queries.timeline import Asked, Entry
from guanxi.activities.services.activities import Company, log_activity, plan_activity
from guanxi.collaboration.services.comments import add_comment
from guanxi.customers.services.customers import create_customer, edit_customer
from guanxi.customers.services.people import create_person
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.kinds import Show
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
HTMX = {"HX-Request": "true"}


def _asked(actor: Actor, record: Any, key: str = "customers", **more: Any) -> Asked:
    return Asked(
        actor=actor, resource=find(key), record=record, show=Show(actor=actor, language="en"), **more
    )


def _all(actor: Actor, record: Any, key: str = "customers", **more: Any) -> list[Entry]:
    found: list[Entry] = []
    behind = None
    while True:
        entries, behind = timeline.entries(_asked(actor, record, key, behind=behind, **more))
        found += entries
        if behind is None:
            return found


@pytest.fixture
def customer(world: World) -> Any:
    with in_scope(world.seller):
        return create_customer(world.seller, data={"name": "苏州鼎盛食品有限公司", "relations": "customer"})


def _log(actor: Actor, customer: Any, at: datetime, kind: str = "call", **more: Any) -> Any:
    data = {"kind": kind, "customer": customer.pk, "text": f"{kind} {at:%d %H:%M}", "at": at.isoformat()}
    return log_activity(actor, data=data, **more)


def test_all_sources_come_newest_first_page_by_page_and_nothing_twice_or_never(
    world: World, customer: Any
) -> None:
    now = timezone.now().replace(microsecond=0)
    with in_scope(world.seller):
        for hours in range(12):
            # Several of one moment, so that a page ends among them.
            _log(world.seller, customer, now - timedelta(hours=hours // 3))
        for _ in range(4):
            add_comment(world.seller, resource="customers", record_id=customer.pk, text="好")
    for size in ("A", "B", "C"):
        with in_scope(world.seller):
            edit_customer(world.seller, customer.pk, data={"grade": size}, expected_version=None)
    with in_scope(world.seller):
        whole, end = timeline.entries(_asked(world.seller, customer, limit=100))
        assert end is None
        paged = _all(world.seller, customer, limit=3)
    assert [(one.source, one.id) for one in paged] == [(one.source, one.id) for one in whole]
    assert len({(one.source, one.id) for one in whole}) == len(whole) == 12 + 4 + 4
    assert [one.at for one in whole] == sorted((one.at for one in whole), reverse=True)


def test_it_is_narrowed_to_a_kind_and_counted(world: World, customer: Any) -> None:
    now = timezone.now()
    with in_scope(world.seller):
        for kind in ("call", "call", "visit", "note"):
            _log(world.seller, customer, now, kind)
        plan_activity(
            world.seller,
            data={"kind": "call", "customer": customer.pk, "at": (now + timedelta(days=1)).isoformat()},
        )
        add_comment(world.seller, resource="customers", record_id=customer.pk, text="好")
        counted = {chip.key: chip.count for chip in timeline.page(_asked(world.seller, customer))[2]}
        assert counted == {"note": 1, "call": 2, "visit": 1, "comment": 1, "change": None}
        assert [one.kind for one in _all(world.seller, customer, kind="call")] == ["call", "call"]
        assert [one.kind for one in _all(world.seller, customer, kind="comment")] == ["comment"]


def test_a_person_has_a_timeline_of_what_they_took_part_in_wherever(world: World, customer: Any) -> None:
    now = timezone.now()
    with in_scope(world.seller):
        other = create_customer(world.seller, data={"name": "无锡另一家有限公司", "relations": "customer"})
        person = create_person(world.seller, data={"name": "刘洋", "customer": str(customer.pk)})
        for one in (customer, other):
            _log(world.seller, one, now, company=Company(people=[person.pk]))
        _log(world.seller, customer, now)
        mine = [one for one in _all(world.seller, person, "people") if one.source == "activities"]
        assert {one.note.split(" · ")[0] for one in mine} == {customer.name, other.name}
        with_her = _all(world.seller, customer, person=person.pk)
        assert [one.whom for one in with_her] == [["刘洋"]]
    with in_scope(world.manager):
        theirs = create_customer(world.manager, data={"name": "上海第三家有限公司", "relations": "customer"})
        _log(world.manager, theirs, now, company=Company(people=[person.pk]))
    with in_scope(world.seller):
        assert len([one for one in _all(world.seller, person, "people") if one.source == "activities"]) == 2


def test_of_people_and_customers_out_of_sight_nothing_is_told(world: World, customer: Any) -> None:
    with in_scope(world.manager):
        theirs = create_customer(world.manager, data={"name": "上海第三家有限公司", "relations": "customer"})
        hidden = create_person(world.manager, data={"name": "赵密", "customer": str(theirs.pk)})
        _log(world.manager, customer, timezone.now(), company=Company(people=[hidden.pk]))
    with in_scope(world.seller):
        (entry,) = [one for one in _all(world.seller, customer) if one.source == "activities"]
        assert entry.whom == []


@pytest.mark.parametrize("text", ["x", "2026-01-01~10~x", "2026-01-01T00:00:00+00:00~10~nothing", "~~"])
def test_a_place_that_no_page_has_written_is_not_there(world: World, customer: Any, text: str) -> None:
    with in_scope(world.seller), pytest.raises(NotFound):
        timeline.entries(_asked(world.seller, customer, behind=timeline.place_of(text)))


def test_a_page_asks_the_same_however_much_there_is(world: World, customer: Any) -> None:
    def count() -> int:
        with in_scope(world.seller), CaptureQueriesContext(connection) as asked:
            timeline.entries(_asked(world.seller, customer))
        return len(asked.captured_queries)

    with in_scope(world.seller):
        people = [
            create_person(world.seller, data={"name": f"刘{n}", "customer": str(customer.pk)}).pk
            for n in range(3)
        ]
        _log(world.seller, customer, timezone.now(), company=Company(people=people))
    count()  # what the process keeps of a company is read the first time
    few = count()
    with in_scope(world.seller):
        for hours in range(15):
            _log(
                world.seller,
                customer,
                timezone.now() - timedelta(hours=hours),
                company=Company(people=people),
            )
    assert count() == few


def test_the_card_has_one_composer_and_one_history(
    world: World, customer: Any, client_for: ClientFor
) -> None:
    browser = client_for(world.members["seller"])
    with in_scope(world.seller):
        add_comment(world.seller, resource="customers", record_id=customer.pk, text="旧的评论")
    page = browser.get(find("customers").url("card", id=customer.pk)).content.decode()
    assert page.count("<textarea") == 1
    assert page.count("旧的评论") == 1
    assert 'id="timeline"' in page
    assert 'id="comments"' not in page
    assert 'href="#timeline-text"' in page


def test_a_call_is_logged_on_the_card_and_what_is_wrong_keeps_what_was_typed(
    world: World, customer: Any, client_for: ClientFor
) -> None:
    browser = client_for(world.members["seller"])
    url = reverse("timeline", args=["customers", customer.pk])
    given = {"kind": "call", "text": "谈了交期", "outcome_call": "answered", "minutes_call": "9", "next": "1"}
    wrong = browser.post(url, {**given, "next_at": "bad"}, headers=HTMX)
    assert wrong.status_code == 422
    assert "谈了交期" in wrong.content.decode()
    at = (timezone.localtime() + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M")
    answer = browser.post(url, {**given, "next_kind": "visit", "next_at": at}, headers=HTMX)
    assert answer.status_code == 200
    assert "谈了交期" in answer.content.decode()
    assert "gx:saved" in answer["HX-Trigger"]
    with in_scope(world.seller):
        kinds = (
            find("activities").model._default_manager.order_by("at").values_list("kind", "state", "minutes")
        )
        assert list(kinds) == [("call", "done", 9), ("visit", "planned", None)]


def test_a_note_without_words_is_refused_and_a_task_is_planned(
    world: World, customer: Any, client_for: ClientFor
) -> None:
    browser = client_for(world.members["seller"])
    url = reverse("timeline", args=["customers", customer.pk])
    assert browser.post(url, {"kind": "note", "text": " "}, headers=HTMX).status_code == 422
    assert browser.post(url, {"kind": "task", "text": "寄样品"}, headers=HTMX).status_code == 200
    with in_scope(world.seller):
        (task,) = Activity.objects.all()
        assert (task.state, task.subject) == ("planned", "寄样品")
        assert task.at > timezone.now()
        assert task.remind_at == task.at - timedelta(minutes=15)


def test_what_is_planned_is_ticked_where_it_stands_and_put_off(
    world: World, customer: Any, client_for: ClientFor
) -> None:
    browser = client_for(world.members["seller"])
    with in_scope(world.seller):
        planned = plan_activity(
            world.seller,
            data={"kind": "call", "customer": customer.pk, "subject": "问验收", "at": "2026-01-05 10:00"},
        )
    url = reverse("activity_tick", args=[planned.pk])
    assert "问验收" in browser.get(url, headers=HTMX).content.decode()
    put_off = browser.post(reverse("activity_postpone", args=[planned.pk]), {"days": "7"}, headers=HTMX)
    assert "gx:toast" in put_off["HX-Trigger"]
    done = browser.post(url, {"outcome": "answered", "text": "好了"}, headers=HTMX)
    assert done.status_code == 200
    with in_scope(world.seller):
        planned.refresh_from_db()
        assert (planned.state, planned.outcome, planned.text) == ("done", "answered", "好了")
    missing = browser.post(url, {"next": "1"}, headers=HTMX)
    assert missing.status_code in (409, 422)


def test_an_empty_call_warns_in_the_composer_and_one_tap_or_a_confirmation_saves_it(
    world: World, customer: Any, client_for: ClientFor
) -> None:
    browser = client_for(world.members["seller"])
    url = reverse("timeline", args=["customers", customer.pk])
    card = browser.get(f"/customers/{customer.pk}/").content.decode()
    assert 'type="radio" name="outcome_call" value="not_answered"' in card
    assert 'name="outcome_call" value="answered" checked' not in card
    warned = browser.post(url, {"kind": "call", "text": ""}, headers=HTMX)
    assert warned.status_code == 409
    assert 'name="accept_warnings" value="activities.empty"' in warned.content.decode()
    with in_scope(world.seller):
        assert not Activity.objects.exists()
    tapped = browser.post(url, {"kind": "call", "outcome_call": "not_answered"}, headers=HTMX)
    assert tapped.status_code == 200
    meant = browser.post(url, {"kind": "call", "accept_warnings": "activities.empty"}, headers=HTMX)
    assert meant.status_code == 200
    with in_scope(world.seller):
        assert sorted(Activity.objects.values_list("outcome", flat=True)) == ["", "not_answered"]
        planned = plan_activity(
            world.seller, data={"kind": "visit", "customer": customer.pk, "at": "2026-01-05 10:00"}
        )
    tick = reverse("activity_tick", args=[planned.pk])
    asked = browser.post(tick, {}, headers=HTMX)
    assert asked.status_code == 409
    assert "activities.empty" in asked.content.decode()
    assert browser.post(tick, {"accept_warnings": "activities.empty"}, headers=HTMX).status_code == 200

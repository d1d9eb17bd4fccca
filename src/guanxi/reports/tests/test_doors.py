"""Reports on the other doors: comments, the API, borrowed eyes, erasure, what is masked."""

# Chinese in code: names and texts in tests

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.test import Client
from django.utils import timezone

from guanxi.activities.services.activities import log_activity
from guanxi.activities.services.participants import set_participants
from guanxi.collaboration.services.comments import add_comment
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.foundation.ledger.queries import changes_of
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tokens import create_token
from guanxi.kinds import Show
from guanxi.privacy.services.erasing import erase_person
from guanxi.reports.models import Reading, Report
from guanxi.reports.pages.reading import text_panel
from guanxi.reports.queries.reading import beside, unread
from guanxi.reports.queries.sections import drawn
from guanxi.reports.services.reports import mark_read, send_report
from guanxi.testing.worlds import World, in_scope


def _id(actor: Actor) -> UUID:
    assert actor.member_id is not None
    return actor.member_id


def _send(world: World, days_ago: int = 0, **more: Any) -> Report:
    given = {"period": "day", "first": timezone.localdate() - timedelta(days=days_ago)}
    with in_scope(world.seller):
        return send_report(world.seller, **{**given, "receivers": [_id(world.manager)], **more})


def test_a_comment_is_told_to_the_author(world: World) -> None:
    report = _send(world)
    with in_scope(world.manager):
        add_comment(world.manager, resource="reports", record_id=report.pk, text="辛苦了")
    with in_scope(world.seller):
        notice = Notice.objects.get(member_id=_id(world.seller), kind="collaboration.commented")
    assert notice.url.startswith(f"/reports/{report.pk}/#comment-")


def test_who_looks_through_borrowed_eyes_has_not_read_it(world: World) -> None:
    report = _send(world)
    borrowed = replace(world.manager, observer_id=_id(world.admin))
    with in_scope(world.manager):
        text_panel(borrowed, report, Show(actor=borrowed, language="en"))
        assert not Reading.objects.exists()
        text_panel(world.manager, report, Show(actor=world.manager, language="en"))
        assert Reading.objects.filter(report=report.pk, member_id=_id(world.manager)).exists()


def test_the_way_goes_round_all_that_is_unread(world: World) -> None:
    reports = [_send(world, days_ago=days) for days in (3, 2, 1, 0)]
    with in_scope(world.manager):
        at, seen = reports[1], []
        for _one in reports:
            mark_read(world.manager, at)
            _before, after, count = beside(at, unread(world.manager))
            seen.append((at.pk, count))
            if after is None:
                break
            at = Report.objects.get(pk=after)
    assert [count for _pk, count in seen] == [3, 2, 1, 0]
    assert {pk for pk, _count in seen} == {one.pk for one in reports}


def _call(actor: Actor, method: str, path: str, **data: Any) -> Any:
    with in_scope(actor):
        secret = create_token(actor, name="reports", may_write=True)[1]
    headers = {"Authorization": f"Bearer {secret}"}
    if method == "GET":
        return Client().get(f"/api/v1/{path}", data, headers=headers)
    return Client().post(f"/api/v1/{path}", data, content_type="application/json", headers=headers)


def test_the_api_writes_sends_and_reads(world: World) -> None:
    today = timezone.localdate().isoformat()
    with in_scope(world.seller):
        customer = create_customer(
            world.seller, data={"name": "甲食品", "relations": "customer"}, allow_duplicate=True
        )
        log_activity(world.seller, data={"kind": "call", "text": "谈", "customer": str(customer.pk)})
    live = _call(world.seller, "GET", "report_text/now", first=today).json()
    assert (live["id"], {one["code"]: one["count"] for one in live["figures"]}["touches.call"]) == (None, 1)
    sent = _call(
        world.seller,
        "POST",
        "report_text/now",
        first=today,
        sentence="好",
        receivers=[str(_id(world.manager))],
    )
    assert sent.status_code == 201, sent.content
    found = sent.json()
    assert [one["read_at"] for one in found["receivers"]] == [None]
    read = _call(world.manager, "GET", f"report_text/{found['id']}").json()
    assert (read["sentence"], read["receivers"][0]["read_at"] is not None) == ("好", True)
    assert _call(world.teammate, "GET", f"report_text/{found['id']}").status_code == 404
    assert _call(world.seller, "GET", "report_text/now", first="x").status_code == 422
    people = _call(world.manager, "GET", "report_text/people", first=today).json()["items"]
    assert [(one["report"], one["missing"]) for one in people] == [(found["id"], False)]


def test_whose_name_was_erased_is_in_no_report(world: World) -> None:
    with in_scope(world.seller):
        customer = create_customer(
            world.seller, data={"name": "甲食品", "relations": "customer"}, allow_duplicate=True
        )
        person = create_person(
            world.seller, data={"name": "马德胜", "customer": str(customer.pk)}, allow_duplicate=True
        )
        touch = log_activity(
            world.seller,
            data={"kind": "call", "subject": "打给马德胜", "text": "x", "customer": str(customer.pk)},
        )
        set_participants(world.seller, touch.pk, people=[person.pk], members=[])
    report = _send(world)

    def said() -> str:
        with in_scope(world.manager):
            again = Report.objects.get(pk=report.pk)
            lines = [
                line.said
                for part in drawn(again.sections, Show(actor=world.manager, language="en"))
                for figure in part.figures
                for line in figure.lines
            ]
            return json.dumps([again.sections, lines], ensure_ascii=False)

    assert "打给马德胜" in said()
    with in_scope(world.admin):
        erase_person(world.admin, person.pk, ground="request")
    assert "马德胜" not in said()


def test_the_change_log_shows_no_raw_sections(world: World) -> None:
    with in_scope(world.seller):
        log_activity(world.seller, data={"kind": "call", "text": "谈"})
        send_report(world.seller, period="day", first=timezone.localdate(), sentence="好")
        sent = last_operation_id()
        assert sent is not None
        changes, _more = changes_of(world.seller, sent)
    said = {one.label: one.new for change in changes for one in change.columns}
    assert "好" in said.values()
    assert not any("touches" in f"{label}{new}" or label == "sections" for label, new in said.items())


def test_a_closed_name_is_not_told_by_a_report(world: World) -> None:
    with in_scope(world.seller):
        customer = create_customer(
            world.seller, data={"name": "甲食品", "relations": "customer"}, allow_duplicate=True
        )
        log_activity(world.seller, data={"kind": "call", "text": "谈", "customer": str(customer.pk)})
    report = _send(world)
    for rule in (("customers", "name"), ("activities", "customer")):
        reader = replace(world.manager, field_rules={rule: "hide"})
        with in_scope(world.manager):
            found = drawn(report.sections, Show(actor=reader, language="en"))
        touches = next(one for one in found if one.code == "touches")
        assert {line.customer for line in touches.figures[0].lines} == {""}, rule
        assert touches.figures[0].count == 1

"""A report: written by the system, sent, read, taken back; who sees it, and what of it."""

# Chinese in code: names and texts in tests

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guanxi.activities.services.activities import log_activity
from guanxi.activities.services.commitments import create_commitment, keep
from guanxi.activities.services.visits import check_in, check_out
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services import close_member, edit_member
from guanxi.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from guanxi.kinds import Show
from guanxi.reports.models import Reading, Receiver, Report
from guanxi.reports.queries.reading import marks_of, unread
from guanxi.reports.queries.sections import drawn, written, zone
from guanxi.reports.rules import first_of
from guanxi.reports.services.reports import create_report, edit_report, mark_read, send_report, take_back
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


def _id(actor: Actor) -> UUID:
    assert actor.member_id is not None
    return actor.member_id


def _customer(actor: Actor, name: str) -> Customer:
    made: Customer = create_customer(
        actor, data={"name": name, "relations": "customer"}, allow_duplicate=True
    )
    return made


def _work(actor: Actor) -> Customer:
    """Two calls, one of them in vain, and a promise kept: what a day may hold."""
    customer = _customer(actor, "甲食品有限公司")
    for outcome in ("answered", "not_answered"):
        log_activity(
            actor,
            data={"kind": "call", "outcome": outcome, "text": "谈报价", "customer": str(customer.pk)},
        )
    promise = create_commitment(
        actor,
        data={"what": "发报价", "customer": str(customer.pk), "due": timezone.localdate().isoformat()},
    )
    keep(actor, ids=[promise.pk])
    return customer


def _send(actor: Actor, **more: Any) -> Report:
    with in_scope(actor):
        return send_report(actor, **{"period": "day", "first": timezone.localdate(), **more})


def _counts(report: Report) -> dict[str, int]:
    return {figure["code"]: figure["count"] for part in report.sections for figure in part["figures"]}


def _sees(actor: Actor, report: Report) -> bool:
    with in_scope(actor):
        return bool(access.visible(actor, find("reports")).filter(pk=report.pk).exists())


@pytest.fixture
def superior(world: World) -> World:
    """The manager is the seller's superior."""
    with in_scope(world.admin):
        edit_member(world.admin, _id(world.seller), superior_id=_id(world.manager))
    return world


def test_the_system_writes_what_was_done_and_freezes_it(superior: World) -> None:
    world = superior
    with in_scope(world.seller):
        customer = _work(world.seller)
    report = _send(world.seller, sentence="客户急着要样机")
    assert _counts(report) == {
        "touches.call": 2,
        "touches.effective": 1,
        "customers.new": 1,
        "promises.made": 1,
        "promises.kept": 1,
    }
    calls = next(one for one in report.sections[0]["figures"] if one["code"] == "touches.call")
    assert calls["parts"] == {"answered": 1, "not_answered": 1}
    assert {(one[1], one[2]) for one in calls["items"]} == {(str(customer.pk), "甲食品有限公司")}
    with in_scope(world.seller):
        log_activity(world.seller, data={"kind": "call", "text": "再谈", "customer": str(customer.pk)})
        assert _counts(Report.objects.get(pk=report.pk)) == _counts(report)


def test_a_visit_that_is_not_left_is_no_effective_follow_up_yet(world: World) -> None:
    with in_scope(world.seller):
        customer = _work(world.seller)
        came = check_in(world.seller, customer_id=customer.pk)
    assert _counts(_send(world.seller))["touches.effective"] == 1
    with in_scope(world.seller):
        check_out(world.seller, came.activity_id, outcome="met")
        assert {
            figure["code"]: figure["count"]
            for part in written(world.seller, _id(world.seller), "day", timezone.localdate())
            for figure in part["figures"]
        }["touches.effective"] == 2


def test_it_goes_to_the_superior_who_reads_it_once(superior: World, client_for: ClientFor) -> None:
    world = superior
    with in_scope(world.seller):
        _work(world.seller)
    report = _send(world.seller, sentence="一切顺利")
    with in_scope(world.manager):
        notice = Notice.objects.get(member_id=_id(world.manager), kind="reports.sent")
        assert [one for one, _at in unread(world.manager)] == [report.pk]
        assert [one.read_at for one in marks_of(report)] == [None]
    assert notice.url == f"/reports/{report.pk}/"
    for _again in range(2):
        page = client_for(world.members["manager"]).get(notice.url)
        assert page.status_code == 200
        assert "一切顺利" in page.content.decode()
        assert "甲食品有限公司" in page.content.decode()
    with in_scope(world.manager):
        assert unread(world.manager) == []
        assert marks_of(report)[0].read_at is not None
        assert Reading.objects.filter(report=report.pk).count() == 1


def test_whoever_else_looks_has_not_read_it(superior: World, client_for: ClientFor) -> None:
    world = superior
    report = _send(world.seller)
    assert client_for(world.members["owner"]).get(f"/reports/{report.pk}/").status_code == 200
    with in_scope(world.seller):
        assert not Reading.objects.exists()
        assert not mark_read(world.seller, report)


def test_receivers_are_remembered(superior: World) -> None:
    world = superior
    yesterday = timezone.localdate() - timedelta(days=1)
    _send(world.seller, first=yesterday, receivers=[_id(world.teammate)])
    report = _send(world.seller)
    with in_scope(world.seller):
        held = set(Receiver.objects.filter(report=report).values_list("member_id", flat=True))
    assert held == {_id(world.teammate)}


def test_nobody_is_his_own_receiver_and_who_left_gets_nothing(world: World) -> None:
    with in_scope(world.admin):
        close_member(world.admin, _id(world.elsewhere))
    for member in (_id(world.seller), _id(world.elsewhere)):
        with pytest.raises(Invalid) as error:
            _send(world.seller, receivers=[member])
        assert "receivers" in error.value.fields


def test_who_sees_it(superior: World, stranger: Actor) -> None:
    """Its author, receivers, those above with reach; nobody else, and nobody who has left."""
    world = superior
    report = _send(world.seller, receivers=[_id(world.elsewhere)])
    assert {name for name, actor in world.actors.items() if _sees(actor, report)} == {
        "seller",
        "elsewhere",
        "manager",
        "owner",
        "admin",
    }
    assert not _sees(stranger, report)
    with in_scope(world.admin):
        close_member(world.admin, _id(world.elsewhere))
        with pytest.raises(NotFound):
            load_actor(_id(world.elsewhere))


def test_a_superior_does_not_see_what_others_send_to_his_people(world: World) -> None:
    with in_scope(world.admin):
        report = send_report(
            world.admin, period="day", first=timezone.localdate(), receivers=[_id(world.seller)]
        )
    assert {name for name, actor in world.actors.items() if _sees(actor, report)} == {
        "seller",
        "owner",
        "admin",
    }
    resource = find("reports")
    for actor, seen in ((world.seller, True), (world.manager, False), (world.admin, True)):
        with in_scope(actor):
            assert access.allows(actor, resource, report, "view") is seen


def test_a_reader_is_told_only_names_that_he_may_see(world: World) -> None:
    with in_scope(world.seller):
        _work(world.seller)
    report = _send(world.seller, receivers=[_id(world.elsewhere), _id(world.manager)])

    def lines(actor: Actor) -> tuple[int, set[str], int]:
        with in_scope(actor):
            found = drawn(report.sections, Show(actor=actor, language="en"))[0].figures[0]
        return found.count, {one.customer for one in found.lines}, found.hidden

    assert lines(world.manager) == (2, {"甲食品有限公司"}, 0)
    assert lines(world.elsewhere) == (2, set(), 2)


def test_taken_back_it_is_its_authors_alone_and_is_sent_anew(superior: World) -> None:
    world = superior
    report = _send(world.seller, sentence="初稿")
    with in_scope(world.manager):
        mark_read(world.manager, report)
    with in_scope(world.seller):
        assert take_back(world.seller, ids=[report.pk]) == 1
        back = last_operation_id()
    assert back is not None
    assert (_sees(world.manager, report), _sees(world.seller, report)) == (False, True)
    with in_scope(world.manager):
        assert not Notice.objects.filter(kind="reports.sent", member_id=_id(world.manager)).exists()
    again = _send(world.seller, sentence="改过")
    assert (again.pk, again.sentence) == (report.pk, "改过")
    with in_scope(world.manager):
        assert [one for one, _at in unread(world.manager)] == [report.pk]
    with in_scope(world.seller), pytest.raises(Conflict):
        undo(world.seller, back)


def test_undo_of_sending_takes_it_away_for_all(superior: World) -> None:
    world = superior
    with in_scope(world.seller):
        report = send_report(world.seller, period="day", first=timezone.localdate())
        sent = last_operation_id()
    assert sent is not None
    with in_scope(world.manager):
        mark_read(world.manager, report)
    with in_scope(world.seller):
        undo(world.seller, sent)
    with in_scope(world.seller):
        assert not Report.objects.exists()
        assert not Receiver.objects.exists()


def test_on_a_later_day_it_stays_as_it_was_read(superior: World) -> None:
    world = superior
    report = _send(world.seller, sentence="原话")
    with in_scope(world.system), operation(world.system, "tests.thing.change"):
        Report.objects.filter(pk=report.pk).update(sent_at=timezone.now() - timedelta(days=1))
    with in_scope(world.seller), pytest.raises(Refused) as refused:
        take_back(world.seller, ids=[report.pk])
    assert refused.value.code == "too_late"
    with in_scope(world.seller), pytest.raises(Refused):
        edit_report(world.seller, report.pk, data={"sentence": "新话"}, expected_version=None)
    with in_scope(world.manager), pytest.raises(Forbidden):
        edit_report(world.manager, report.pk, data={"sentence": "新话"}, expected_version=None)


def test_there_is_one_of_a_day_and_none_of_tomorrow(world: World) -> None:
    _send(world.seller)
    with pytest.raises(Refused):
        _send(world.seller)
    with pytest.raises(Invalid):
        _send(world.seller, first=timezone.localdate() + timedelta(days=1))


def test_nothing_of_what_the_system_wrote_is_changed(world: World) -> None:
    report = _send(world.seller)
    for data in ({"first": "2026-01-05"}, {"period": "week"}, {"member": str(world.teammate.member_id)}):
        with in_scope(world.seller), pytest.raises(Invalid):
            edit_report(world.seller, report.pk, data=data, expected_version=None)
    with in_scope(world.seller), pytest.raises(Invalid):
        create_report(world.seller, data={"first": "2026-01-05", "member": str(world.teammate.member_id)})


def test_a_week_begins_with_its_monday(world: World) -> None:
    report = _send(world.seller, period="week")
    with in_scope(world.seller):
        today = timezone.localtime(timezone.now(), zone()).date()
    assert report.first == first_of("week", today)
    assert report.first.weekday() == 0


def test_the_page_shows_the_figures_and_sends_them(superior: World, client_for: ClientFor) -> None:
    world = superior
    with in_scope(world.seller):
        _work(world.seller)
    browser = client_for(world.members["seller"])
    page = browser.get(reverse("report_write"))
    assert "甲食品有限公司" in page.content.decode()
    assert world.members["manager"].name in page.content.decode()
    sent = browser.post(
        reverse("report_write"),
        {"period": "day", "first": timezone.localdate().isoformat(), "sentence": "好", "receivers__here": "1",
         "receivers": [str(world.manager.member_id)]},
    )  # fmt: skip
    with in_scope(world.seller):
        report = Report.objects.get()
        assert Receiver.objects.filter(report=report).count() == 1
    assert sent["Location"] == f"/reports/{report.pk}/?saved=-day-{report.first.isoformat()}"
    assert browser.get(reverse("report_write")).content.decode().count("gx-report-line") == 0

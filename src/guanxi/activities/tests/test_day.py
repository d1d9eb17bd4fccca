"""Today, the calendar, its feed and reminders: what is to be done, for whom, and told once."""

# Chinese in code: names of customers in tests

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from icalendar import Calendar

from guanxi.activities.jobs import remind
from guanxi.activities.models import Activity, Feed
from guanxi.activities.queries.calendar import agenda
from guanxi.activities.queries.today import Day, day_of, due_count, without_next_step
from guanxi.activities.services.activities import (
    Company,
    complete_activity,
    log_activity,
    move_activities,
    plan_activity,
)
from guanxi.activities.services.feeds import PER_MINUTE, hash_of
from guanxi.customers.services.customers import create_customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import words
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Show
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


def _plan(actor: Actor, at: datetime, subject: str = "问验收", **more: Any) -> Activity:
    company = more.pop("company", Company())
    data = {"kind": "call", "subject": subject, "at": at.isoformat(), **more}
    return plan_activity(actor, data=data, company=company)


def _noon(days: int) -> datetime:
    return timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=days)


# Today


def test_today_leads_with_what_is_overdue_and_leaves_out_what_is_far(world: World) -> None:
    with in_scope(world.seller):
        for days, subject in ((-3, "a"), (0, "b"), (2, "c"), (30, "d")):
            _plan(world.seller, _noon(days), subject)
        log_activity(world.seller, data={"kind": "call", "subject": "e", "text": "x"})
        show = Show(actor=world.seller, language="en")
        found = day_of(world.seller, {world.members["seller"].pk}, show)
        assert [[line.title for line in part] for part in (found.late, found.today, found.soon, found.done)] == [
            ["a"], ["b"], ["c"], ["e"],
        ]  # fmt: skip
        assert due_count(world.seller) == 2
    with in_scope(world.teammate):
        show = Show(actor=world.teammate, language="en")
        assert day_of(world.teammate, None, show) == Day()
        assert due_count(world.teammate) == 0


def test_a_manager_sees_the_day_of_the_team_and_may_choose(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        _plan(world.seller, _noon(0), "卖方的事")
    with in_scope(world.manager):
        own = _plan(world.manager, _noon(1), "经理的事")
    browser = client_for(world.members["manager"])
    assert "卖方的事" not in browser.get(reverse("today")).content.decode()
    assert "卖方的事" in browser.get(reverse("today") + "?of=team").content.decode()
    seller = client_for(world.members["seller"])
    assert "of=team" not in seller.get(reverse("today")).content.decode()
    # On a day on which nothing is his own, he begins with the team's; the way back stands above it.
    with in_scope(world.manager):
        complete_activity(world.manager, own.pk, outcome="answered")
    page = browser.get(reverse("today")).content.decode()
    assert "卖方的事" in page
    assert re.search(r'href="\?of=team"[^>]*aria-current', page)
    assert "卖方的事" not in browser.get(reverse("today") + "?of=mine").content.decode()


def test_the_first_page_is_today_and_an_empty_one_says_what_belongs_there(
    world: World, client_for: ClientFor
) -> None:
    browser = client_for(world.members["seller"])
    assert browser.get("/")["Location"] == reverse("today")
    browser.post(reverse("language"), {"language": "en"})
    page = browser.get(reverse("today")).content.decode()
    assert "Nothing is due" in page


def test_good_customers_without_a_next_step_are_named(world: World) -> None:
    with in_scope(world.seller):
        made = [
            create_customer(world.seller, data={"name": name, "relations": "customer", "grade": grade})
            for name, grade in (
                ("甲食品有限公司", "B"),
                ("乙饮料有限公司", "A"),
                ("丙机械有限公司", "A"),
                ("丁", "D"),
            )
        ]
        _plan(world.seller, _noon(3), customer=made[2].pk)
        assert [one.name for one in without_next_step(world.seller)] == ["乙饮料有限公司", "甲食品有限公司"]


# The calendar


def test_the_calendar_shows_what_one_does_and_takes_part_in_and_a_colleagues_within_reach(
    world: World, client_for: ClientFor
) -> None:
    with in_scope(world.seller):
        _plan(world.seller, _noon(0), "我的电话")
        _plan(world.seller, _noon(0), "一起的", company=Company(members=[world.members["teammate"].pk]))
    with in_scope(world.teammate):
        start, end = _noon(-1), _noon(1)
        seen = agenda(world.teammate, world.members["teammate"].pk, start, end)
        assert [one.subject for one in seen] == ["一起的"]
    for view in ("month", "week", "list"):
        page = client_for(world.members["seller"]).get(reverse("calendar"), {"view": view}).content.decode()
        assert page.count("我的电话") == 1, view
    of = {"of": str(world.members["seller"].pk)}
    assert "我的电话" in client_for(world.members["manager"]).get(reverse("calendar"), of).content.decode()
    assert client_for(world.members["teammate"]).get(reverse("calendar"), of).status_code == 404
    assert client_for(world.members["seller"]).get(reverse("calendar"), {"day": "x"}).status_code == 404


def test_pages_of_the_day_ask_the_same_however_much_there_is(world: World, client_for: ClientFor) -> None:
    browser = client_for(world.members["seller"])
    urls = (reverse("today"), reverse("calendar") + "?view=month")

    def counted() -> list[int]:
        found = []
        for url in urls:
            browser.get(url)
            with CaptureQueriesContext(connection) as asked:
                browser.get(url)
            found.append(len(asked.captured_queries))
        return found

    def plan(number: int) -> None:
        with in_scope(world.seller):
            for n in range(number):
                customer = create_customer(
                    world.seller,
                    data={"name": f"苏州{n}号{number}有限公司", "relations": "customer"},
                    allow_duplicate=True,
                )
                _plan(world.seller, _noon(0), customer=customer.pk)

    plan(1)
    few = counted()
    plan(12)
    assert counted() == few


# The feed


def _address(browser: Client) -> str:
    page = browser.post(reverse("calendar_feed")).content.decode()
    found = re.search(r"/calendar/guanxi\.ics\?key=([\w-]+)", page)
    assert found is not None
    return found.group(1)


def _url(secret: str) -> str:
    return f"{reverse('calendar_file')}?key={secret}"


def test_the_feed_is_a_valid_calendar_of_what_is_planned(world: World, client_for: ClientFor) -> None:
    at = datetime(2026, 12, 1, 2, 30, tzinfo=UTC)
    long = "逗号, 分号; 反斜杠\\ 换行\n第二行 " + "很长的内容" * 30
    with in_scope(world.seller):
        planned = _plan(
            world.seller,
            at if at > timezone.now() else _noon(3),
            "拜访, 谈判; 签字",
            text=long,
            place="苏州, 相城区",
            minutes="90",
            remind_at=((at if at > timezone.now() else _noon(3)) - timedelta(minutes=15)).isoformat(),
        )
        log_activity(world.seller, data={"kind": "call", "subject": "做完的", "text": "x"})
    with in_scope(world.teammate):
        _plan(world.teammate, _noon(1), "别人的")
    secret = _address(client_for(world.members["seller"]))
    answer = Client().get(_url(secret))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["summary"] == "拜访, 谈判; 签字"
    assert long in str(event["description"])
    assert event["location"] == "苏州, 相城区"
    assert event.decoded("dtstart") == planned.at
    assert event.decoded("dtstart").utcoffset() == timedelta()
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=90)
    (alarm,) = event.walk("VALARM")
    assert alarm.decoded("trigger") == -timedelta(minutes=15)


def test_an_address_is_kept_as_its_hash_and_ends_when_renewed_ended_or_left(
    world: World, client_for: ClientFor
) -> None:
    browser = client_for(world.members["seller"])
    first = _address(browser)
    with in_scope(world.seller):
        assert list(Feed.objects.values_list("hash", flat=True)) == [hash_of(first)]
    second = _address(browser)
    assert Client().get(_url(first)).status_code == 404
    assert Client().get(_url(second)).status_code == 200
    browser.post(reverse("calendar_feed_end"))
    assert Client().get(_url(second)).status_code == 404


def test_an_address_is_not_read_without_end(world: World, client_for: ClientFor) -> None:
    secret = _address(client_for(world.members["seller"]))
    url = _url(secret)
    assert Client().get(url).status_code == 200
    with in_scope(world.seller):
        Feed.objects.update(window=timezone.now().timestamp() // 60, used=PER_MINUTE)
    answer = Client().get(url)
    # A new minute may have begun between the two lines.
    assert answer.status_code in (429, 200)
    if answer.status_code == 429:
        assert answer["Retry-After"]


# Reminders


def _told(world: World, who: str = "seller") -> list[str]:
    with in_scope(world.seller):
        rows = Notice.objects.filter(member=world.members[who], kind="activities.due").order_by("id")
        return [words(one) for one in rows]


def test_a_reminder_is_told_once_however_often_the_work_runs(world: World) -> None:
    now = timezone.now()
    with in_scope(world.seller):
        _plan(
            world.seller,
            now + timedelta(minutes=10),
            remind_at=(now - timedelta(minutes=5)).isoformat(),
            company=Company(members=[world.members["teammate"].pk]),
        )
        _plan(world.seller, now + timedelta(hours=3), remind_at=(now + timedelta(hours=2)).isoformat())
    for _time in range(3):
        remind(now)
    assert len(_told(world)) == len(_told(world, "teammate")) == 1
    with translation.override("zh-hans"):
        assert "电话：问验收" in _told(world)[0]
    with translation.override("en"):
        assert "Call: 问验收" in _told(world)[0]


def test_what_was_reminded_of_can_still_be_undone(world: World) -> None:
    now = timezone.now()
    with in_scope(world.seller):
        _plan(world.seller, now + timedelta(hours=1), remind_at=(now - timedelta(minutes=1)).isoformat())
        operation = last_operation_id()
    remind(now)
    assert len(_told(world)) == 1
    with in_scope(world.seller):
        assert operation is not None
        undo(world.seller, operation)
        assert not Activity.objects.exists()


def test_nobody_is_reminded_of_what_is_done_or_was_moved_and_what_was_told_is_taken_back(
    world: World,
) -> None:
    now = timezone.now()
    with in_scope(world.seller):
        one, other = (
            _plan(world.seller, now + timedelta(hours=1), remind_at=(now - timedelta(minutes=1)).isoformat())
            for _ in range(2)
        )
        complete_activity(world.seller, one.pk, text="好了")
        move_activities(world.seller, ids=[other.pk], at=now + timedelta(days=1, hours=1))
    remind(now)
    assert _told(world) == []
    remind(now + timedelta(days=1))
    assert len(_told(world)) == 1
    with in_scope(world.seller):
        move_activities(world.seller, ids=[other.pk], at=now + timedelta(days=9))
    assert _told(world) == []

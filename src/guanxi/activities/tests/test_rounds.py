"""The plan of a day: visits one after the other, their order, the order of Today, promises in the calendar."""

# Chinese in code: names of customers in tests

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from guanxi.activities.models import Activity, DayOrder
from guanxi.activities.queries.visits import stops_on, visits_on
from guanxi.activities.rules import moved, put_among, reordered, visit_times
from guanxi.activities.services.activities import plan_activity
from guanxi.activities.services.rounds import plan_visits, put_in_order
from guanxi.activities.tests.test_visits import EAST, HERE, customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid
from guanxi.kinds import Show
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
ZONE = ZoneInfo("Asia/Shanghai")
WORDS = st.lists(st.sampled_from("abcdefgh"), unique=True)


# Pure rules


@given(WORDS, WORDS)
def test_an_order_loses_nothing_and_brings_in_nothing(shown: list[str], wanted: list[str]) -> None:
    found = reordered(shown, wanted)
    assert sorted(found) == sorted(shown)
    assert [one for one in found if one in wanted] == [one for one in wanted if one in shown]


@given(WORDS, WORDS)
def test_a_part_put_in_order_leaves_the_others_where_they_are(kept: list[str], part: list[str]) -> None:
    found = put_among(kept, part)
    assert sorted(found) == sorted({*kept, *part})
    assert [one for one in found if one in part] == part
    assert [one if one not in part else "" for one in found[: len(kept)]] == [
        one if one not in part else "" for one in kept
    ]


def test_one_is_moved_and_stays_within() -> None:
    assert moved("abc", "b", -1) == ["b", "a", "c"]
    assert moved("abc", "a", -1) == ["a", "b", "c"]
    assert moved("abc", "c", 5) == ["a", "b", "c"]
    assert moved("abc", "x", 1) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("now", "taken", "hours"),
    [
        ("08:10", [], ["09:00", "10:00"]),
        ("13:40", [], ["14:00", "15:00"]),
        ("13:40", ["16:30"], ["17:30", "18:30"]),
        ("23:50", [], ["22:00", "22:00"]),
    ],
)
def test_the_visits_of_today_come_after_now_and_after_what_is_taken(
    now: str, taken: list[str], hours: list[str]
) -> None:
    def at(clock: str) -> datetime:
        return datetime.fromisoformat(f"2026-11-23T{clock}").replace(tzinfo=ZONE)

    found = visit_times(at(now), date(2026, 11, 23), [at(one) for one in taken], 2)
    assert [f"{one:%H:%M}" for one in found] == hours
    assert {one.date() for one in visit_times(at(now), date(2026, 11, 24), [], 40)} == {date(2026, 11, 24)}


# The day


def _tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def _three(actor: Actor) -> list[Any]:
    return [
        customer(actor, name=name, point=point) for name, point in (("甲", HERE), ("乙", EAST), ("丙", None))
    ]


def test_visits_are_planned_one_after_the_other_and_taken_back_as_one(world: World) -> None:
    seller = world.seller
    with in_scope(seller):
        visited = _three(seller)
        made = plan_visits(seller, customers=[one.pk for one in visited], day=_tomorrow())
        operation = last_operation_id()
        assert [timezone.localtime(one.at).hour for one in made] == [9, 10, 11]
        stops = stops_on(seller, _tomorrow(), Show(actor=seller, language="en"))
        assert [one.line.customer for one in stops] == ["甲", "乙", "丙"]
        assert [one.before[:3] for one in stops] == ["", "951", ""]
        assert stops[0].ways[0].place == "31.230400,121.473700"
        # Whom one visits on that day anyway is left out.
        assert plan_visits(seller, customers=[visited[0].pk], day=_tomorrow()) == []
        assert operation is not None
        undo(seller, operation)
        assert not Activity.objects.filter(kind="visit").exists()
        for day in (timezone.localdate() - timedelta(days=1), timezone.localdate() + timedelta(days=400)):
            with pytest.raises(Invalid):
                plan_visits(seller, customers=[visited[0].pk], day=day)


def test_the_order_is_kept_for_whoever_made_it_and_that_day(world: World, client_for: ClientFor) -> None:
    seller = world.seller
    with in_scope(seller):
        made = plan_visits(seller, customers=[one.pk for one in _three(seller)], day=_tomorrow())
        versions = [one.version for one in made]
        put_in_order(seller, day=_tomorrow(), activities=[made[2].pk, made[0].pk])
        assert [one.pk for one in visits_on(seller, _tomorrow())] == [made[2].pk, made[0].pk, made[1].pk]
    browser = client_for(world.members["seller"])
    shown = ",".join(str(one.pk) for one in (made[2], made[0], made[1]))
    sent = {"day": _tomorrow().isoformat(), "order": shown, "one": str(made[1].pk), "by": "-1"}
    assert browser.post(reverse("day_order"), sent).status_code == 302
    with in_scope(seller):
        assert [one.pk for one in visits_on(seller, _tomorrow())] == [made[2].pk, made[1].pk, made[0].pk]
        assert [
            one.version for one in Activity.objects.filter(pk__in=[m.pk for m in made]).order_by("at")
        ] == versions
        assert DayOrder.objects.count() == 1
    with in_scope(world.manager):
        assert visits_on(world.manager, _tomorrow()) == []


def test_today_stands_in_the_order_it_was_put_in(world: World, client_for: ClientFor) -> None:
    seller = world.seller
    with in_scope(seller):
        now = timezone.localtime().replace(hour=23, minute=10)
        made = [
            plan_activity(
                seller, data={"kind": "call", "subject": name, "at": (now + timedelta(minutes=n)).isoformat()}
            )
            for n, name in enumerate(("第一", "第二", "第三"))
        ]
    browser = client_for(world.members["seller"])
    browser.post(
        reverse("day_order"),
        {"order": ",".join(str(one.pk) for one in made), "one": str(made[2].pk), "by": "-1"},
        headers={"X-Requested-With": "fetch"},
    )
    page = browser.get(reverse("today")).content.decode()
    places = [page.index(name) for name in ("第一", "第三", "第二")]
    assert places == sorted(places)
    # The team's day has no order of one's own.
    team = client_for(world.members["manager"]).get(reverse("today") + "?of=team").content.decode()
    assert "data-gx-day" not in team


def test_the_page_of_the_day_shows_what_is_to_do_and_leads_on(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        visited = _three(world.seller)
    browser = client_for(world.members["seller"])
    day = timezone.localdate().isoformat()
    sent = {"customers": [str(one.pk) for one in visited[:2]], "day": day}
    answer = browser.post(reverse("visits_plan"), sent)
    assert answer["Location"] == f"{reverse('visits')}?day={day}"
    page = browser.get(reverse("visits")).content.decode()
    with in_scope(world.seller):
        first, second = visits_on(world.seller, timezone.localdate())
    for one in (first, second):
        assert reverse("visit_in", args=[one.pk]) in page
    browser.post(reverse("visit_in", args=[first.pk]), {"latitude": HERE[0], "longitude": HERE[1]})
    browser.post(reverse("visit_out", args=[first.pk]), {"outcome": "met"})
    assert (
        reverse("visit", args=[second.pk]) in browser.get(reverse("visit", args=[first.pk])).content.decode()
    )


# Promises in the calendar


def test_promises_stand_in_the_calendar_and_open_ones_in_its_feed(
    world: World, client_for: ClientFor
) -> None:
    seller = world.seller
    with in_scope(seller):
        at = customer(seller)
        for what, due, time in (("发报价", _tomorrow(), "17:00"), ("寄样品", _tomorrow(), "")):
            data = {"what": what, "customer": str(at.pk), "due": due.isoformat(), "due_time": time}
            find("commitments").create(seller, data=data)
        kept = {"what": "已寄合同", "customer": str(at.pk), "due": _tomorrow().isoformat(), "state": "kept"}
        find("commitments").create(seller, data=kept)
    browser = client_for(world.members["seller"])
    for view in ("week", "month", "list"):
        page = browser.get(
            reverse("calendar"), {"view": view, "day": _tomorrow().isoformat()}
        ).content.decode()
        assert all(what in page for what in ("发报价", "寄样品", "已寄合同")), view
    made = browser.post(reverse("calendar_feed")).content.decode()
    key = made.split("key=")[1].split('"')[0].split("<")[0].split("&")[0]
    found = Calendar.from_ical(browser.get(reverse("calendar_file"), {"key": key}).content)
    events = {str(one["summary"]).split("：")[-1].split(" · ")[0]: one for one in found.walk("VEVENT")}
    assert set(events) == {"发报价", "寄样品"}
    assert events["寄样品"].decoded("dtstart") == _tomorrow()
    assert events["发报价"].decoded("dtstart").astimezone(ZONE).hour == 17
    other = client_for(world.members["teammate"])
    assert "发报价" not in other.get(reverse("calendar"), {"day": _tomorrow().isoformat()}).content.decode()

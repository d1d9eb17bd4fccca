"""What a company sets of its working time holds everywhere, can be undone, and is read once."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.activities.queries.commitments import horizon
from guanxi.activities.queries.promised import promised_in
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.worktime.models import SpecialDay
from guanxi.foundation.worktime.queries import worktime, worktime_changed
from guanxi.foundation.worktime.rules import Day
from guanxi.foundation.worktime.services import remove_days, set_days, set_hours
from guanxi.kernel.errors import Forbidden, Invalid
from guanxi.kernel.worktime import OFFICIAL
from guanxi.testing.worlds import World, in_scope

SATURDAY, HOLIDAY = date(2026, 11, 28), date(2026, 10, 1)


def test_a_company_without_settings_follows_the_official_calendar(world: World) -> None:
    with in_scope(world.seller):
        assert worktime().hours == OFFICIAL.hours
        assert not worktime().is_workday(HOLIDAY)


def test_hours_are_set_and_undone(world: World) -> None:
    with in_scope(world.admin):
        set_hours(world.admin, hours={0: [(540, 720)], 5: [(540, 720)]})
        done = last_operation_id()
        assert worktime().is_workday(SATURDAY)
        assert not worktime().is_workday(date(2026, 11, 24))
        assert done is not None
        undo(world.admin, done)
        worktime_changed()
        assert worktime().hours == OFFICIAL.hours


def test_a_day_of_the_company_is_set_changed_and_left_again(world: World) -> None:
    with in_scope(world.admin):
        assert set_days(world.admin, days=[Day(SATURDAY, True, "Stocktaking"), Day(HOLIDAY, True)]) == 2
        assert worktime().is_workday(SATURDAY)
        assert set_days(world.admin, days=[Day(SATURDAY, False), Day(HOLIDAY, True)]) == 1
        assert not worktime().is_workday(SATURDAY)
        assert remove_days(world.admin, ids=list(SpecialDay.objects.values_list("pk", flat=True))) == 2
        assert worktime().days == {}


def test_only_who_manages_the_company_sets_it(world: World) -> None:
    with in_scope(world.seller):
        with pytest.raises(Forbidden):
            set_hours(world.seller, hours={0: [(540, 720)]})
        with pytest.raises(Forbidden):
            set_days(world.seller, days=[Day(SATURDAY, True)])


def test_a_week_without_hours_is_refused(world: World) -> None:
    wrong: list[dict[int, list[tuple[int, int]]]] = [{}, {0: []}, {0: [(540, 720), (700, 800)]}]
    with in_scope(world.admin):
        for hours in wrong:
            with pytest.raises(Invalid):
                set_hours(world.admin, hours=hours)


def test_it_is_read_once_in_a_scope_and_not_of_another_company(world: World, stranger: Actor) -> None:
    with in_scope(world.admin):
        set_days(world.admin, days=[Day(SATURDAY, True)])
    with in_scope(world.seller), CaptureQueriesContext(connection) as asked:
        assert worktime().is_workday(SATURDAY)
        worktime()
    assert len([one for one in asked if "worktime" in one["sql"]]) == 1
    with in_scope(stranger):
        assert not worktime().is_workday(SATURDAY)


def test_hours_count_in_the_time_zone_of_the_company(world: World) -> None:
    with in_scope(world.seller):
        friday = datetime(2026, 11, 27, 17, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
        assert worktime().after(friday.astimezone(ZoneInfo("UTC")), timedelta(hours=2)).isoformat() == (
            "2026-11-30T02:00:00+00:00"
        )


def test_promises_and_today_ask_the_calendar_of_the_company(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: date(2026, 11, 26))
    # Chinese in code: a promise in a note
    said = "我们答应王总3个工作日内发报价"
    with in_scope(world.admin):
        assert (horizon(), promised_in(said, [])[0].due) == (date(2026, 11, 27), date(2026, 12, 1))
        set_days(world.admin, days=[Day(date(2026, 11, 27), False), Day(SATURDAY, True)])
        assert horizon() == SATURDAY
        set_days(world.admin, days=[Day(SATURDAY, False)])
        assert promised_in(said, [])[0].due == date(2026, 12, 2)


def test_the_page_shows_what_a_list_changes_before_it_is_kept(
    world: World, client_for: Callable[[Member], Client]
) -> None:
    admin = client_for(world.members["admin"])
    text = "2027-02-05 Spring Festival off\nnonsense"
    seen = admin.post("/settings/working-time/days/", {"text": text, "year": "2027"}).content.decode()
    assert "nonsense" in seen
    with in_scope(world.admin):
        assert not SpecialDay.objects.exists()
    kept = admin.post("/settings/working-time/days/", {"text": text, "year": "2027", "keep": "1"})
    assert kept["Location"].endswith("?year=2027")
    with in_scope(world.admin):
        assert SpecialDay.objects.get().name == "Spring Festival"


def test_hours_that_cannot_be_read_are_said_beside_the_day(
    world: World, client_for: Callable[[Member], Client]
) -> None:
    answer = client_for(world.members["admin"]).post("/settings/working-time/", {"day0": "soon"})
    assert answer.status_code == 422
    assert "soon" in answer.content.decode()

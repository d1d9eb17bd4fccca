"""When the next one is proposed, where a weekend or a time zone makes it difficult."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.activities import rules
from guanxi.kernel.workdays import is_workday

PLACE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("grade", "outcome", "expected"),
    [
        ("A", "answered", date(2026, 11, 25)),
        ("B", "answered", date(2026, 12, 18)),
        ("", "met", date(2026, 12, 18)),
        ("A", "not_answered", date(2026, 11, 19)),
    ],
    ids=["a", "b", "none", "vain"],
)
def test_the_next_one_follows_the_grade_or_a_vain_try(grade: str, outcome: str, expected: date) -> None:
    assert rules.next_day(outcome, rules.RHYTHM[grade], date(2026, 11, 18)) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 9, 25), date(2026, 10, 8)),
        (date(2026, 10, 3), date(2026, 10, 10)),
        (date(2026, 12, 25), date(2027, 1, 4)),
    ],
    ids=["national-day", "saturday-worked-for-it", "new-year-not-named-yet"],
)
def test_public_holidays_are_passed_over_and_days_worked_for_them_are_not(
    today: date, expected: date
) -> None:
    assert rules.next_day("answered", rules.RHYTHM["A"], today) == expected


@given(
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.none() | st.integers(1, 400),
    st.sampled_from(["", "not_met"]),
)
def test_no_follow_up_is_proposed_for_a_free_day_or_the_past(
    today: date, days: int | None, outcome: str
) -> None:
    day = rules.next_day(outcome, days, today)
    assert day > today
    assert is_workday(day)


@given(
    st.datetimes(timezones=st.just(PLACE)), st.integers(1, 40), st.dates(date(2020, 1, 1), date(2035, 1, 1))
)
def test_what_is_put_off_keeps_its_time_of_day_and_comes_after_today(
    at: datetime, days: int, today: date
) -> None:
    if at.year > 9990:
        return
    moved = rules.postponed(at, days, today)
    assert moved.time() == at.time()
    assert moved.date() >= max(at.date(), today) + timedelta(days=days)


def test_what_is_ticked_took_place_when_it_was_planned_if_that_was_earlier_today() -> None:
    now = datetime(2026, 11, 22, 15, 30, tzinfo=PLACE)
    earlier = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    assert rules.took_place(earlier, now) == earlier
    assert rules.took_place(earlier - timedelta(days=2), now) == now
    assert rules.took_place(now + timedelta(hours=2), now) == now


def test_a_touch_counts_when_somebody_was_reached() -> None:
    assert rules.counts("call", "answered")
    assert not rules.counts("call", "not_answered")
    assert not rules.counts("note", "")
    assert rules.counts("visit", "met")


@pytest.mark.parametrize(
    ("due", "today", "told"),
    [
        (date(2026, 11, 16), date(2026, 11, 17), False),
        (date(2026, 11, 16), date(2026, 11, 18), True),
        (date(2026, 11, 20), date(2026, 11, 23), False),
        (date(2026, 11, 20), date(2026, 11, 24), True),
        (date(2026, 9, 30), date(2026, 10, 8), False),
        (date(2026, 9, 30), date(2026, 10, 9), True),
        (date(2026, 11, 18), date(2026, 11, 18), False),
    ],
    ids=["one-day", "two-days", "over-a-weekend", "after-it", "national-day", "after-that", "due"],
)
def test_a_superior_hears_of_a_promise_two_working_days_after_it_was_due(
    due: date, today: date, told: bool
) -> None:
    assert rules.escalates(due, today) is told


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(0, 60))
def test_who_has_been_told_stays_told(due: date, days: int) -> None:
    today = due + timedelta(days=days)
    if rules.escalates(due, today):
        assert rules.escalates(due, today + timedelta(days=1))


def test_a_customer_cools_when_it_is_silent_for_twice_its_usual_interval() -> None:
    today = date(2026, 11, 18)
    every_18 = [today - timedelta(days=41 + 18 * n) for n in range(5)]
    assert rules.cools(every_18, today) == (41, 18)
    assert rules.cools(every_18, today - timedelta(days=6)) is None
    assert rules.cools(every_18[:3], today) is None
    daily = [today - timedelta(days=8 + n) for n in range(5)]
    assert rules.cools(daily, today) is None


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(PLACE)),
    st.lists(st.integers(-300, 600), max_size=20),
)
def test_a_call_is_planned_where_nothing_else_is(now: datetime, minutes: list[int]) -> None:
    taken = [now.replace(minute=0) + timedelta(minutes=one) for one in minutes]
    at = rules.free_slot(now, taken)
    assert at > now
    assert rules.EARLIEST <= at.hour < rules.LATEST
    if at.date() == now.date():
        assert all(abs(at - one) >= timedelta(minutes=30) for one in taken)
    else:
        assert is_workday(at.date())

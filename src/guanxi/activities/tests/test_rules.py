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
    assert rules.next_day("call", outcome, grade, date(2026, 11, 18)) == expected


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
    assert rules.next_day("call", "answered", "A", today) == expected


@given(
    st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.sampled_from("ABCD "), st.sampled_from(["", "not_met"])
)
def test_no_follow_up_is_proposed_for_a_free_day_or_the_past(today: date, grade: str, outcome: str) -> None:
    day = rules.next_day("visit", outcome, grade.strip(), today)
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

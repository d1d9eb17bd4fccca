"""Working time: what was added is what lies between, in any zone, with any hours, over midnight and changed clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel import workdays
from guanxi.kernel.worktime import DAY, OFFICIAL, Calendar

ZONES = ("Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Europe/Berlin", "Asia/Kolkata")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def _spans(minutes: list[int]) -> tuple[tuple[int, int], ...]:
    ordered = sorted(set(minutes))
    return tuple(zip(ordered[::2], ordered[1::2], strict=False))


SPANS = st.lists(st.integers(0, DAY), min_size=2, max_size=8, unique=True).map(_spans)
CALENDARS = st.builds(
    Calendar,
    hours=st.dictionaries(st.integers(0, 6), SPANS, min_size=1),
    days=st.dictionaries(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.booleans(), max_size=20),
    zone=st.sampled_from(ZONES).map(ZoneInfo),
)
MOMENTS = st.builds(
    lambda at, zone: at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
    st.sampled_from(ZONES),
)
WORKED = st.timedeltas(timedelta(), timedelta(hours=30))


@given(CALENDARS, MOMENTS, WORKED)
def test_what_is_worked_until_then_is_what_was_added(
    calendar: Calendar, at: datetime, worked: timedelta
) -> None:
    then = calendar.after(at, worked)
    assert calendar.between(at, then) == worked
    # It is the first such moment: a little earlier less was worked.
    assert worked == timedelta() or calendar.between(at, then - timedelta(microseconds=1)) < worked


@given(CALENDARS, MOMENTS, WORKED, WORKED)
def test_working_time_adds_up(calendar: Calendar, at: datetime, first: timedelta, second: timedelta) -> None:
    both = calendar.after(calendar.after(at, first), second)
    assert both == calendar.after(at, first + second)
    assert both >= calendar.after(at, first)


@given(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_what_lies_between_adds_up_and_grows_with_the_clock_alone(
    calendar: Calendar, one: datetime, two: datetime, three: datetime
) -> None:
    one, two, three = sorted((one, two, three))
    whole = calendar.between(one, three)
    assert calendar.between(one, two) + calendar.between(two, three) == whole
    assert timedelta() <= calendar.between(one, two) <= whole <= three - one
    assert calendar.between(three, one) == -whole


@given(CALENDARS, MOMENTS)
def test_a_moment_is_the_same_in_every_time_zone(calendar: Calendar, at: datetime) -> None:
    then = calendar.after(at, timedelta(hours=5))
    assert then == calendar.after(at.astimezone(UTC), timedelta(hours=5))
    assert then.tzinfo is at.tzinfo
    assert calendar.is_open(at) == (calendar.between(at, at + timedelta(microseconds=1)) > timedelta())


@given(CALENDARS, st.dates(date(2026, 1, 1), date(2027, 6, 30)), st.integers(0, 30))
def test_working_days_are_counted_as_they_are_added(calendar: Calendar, day: date, count: int) -> None:
    then = calendar.after_workdays(day, count)
    assert calendar.workdays(day, then) == count
    assert count == 0 or calendar.is_workday(then)
    assert then <= calendar.after_workdays(day, count + 1)
    assert calendar.is_workday(calendar.next_workday(day))
    assert calendar.next_workday(day) >= day


@given(st.dates(date(2003, 1, 1), date(2040, 12, 31)))
def test_a_company_without_hours_of_its_own_follows_the_official_calendar(day: date) -> None:
    assert OFFICIAL.is_workday(day) == workdays.is_workday(day)


def test_a_day_of_the_company_stands_over_the_official_one() -> None:
    national, weekend = date(2026, 10, 1), date(2026, 11, 28)
    own = Calendar(days={national: True, weekend: True})
    assert (own.is_workday(national), own.is_workday(weekend)) == (True, True)
    # A Saturday worked without hours of its own has those of a Monday.
    assert own.spans(weekend) == own.spans(date(2026, 11, 23)) != ()


def test_a_saturday_with_hours_is_worked_but_not_within_a_holiday() -> None:
    six = Calendar(hours=dict.fromkeys(range(6), ((540, 720),)))
    assert six.is_workday(date(2026, 11, 28))
    assert not six.is_workday(date(2026, 10, 3))


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-27T17:00", 4, "2026-11-30T12:00"),  # over a weekend
        ("2026-11-27T11:30", 1, "2026-11-27T13:30"),  # over lunch
        ("2026-11-27T20:00", 1, "2026-11-30T10:00"),  # after hours
        ("2026-09-30T17:00", 2, "2026-10-08T10:00"),  # over the National Day
        ("2026-11-27T17:00", 1, "2026-11-27T18:00"),
    ],
)
def test_hours_of_a_working_week(start: str, hours: int, end: str) -> None:
    at = datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)
    assert OFFICIAL.after(at, timedelta(hours=hours)) == datetime.fromisoformat(end).replace(tzinfo=SHANGHAI)


def test_a_night_shift_goes_on_past_midnight() -> None:
    night = Calendar(hours=dict.fromkeys(range(5), ((0, 360), (1320, DAY))))
    at = datetime(2026, 11, 24, 23, 0, tzinfo=SHANGHAI)
    assert night.after(at, timedelta(hours=3)) == datetime(2026, 11, 25, 2, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "hours", [{}, {0: ()}, {0: ((60, 60),)}, {0: ((60, 120), (90, 180))}, {0: ((0, 1500),)}]
)
def test_hours_that_make_no_sense_are_no_calendar(hours: dict[int, tuple[tuple[int, int], ...]]) -> None:
    with pytest.raises(ValueError, match=r"without|\("):
        Calendar(hours=hours)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="2026"):
        OFFICIAL.after(datetime(2026, 11, 24), timedelta(hours=1))


def test_an_hour_that_the_clock_leaves_out_is_worked_by_nobody() -> None:
    spans = ((60, 165), (180, 240))
    early = Calendar(hours={6: spans}, zone=ZoneInfo("Europe/Berlin"))
    day = datetime(2026, 3, 29, tzinfo=ZoneInfo("Europe/Berlin"))
    assert early.between(day, day + timedelta(days=1)) == timedelta(hours=2)

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.dates import parse_date, relative_day
from guanxi.kernel.errors import Malformed

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-21",
        "2026/11/21",
        "2026.11.21",
        "20261121",
        "2026年11月21日",
        "２０２６年１１月２１日",
        "21/11/2026",
        "11/21/2026",
        "2026-11-21 08:30:00",
        "2026-11-21T08:30:00+08:00",
        "2026年11月21日 星期六",
        "21 Nov 2026",
        "Nov 21, 2026",
        " 2026-11-21 ",
        "46347",
        46347,
        46347.5,
        20261121,
        DAY,
        datetime(2026, 11, 21, 8),
        "2026/11/21 8:30",
        "21st November 2026",
    ],
)
def test_a_day_is_read_in_every_usual_form(cell: object) -> None:
    assert parse_date(cell) == DAY


def test_day_first_is_said_by_the_caller() -> None:
    assert parse_date("03/04/2026") == date(2026, 3, 4)
    assert parse_date("03/04/2026", day_first=True) == date(2026, 4, 3)


def test_an_empty_cell_has_no_day() -> None:
    assert parse_date(None) is None
    assert parse_date("  ") is None


def test_serials_know_that_excel_holds_1900_for_a_leap_year() -> None:
    assert parse_date(1) == date(1900, 1, 1)
    assert parse_date(59) == date(1900, 2, 28)
    assert parse_date(61) == date(1900, 3, 1)
    assert parse_date(0, epoch_1904=True) == date(1904, 1, 1)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2026-02-30", "impossible"),
        (60, "impossible"),
        ("26-1-2", "unreadable"),
        ("soon", "unreadable"),
        (True, "unreadable"),
        (float("nan"), "unreadable"),
        (10**400, "unreadable"),
        (-1, "impossible"),
        (20261345, "impossible"),
        ("13/13/2026", "impossible"),
        ("21 Foo 2026", "unreadable"),
        (object(), "unreadable"),
        ("2026年11月", "unreadable"),
    ],
)
def test_what_is_no_day_says_why(cell: object, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_date(cell)
    assert caught.value.code == f"date.{code}"


@given(st.dates(date(1900, 3, 1), date(9999, 12, 31)))
def test_every_day_survives_every_form(day: date) -> None:
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day.year:04}年{day.month}月{day.day}日") == day
    assert parse_date((day - date(1899, 12, 30)).days) == day


@given(st.text(max_size=20))
def test_any_text_gives_a_day_or_a_reason(text: str) -> None:
    try:
        parse_date(text)
    except Malformed as said:
        if not said.code.startswith("date."):
            raise


@pytest.mark.parametrize(
    ("day", "named"),
    [
        (21, ("today", 0)),
        (20, ("yesterday", 1)),
        (22, ("tomorrow", 1)),
        (13, ("days_ago", 8)),
        (30, ("days_ahead", 9)),
    ],
)
def test_days_near_today_have_names(day: int, named: tuple[str, int]) -> None:
    assert relative_day(date(2026, 11, day), DAY) == named

"""Days that are worked in China: as named for a year, and by law where nobody has named them yet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.workdays import _clear_and_bright, is_workday, next_workday


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),
        (date(2026, 10, 11), False),
        (date(2026, 2, 16), False),
    ],
    ids=["before", "national-day", "its-week", "worked-saturday", "sunday", "eve-of-spring"],
)
def test_the_days_that_were_named_for_a_year(day: date, worked: bool) -> None:
    assert is_workday(day) is worked


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2096, 1, 23), True),
        (date(2096, 1, 24), False),
        (date(2096, 1, 27), False),
        (date(2097, 1, 1), False),
        (date(2097, 5, 1), False),
        (date(2097, 4, 4), False),
        (date(2097, 10, 3), False),
        (date(2097, 10, 8), True),
        (date(2097, 10, 6), False),
    ],
    ids=[
        "before",
        "eve-of-spring",
        "third-of-spring",
        "new-year",
        "labour",
        "clear",
        "third",
        "after",
        "weekend",
    ],
)
def test_by_law_where_nobody_has_named_them_yet(day: date, worked: bool) -> None:
    assert is_workday(day) is worked


def test_the_law_agrees_with_what_was_named() -> None:
    """Every year's named days hold those of the law, which has four days of Spring Festival since 2025."""
    for year in (2025, 2026):
        for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)):
            assert not is_workday(date(year, month, day))
        assert not is_workday(_clear_and_bright(year))


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_the_next_workday_is_worked_and_soon(day: date) -> None:
    found = next_workday(day)
    assert is_workday(found)
    assert day <= found <= day + timedelta(days=12)
    assert found != day or is_workday(day)

"""The lunar calendar against days that everybody knows."""

# Chinese in code: lunar days

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.lunar import FIRST, LAST, LunarDay, lunar_of, next_lunar_birthday, solar_of

_NEW_YEARS = {
    1949: (1, 29), 1954: (2, 3), 1985: (2, 20), 1988: (2, 17), 1999: (2, 16), 2000: (2, 5), 2008: (2, 7),
    2012: (1, 23), 2020: (1, 25), 2023: (1, 22), 2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6),
    2028: (1, 26), 2029: (2, 13), 2030: (2, 3), 2033: (1, 31), 2034: (2, 19), 2050: (1, 23),
}  # fmt: skip
_LEAP = {1984: 10, 1987: 6, 1990: 5, 1995: 8, 2001: 4, 2009: 5, 2017: 6, 2020: 4, 2023: 2, 2025: 6, 2033: 11}


@pytest.mark.parametrize("year", sorted(_NEW_YEARS))
def test_the_spring_festival_falls_where_it_fell(year: int) -> None:
    month, day = _NEW_YEARS[year]
    assert lunar_of(date(year, month, day)) == LunarDay(year, 1, 1)


@pytest.mark.parametrize("year", sorted(_LEAP))
def test_the_leap_months_are_those_of_the_almanac(year: int) -> None:
    months = [month for month in range(1, 13) if solar_of(LunarDay(year, month, 1, leap=True))]
    assert months == [_LEAP[year]]


@given(st.dates(date(1900, 1, 31), date(2099, 12, 31)))
def test_to_and_fro_is_the_same_day(day: date) -> None:
    lunar = lunar_of(day)
    assert lunar is not None
    assert solar_of(lunar) == day
    following = lunar_of(day + timedelta(days=1))
    assert following is not None
    assert following.day in (1, lunar.day + 1)


def test_the_mid_autumn_festival_is_said_as_people_say_it() -> None:
    assert lunar_of(date(2026, 9, 25)) == LunarDay(2026, 8, 15)
    assert LunarDay(2026, 8, 15).said() == "八月十五"
    assert LunarDay(2025, 6, 1, leap=True).said() == "闰六月初一"
    assert LunarDay(2025, 12, 20).said() == "腊月二十"
    assert LunarDay(2025, 11, 23).said() == "冬月廿三"


@pytest.mark.parametrize(
    ("born", "today", "falls"),
    [
        (LunarDay(1980, 8, 15), date(2026, 9, 25), date(2026, 9, 25)),
        (LunarDay(1980, 8, 15), date(2026, 9, 26), date(2027, 9, 15)),
        (LunarDay(1987, 6, 10, leap=True), date(2026, 1, 1), date(2026, 7, 23)),
        (LunarDay(1980, 12, 30), date(2026, 1, 1), date(2026, 2, 16)),
    ],
    ids=["today", "over", "leap", "short"],
)
def test_a_birthday_falls_on_its_lunar_day(born: LunarDay, today: date, falls: date) -> None:
    assert next_lunar_birthday(born, today) == falls


def test_the_years_from_1900_to_2099_follow_each_other_without_a_gap() -> None:
    for year in range(FIRST, LAST + 1):
        begins = solar_of(LunarDay(year, 1, 1))
        assert begins is not None
        assert date(year, 1, 20) < begins < date(year, 2, 22)
        assert lunar_of(begins - timedelta(days=1)) in {
            None if year == FIRST else LunarDay(year - 1, 12, day) for day in (29, 30)
        }
        leaps = [month for month in range(1, 13) if solar_of(LunarDay(year, month, 1, leap=True))]
        assert len(leaps) <= 1


@pytest.mark.parametrize(
    ("lunar", "falls"),
    [
        (LunarDay(1978, 8, 15), date(1978, 9, 17)),
        (LunarDay(2033, 8, 15), date(2033, 9, 8)),
        (LunarDay(2057, 9, 1), date(2057, 9, 29)),
    ],
    ids=["1978", "2033", "2057"],
)
def test_months_that_begin_about_midnight_follow_the_mainland(lunar: LunarDay, falls: date) -> None:
    assert solar_of(lunar) == falls


def test_beyond_the_known_years_nothing_is_said() -> None:
    assert lunar_of(date(1900, 1, 30)) is None
    assert lunar_of(date(1, 1, 1)) is None
    assert lunar_of(date(9999, 12, 31)) is None
    assert lunar_of(date(2100, 2, 8)) == LunarDay(2099, 12, 30)
    assert lunar_of(date(2100, 2, 9)) is None
    assert lunar_of(date(2101, 1, 1)) is None
    assert solar_of(LunarDay(2026, 1, 31)) is None
    assert next_lunar_birthday(LunarDay(1980, 8, 15), date(2150, 1, 1)) is None

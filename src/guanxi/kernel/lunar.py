"""The Chinese lunar calendar from 1900 to 2099: to and fro, and when a birthday kept by it falls.

The months are borax's, which are the mainland's official ones; until 2088 they are also what astronomers compute
afresh. A thin door: nothing else knows the library.
"""

# Chinese in code: how lunar days are written and read

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

from borax.calendars.lunardate import MIN_SOLAR_DATE, LCalendars

__all__ = ["FIRST", "LAST", "LunarDay", "lunar_of", "next_lunar_birthday", "solar_of"]

FIRST, LAST = 1900, 2099  # lunar years: from 1900-01-31 to 2100-02-08
_START = MIN_SOLAR_DATE


@dataclass(frozen=True, slots=True, order=True)
class LunarDay:
    """A day of the lunar calendar; `leap` where its month repeats the one before."""

    year: int
    month: int
    day: int
    leap: bool = False

    def said(self) -> str:
        """八月十五, 闰六月初一, 腊月三十: without the year."""
        return f"{'闰' if self.leap else ''}{_MONTHS[self.month - 1]}月{_day(self.day)}"


_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
_DIGITS = "〇一二三四五六七八九十"


def _day(day: int) -> str:
    if day % 10 == 0:
        return {10: "初十", 20: "二十", 30: "三十"}[day]
    return ("初", "十", "廿")[day // 10] + _DIGITS[day % 10]


@cache
def _months(year: int) -> tuple[tuple[int, bool, int], ...]:
    """The months of a lunar year in order: number, whether a leap one, days."""
    return tuple((month, bool(leap), days) for month, days, leap in LCalendars.iter_year_month(year))


_BEGINNINGS = tuple(
    accumulate(
        (sum(days for _month, _leap, days in _months(year)) for year in range(FIRST, LAST + 1)), initial=0
    )
)  # days from _START to the first day of each lunar year, and to the end


def lunar_of(day: date) -> LunarDay | None:
    """The lunar day of a solar one; None beyond `FIRST` and `LAST`."""
    left = (day - _START).days
    if not 0 <= left < _BEGINNINGS[-1]:
        return None
    year = FIRST + bisect_right(_BEGINNINGS, left) - 1
    left -= _BEGINNINGS[year - FIRST]
    for month, leap, days in _months(year):
        if left < days:
            return LunarDay(year, month, left + 1, leap)
        left -= days
    return None


def solar_of(lunar: LunarDay) -> date | None:
    """The solar day of a lunar one; None where there is no such day."""
    if not FIRST <= lunar.year <= LAST or lunar.day < 1:
        return None
    passed = _BEGINNINGS[lunar.year - FIRST]
    for month, leap, days in _months(lunar.year):
        if (month, leap) == (lunar.month, lunar.leap):
            return _START + timedelta(days=passed + lunar.day - 1) if lunar.day <= days else None
        passed += days
    return None


def next_lunar_birthday(born: LunarDay, today: date) -> date | None:
    """The next day, today among them, on which somebody born then keeps the birthday; None beyond `LAST`.

    Who was born in a leap month keeps it in the month that it repeats; who was born on the 30th, in a month of 29
    days, on the 29th.
    """
    now = lunar_of(today)
    if now is None:
        return None
    for year in range(now.year, min(now.year + 2, LAST) + 1):
        falls = solar_of(LunarDay(year, born.month, born.day)) or solar_of(LunarDay(year, born.month, 29))
        if falls is not None and falls >= today:
            return falls
    return None

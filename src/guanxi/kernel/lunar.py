"""The Chinese lunar calendar from 1900 to 2099: to and fro, and when a birthday kept by it falls.

A year is a number: of its months in their order, the leap month after the one it repeats, bit n says whether the
n-th has 30 days; above 13 bits the month after which a leap month stands, 0 for none. As the almanac has them, where
astronomers computing afresh differ by a day now and then.
"""

# Chinese in code: how lunar days are written and read

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

__all__ = ["FIRST", "LAST", "LunarDay", "lunar_of", "next_lunar_birthday", "solar_of"]

FIRST, LAST = 1900, 2099  # lunar years
_START = date(1900, 1, 31)
_TABLE = """
    116d2 00752 00ea5 0b64a 0064b 00a9b 09556 0056a 00b59 05752 00752 0db25 00b25 00a4b 0b4ab 002ad 0056b 04b69
    00da9 0fd92 00e92 00d25 0ba4d 00a56 002b6 095b5 006d4 00ea9 05e92 00e92 0cd26 0052b 00a57 0b2d6 00b5a 006d4
    06ec9 00749 0f693 00a93 0052b 0ca5b 00aad 0056a 09b55 00ba4 00b49 05a93 00a95 0f52d 00536 00aad 0b5aa 005b2
    00ba5 07d4a 00d4a 10a95 00a97 00556 0cab5 00ad5 006d2 08ea5 00ea5 0064a 06c97 00a9b 0f55a 0056a 00b69 0b752
    00b52 00b25 0964b 00a4b 114ab 002ad 005ad 0cb69 00da9 00d92 09d25 00d25 15a4d 00a56 002b6 0c5b5 006d5 00ea9
    0be92 00e92 00d26 06a56 00a57 114d6 0035a 006d5 0b6c9 00749 00693 0952b 0052b 00a5b 0555a 0056a 0fb55 00ba4
    00b49 0ba93 00a95 0052d 08aad 00ab5 135aa 005d2 00da5 0dd4a 00d4a 00c95 0952e 00556 00ab5 055b2 006d2 0cea5
    00725 0064b 0ac97 00cab 0055a 06ad6 00b69 17752 00b52 00b25 0da4b 00a4b 004ab 0a55b 005ad 00b6a 05b52 00d92
    0fd25 00d25 00a55 0b4ad 004b6 005b5 06daa 00ec9 11e92 00e92 00d26 0ca56 00a57 00556 086d5 00755 00749 06e93
    00693 0f52b 0052b 00a5b 0b55a 0056a 00b65 0974a 00b4a 11a95 00a95 0052d 0caad 00ab5 005aa 08ba5 00da5 00d4a
    07c95 00c96 0f94e 00556 00ab5 0b5b2 006d2 00ea5 08e4a 0068b 10c97 004ab 0055b 0cad6 00b6a 00752 09725 00b45
    00a8b 0549b
"""
_YEARS = tuple(int(year, 16) for year in _TABLE.split())
_BITS = 13


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
    bits = _YEARS[year - FIRST]
    leap = bits >> _BITS
    order = [(month, False) for month in range(1, 13)]
    if leap:
        order.insert(leap, (leap, True))
    return tuple((month, again, 29 + (bits >> place & 1)) for place, (month, again) in enumerate(order))


_BEGINNINGS = tuple(
    accumulate(
        (sum(days for _month, _leap, days in _months(year)) for year in range(FIRST, LAST + 1)), initial=0
    )
)  # days from _START to the first day of each lunar year, and to the end


def lunar_of(day: date) -> LunarDay | None:
    """The lunar day of a solar one; None beyond the table."""
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
    """The next day, today among them, on which somebody born then keeps the birthday; None beyond the table.

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

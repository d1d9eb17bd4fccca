"""Which days are worked in China: weekends, public holidays, and the weekend days that are worked for them.

The State Council names the days of a year in the November before; the library keeps them. Of years that it does not
know yet, the days off that the law itself names are free, and the weekends. A thin door: nothing else knows it.
"""

from datetime import date, timedelta
from enum import Enum

import chinese_calendar

from guanxi.kernel.lunar import lunar_of

__all__ = ["Official", "is_workday", "known_until", "next_workday", "official"]

_SATURDAY = 5
_FIRST: int = min(chinese_calendar.holidays).year
_LAST: int = max(chinese_calendar.holidays).year
# By the solar calendar: New Year's Day, Labour Day, National Day.
_SOLAR = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
# By the lunar one: Spring Festival, Dragon Boat and Mid-Autumn; its eve is the last day of the year before.
_LUNAR = {(1, 1), (1, 2), (1, 3), (5, 5), (8, 15)}


class Official(Enum):
    """What the official calendar says of a day: nothing of its own, a day off, a weekend day worked for one."""

    USUAL, FREE, MADE_UP = "usual", "free", "made_up"


def official(day: date) -> Official:
    """What the official calendar says of a day; of years that it does not know, what the law says."""
    if day in chinese_calendar.workdays:
        return Official.MADE_UP
    free = day in chinese_calendar.holidays if _FIRST <= day.year <= _LAST else _is_free_by_law(day)
    return Official.FREE if free else Official.USUAL


def known_until() -> int:
    """The last year whose days the official calendar names."""
    return _LAST


def is_workday(day: date) -> bool:
    """Whether offices in China work on this day."""
    found = official(day)
    return found is Official.MADE_UP or (found is Official.USUAL and day.weekday() < _SATURDAY)


def next_workday(day: date) -> date:
    """The day itself where it is worked, else the first after it that is."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def _is_free_by_law(day: date) -> bool:
    return (
        (day.month, day.day) in _SOLAR
        or _is_of(day, _LUNAR)
        or _is_of(day + timedelta(days=1), {(1, 1)})
        or day == _clear_and_bright(day.year)
    )


def _is_of(day: date, days: set[tuple[int, int]]) -> bool:
    lunar = lunar_of(day)
    return lunar is not None and not lunar.leap and (lunar.month, lunar.day) in days


def _clear_and_bright(year: int) -> date:
    """清明 of this century: the day on which the sun reaches 15° of longitude, in Beijing."""
    of_century = year % 100
    return date(year, 4, int(of_century * 0.2422 + 4.81) - of_century // 4)

"""Which days are worked in China: weekends, public holidays, and the weekend days that are worked for them.

The State Council names the days of a year in the November before; the library keeps them. Of years that it does not
know yet, the days off that the law itself names are free, and the weekends. A thin door: nothing else knows it.
"""

from datetime import date, timedelta

import chinese_calendar

from guanxi.kernel.lunar import lunar_of

__all__ = ["is_workday", "next_workday"]

_SATURDAY = 5
# By the solar calendar: New Year's Day, Labour Day, National Day.
_SOLAR = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
# By the lunar one: Spring Festival, Dragon Boat and Mid-Autumn; its eve is the last day of the year before.
_LUNAR = {(1, 1), (1, 2), (1, 3), (5, 5), (8, 15)}


def is_workday(day: date) -> bool:
    """Whether offices in China work on this day."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # the year is not named yet, or before there were such days
        return day.weekday() < _SATURDAY and not _is_free_by_law(day)


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

"""What names of days mean, seen from a day: weekdays, ends of periods, festivals, working days."""

import calendar
from contextvars import ContextVar
from datetime import date, timedelta

from guanxi.kernel.lunar import LunarDay, lunar_of, solar_of
from guanxi.kernel.worktime import OFFICIAL, Calendar

__all__ = [
    "after_festival",
    "after_workdays",
    "before_festival",
    "coming_day_of_month",
    "coming_month",
    "day_of_month",
    "month_end",
    "months_on",
    "near",
    "next_festival",
    "quarter_end",
    "week_end",
    "weekday_of_week",
    "worked",
]

# Whose working days a text is read with: set by who reads it, for the time of the reading.
worked: ContextVar[Calendar] = ContextVar("whens_worked", default=OFFICIAL)

_FRIDAY = 4
_LONG_PAST = 60  # days; a month and day further back are meant to come
# By the solar calendar, by the lunar one; 清明 is near enough for "before it".
_SOLAR = {
    "new_year": (1, 1),
    "clear": (4, 5),
    "labour": (5, 1),
    "national": (10, 1),
    "singles": (11, 11),
    "christmas": (12, 25),
}
_LUNAR = {"spring": (1, 1), "dragon": (5, 5), "autumn": (8, 15)}
_DAY = timedelta(days=1)


def month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def months_on(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    at = day.year * 12 + day.month - 1 + months
    year, month = divmod(at, 12)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), month_end(year, month + 1))


def day_of_month(today: date, months: int, day: int) -> date:
    """A day of the month so many months on. Raises ValueError where it has none."""
    return months_on(today.replace(day=1), months).replace(day=day)


def coming_day_of_month(today: date, day: int) -> date:
    """The next day of that number, today among them, in a month that has it."""
    for months in range(3):
        first = months_on(today.replace(day=1), months)
        if day <= month_end(first.year, first.month).day and (found := first.replace(day=day)) >= today:
            return found
    raise ValueError(day)


def near(today: date, month: int, day: int) -> date:
    """The month and day of this year or the next; of the last where it is hardly over. Raises ValueError where these
    years have none."""
    for year in (today.year - 1, today.year, today.year + 1):
        if _is(year, month, day) and (today - date(year, month, day)).days <= _LONG_PAST:
            return date(year, month, day)
    raise ValueError(month, day)


def _is(year: int, month: int, day: int) -> bool:
    return 1 <= day <= calendar.monthrange(year, month)[1]


def coming_month(today: date, month: int, years: int = 0) -> date:
    """The first day of the coming month of that number, this one among them; `years` further on."""
    return date(today.year + (month < today.month) + years, month, 1)


def weekday_of_week(today: date, weeks: int, weekday: int) -> date:
    """A weekday (0 is Monday) of the calendar week so many weeks on."""
    return today + timedelta(days=7 * weeks + weekday - today.weekday())


def week_end(today: date, weeks: int) -> date:
    """The Friday of a week; of this one, where that is over, its Sunday."""
    return (
        max(weekday_of_week(today, weeks, _FRIDAY), min(today + _DAY, weekday_of_week(today, weeks, 6)))
        if weeks == 0 and today.weekday() > _FRIDAY
        else weekday_of_week(today, weeks, _FRIDAY)
    )


def quarter_end(year: int, quarter: int) -> date:
    """The last day of a quarter (1 to 4; beyond that, of later years)."""
    return month_end(year + (quarter - 1) // 4, (quarter - 1) % 4 * 3 + 3)


def after_workdays(day: date, count: int) -> date:
    """The working day so many after a day."""
    return worked.get().after_workdays(day, min(count, 400))


def next_festival(today: date, name: str) -> date:
    """The day of a festival still to come. Raises ValueError beyond the lunar calendar."""
    if name in _SOLAR:
        month, number = _SOLAR[name]
        found = date(today.year, month, number)
        return found if found > today else found.replace(year=today.year + 1)
    lunar = lunar_of(today)
    if lunar is None:
        raise ValueError(name)
    for year in (lunar.year, lunar.year + 1):
        falls = solar_of(LunarDay(year, *_LUNAR[name]))
        if falls is not None and falls > today:
            return falls
    raise ValueError(name)


def before_festival(today: date, name: str) -> date:
    """The last working day before a festival and the days off around it."""
    day = _any(today, name) - _DAY
    while not worked.get().is_workday(day) and day > today:
        day -= _DAY
    return day


def after_festival(today: date, name: str) -> date:
    """The first working day after a festival."""
    return worked.get().next_workday(_any(today, name) + _DAY)


def _any(today: date, name: str) -> date:
    """`name`, or where it is "" the festival that comes next."""
    if name:
        return next_festival(today, name)
    return min(next_festival(today, one) for one in (*_SOLAR, *_LUNAR) if one not in ("christmas", "singles"))

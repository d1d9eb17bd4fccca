"""When people have birthdays: by the solar or the lunar calendar, found by month and day."""

from calendar import isleap
from collections.abc import Iterator
from datetime import date, timedelta

from guanxi.kernel.lunar import LunarDay, lunar_of, next_lunar_birthday, solar_of

A_YEAR = 366  # days, of which each month and day is one


def keys_of(born: date | None) -> tuple[str, str]:
    """Month and day of a birth by the solar and by the lunar calendar: ("0925", "0815"), "" for unknown."""
    if born is None:
        return "", ""
    lunar = lunar_of(born)
    return f"{born:%m%d}", f"{lunar.month:02d}{lunar.day:02d}" if lunar else ""


def kept_between(first: date, last: date) -> tuple[set[str], set[str]]:
    """Which births (solar and lunar month and day) have their birthday from one day to another, both included."""
    days = list(_days(first, last))
    return {key for day in days for key in _solar(day)}, {key for day in days for key in _lunar(day)}


def next_birthday(born: date, lunar: bool, today: date) -> date | None:
    """The next birthday, today's among them; None where the lunar table ends."""
    if lunar:
        day = lunar_of(born)
        return next_lunar_birthday(day, today) if day else None
    for year in (today.year, today.year + 1):
        day_of_month = 28 if (born.month, born.day) == (2, 29) and not isleap(year) else born.day
        falls = date(year, born.month, day_of_month)
        if falls >= today:
            return falls
    return None


def _days(first: date, last: date) -> Iterator[date]:
    for step in range(min((last - first).days, A_YEAR) + 1):
        yield first + timedelta(days=step)


def _solar(day: date) -> Iterator[str]:
    yield f"{day:%m%d}"
    if (day.month, day.day) == (2, 28) and not isleap(day.year):
        yield "0229"


def _lunar(day: date) -> Iterator[str]:
    """A leap month is nobody's: who was born in one keeps it in the month before."""
    lunar = lunar_of(day)
    if lunar is None or lunar.leap:
        return
    yield f"{lunar.month:02d}{lunar.day:02d}"
    if lunar.day == 29 and solar_of(LunarDay(lunar.year, lunar.month, 30)) is None:
        yield f"{lunar.month:02d}30"

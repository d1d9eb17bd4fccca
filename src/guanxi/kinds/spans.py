"""Stretches of days that people name, and ranges: what the filters of dates and numbers have in common."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.dates import parse_date
from guanxi.kernel.errors import Malformed
from guanxi.kernel.text import whole_number
from guanxi.kinds.kind import FieldProblem, Words

DAYS = ("within", "last", "next", "since", "until", "between")
RANGE = ("least", "most", "between", "outside")
PERIODS: dict[str, Words] = {
    "today": _("today"),
    "yesterday": _("yesterday"),
    "tomorrow": _("tomorrow"),
    "this_week": _("this week"),
    "last_week": _("last week"),
    "next_week": _("next week"),
    "this_month": _("this month"),
    "last_month": _("last month"),
    "next_month": _("next month"),
    "this_quarter": _("this quarter"),
    "last_quarter": _("last quarter"),
    "this_year": _("this year"),
    "last_year": _("last year"),
}
_STEPS = {"last": -1, "this": 0, "next": 1}
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def day_of(raw: object) -> date:
    """A day of a filter. Raises FieldProblem; also for the last day there is, which has none after it."""
    try:
        found = parse_date(raw)
    except Malformed as error:
        raise FieldProblem("date", _("This is not a date, such as 2026-11-21.")) from error
    if found is None or found == date.max:
        raise FieldProblem("date", _("This is not a date, such as 2026-11-21."))
    return found


def days_of(operator: str, values: Sequence[str]) -> tuple[date | None, date | None]:
    """First and last day that a condition means, None where it is open. Weeks begin on Monday, and today is one of
    the last or next so many days. Raises FieldProblem."""
    today = timezone.localdate()
    if not values:
        raise FieldProblem("date", _("Give a date."))
    match operator:
        case "since":
            return day_of(values[0]), None
        case "until":
            return None, day_of(values[0])
        case "within" if values[0] in PERIODS:
            return period(values[0], today)
        case "within":
            raise FieldProblem("period", _("There is no such stretch of time."))
        case "between":
            return pair([day_of(value) for value in values])
    days = whole_number(values[0], most=36500)
    if not days:
        raise FieldProblem("days", _("Give a number of days."))
    span = timedelta(days=days - 1)
    return (today, today + span) if operator == "next" else (today - span, today)


def period(word: str, today: date) -> tuple[date, date]:
    """First and last day of one of PERIODS."""
    if word in _NEAR:
        day = today + timedelta(days=_NEAR[word])
        return day, day
    which, _sep, unit = word.partition("_")
    if unit == "week":
        first = today + timedelta(days=7 * _STEPS[which] - today.weekday())
        return first, first + timedelta(days=6)
    months = _MONTHS[unit]
    start = ((today.year * 12 + today.month - 1) // months + _STEPS[which]) * months
    return _month(start), _month(start + months) - timedelta(days=1)


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def in_order(values: Sequence[str], read: Callable[[str], Any]) -> tuple[str, ...]:
    """The two ends of a range, the lower one first; as they are where they cannot be read."""
    try:
        return tuple(sorted(values, key=read))
    except FieldProblem:
        return tuple(values)


def pair(values: Sequence[Any]) -> tuple[Any, Any]:
    if len(values) != 2:
        raise FieldProblem("between", _("Give a first and a last value."))
    low, high = sorted(values)
    return low, high

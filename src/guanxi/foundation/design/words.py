"""Dates, money and counts as people say them, in the language of the page.

The forms are design/DESIGN.md's: 昨天, 8 天前, 逾期 2 天, 明天; money in 万 and 亿 in Chinese and with
thousands separators in English. Nothing here reads a clock: "today" is an argument, so that it can be tested.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from guanxi.kernel.dates import relative_day
from guanxi.kernel.money import Money

Mode = Literal["", "due", "day"]
_NEAR = 30  # days; beyond, a date says more than a number of days
_PAPER: ContextVar[bool] = ContextVar("guanxi_on_paper", default=False)


@contextmanager
def on_paper() -> Iterator[None]:
    """What is drawn within is read on another day too: every date stands in full, with its year."""
    token = _PAPER.set(True)
    try:
        yield
    finally:
        _PAPER.reset(token)


def in_chinese() -> bool:
    """Whether the page is being drawn in Chinese."""
    return (get_language() or "").startswith("zh")


def shown_number(value: int) -> str:
    """A whole number with thousands separators, the same in both languages."""
    return f"{value:,}"


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def exact(value: date | datetime) -> str:
    """The full date, and the time of day where there is one: 2026 年 11 月 9 日 17:48; 9 Nov 2026 17:48."""
    value = _local(value)
    text = _full(_day(value), get_language())
    return f"{text} {value:%H:%M}" if isinstance(value, datetime) else text


@lru_cache(maxsize=4096)
def _full(day: date, language: str | None) -> str:
    """A list draws fifty of them, and the days repeat from page to page. `language` is the active one."""
    # Translators: a full date, in the letters of Django's date filter.
    return date_format(day, pgettext("date format", "j M Y"))


def calendar_day(value: date | datetime, today: date) -> str:
    """Day and month, and the year where it is not this one."""
    day = _day(_local(value))
    if day.year != today.year or _PAPER.get():
        return exact(day)
    # Translators: a date within this year, in the letters of Django's date filter.
    return date_format(day, pgettext("date format", "j M"))


def month_day(value: date | datetime) -> str:
    """Day and month in full: 11 月 9 日; 9 November."""
    # Translators: a day without its year, the month in full, in the letters of Django's date filter.
    return date_format(_day(_local(value)), pgettext("date format", "j F"))


def weekday(value: date | datetime) -> str:
    """A day with the name it has in the week: 11 月 9 日星期一; Monday, 9 November."""
    # Translators: weekday, day and month, in the letters of Django's date filter.
    return date_format(_day(_local(value)), pgettext("date format", "l, j F"))


def month(value: date) -> str:
    """A month of a year: 2026 年 11 月; Nov 2026."""
    # Translators: month and year, in the letters of Django's date filter.
    return date_format(value, pgettext("date format", "M Y"))


def days_between(first: date, last: date, today: date) -> str:
    """From one day to another, the month and year said once where it is one: 11 月 23 日至 29 日; 23 – 29 November."""
    if (first.year, first.month) == (last.year, last.month) and last.year == today.year:
        # Translators: the first of two days in one month, in the letters of Django's date filter.
        start = date_format(first, pgettext("date format, first of two", "j"))
        # Translators: the last of two days in one month, in the letters of Django's date filter.
        end = date_format(last, pgettext("date format, last of two", "j F"))
    else:
        start, end = calendar_day(first, today), calendar_day(last, today)
    # Translators: from the first to the last day of a week or list.
    return pgettext("days", "%(first)s – %(last)s") % {"first": start, "last": end}


def relative(value: date | datetime, today: date, mode: Mode = "") -> str:
    """The date in words, seen from `today` (the reader's own day).

    `mode` "due" says of a past day that it is overdue; "day" never shows the time of day.
    """
    value = _local(value)
    if _PAPER.get():
        return exact(_day(value) if mode == "day" else value)
    name, days = relative_day(_day(value), today)
    at = f" {value:%H:%M}" if isinstance(value, datetime) and mode != "day" else ""
    if mode == "due" and name in {"yesterday", "days_ago"}:
        return ngettext("%(n)s day overdue", "%(n)s days overdue", days) % {"n": shown_number(days)}
    if days > _NEAR:
        return calendar_day(value, today)
    match name:
        case "today":
            return _("Today") + at
        case "yesterday":
            return _("Yesterday") + at
        case "tomorrow":
            return _("Tomorrow") + at
        case "days_ago":
            return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
    return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}


_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$"}


def _trimmed(value: Decimal) -> str:
    text = f"{value:,.2f}"
    return text.removesuffix(".00")


def money(amount: Money | Decimal, currency: str = "CNY") -> str:
    """An amount as a page shows it; a Decimal counts major units (yuan, dollars).

    Chinese: 4,300元, 386.00万, 1.25亿, with the currency's code where it is not the yuan (the gap
    before 万 is the typography's). English: ¥3,860,000, $1,250.50.
    """
    if isinstance(amount, Money):
        currency = amount.currency
        amount = amount.decimal
    sign, size = ("−" if amount < 0 else ""), abs(amount)
    if not in_chinese():
        return f"{sign}{_SIGNS.get(currency, currency + ' ')}{_trimmed(size)}"
    code = "" if currency == "CNY" else f"{currency} "
    for unit, word in ((100_000_000, "亿"), (10_000, "万")):
        if size >= unit:
            return f"{code}{sign}{size / unit:,.2f}{word}"
    return f"{code}{sign}{_trimmed(size)}" + ("" if code else "元")


def initials(name: str) -> str:
    """What an avatar shows: the first character of a Chinese name, the first letters of two Latin words."""
    words = name.split()
    if not words:
        return "?"
    if not words[0][0].isascii():
        return words[0][0]
    return "".join(word[0] for word in words[:2]).upper()

"""Dates as spreadsheets and people write them, and the distance of a day from today."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from guanxi.kernel.errors import Malformed

__all__ = ["parse_date", "relative_day"]

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})")
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_TIME = re.compile(
    r"(?<=[\d日号])(?:T|\s+)(?:(?:上午|下午|AM|PM)\s*)?\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?)?"
    r"\s*(?:AM|PM|上午|下午)?\s*(?:Z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\s*[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?$")
_MONTHS = {
    m: n
    for n, m in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_DAY_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s\-]+([a-z]{3,9})\.?,?[\s\-]+(\d{4})", re.IGNORECASE)
_MONTH_NAMED = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.IGNORECASE)
_SERIAL_ZERO = date(1899, 12, 30)  # so that serials from 61 on are right; Excel holds 1900 for a leap year
_SERIAL_ZERO_1904 = date(1904, 1, 1)
_LAST_SERIAL = 2_958_465  # 9999-12-31


def parse_date(value: object, *, day_first: bool = False, epoch_1904: bool = False) -> date | None:
    """The day a cell means; None for an empty cell. The time of day is dropped.

    Reads 2026-11-21, 2026/11/21, 2026.11.21, 20261121, 2026年11月21日, 21 Nov 2026, date and datetime
    objects, and Excel serials as numbers or as five digits. 21/11/2026 is read either way round where only
    one is possible; 03/04/2026 is April 3rd in March-first countries only if `day_first`. Two-digit years are
    refused: nobody knows. Raises Malformed with code date.unreadable or date.impossible (params: value).
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool):
        raise Malformed("date.unreadable", {"value": str(value)})
    if isinstance(value, (int, float)):
        return _from_number(value, epoch_1904)
    if not isinstance(value, str):
        raise Malformed("date.unreadable", {"value": str(value)[:40]})
    text = unicodedata.normalize("NFKC", value).strip()
    if not text:
        return None
    text = _WEEKDAY.sub("", _TIME.sub("", text)).strip()
    parts = _parts(text, day_first)
    if parts is None:
        if _SERIAL.fullmatch(text):
            return _from_number(float(text), epoch_1904)
        raise Malformed("date.unreadable", {"value": value.strip()[:40]})
    try:
        return date(*parts)
    except ValueError:
        raise Malformed("date.impossible", {"value": value.strip()[:40]}) from None


def _parts(text: str, day_first: bool) -> tuple[int, int, int] | None:
    if found := _YEAR_FIRST.fullmatch(text) or _SOLID.fullmatch(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _YEAR_LAST.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        if first > 12 or (day_first and second <= 12):
            return year, second, first
        return year, first, second
    if found := _DAY_NAMED.fullmatch(text):
        month = _month(found[2])
        return (int(found[3]), month, int(found[1])) if month else None
    if found := _MONTH_NAMED.fullmatch(text):
        month = _month(found[1])
        return (int(found[3]), month, int(found[2])) if month else None
    return None


def _month(word: str) -> int:
    return _MONTHS.get(word[:3].lower(), 0)


def _from_number(value: float, epoch_1904: bool) -> date:
    """20261121 or an Excel serial."""
    if not -1e12 < value < 1e12:  # also what is no number (NaN)
        raise Malformed("date.unreadable", {"value": str(value)})
    whole = int(value)
    if 10_000_000 <= whole <= 99_991_231:
        try:
            return date(whole // 10_000, whole // 100 % 100, whole % 100)
        except ValueError:
            raise Malformed("date.impossible", {"value": str(whole)}) from None
    if epoch_1904 and whole in range(_LAST_SERIAL - 1461):
        return _SERIAL_ZERO_1904 + timedelta(days=whole)
    if 1 <= whole <= 59:
        return _SERIAL_ZERO + timedelta(days=whole + 1)
    if 61 <= whole <= _LAST_SERIAL:
        return _SERIAL_ZERO + timedelta(days=whole)
    raise Malformed("date.impossible", {"value": str(value)})


def relative_day(day: date, today: date) -> tuple[str, int]:
    """How people name a day: ("today", 0), ("yesterday", 1), ("tomorrow", 1), ("days_ago", n), ("days_ahead",
    n).

    n counts days and is never negative; the words are the caller's.
    """
    days = (day - today).days
    if days == 0:
        return "today", 0
    if days == -1:
        return "yesterday", 1
    if days == 1:
        return "tomorrow", 1
    return ("days_ago", -days) if days < 0 else ("days_ahead", days)

"""Moments as spreadsheets and people write them: a day with its time."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta, timezone

from guanxi.kernel.dates import parse_date
from guanxi.kernel.errors import Malformed

__all__ = ["KEPT_ON_THE_PHONE", "parse_moment"]

KEPT_ON_THE_PHONE = timedelta(days=7)  # how long what was done without network may wait there

_TIME = re.compile(
    r"(?:T|\s+|(?<=[日号]))(?P<half>上午|下午|中午|晚上|早上|AM|PM)?\s*"
    r"(?P<hour>\d{1,2})(?:\s*[:时点]\s*(?P<half_hour>半)?(?P<minute>\d{1,2})?(?:\s*[:分]\s*(?P<second>\d{1,2})?(?:\.\d+)?秒?)?)"
    r"\s*(?P<after>AM|PM)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_LATER = frozenset(("下午", "晚上", "pm"))
_EARLIER = frozenset(("上午", "早上", "am"))


def parse_moment(value: object) -> datetime | None:
    """The moment a cell means; None for an empty cell. Seconds are kept, fractions of them dropped.

    Reads 2026-11-21 14:30, 2026年11月21日下午2点30分, 2026-11-21T14:30:00+08:00, Excel serials with a fraction, and
    every day that `parse_date` reads, which is then its midnight. Naive where the text names no zone: the caller
    knows the company's. Raises Malformed with code date.unreadable or date.impossible (params: value).
    """
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    if isinstance(value, date):
        return datetime.combine(value, time.min)
    if isinstance(value, float) and not isinstance(value, bool):
        day = parse_date(value)
        minutes = round(value % 1 * 24 * 60)
        return None if day is None else datetime.combine(day, time.min) + timedelta(minutes=minutes)
    if not isinstance(value, str):
        day = parse_date(value)
        return None if day is None else datetime.combine(day, time.min)
    text = unicodedata.normalize("NFKC", value).strip()
    found = _TIME.search(text)
    if found is None:
        day = parse_date(text)
        return None if day is None else datetime.combine(day, time.min)
    day = parse_date(text[: found.start()])
    if day is None:
        raise Malformed("date.unreadable", {"value": value.strip()[:40]})
    try:
        return datetime.combine(day, _time_of(found), _zone_of(found["zone"]))
    except ValueError:
        raise Malformed("date.impossible", {"value": value.strip()[:40]}) from None


def _time_of(found: re.Match[str]) -> time:
    hour = int(found["hour"])
    half = (found["half"] or found["after"] or "").lower()
    if half and hour > 12:
        half = ""  # 下午14点 says it twice
    if (half in _LATER or half == "中午") and 1 <= hour <= 11 and not (half == "中午" and hour == 11):
        hour += 12
    elif half in _EARLIER and hour == 12:
        hour = 0
    return time(hour, 30 if found["half_hour"] else int(found["minute"] or 0), int(found["second"] or 0))


def _zone_of(text: str | None) -> timezone | None:
    if not text:
        return None
    if text.upper() == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))

"""A calendar's invitation in a mail, shown as a proposal: its subject, time and place."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from guanxi.channels.rules.decoding import clean, text_of

__all__ = ["Meeting", "read_meeting"]

_LARGEST = 256 * 1024  # bytes
_EARLIEST, _LATEST = 2000, 2100  # years within which a time is believed


@dataclass(frozen=True, slots=True)
class Meeting:
    """What is proposed. `at` and `until` are None where it says no time that anybody could come at; `cancelled` where
    it is called off."""

    subject: str
    at: datetime | None
    until: datetime | None
    place: str
    cancelled: bool = False


def read_meeting(data: bytes, *, zone: ZoneInfo) -> Meeting | None:
    """The first event of an invitation; None where there is none that can be read. A time without a zone is meant in
    `zone`."""
    if len(data) > _LARGEST:
        return None
    try:
        calendar = Calendar.from_ical(text_of(data, "utf-8"))
        event = next(iter(calendar.walk("VEVENT")), None)
        if event is None:
            return None
        at, until = _moment(event.get("dtstart"), zone), _moment(event.get("dtend"), zone)
        cancelled = "CANCEL" in str(calendar.get("method", "")).upper()
        subject, place = _said(event, "summary"), _said(event, "location")
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        return None
    if at is None or (until is not None and not at <= until):
        until = None
    return Meeting(subject, at, until, place, cancelled)


def _said(event: Any, name: str) -> str:
    return clean(str(event.get(name) or "")).replace("\n", " ").strip()[:200]


def _moment(value: Any, zone: ZoneInfo) -> datetime | None:
    found = getattr(value, "dt", None)
    if isinstance(found, date) and not isinstance(found, datetime):
        found = datetime.combine(found, time(0), tzinfo=zone)
    if not isinstance(found, datetime) or not _EARLIEST <= found.year <= _LATEST:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)

"""Parameters of an address that are no filter. Each is taken out of the query, what is left is the list's."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Invalid, Message

_FLAGS = {"": False, "0": False, "false": False, "1": True, "true": True}


def taken(query: Any, name: str) -> str:
    """A parameter's text, "" where it is not there."""
    text = str(query.get(name, ""))
    query.pop(name, None)
    return text


def flag(query: Any, name: str) -> bool:
    """A yes or no. Raises Invalid."""
    text = taken(query, name)
    if text not in _FLAGS:
        raise Invalid({name: [Message("value", _("Give 1 or 0."))]})
    return _FLAGS[text]


def total(query: Any) -> str:
    """Whether the total is wanted: "", "quick", or "exact" however long it takes. Raises Invalid."""
    if query.get("total") == "exact":
        return taken(query, "total")
    return "quick" if flag(query, "total") else ""


def choice(query: Any, name: str, offered: Collection[str]) -> str:
    """One of the values offered, "" where it is not given. Raises Invalid."""
    text = taken(query, name)
    if text and text not in offered:
        raise Invalid(
            {name: [Message("value", _("Give one of: %(values)s."), {"values": ", ".join(offered)})]}
        )
    return text


def uuid(query: Any, name: str) -> UUID | None:
    """An id, None where it is not given. Raises Invalid."""
    text = str(query.get(name, ""))
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise Invalid({name: [Message("uuid", _("This is not an id."))]}) from error


def moment(query: Any, name: str) -> datetime | None:
    """A moment with its time zone, None where it is not given. Raises Invalid."""
    text = str(query.get(name, ""))
    if not text:
        return None
    found = _moment(text)
    if found is None:
        raise Invalid({name: [Message("moment", _("Give a moment, such as 2026-11-21T08:00:00Z."))]})
    return found


def place(query: Any, name: str) -> tuple[datetime, UUID] | None:
    """Behind which line of a list by time a page begins, None at the first. Raises Invalid."""
    text = str(query.get(name, ""))
    if not text:
        return None
    at, _mark, last = text.partition("~")
    found = _moment(at)
    try:
        row_id = UUID(last)
    except ValueError:
        found, row_id = None, UUID(int=0)
    if found is None:
        raise Invalid({name: [Message("cursor", _("This page is no longer there. Begin at the first."))]})
    return found, row_id


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.replace(" ", "+"))  # a plus sign that nobody escaped
    except ValueError:
        return None
    # The first and last days of the calendar have no neighbours in another time zone.
    return found if found is not None and found.tzinfo is not None and 1 < found.year < 9999 else None


def number(query: Any, name: str, *, most: int) -> int | None:
    """A number from 1 to `most`, None where it is not given. Raises Invalid."""
    if name not in query:
        return None
    text = str(query.get(name, ""))
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and 1 <= int(text) <= most):
        raise Invalid({name: [Message("value", _("Give a number from 1 to %(most)s."), {"most": most})]})
    return int(text)

"""What hand-written pages need of a request: its actor, what was typed, what to say afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import pgettext

from guanxi.foundation.design.shapes import Field, Kind, Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import GuanxiError, Invalid, NotFound, Refused
from guanxi.kernel.moments import KEPT_ON_THE_PHONE
from guanxi.kernel.text import whole_number

UNDONE = "undone"  # marks a message about an undoing
_LONGEST_AGO = 30 * 24 * 3600  # seconds a phone keeps what could not be sent


def actor_of(request: HttpRequest) -> Actor:
    """The actor that the middleware has worked out."""
    return cast("Actor", cast("Any", request).actor)


def whose(actor: Actor) -> str:
    """Whose browser it is, by member and company: what is kept in it goes by that (`data-gx-who`)."""
    return f"{actor.observer_id or ''}{actor.member_id}.{actor.tenant_id}"


def uuid_of(text: str | None) -> UUID | None:
    """An id out of a form or an address; None for nothing. Raises NotFound for anything else."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def waited(request: HttpRequest) -> timedelta | None:
    """How long a form was kept on a phone without network (`Gx-Done-Ago`, seconds by the phone's own watch, so that a
    watch that is wrong does no harm). None where it says nothing, or comes without the key of a queue."""
    if not request.headers.get("Idempotency-Key", "").strip():
        return None
    ago = whole_number(request.headers.get("Gx-Done-Ago", ""), most=_LONGEST_AGO)
    return None if ago is None else timedelta(seconds=ago)


def done_at(request: HttpRequest, *, since: datetime) -> datetime:
    """When a person did what a form says: now; earlier where a phone kept it, yet never before `since`, when the record
    it is about was made. What waited longer than anything may wait counts as done now."""
    now, ago = timezone.now(), waited(request)
    return now if ago is None or ago > KEPT_ON_THE_PHONE else min(now, max(now - ago, since))


def version_of(request: HttpRequest) -> int | None:
    """The version of a row that a form was filled in over; None where it says none."""
    return whole_number(request.POST.get("version", ""))


def url_of(name: str, *args: object) -> str:
    """The address of a page, or "" where no part of the product brings it."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def listed(names: Iterable[str]) -> str:
    """Names in a row, parted as the reader's language parts them."""
    return reduce(_joined, names) if (names := list(names)) else ""


def _joined(first: str, rest: str) -> str:
    return pgettext("names", "%(first)s, %(rest)s") % {"first": first, "rest": rest}


def tell(request: HttpRequest, text: str, *, undo: UUID | None = None, undone: bool = False) -> None:
    """Show a toast on the next page; with `undo`, the way to undo that operation, `undone` where it was one itself."""
    way = url_of("undo", undo) if undo else ""
    messages.success(request, text, extra_tags=f"{way} {UNDONE}" if way and undone else way)


def back_to(request: HttpRequest, fallback: str) -> str:
    """Where the person wants to go (`next`) or came from, if that is a page of ours."""
    for wanted in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if is_ours(request, wanted):
            return wanted
    return fallback


def is_ours(request: HttpRequest, url: str) -> bool:
    """Whether an address out of a request or a row leads to a page of ours and nowhere else."""
    host = request.get_host()
    return bool(url) and url_has_allowed_host_and_scheme(url, {host}, require_https=request.is_secure())


def place_of(request: HttpRequest) -> tuple[datetime, UUID] | None:
    """The last row of the page before, from `after`: a list by time goes on behind it. None at the first page.

    Raises NotFound for what no page of ours has written.
    """
    text = request.GET.get("after", "")
    if not text:
        return None
    at, _sep, last = text.partition("~")
    try:
        moment = parse_datetime(at)
    except ValueError as error:
        raise NotFound from error
    row_id = uuid_of(last)
    if moment is None or moment.tzinfo is None or row_id is None:
        raise NotFound
    return moment, row_id


def place_text(at: datetime, row_id: UUID) -> str:
    """What `place_of` reads."""
    return f"{at.isoformat()}~{row_id}"


@dataclass(slots=True)
class Draft:
    """A form as typed, or as stored: its values and what is wrong with them."""

    values: Mapping[str, Any]
    errors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    overall: tuple[str, ...] = ()

    def blame(self, error: GuanxiError) -> None:
        """Take the messages of an Invalid or Refused to where they are shown."""
        if isinstance(error, Invalid):
            self.errors = {name: tuple(map(str, said)) for name, said in error.fields.items()}
            self.overall = tuple(map(str, error.messages))
        elif isinstance(error, Refused):
            self.overall = (str(error.reason) or error.code,)
        else:
            raise error

    def field(
        self, name: str, label: Any, kind: Kind = "text", options: Sequence[Option] = (), **more: Any
    ) -> Field:
        """A field of this form, with its value and errors."""
        value = self.values.get(name) or ""
        return Field(
            name=name,
            label=str(label),
            kind=kind,
            value=str(value),
            options=options,
            errors=self.errors.get(name, ()),
            **more,
        )

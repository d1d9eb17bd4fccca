"""Records as entries of other programs' address books and calendars: vCard (RFC 6350, RFC 2426), iCalendar (RFC 5545).

A context says at start-up how its records are written::

    leaves_as("people", Entries("vcf", "vcf", _("vCard 4.0"), "text/vcard", fields=("name", "phone"), write=card))
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from guanxi.kinds import Kind, Show
from guanxi.kinds.kind import Words
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.keeping import Line

_FOLDED = 75  # octets of a line


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as its reader may know it. `more` are further numbers and addresses it is reached by."""

    id: UUID
    version: int
    changed: datetime
    show: Show
    more: Sequence[Line] = ()
    _record: Any = None
    _fields: Mapping[str, Kind] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field in words; masked where it is masked for the reader, "" where it is hidden or empty."""
        kind = self._fields.get(name)
        if kind is None:
            return ""
        if access.is_masked(self.show.actor, kind):
            return kind.masked(self._record, self.show)
        return kind.text(self._record, self.show)

    def value(self, name: str) -> Any:
        """A field as it is stored; None where the reader may not know it whole."""
        kind = self._fields.get(name)
        if kind is None or access.is_masked(self.show.actor, kind):
            return None
        return kind.value(self._record)


@dataclass(frozen=True, slots=True)
class Entries:
    """One kind of file of entries.

    `key` is the `format` that is asked for, `ending` the file's; `fields` are what an entry is made of; `write` gives
    the lines of one, "" for a record that has no place there. `head` and `foot` stand around all of them.
    """

    key: str
    ending: str
    label: Words
    media: str
    fields: tuple[str, ...]
    write: Callable[[Entry], str]
    head: Callable[[], str] = str
    foot: str = ""


_by_resource: dict[str, list[Entries]] = {}


def leaves_as(key: str, *entries: Entries) -> None:
    """Called once at start-up: the records of a resource can leave as these."""
    _by_resource.setdefault(key, []).extend(entries)


def entries_of(resource: type[Resource]) -> Sequence[Entries]:
    """How the records of a resource can leave as entries."""
    return _by_resource.get(resource.key, ())


def entries_among(
    resource: type[Resource], records: Sequence[Any], kind: Entries, show: Show
) -> Iterator[str]:
    """The entries of records whose links have been looked up."""
    fields = {one.name: one for one in access.readable(show.actor, resource, kind.fields)}
    beside = resource.beside
    more: Mapping[UUID, Sequence[Line]] = {}
    if beside is not None and beside.is_open(show.actor):
        whole = [one.pk for one in records if not access.withheld(show.actor, resource, one)]
        more = beside.lines(whole)
    for record in records:
        entry = Entry(
            record.pk, record.version, record.updated_at, show, more.get(record.pk, ()), record, fields
        )
        if text := kind.write(entry):
            yield text


# vCard


def card(lines: Sequence[tuple[str, str]], version: str) -> str:
    """A card of properties and their values, as `of_text` wrote them; those without a value are left out."""
    said = [("BEGIN", "VCARD"), ("VERSION", version), *lines, ("END", "VCARD")]
    return "".join(_line(name, value) for name, value in said if value.strip(";"))


def of_text(text: str) -> str:
    """A text as the value of a property."""
    text = re.sub(r"\r\n?", "\n", text).replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace(",", "\\,").replace(";", "\\;")


def _line(name: str, value: str) -> str:
    """A line of a card, folded before its 76th octet and never within a character."""
    folded, held, size = [], "", 0
    for char in f"{name}:{value}":
        octets = len(char.encode())
        if size + octets > _FOLDED:
            folded.append(held)
            held, size = " ", 1
        held, size = held + char, size + octets
    return "\r\n".join([*folded, held]) + "\r\n"

"""Why a record was found: the value that holds what was typed, where its name does not say so."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Kind, Show
from guanxi.resource import access
from guanxi.resource.declaration import Resource

_AROUND = 20  # characters of a long value on either side of what matched
Marking = Callable[[str, str], str | SafeString]


def beside(actor: Actor, resource: type[Resource], record: Any, text: str, show: Show, mark: Marking) -> str:
    """The grey words beside a found record: those it always has, and what matched if its name did not."""
    usual = resource.told_apart(record, show)
    if not text or isinstance(mark(str(record), text), SafeString):
        return usual
    why = _why(actor, resource, record, text, show, mark)
    return format_html_join(" · ", "{}", ((part,) for part in (usual, why) if part)) if why else usual


def _why(
    actor: Actor, resource: type[Resource], record: Any, text: str, show: Show, mark: Marking
) -> str | SafeString:
    for kind in _searched(resource):
        # What the reader may not search by has found nothing for him, and is not shown.
        if kind.name == resource.title or not access.is_open(actor, kind):
            continue
        for line in kind.text(record, show).splitlines():
            said = mark(line, text)
            if not isinstance(said, SafeString):
                said = _digits(line, text)
            if isinstance(said, SafeString):
                short = _cut(line, text)
                value = said if short == line else mark(short, text)
                return format_html(
                    pgettext("found by", "{field}: {value}"), field=str(kind.label), value=value
                )
    hanging = resource.beside
    for one in hanging.lines([record.pk]).get(record.pk, ()) if hanging and hanging.is_open(actor) else ():
        said = mark(one.text, text)
        said = said if isinstance(said, SafeString) else _digits(one.text, text)
        if isinstance(said, SafeString):
            return format_html(pgettext("found by", "{field}: {value}"), field=str(one.label), value=said)
    return ""


def _searched(resource: type[Resource]) -> Iterator[Kind]:
    """The fields a record is found by. Where nobody named them, those that need no other row to be said."""
    named = resource.search_fields
    for kind in resource.fields().values():
        if kind.own is not None:
            if kind.own.searched:
                yield kind
        elif kind.name in named if named is not None else not kind.computed and not kind.lookups():
            yield kind


def _digits(line: str, text: str) -> str | SafeString:
    """A number with the typed digits set off, whatever signs stand between them; as it is where it has them not."""
    wanted = "".join(char for char in text if char.isdigit())
    places = [at for at, char in enumerate(line) if char.isdigit()]
    if len(wanted) < 3 or any(char.isalpha() for char in text):
        return line
    at = "".join(line[place] for place in places).find(wanted)
    if at < 0:
        return line
    first, last = places[at], places[at + len(wanted) - 1] + 1
    return format_html("{}<mark>{}</mark>{}", line[:first], line[first:last], line[last:])


def _cut(line: str, text: str) -> str:
    """A long line around what was typed."""
    at = line.casefold().find(text.casefold())
    if at < 0 or len(line) <= 2 * _AROUND + len(text):
        return line
    first, last = max(at - _AROUND, 0), at + len(text) + _AROUND
    return ("…" if first else "") + line[first:last] + ("…" if last < len(line) else "")

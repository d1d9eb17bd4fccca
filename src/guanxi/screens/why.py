"""Why a record was found: the values that hold what was typed, where its name does not say so."""

from collections.abc import Iterator
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Kind, Show
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.screens.marking import lacking, marked, span

_AROUND = 20  # characters of a long value on either side of what matched


def beside(actor: Actor, resource: type[Resource], record: Any, text: str, show: Show) -> str:
    """The grey words beside a found record: those it always has, and what matched of which its name says nothing."""
    usual = resource.told_apart(record, show)
    missing = lacking(str(record), text) if text else ()
    why = list(_why(actor, resource, record, text, missing, show)) if missing else []
    return format_html_join(" · ", "{}", ((part,) for part in (usual, *why) if part)) if why else usual


def _why(
    actor: Actor, resource: type[Resource], record: Any, text: str, missing: tuple[str, ...], show: Show
) -> Iterator[SafeString]:
    """A value that holds the whole text says all of it; else one for every word that is missing."""
    lines = list(_lines(actor, resource, record, show))
    for label, line in lines:
        if span(line, text):
            yield _said(label, line, text)
            return
    left = list(missing)
    for label, line in lines:
        if any(span(line, word) for word in left):
            yield _said(label, line, " ".join(left))
            left = [word for word in left if not span(line, word)]


def _lines(actor: Actor, resource: type[Resource], record: Any, show: Show) -> Iterator[tuple[str, str]]:
    """What a record is found by beside its name, as far as the reader may search by it: label and value."""
    for kind in _searched(resource):
        # What the reader may not search by has found nothing for him, and is not shown.
        if kind.name == resource.title or not access.is_open(actor, kind):
            continue
        for line in kind.text(record, show).splitlines():
            yield str(kind.label), line
    hanging = resource.beside
    if hanging is None or not hanging.is_open(actor) or access.withheld(actor, resource, record):
        return
    for one in hanging.lines([record.pk]).get(record.pk, ()):
        yield str(one.label), one.text


def _said(label: str, line: str, text: str) -> SafeString:
    return format_html(
        pgettext("found by", "{field}: {value}"), field=label, value=marked(_cut(line, text), text)
    )


def _searched(resource: type[Resource]) -> Iterator[Kind]:
    """The fields a record is found by. Where nobody named them, those that need no other row to be said."""
    named = resource.search_fields
    for kind in resource.fields().values():
        if kind.own is not None:
            if kind.own.searched:
                yield kind
        elif kind.name in named if named is not None else not kind.computed and not kind.lookups():
            yield kind


def _cut(line: str, text: str) -> str:
    """A long line around what was typed."""
    found = span(line, text)
    if found is None or len(line) <= 2 * _AROUND + len(text):
        return line
    first, last = max(found[0] - _AROUND, 0), found[1] + _AROUND
    return ("…" if first else "") + line[first:last] + ("…" if last < len(line) else "")

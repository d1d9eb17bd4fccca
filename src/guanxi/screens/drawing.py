"""Values of a record as this viewer may see them; a card's facts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from guanxi.foundation.design import shapes
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import url_of, uuid_of
from guanxi.kinds import Kind, Show
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.links import RecordLink, look_up
from guanxi.resource.registry import find
from guanxi.resource.withholding import MASK, is_withheld


def show_for(request: HttpRequest) -> Show:
    """Who looks, in which language."""
    return Show(actor=request.actor, language=get_language() or "zh-hans")  # type: ignore[attr-defined]


def masked_name(name: str) -> str:
    """What is told of the name of a record that the viewer may not see."""
    return name[:1] + "**" if len(name) <= 4 else name[:2] + "**" + name[-2:]


def named_for(actor: Actor, resource: type[Resource], record: Any, *, visible: bool) -> str:
    """A record's name as far as somebody may know it who is told that it is there: shortened where he does not see
    it, or not what it is called."""
    name = str(record)
    return name if visible and access.is_open(actor, resource.kind(resource.title)) else masked_name(name)


def cell(kind: Kind, record: Any, show: Show, *, roomy: bool = False) -> str:
    """A value as this viewer may see it; `roomy` where there is room for words beside a mark."""
    if access.is_masked(show.actor, kind) or is_withheld(record, kind.column):
        return masked(kind, record, show)
    return kind.fact(record, show) if roomy else kind.html(record, show)


def masked(kind: Kind, record: Any, show: Show) -> str:
    """A value that is not shown; with the way to ask for it where the company only veils it."""
    text = MASK if is_withheld(record, kind.column) else kind.masked(record, show)
    if not text or not access.may_look(show.actor, kind, record):
        return text
    url = url_of("reveal", kind.resource.key, record.pk, kind.name)
    if not url:
        return text
    return format_html(
        '<button type="button" class="gx-veil" hx-post="{}" hx-target="this" hx-swap="outerHTML" title="{}">{}'
        "</button>",
        url, gettext("Show the number; it is written down"), text,
    )  # fmt: skip


def facts(
    actor: Actor, resource: type[Resource], record: Any, names: Sequence[str], show: Show
) -> list[shapes.Fact]:
    """Labels and values of a card; those the viewer may change are edited in their place. What nobody can fill in is
    left out while there is nothing of it."""
    may_edit = access.allows(actor, resource, record, "edit")
    history = resource.url("history", id=record.pk)
    open_names = {kind.name for kind in access.writable(actor, resource)}
    found = []
    kinds = access.readable(actor, resource, names)
    look_up(kinds, [record], show)
    for kind in kinds:
        shut = access.is_masked(actor, kind) or is_withheld(record, kind.column)
        editable = may_edit and kind.name in open_names and not shut
        value = cell(kind, record, show, roomy=True)
        if kind.only_read and not shut and not value:
            continue
        found.append(
            shapes.Fact(
                key=kind.name,
                label=str(kind.label),
                value=value,
                edit_url=resource.url("field", id=record.pk, field=kind.name) if editable else "",
                history_url=f"{history}?field={kind.name}" if kind.computed is None else "",
                masked=shut,
            )
        )
    return found


def home_of(resource: type[Resource], linked: Mapping[str, Any]) -> str:
    """The card that a new part of a record was begun from, by the links its address gave; "" for the form of a list."""
    if resource.part_of not in linked:
        return ""
    kind = resource.kind(resource.part_of)
    whole = uuid_of(str(linked[kind.name]))
    return find(kind.to).url("card", id=whole) if isinstance(kind, RecordLink) and whole is not None else ""

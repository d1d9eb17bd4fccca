"""The brief: what to know of a customer or person on one sheet, before a call or a visit."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from guanxi.activities.choices import Promised
from guanxi.activities.pages.timeline import days_of
from guanxi.activities.queries.commitments import PromiseLine, promise_lines, promises_with
from guanxi.activities.queries.planned import planned_lines
from guanxi.activities.queries.timeline import Asked, has_timeline
from guanxi.activities.queries.touches import planned_with, read
from guanxi.collaboration.queries.people import record_of
from guanxi.foundation.design import marks, words
from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of
from guanxi.kernel.errors import NotFound
from guanxi.kinds import Kind, Show
from guanxi.resource import access
from guanxi.resource.links import look_up
from guanxi.resource.registry import find, resource_of
from guanxi.screens.drawing import cell, facts, show_for
from guanxi.screens.panels import Card, Drawn

TOUCHES, PLANNED = 5, 5
# What they are reached by and where, whole: with what is said beside each.
_WAYS = {
    "contact_points": ("kind", "use", "main"),
    "addresses": ("use", "region", "postcode", "receiver", "phone", "main"),
}
_MOST = 50


@require_GET
def brief(request: HttpRequest, resource: str, id: UUID) -> HttpResponse:  # noqa: A002
    """One sheet: what is known, the people and what else hangs on it, what is to come, the last five touches. It is
    printed and read later: its dates are in full."""
    with words.on_paper():
        return _sheet(request, resource, id)


def _sheet(request: HttpRequest, resource: str, id: UUID) -> HttpResponse:  # noqa: A002
    actor = actor_of(request)
    kind, record = record_of(actor, resource, id)
    if not has_timeline(kind):
        raise NotFound("no_page")
    show = show_for(request)
    card = Card(request, kind, record, show)
    names = [name for section in kind.sections("card") for name in section.fields if name != kind.title]
    may = actor.may("activities.activity.view")
    touches = read(Asked(actor=actor, resource=kind, record=record, show=show, limit=TOUCHES)) if may else []
    planned = planned_with(actor, kind, record, limit=PLANNED) if may else []
    drawn = [card.panel(panel.key, alone=True) for panel in card.panels() if panel.place == "right"]
    context = {
        "active": kind.key,
        "resource": kind,
        "record": record,
        "subtitle": kind.subtitle(record, show),
        "header": [
            (one, value)
            for one in access.readable(actor, kind, kind.header)
            if (value := cell(one, record, show, roomy=True))
        ],
        "facts": [fact for fact in facts(actor, kind, record, names, show) if fact.value],
        "parts": card.parts(panels=False, buttons=False),
        "panels": [one for one in map(_of_today, drawn) if one is not None],
        "ways": list(_ways(card, actor, record, show)),
        "planned": planned_lines(planned, show),
        "promises": _promises(actor, kind, record, show),
        "days": list(days_of(touches[:TOUCHES])),
        "card_url": kind.url("card", id=record.pk),
    }
    return render(request, "activities/brief.html", context)


def _promises(actor: Actor, kind: Any, record: Any, show: Show) -> list[PromiseLine]:
    """What is still to be kept, by us and by them."""
    if not actor.may(find("commitments").permission("view")):
        return []
    rows = promises_with(actor, kind, record).filter(state=Promised.OPEN)
    return promise_lines(list(rows.order_by("due", "id")[:_MOST]), show, on=kind.key)


def _ways(card: Card, actor: Actor, record: Any, show: Show) -> Iterator[tuple[Any, Sequence[PanelRow]]]:
    """Contact points and addresses in the reader's sight that are in use, each under the title of its panel."""
    link = "person" if resource_of(record).key == "people" else "customer"
    for panel in card.panels():
        if panel.key not in _WAYS:
            continue
        target = find(panel.key)
        names = {kind.name for kind in target.kinds}
        rows = access.visible(actor, target).filter(**{target.kind(link).column: record.pk})
        if "until" in names:
            rows = rows.exclude(until__lt=timezone.localdate())
        found = list(rows.order_by("-main", "use", "pk")[:_MOST])
        kinds = {
            kind.name: kind for kind in access.readable(actor, target, (target.title, *_WAYS[panel.key]))
        }
        look_up(kinds.values(), found, show)
        if target.title in kinds and found:
            yield panel.title, [_way(kinds, target.title, _WAYS[panel.key], row, show) for row in found]


def _way(kinds: dict[str, Kind], title: str, beside: Sequence[str], row: Any, show: Show) -> PanelRow:
    said = [_said(kinds[name], row, show) for name in beside if name in kinds and name != "main"]
    if "main" in kinds and kinds["main"].value(row):
        said.insert(0, gettext("main"))
    return PanelRow(title=_said(kinds[title], row, show), sub=" · ".join(text for text in said if text))


def _said(kind: Kind, row: Any, show: Show) -> str:
    return kind.masked(row, show) if access.is_masked(show.actor, kind) else kind.text(row, show)


def _of_today(drawn: Drawn) -> Drawn | None:
    """A panel without what is past, its rows alone; None where nothing is left to print."""
    content = drawn.content
    if content is None or content.template or not (content.rows or content.apart):
        return None
    return replace(drawn, content=replace(content, rows=[row for row in content.rows if not row.past]))


def brief_button(actor: Actor, record: Any, show: Show) -> str:
    """The way here, on the card."""
    url = reverse("brief", args=[resource_of(record).key, record.pk])
    return format_html('<a class="btn btn-sm gx-btn-q gx-hide-s" href="{}">{}</a>', url, gettext("Brief"))


def brief_item(actor: Actor, record: Any, show: Show) -> str:
    """The same in the card's menu, where a phone has no room for the button."""
    url = reverse("brief", args=[resource_of(record).key, record.pk])
    name = format_html('<span class="gx-fill">{}</span>', gettext("Brief"))
    return format_html('<a class="gx-item gx-only-s" href="{}">{}{}</a>', url, marks.icon("file-text"), name)

"""The card, its preview beside the list, and its history."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guanxi.foundation.design import shapes
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.kernel.text import whole_number
from guanxi.kinds import Kind, Show
from guanxi.resource import access, acting
from guanxi.resource.contributions import Content, Panel
from guanxi.resource.declaration import Resource, Section
from guanxi.resource.history import history_of
from guanxi.resource.links import look_up
from guanxi.resource.merging import merged_into
from guanxi.resource.registry import resource_of
from guanxi.screens.drawing import cell, facts, show_for
from guanxi.screens.panels import Card, Drawn, Parts
from guanxi.screens.quick import quick_ways


@dataclass(frozen=True, slots=True)
class Ask:
    """What is worth asking for next: edited in its place (`field`, the fact's key), or added at `url`."""

    words: str
    url: str
    field: str = ""


def _completeness(
    actor: Actor, resource: type[Resource], record: Any, kinds: list[Kind]
) -> tuple[int, int, Ask | None]:
    """How complete a record is in percent, how many things are missing, and the next to ask for."""
    said = resource.completeness(actor, record)
    if said is None:
        asked = [kind for kind in kinds if not kind.only_read]
        # What holds a usual value is not missing.
        filled = sum(1 for kind in asked if kind.value(record) not in (None, "", ()))
        return (round(100 * filled / len(asked)) if asked else 100), len(asked) - filled, None
    percent, missing = said
    placed = {kind.name for kind in kinds}
    for words, way in missing:
        if way in placed:
            return percent, len(missing), Ask(words, resource.url("field", id=record.pk, field=way), way)
        if way.startswith("/"):
            return percent, len(missing), Ask(words, way)
    return percent, len(missing), None


@require_GET
def card(request: HttpRequest, resource: type[Resource], id: UUID) -> HttpResponse:  # noqa: A002
    """Everything about one record; asked for after an edit in place, what stands around its panels."""
    actor = request.actor  # type: ignore[attr-defined]
    try:
        record = access.get(actor, resource, id)
    except NotFound:
        # It may be part of another one now, to which old links lead.
        if (into := merged_into(resource.key, id)) is None:
            raise
        access.get(actor, resource, into)
        return HttpResponseRedirect(resource.url("card", id=into))
    found = Card(request, resource, record, show_for(request))
    sections = resource.sections("card")
    shown = [kind for section in sections for kind in access.readable(actor, resource, section.fields)]
    percent, missing, ask = _completeness(actor, resource, record, shown)
    parts = found.parts(panels=request.headers.get("HX-Target") != "card-head")
    return render(
        request,
        "screens/card.html",
        _head(found, parts)
        | {
            "sections": [
                (
                    section,
                    facts(actor, resource, record, _beneath(resource, section), found.show),
                    section.minor and _is_bare(resource, record, section),
                )
                for section in sections
            ],
            "percent": percent,
            "missing": missing,
            "ask": ask,
        },
    )


def panel_page(found: Card, drawn: Drawn, *, status: int = 200) -> HttpResponse:
    """One panel as a page of its own under the card's head: a tab, or what a browser without scripts is led to."""
    context = _head(found, found.parts(panels=False)) | {"drawn": drawn}
    return render(found.request, "screens/panel_page.html", context, status=status)


@require_GET
def panel(request: HttpRequest, resource: type[Resource], id: UUID, key: str) -> HttpResponse:  # noqa: A002
    """A panel that asks for itself; without htmx a page of its own under the card's head."""
    record = access.get(request.actor, resource, id)  # type: ignore[attr-defined]
    found = Card(request, resource, record, show_for(request))
    part = bool(request.headers.get("HX-Request"))
    drawn = found.panel(key, alone=part, of=request.GET.get("of", ""))
    if part:
        return render(request, "screens/panel.html", {"drawn": drawn})
    return panel_page(found, drawn)


def _beneath(resource: type[Resource], section: Section) -> list[str]:
    return [name for name in section.fields if name != resource.title]


def _is_bare(resource: type[Resource], record: Any, section: Section) -> bool:
    """Whether nothing stands in a section."""
    kinds = (resource.kind(name) for name in section.fields)
    return all(kind.computed is not None or kind.is_blank(kind.value(record)) for kind in kinds)


def _head(found: Card, parts: Parts) -> dict[str, Any]:
    """What stands above every page of a record."""
    resource, record, show = found.resource, found.record, found.show
    header = access.readable(show.actor, resource, resource.header)
    look_up([kind for kind in header if kind.computed], [record], show)
    return {
        "resource": resource,
        "active": resource.key,
        "record": record,
        "subtitle": resource.subtitle(record, show),
        "header": [(kind, value) for kind in header if (value := cell(kind, record, show, roomy=True))],
        "parts": parts,
        "quick": quick_ways(resource, record, show),
        "note": next((one.content.note for one in _drawn(parts) if one.content and one.content.note), ""),
        "may_edit": access.allows(show.actor, resource, record, "edit"),
        "menu": _menu(show.actor, resource, record),
        "edit_url": resource.url("edit", id=record.pk),
        "history_url": resource.url("history", id=record.pk),
        "card_url": resource.url("card", id=record.pk),
        **resource.words(),
    }


def _drawn(parts: Parts) -> list[Drawn]:
    return [one for placed in parts.panels.values() for one in placed]


def _history(actor: Actor, record: Any, show: Show) -> Content:
    resource = resource_of(record)
    entries, more = history_of(actor, resource, record, show)
    url = resource.url("history", id=record.pk)
    context = {"entries": entries, "more": more, "history_url": url}
    return Content(url=url, template="screens/history_panel.html", context=context)


HISTORY = Panel("history", _("History"), _history, place="middle", at_once=True, renew="gx:changed")


def _menu(actor: Actor, resource: type[Resource], record: Any) -> list[shapes.MenuItem]:
    """The less usual acts on a record. Deleting asks nothing: its toast undoes it."""
    url = resource.url("history", id=record.pk)
    found = [shapes.MenuItem(label=gettext("All changes"), url=url, icon="history", key="h")]
    for action in acting.offered(actor, resource, record):
        asks = bool(action.inputs or action.confirm)
        found.append(
            shapes.MenuItem(
                label=str(action.label),
                url=resource.url("act", id=record.pk, key=action.key),
                icon=action.icon,
                method="get" if asks else "post",
                tone=action.tone,
                divided=action.tone == "bad",
            )
        )
    return found


@require_GET
def preview(request: HttpRequest, resource: type[Resource], id: UUID) -> HttpResponse:  # noqa: A002
    """The card's essence beside the list."""
    actor = request.actor  # type: ignore[attr-defined]
    record = access.get(actor, resource, id)
    show = show_for(request)
    names = [name for section in resource.sections("card") for name in _beneath(resource, section)]
    filled = [fact for fact in facts(actor, resource, record, names, show) if fact.value]
    entries, _more = history_of(actor, resource, record, show, limit=5)
    return render(
        request,
        "screens/preview.html",
        {
            "resource": resource,
            "record": record,
            "subtitle": resource.subtitle(record, show),
            "parts": Card(request, resource, record, show).parts(panels=False, buttons=False),
            "facts": filled,
            "entries": entries,
            "open_url": resource.url("card", id=record.pk),
        },
    )


@require_GET
def history(request: HttpRequest, resource: type[Resource], id: UUID) -> HttpResponse:  # noqa: A002
    """All changes of a record, or of one field (`field=`), newest first."""
    actor = request.actor  # type: ignore[attr-defined]
    record = access.get(actor, resource, id)
    show = show_for(request)
    name = request.GET.get("field", "")
    entries, more = history_of(
        actor,
        resource,
        record,
        show,
        limit=50,
        field=name,
        before=whole_number(request.GET.get("before", ""), most=2**62),
    )
    wanted = resource.fields().get(name)
    over = bool(wanted and request.headers.get("HX-Request"))
    return render(
        request,
        "screens/field_history.html" if over else "screens/history.html",
        {
            "resource": resource,
            "active": resource.key,
            "record": record,
            "entries": entries,
            "more_history": more,
            "field": wanted,
            "fields": [k for k in access.readable(actor, resource) if not k.only_read],
            "card_url": resource.url("card", id=record.pk),
            "history_url": resource.url("history", id=record.pk),
        },
    )

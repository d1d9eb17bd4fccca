"""The card, its preview beside the list, and its history."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from guanxi.foundation.design import shapes
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.text import whole_number
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.history import history_of
from guanxi.resource.pages.drawing import cell, facts, files_of, show_for


def _completeness(resource: type[Resource], record: Any, kinds: list[Any]) -> tuple[int, int]:
    asked = [kind for kind in kinds if not kind.only_read]
    filled = sum(1 for kind in asked if not kind.is_blank(kind.value(record)))
    return (round(100 * filled / len(asked)) if asked else 100), len(asked) - filled


@require_GET
def card(request: HttpRequest, resource: type[Resource], id: UUID) -> HttpResponse:  # noqa: A002
    """Everything about one record."""
    return card_page(request, resource, id)


def card_page(
    request: HttpRequest, resource: type[Resource], record_id: UUID, *, file_errors: Sequence[str] = ()
) -> HttpResponse:
    """The card; with `file_errors` as the answer to files that were refused."""
    actor = request.actor  # type: ignore[attr-defined]
    record = access.get(actor, resource, record_id)
    show = show_for(request)
    sections = [
        (section, facts(actor, resource, record, [n for n in section.fields if n != resource.title], show))
        for section in resource.sections()
    ]
    shown = [
        kind for section in resource.sections() for kind in access.readable(actor, resource, section.fields)
    ]
    percent, missing = _completeness(resource, record, shown)
    header = [
        (kind, value)
        for kind in access.readable(actor, resource, resource.header)
        if (value := cell(kind, record, show, roomy=True))
    ]
    entries, more = history_of(actor, resource, record, show)
    return render(
        request,
        "resource/card.html",
        {
            "resource": resource,
            "active": resource.key,
            "record": record,
            "subtitle": resource.subtitle(record, show),
            "header": header,
            "sections": sections,
            "percent": percent,
            "missing": missing,
            "entries": entries,
            "more_history": more,
            "files": files_of(actor, resource, record, show),
            "file_errors": file_errors,
            "file_add_url": resource.url("file_add", id=record.pk),
            "panels": resource.panels(actor, record, show),
            "may_edit": access.allows(actor, resource, record, "edit"),
            "menu": _menu(actor, resource, record),
            "edit_url": resource.url("edit", id=record.pk),
            "history_url": resource.url("history", id=record.pk),
            "card_url": resource.url("card", id=record.pk),
            **resource.words(),
        },
        status=422 if file_errors else 200,
    )


def _menu(actor: Actor, resource: type[Resource], record: Any) -> list[shapes.MenuItem]:
    """The less usual acts on a record. Deleting asks nothing: its toast undoes it."""
    url = resource.url("history", id=record.pk)
    found = [shapes.MenuItem(label=gettext("All changes"), url=url, icon="history")]
    if resource.offers("remove_many") and access.allows(actor, resource, record, "delete"):
        found.append(
            shapes.MenuItem(
                label=gettext("Delete"),
                url=resource.url("delete", id=record.pk),
                icon="trash",
                method="post",
                tone="bad",
                divided=True,
            )
        )
    return found


@require_GET
def preview(request: HttpRequest, resource: type[Resource], id: UUID) -> HttpResponse:  # noqa: A002
    """The card's essence beside the list."""
    actor = request.actor  # type: ignore[attr-defined]
    record = access.get(actor, resource, id)
    show = show_for(request)
    names = [name for section in resource.sections() for name in section.fields if name != resource.title]
    filled = [fact for fact in facts(actor, resource, record, names, show) if fact.value]
    entries, _more = history_of(actor, resource, record, show, limit=5)
    return render(
        request,
        "resource/preview.html",
        {
            "resource": resource,
            "record": record,
            "subtitle": resource.subtitle(record, show),
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
    return render(
        request,
        "resource/history.html",
        {
            "resource": resource,
            "active": resource.key,
            "record": record,
            "entries": entries,
            "more_history": more,
            "field": resource.fields().get(name),
            "fields": [k for k in access.readable(actor, resource) if not k.only_read],
            "card_url": resource.url("card", id=record.pk),
        },
    )

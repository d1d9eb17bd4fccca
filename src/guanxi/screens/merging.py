"""Several records made one: side by side, field by field; and one taken apart again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from guanxi.foundation.design.shapes import Field
from guanxi.foundation.ledger.labels import labels_of, table_label
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import tell, uuid_of
from guanxi.kernel.errors import Conflict, Invalid, NotFound, Refused
from guanxi.kinds import Kind, Show
from guanxi.resource import access, acting, guards, merging, splitting
from guanxi.resource.declaration import Resource
from guanxi.resource.links import look_up
from guanxi.resource.registry import find_by_table
from guanxi.screens.drawing import cell, show_for


@dataclass(frozen=True, slots=True)
class _Value:
    """What one of the records says in a field."""

    id: UUID
    of: str
    text: Any
    chosen: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A field in which they differ, or that not all of them have. `joined` says that all of it stays."""

    name: str
    label: str
    values: Sequence[_Value]
    joined: bool


@require_http_methods(["GET", "POST"])
def merge_page(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """Which of the records (`ids`) stays, and whose value in each field; then they are one."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("merge"))
    given = request.POST if request.method == "POST" else request.GET
    asked = list(dict.fromkeys(one for text in given.getlist("ids") if (one := uuid_of(text))))
    if (more := uuid_of(given.get("keep__more"))) is not None and more not in asked:
        asked.append(more)
    records = list(access.visible(actor, resource).filter(pk__in=asked))
    records.sort(key=lambda one: asked.index(one.pk))
    keep = uuid_of(given.get("keep")) or (
        min(records, key=lambda one: (one.created_at, one.pk)).pk if records else None
    )
    records.sort(key=lambda one: one.pk != keep)
    overall: list[str] = []
    warnings: list[Any] = []
    status = 200
    if request.method == "POST" and "again" not in request.POST:
        choices = {
            name.removeprefix("choice_"): one
            for name in request.POST
            if name.startswith("choice_") and (one := uuid_of(request.POST[name]))
        }
        try:
            kept = resource.merge(actor, ids=[one.pk for one in records], keep=keep, choices=choices)
        except Invalid as error:
            overall, status = (
                [*map(str, error.messages), *(str(m) for f in error.fields.values() for m in f)],
                422,
            )
        except guards.Warned as error:
            warnings, status = list(error.warnings), 409
        except Refused as error:
            overall, status = [str(error.reason)], 409
        else:
            said = gettext("%(what)s merged into “%(name)s”")
            what = resource.count_words(len(records))
            tell(request, said % {"what": what, "name": kept}, undo=last_operation_id())
            return HttpResponseRedirect(resource.url("card", id=kept.pk))
    show = show_for(request)
    lines, same = _lines(actor, resource, records, show)
    context = {
        "resource": resource,
        "active": resource.key,
        "records": records,
        "keep": keep,
        "lines": [line for line in lines if len(line.values) > 1],
        "alone": [line for line in lines if len(line.values) == 1],
        "same": same,
        "follows": _follows(actor, resource, [one.pk for one in records if one.pk != keep]),
        "overall": overall,
        "warnings": warnings,
        "codes": ",".join(one.code for one in warnings),
        "more": _more(actor, resource, show),
        "most": merging.MOST,
        "too_many": len(asked) > merging.MOST,
        "cancel_url": resource.url("card", id=keep) if keep else resource.url(),
    }
    return render(request, "screens/merge.html", context, status=status)


def _more(actor: Actor, resource: type[Resource], show: Show) -> Field:
    """The field in which one more is looked for."""
    action = next(one for one in acting.actions_of(resource) if one.key == "merge")
    (kind,) = acting.inputs_of(actor, resource, action)
    return replace(kind.editor(None, show), name="keep__more", label=gettext("Add one more"))


def _lines(
    actor: Actor, resource: type[Resource], records: Sequence[Any], show: Show
) -> tuple[list[_Line], list[tuple[str, Any]]]:
    """The fields in which the records differ, as far as the reader may know them; and what they agree in."""
    if not records:
        return [], []
    kinds = [
        kind for kind in access.readable(actor, resource) if not kind.only_read and kind.computed is None
    ]
    look_up(kinds, records, show)
    writable = {kind.name for kind in access.writable(actor, resource)}
    lines, same = [], []
    for kind in kinds:
        values = [kind.value(record) for record in records]
        filled = [value for value in values if not kind.is_blank(value)]
        if not filled:
            continue
        if len(filled) == len(records) and all(value == filled[0] for value in filled):
            same.append((str(kind.label), cell(kind, records[0], show, roomy=True)))
            continue
        lines.append(_line(kind, records, show, open_to=kind.name in writable))
    return lines, same


def _line(kind: Kind, records: Sequence[Any], show: Show, *, open_to: bool) -> _Line:
    first = next(record.pk for record in records if not kind.is_blank(kind.value(record)))
    said: dict[Any, UUID] = {}
    values = []
    for record in records:
        value = kind.value(record)
        if kind.is_blank(value) or str(value) in said:
            continue
        said[str(value)] = record.pk
        text = cell(kind, record, show, roomy=True)
        values.append(_Value(record.pk, str(record), text, record.pk == first))
    name = kind.name if open_to and len(values) > 1 else ""
    joined = merging.is_joined(kind) and len(values) > 1
    return _Line("" if joined else name, str(kind.label), values, joined)


def _follows(actor: Actor, resource: type[Resource], gone: Sequence[UUID]) -> list[str]:
    """What will belong to the kept one, counted by kind."""
    found = []
    for model, column, of in merging.hanging(resource):
        known = find_by_table(model._meta.db_table)
        words = known.count_words if known is not None else labels_of(model._meta.db_table).counted
        # What has no words for its number is our own bookkeeping.
        if words is None or (known is not None and not actor.may(known.permission("view"))):
            continue
        count = model._default_manager.filter(**of, **{f"{column}__in": gone}).count()
        if count:
            found.append(str(words(count)))
    return found


@require_http_methods(["GET", "POST"])
def split_page(request: HttpRequest, resource: type[Resource], id: UUID) -> HttpResponse:  # noqa: A002
    """What was made part of a record, and the way to take it out again."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("merge"))
    record = access.get(actor, resource, id)
    mergers = merging.mergers_of(resource.key, record.pk)
    if request.method == "POST":
        wanted = uuid_of(request.POST.get("merger"))
        if wanted is None:
            raise NotFound("not_found", {"resource": resource.key})
        take = [one for text in request.POST.getlist("take") if (one := uuid_of(text))]
        try:
            done = splitting.split(actor, resource, wanted, take=take)
        except Conflict:
            merger = next(one for one in mergers if one.pk == wanted)
            # The page of the undo says what has changed since, and offers all but that.
            return render(
                request,
                "screens/split_stands.html",
                {
                    "resource": resource,
                    "active": resource.key,
                    "record": record,
                    "undo_url": reverse("undo", args=[splitting.merging_of(merger).pk]),
                    "card_url": resource.url("card", id=record.pk),
                },
                status=409,
            )
        tell(request, gettext("Taken apart again"), undo=done.pk)
        return HttpResponseRedirect(resource.url("card", id=record.pk))
    # The one whose taking apart was asked for comes first.
    meant = uuid_of(request.GET.get("of"))
    parts = []
    for merger in sorted(mergers, key=lambda one: one.gone != meant):
        since = [
            (row.pk, table_label(model._meta.db_table), _named(actor, model, row))
            for model, row in splitting.come_since(resource, merger)
        ]
        parts.append((merger, [one for one in since if one[2]]))
    return render(
        request,
        "screens/split.html",
        {
            "resource": resource,
            "active": resource.key,
            "record": record,
            "parts": parts,
            "meant": meant,
            "card_url": resource.url("card", id=record.pk),
        },
    )


def _named(actor: Actor, model: Any, row: Any) -> str:
    """What a row is called; "" where the actor may not see it."""
    known = find_by_table(model._meta.db_table)
    if known is not None and not access.visible(actor, known).filter(pk=row.pk).exists():
        return ""
    return str(row)

"""Acts on records: delete one, delete many, change many."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.foundation.permissions.web import back_to
from guanxi.kernel.errors import Invalid, Refused
from guanxi.resource import access, listing
from guanxi.resource.declaration import Resource
from guanxi.resource.pages.drawing import show_for
from guanxi.resource.pages.forms import _raw
from guanxi.resource.pages.replies import tell

MOST_AT_ONCE = 5000


def selected(request: HttpRequest, resource: type[Resource], verb: str) -> list[UUID]:
    """The rows a bulk act is for: those ticked, or all that match the list's query.

    Raises Refused beyond 5,000: the long way round as a job follows with the bulk work of the engine.
    """
    actor = request.actor  # type: ignore[attr-defined]
    if request.POST.get("all") == "1":
        wanted = listing.read(actor, resource, QueryDict(request.POST.get("query", "")))
        ids = list(wanted.rows(verb).values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(ids) > MOST_AT_ONCE:
            raise Refused(
                "too_many",
                gettext("At most %(limit)s at once. Narrow the list by a condition.")
                % {"limit": f"{MOST_AT_ONCE:,}"},
            )
        return ids
    asked = []
    for text in request.POST.getlist("ids"):
        try:
            asked.append(UUID(text))
        except ValueError:
            continue
    return list(
        access.visible(actor, resource, verb).filter(pk__in=asked[:MOST_AT_ONCE]).values_list("pk", flat=True)
    )


@require_http_methods(["POST"])
def bulk_edit(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """Set one field on many: first which field and value, then the deed."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("edit"))
    ids = selected(request, resource, "edit")
    show = show_for(request)
    kinds = [k for k in access.writable(actor, resource) if k.name in resource.settable_in_bulk()]
    name = request.POST.get("field", "")
    kind = next((k for k in kinds if k.name == name), None)
    errors: list[str] = []
    raw: Any = None
    if kind is not None and request.POST.get("save") == "1":
        raw = _raw(kind, request.POST)
        try:
            count = resource.edit_many(actor, ids=ids, data={kind.name: raw})
        except Invalid as error:
            errors = [str(m) for said in error.fields.values() for m in said]
        else:
            tell(
                request,
                ngettext("%(n)s record changed", "%(n)s records changed", count) % {"n": f"{count:,}"},
            )
            return HttpResponseRedirect(back_to(request, resource.url()))
    return render(
        request,
        "resource/bulk_edit.html",
        {
            "resource": resource,
            "active": resource.key,
            "count": len(ids),
            "ids": request.POST.getlist("ids"),
            "all": request.POST.get("all", ""),
            "query": request.POST.get("query", ""),
            "next": back_to(request, resource.url()),
            "kinds": kinds,
            "kind": kind,
            "field": kind.editor(raw, show, errors=errors, autofocus=True) if kind else None,
            "action": resource.url("bulk_edit"),
        },
        status=422 if errors else 200,
    )


@require_POST
def bulk_delete(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """Delete the selected records; the toast undoes it."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("delete"))
    ids = selected(request, resource, "delete")
    count = resource.remove_many(actor, ids=ids) if ids else 0
    tell(request, ngettext("%(n)s record deleted", "%(n)s records deleted", count) % {"n": f"{count:,}"})
    return HttpResponseRedirect(back_to(request, resource.url()))


@require_POST
def delete_one(request: HttpRequest, resource: type[Resource], id: UUID) -> HttpResponse:  # noqa: A002
    """Delete one record; the toast undoes it, the recycle bin keeps it."""
    actor = request.actor  # type: ignore[attr-defined]
    record = access.get(actor, resource, id, verb="delete")
    resource.remove_many(actor, ids=[id])
    tell(request, gettext("“%(name)s” deleted") % {"name": record})
    return HttpResponseRedirect(resource.url())

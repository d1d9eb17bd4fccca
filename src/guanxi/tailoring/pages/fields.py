"""Administration of own fields: the list of a resource, adding one, changing one, its preview while one types."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.foundation.jobs.models import Job
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, tell, version_of
from guanxi.kernel.errors import Invalid, Refused, Stale
from guanxi.resource.declaration import Resource
from guanxi.tailoring.models import OwnField, OwnIndex
from guanxi.tailoring.pages import forms
from guanxi.tailoring.pages.previews import preview_of
from guanxi.tailoring.queries.uses import Uses, uses_of
from guanxi.tailoring.services.fields import (
    MANAGE,
    add_field,
    delete_field,
    edit_field,
    find_field,
    find_resource,
    order_fields,
    set_state,
    tailorable,
)


def _resource(request: HttpRequest, key: str) -> tuple[Actor, type[Resource]]:
    actor = actor_of(request)
    actor.require(MANAGE)
    return actor, find_resource(key)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The resources that can have fields of one's own."""
    actor = actor_of(request)
    actor.require(MANAGE)
    counts: dict[str, int] = {}
    for key in OwnField.objects.exclude(state=OwnField.State.RETIRED).values_list("resource", flat=True):
        counts[key] = counts.get(key, 0) + 1
    lines = [(one, counts.get(one.key, 0)) for one in tailorable()]
    return render(
        request,
        "tailoring/index.html",
        {"lines": lines, "active": "settings", "tabs": settings_tabs(actor, "own_fields")},
    )


@require_GET
def fields_of(request: HttpRequest, key: str) -> HttpResponse:
    """A resource's own fields in their order; those out of use beneath."""
    _actor, resource = _resource(request, key)
    rows = list(OwnField.objects.filter(resource=key).order_by("position", "id"))
    indexes = {one.field_id: one for one in OwnIndex.objects.filter(field_id__in=[row.id for row in rows])}
    lines = [(row, forms.facts_of(row), _job_of(indexes.get(row.id))) for row in rows]
    return render(
        request,
        "tailoring/fields.html",
        {
            "resource": resource,
            "active": "settings",
            "parts": forms.parts_of(resource, "fields"),
            "lines": [line for line in lines if line[0].in_use],
            "retired": [line for line in lines if not line[0].in_use],
        },
    )


def _job_of(index: OwnIndex | None) -> Job | None:
    """The work that still fills an index."""
    if index is None or index.ready or index.job is None:
        return None
    return Job.objects.filter(id=index.job).first()


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, key: str) -> HttpResponse:
    """First what the field holds, then everything else about it."""
    actor, resource = _resource(request, key)
    kind = request.POST.get("kind", "") or request.GET.get("kind", "")
    if kind not in OwnField.Kind.values:
        context = {"resource": resource, "active": "settings", "kinds": forms.kinds_of(resource)}
        return render(request, "tailoring/kinds.html", context)
    draft = Draft({"personal": kind in ("phone", "email"), "currency": "CNY", "places": "0"})
    if request.method == "POST":
        data = forms.data_of(request.POST, kind)
        draft = Draft(data)
        try:
            row = add_field(actor, resource=key, kind=kind, data=data)
        except (Invalid, Refused) as error:
            draft.blame(error)
            if "name" in draft.errors:  # `name` in the form is the field that is edited
                draft.errors["code"] = draft.errors.pop("name")
        else:
            text = _("Field “%(name)s” added") % {"name": row.shown_label}
            tell(request, text, undo=last_operation_id())
            return HttpResponseRedirect(reverse("own_fields_of", args=[key]))
    return _form(request, resource, kind, draft)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """A field as it is; what it holds is for good."""
    actor, resource = _resource(request, key)
    row = find_field(resource, name)
    draft = Draft(forms.values_of(row))
    if request.method == "POST":
        data = forms.data_of(request.POST, row.kind)
        draft = Draft(data)
        before = last_operation_id()
        try:
            edit_field(actor, resource=key, name=name, data=data, expected_version=version_of(request))
        except (Invalid, Refused) as error:
            draft.blame(error)
        except Stale:
            draft.overall = (_("Somebody changed this field meanwhile. Load the page again."),)
        else:
            if last_operation_id() != before:
                tell(
                    request, _("Field “%(name)s” saved") % {"name": row.shown_label}, undo=last_operation_id()
                )
            return HttpResponseRedirect(reverse("own_fields_of", args=[key]))
    return _form(request, resource, row.kind, draft, row)


def _form(
    request: HttpRequest, resource: type[Resource], kind: str, draft: Draft, row: OwnField | None = None
) -> HttpResponse:
    failed = bool(draft.errors or draft.overall)
    context = {
        "resource": resource,
        "active": "settings",
        "kind": kind,
        "kind_label": OwnField.Kind(kind).label,
        "row": row,
        "groups": forms.groups_of(resource, kind, draft, row),
        "options": forms.options_of(kind, draft, row),
        "more": draft.values.get("more", ""),
        "option_errors": draft.errors.get("options", ()),
        "overall": draft.overall,
        "states": forms.states_of(row) if row else (),
        "preview": preview_of(actor_of(request), resource, kind, draft.values, row),
    }
    return render(request, "tailoring/field.html", context, status=422 if failed else 200)


@require_POST
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """How the field would look, from what is typed so far."""
    actor, resource = _resource(request, key)
    kind = request.POST.get("kind", "")
    if kind not in OwnField.Kind.values:
        return HttpResponse(status=204)
    name = request.POST.get("name", "")
    row = OwnField.objects.filter(resource=key, name=name).first() if name else None
    data: Mapping[str, Any] = forms.data_of(request.POST, kind)
    return render(
        request, "tailoring/preview.html", {"preview": preview_of(actor, resource, kind, data, row)}
    )


@require_POST
def order(request: HttpRequest, key: str) -> HttpResponse:
    """The fields in the order of the page; without a script one of them a place up or down."""
    actor, _kind = _resource(request, key)
    names = _moved(request.POST)
    before = last_operation_id()
    order_fields(actor, resource=key, names=names)
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(reverse("own_fields_of", args=[key]))
    if last_operation_id() == before:
        return HttpResponse(status=204)
    return forms.toast(HttpResponse(), _("Order of fields changed"))


def _moved(data: QueryDict) -> list[str]:
    names = data.getlist("order")
    for step, by in (("up", -1), ("down", 1)):
        name = data.get(step, "")
        if name in names and 0 <= names.index(name) + by < len(names):
            at = names.index(name)
            names[at], names[at + by] = names[at + by], names[at]
    return names


@require_POST
def state(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """Use, hide or retire a field; what uses it is told before it is retired."""
    actor, resource = _resource(request, key)
    row = find_field(resource, name)
    wanted = request.POST.get("state", "")
    asks = wanted == OwnField.State.RETIRED and row.in_use and "sure" not in request.POST
    if asks and (uses := uses_of(actor, row)):
        return _ask(request, resource, row, uses)
    try:
        row = set_state(actor, resource=key, name=name, state=wanted)
    except (Invalid, Refused) as error:
        draft = Draft(forms.values_of(row))
        draft.blame(error)
        draft.overall = (*draft.overall, *(text for said in draft.errors.values() for text in said))
        return _form(request, resource, row.kind, draft, row)
    said = {
        "active": _("“%(name)s” is in use"),
        "hidden": _("“%(name)s” hidden"),
        "retired": _("“%(name)s” retired; its values are kept"),
    }[row.state]
    tell(request, said % {"name": row.shown_label}, undo=last_operation_id())
    return HttpResponseRedirect(reverse("own_fields_of", args=[key]))


def _ask(request: HttpRequest, resource: type[Resource], row: OwnField, uses: Uses) -> HttpResponse:
    count = len(uses.views) + uses.others
    context = {"resource": resource, "active": "settings", "row": row, "uses": uses, "count": count}
    return render(request, "tailoring/retire.html", context)


@require_POST
def delete(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """Delete a field that no record has a value in."""
    actor, resource = _resource(request, key)
    row = find_field(resource, name)
    try:
        delete_field(actor, resource=key, name=name)
    except Refused as error:
        draft = Draft(forms.values_of(row))
        reason = str(error.reason) % error.params if error.params else str(error.reason)
        draft.overall = (reason,)
        return _form(request, resource, row.kind, draft, row)
    tell(request, _("Field “%(name)s” deleted") % {"name": row.shown_label}, undo=last_operation_id())
    return HttpResponseRedirect(reverse("own_fields_of", args=[key]))

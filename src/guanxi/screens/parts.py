"""Small answers: a picker's options, one field edited in its place."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.foundation.design import shapes
from guanxi.foundation.permissions.actor import VEILED
from guanxi.foundation.permissions.web import version_of
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from guanxi.kernel.text import clean_text
from guanxi.kinds import Kind
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.guards import codes_of
from guanxi.resource.history import changed_since
from guanxi.screens.drawing import facts, show_for
from guanxi.screens.forms import edit_page, is_unseen
from guanxi.screens.replies import changed_toast
from guanxi.screens.tables import row_again


@require_GET
def options(request: HttpRequest, resource: type[Resource], field: str) -> HttpResponse:
    """What a picker offers for `q`."""
    actor = request.actor  # type: ignore[attr-defined]
    if not (actor.may(resource.permission("view")) or actor.may(resource.permission("create"))):
        raise Forbidden(resource.permission("view"))
    kind: Any = resource.fields().get(field)
    if kind is None or access.mode(actor, kind) in ("hide", "mask", *VEILED):
        raise NotFound("no_field")
    return offered_by(request, kind)


def offered_by(request: HttpRequest, kind: Any) -> HttpResponse:
    """What a kind offers for the request's `q`. Raises NotFound for one that is typed freely."""
    show, text = show_for(request), clean_text(request.GET.get("q", ""))[:100]
    if hasattr(kind, "table"):
        found = kind.table.suggest(text, show.language)
    elif hasattr(kind, "suggest"):
        found = kind.suggest(text, show)
    else:
        raise NotFound("no_options")
    create = ""
    if text and "create" in request.GET and hasattr(kind, "creating") and kind.creating(show):
        create = text
    return render(request, "screens/options.html", {"options": found, "create": create})


def _fact(request: HttpRequest, resource: type[Resource], record: Any, kind: Kind) -> shapes.Fact:
    found = facts(request.actor, resource, record, [kind.name], show_for(request))  # type: ignore[attr-defined]
    if not found:
        raise NotFound("no_field")
    return found[0]


def _kind(request: HttpRequest, resource: type[Resource], field: str) -> Kind:
    kind = resource.fields().get(field)
    if kind is None or access.mode(request.actor, kind) == "hide":  # type: ignore[attr-defined]
        raise NotFound("no_field")
    return kind


@require_GET
def field_value(request: HttpRequest, resource: type[Resource], id: UUID, field: str) -> HttpResponse:  # noqa: A002
    """The value alone: what a cancelled editor returns to."""
    kind = _kind(request, resource, field)
    record = access.get(request.actor, resource, id)  # type: ignore[attr-defined]
    return render(request, "screens/fact.html", {"fact": _fact(request, resource, record, kind)})


@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, resource: type[Resource], id: UUID, field: str) -> HttpResponse:  # noqa: A002
    """Edit one field in its place. Without htmx it leads to the whole form."""
    actor = request.actor  # type: ignore[attr-defined]
    kind = _kind(request, resource, field)
    record = access.get(actor, resource, id, verb="edit")
    if kind not in access.writable(actor, resource) or is_unseen(actor, kind, record):
        raise Forbidden(resource.permission("edit"))
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return HttpResponseRedirect(resource.url("edit", id=id) + f"#id_{field}")
    if request.method == "POST" and not request.headers.get("HX-Request"):
        # Sent by the browser itself, before its script had taken hold of the form: a whole page must answer.
        return edit_page(request, resource, id)
    raw: Any = kind.value(record)
    errors: list[str] = []
    repair, warned = None, ""
    status, version = 200, record.version
    if request.method == "POST":
        raw = (
            request.POST.getlist(field)
            if hasattr(kind, "choices") and "," in _many(kind)
            else request.POST.get(field, "")
        )
        expected = version_of(request)
        if expected is not None and expected < record.version:
            # Others saved meanwhile, but not this field: then there is nothing to ask.
            changed = changed_since(resource, record, expected)
            if changed and kind.column not in changed:
                expected = record.version
        try:
            record = resource.edit(
                actor,
                id,
                data={field: raw},
                expected_version=record.version if expected is None else expected,
            )
        except Invalid as error:
            errors = [str(message) for said in error.fields.values() for message in said]
            repair = _repair(kind, raw, actor)
            status = 422
        except Refused as error:
            errors, status, warned = [error.words], 409, codes_of(error)
        except Stale:
            # Somebody saved meanwhile: show what is there now, keep what was typed, let the next save go through.
            record = access.get(actor, resource, id, verb="edit")
            now = _fact(request, resource, record, kind)
            return _editor(
                request,
                resource,
                record,
                kind,
                raw,
                [],
                version=record.version,
                theirs=str(now.value),
                status=409,
            )
        else:
            if "cell" in request.GET:
                return changed_toast(row_again(request, resource, id), kind)
            fresh = access.get(actor, resource, id)
            response = render(request, "screens/fact.html", {"fact": _fact(request, resource, fresh, kind)})
            return changed_toast(response, kind)
    return _editor(
        request,
        resource,
        record,
        kind,
        raw,
        errors,
        version=version,
        repair=repair,
        warned=warned,
        status=status,
    )


def _many(kind: Kind) -> str:
    from guanxi.kinds import Choices

    return "," if isinstance(kind, Choices) else ""


def _repair(kind: Kind, raw: Any, actor: Any) -> shapes.Repair | None:
    from django.utils.translation import gettext

    from guanxi.kinds import FieldProblem

    try:
        kind.checked(raw, actor)
    except FieldProblem as problem:
        if problem.repair:
            return shapes.Repair(
                label=gettext("Use %(value)s") % {"value": problem.repair}, value=problem.repair
            )
    return None


def _editor(
    request: HttpRequest,
    resource: type[Resource],
    record: Any,
    kind: Kind,
    raw: Any,
    errors: list[str],
    *,
    version: int,
    theirs: str = "",
    repair: shapes.Repair | None = None,
    warned: str = "",
    status: int = 200,
) -> HttpResponse:
    shape = kind.editor(raw, show_for(request), errors=errors, repair=repair)
    arguments = {"id": record.pk, "field": kind.name}
    # In a cell of a list the row is drawn anew, with the columns that the list has now.
    cell = "?" + request.GET.urlencode(safe=",") if "cell" in request.GET else ""
    return render(
        request,
        "screens/fact_editor.html",
        {
            "field": shape,
            "url": resource.url("field", **arguments) + cell,
            "cell": cell,
            "cancel_url": resource.url("field_value", **arguments),
            "version": version,
            "theirs": theirs,
            "warned": warned,
        },
        status=status,
    )

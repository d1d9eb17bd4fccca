"""Creating and editing with a form. Nothing typed is lost: errors stand beside their fields, a stale record is
shown beside what was typed, a duplicate is put to the person."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from guanxi.foundation.design import shapes
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import uuid_of, version_of
from guanxi.kernel.errors import Invalid, Refused, Stale
from guanxi.kernel.text import clean_text
from guanxi.kinds import Choices, FieldProblem, Kind, Show
from guanxi.resource import access, writing
from guanxi.resource.declaration import Resource
from guanxi.resource.guards import codes_of
from guanxi.resource.history import changed_since, said
from guanxi.resource.links import Link, MemberLink, RecordLink, look_up
from guanxi.resource.registry import resource_of
from guanxi.screens.drawing import cell, home_of, named_for, show_for
from guanxi.screens.pasting import boxes, paste_hint, paste_url
from guanxi.screens.replies import tell


def _raw(kind: Kind, data: QueryDict) -> Any:
    return data.getlist(kind.name) if isinstance(kind, Choices) else data.get(kind.name, "")


def posted(actor: Actor, resource: type[Resource], data: QueryDict) -> dict[str, Any]:
    """The form's own fields that the actor may set; a field the form did not carry is left alone."""
    found: dict[str, Any] = {}
    for kind in access.writable(actor, resource):
        if kind.name in data or f"{kind.name}__here" in data:
            found[kind.name] = _raw(kind, data)
    return found


def _groups(
    actor: Actor,
    resource: type[Resource],
    values: dict[str, Any],
    show: Show,
    errors: dict[str, list[str]],
    repairs: dict[str, str],
    record: Any = None,
) -> list[shapes.FieldGroup]:
    allowed = {kind.name for kind in access.writable(actor, resource)}
    groups = []
    for number, section in enumerate(resource.sections()):
        fields = []
        # A link that leads here may have filled in the first ones.
        empty = (name for name in section.fields if name in allowed and not values.get(name))
        first = section.fields[0] if record else next(empty, section.fields[0])
        for name in section.fields:
            kind = resource.kind(name)
            if name not in allowed or (record is not None and is_unseen(actor, kind, record)):
                if record is not None and access.readable(actor, resource, [name]):
                    fields.append(_shown_only(kind, record, show))
                continue
            repair = repairs.get(name)
            fields.append(
                kind.editor(
                    values.get(name),
                    show,
                    errors=errors.get(name, ()),
                    repair=shapes.Repair(label=gettext("Use %(value)s") % {"value": repair}, value=repair)
                    if repair
                    else None,
                    autofocus=number == 0 and name == first and not errors,
                )
            )
        if fields:
            folded = section.minor and not any(_is_used(field, resource) for field in fields)
            groups.append(shapes.FieldGroup(title=str(section.title), fields=fields, folded=folded))
    return groups


def is_unseen(actor: Actor, kind: Kind, record: Any) -> bool:
    """Whether a value stands there that is shown only when asked for: then it is not written over unseen either."""
    return access.is_veiled(actor, kind) and not kind.is_blank(kind.value(record))


def _is_used(field: shapes.Field, resource: type[Resource]) -> bool:
    """Whether a field holds more than nothing, or an error."""
    return bool(field.errors or (field.value and not resource.kind(field.name).is_blank(field.value)))


def _shown_only(kind: Kind, record: Any, show: Show) -> shapes.Field:
    """A field that this person may not set, in its place among the others: as it is, or masked."""
    masked = access.is_masked(show.actor, kind)
    text = kind.masked(record, show) if masked else kind.text(record, show)
    return shapes.Field(
        name=kind.name,
        label=str(kind.label),
        kind="textarea" if "\n" in text else "text",
        value=text,
        readonly=True,
        wide=kind.wide,
        hint=gettext("Partly hidden from you; only others can change it.")
        if masked
        else gettext("Only others can change it."),
        attrs={"form": ""},  # of no form: never sent, never kept in a draft
    )


def _errors(
    error: Invalid, resource: type[Resource], values: dict[str, Any], actor: Actor
) -> tuple[Any, Any]:
    """Messages and one-press repairs by field."""
    messages = {name: [str(message) for message in said] for name, said in error.fields.items()}
    repairs = {}
    for name in messages:
        kind = resource.fields().get(name)
        if kind is None:
            continue
        try:
            kind.checked(values.get(name), actor)
        except FieldProblem as problem:
            if problem.repair:
                repairs[name] = problem.repair
    return messages, repairs


@require_http_methods(["GET", "POST"])
def new_page(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """The form for a new record."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("create"))
    show = show_for(request)
    values: dict[str, Any] = resource.defaults | writing.Cleaner(actor, resource).usual(())
    writable = access.writable(actor, resource)
    for kind in writable:
        if isinstance(kind, MemberLink) and kind.name == resource.owner:
            values[kind.name] = actor.member_id
    values |= {kind.name: request.GET[kind.name][:500] for kind in writable if kind.name in request.GET}
    # From the card of what it is to belong to: such a form keeps a draft of its own.
    leading = [k for k in writable if isinstance(k, Link) and not isinstance(k, MemberLink)]
    linked = {k.name: values[k.name] for k in leading if k.name in request.GET}
    come_with = urlencode(linked)
    home = home_of(resource, linked)
    messages: dict[str, list[str]] = {}
    repairs: dict[str, str] = {}
    overall: list[str] = []
    found: Any = ()
    warned = ""
    override: shapes.Field | None = None
    status = 200
    if request.method == "POST":
        values = posted(actor, resource, request.POST)
        reason = clean_text(request.POST.get("duplicate_reason", ""))
        try:
            record = resource.create(
                actor,
                data=values,
                allow_duplicate=request.POST.get("allow_duplicate") == "1",
                **({"duplicate_reason": reason} if reason else {}),
            )
        except Invalid as error:
            messages, repairs = _errors(error, resource, values, actor)
            overall, status = [str(m) for m in error.messages], 422
            found = _live(actor, resource, request.POST)
        except Refused as error:
            overall, status = [str(error.reason)], 409
            found, warned = error.params.get("duplicates", ()), codes_of(error)
            override = _override(request) if error.params.get("overridable") else None
        else:
            tell(request, gettext("“%(name)s” created") % {"name": record})
            if request.POST.get("another"):
                return HttpResponseRedirect(f"{resource.url('new')}?{urlencode(linked | {'saved': '1'})}")
            if home:
                drafted = urlencode({"drafted": f"{resource.key}-new{come_with}"})
                return HttpResponseRedirect(f"{home}?{drafted}")
            saved = urlencode({"saved": come_with or "1"})
            return HttpResponseRedirect(f"{resource.url('card', id=record.pk)}?{saved}")
    return render(
        request,
        "screens/form.html",
        {
            "resource": resource,
            "active": resource.key,
            "groups": _groups(actor, resource, values, show, messages, repairs),
            "overall": overall,
            "warned": warned,
            "action": resource.url("new") + (f"?{come_with}" if linked else ""),
            "cancel_url": home or resource.url(),
            "duplicates": drawn_duplicates(actor, resource, found, show),
            "duplicates_url": resource.url("duplicates") if resource.looks_for_duplicates() else "",
            "may_confirm": may_confirm(found),
            "override": override,
            "paste_url": paste_url(actor, resource),
            "paste_hint": paste_hint(resource),
            "boxes": boxes(actor, resource),
            "draft": f"{resource.key}-new{come_with}",
            **resource.words(),
        },
        status=status,
    )


def _override(request: HttpRequest) -> shapes.Field:
    """Where a manager says why a record that certainly exists is created all the same."""
    asked = "duplicate_reason" in request.POST
    return shapes.Field(
        name="duplicate_reason",
        label=gettext("Why it is to be created all the same"),
        errors=[gettext("Give the reason, or open the one that exists.")] if asked else (),
        hint=gettext("The reason stands in the change log."),
        maxlength=300,
        autocomplete="off",
    )


@require_http_methods(["GET", "POST"])
def edit_page(request: HttpRequest, resource: type[Resource], id: UUID) -> HttpResponse:  # noqa: A002
    """The form of an existing record."""
    actor = request.actor  # type: ignore[attr-defined]
    record = access.get(actor, resource, id, verb="edit")
    show = show_for(request)
    writable = access.writable(actor, resource)
    look_up(access.readable(actor, resource), [record], show)
    values: dict[str, Any] = {kind.name: kind.value(record) for kind in writable}
    version = record.version
    messages: dict[str, list[str]] = {}
    repairs: dict[str, str] = {}
    overall: list[str] = []
    found: Any = ()
    warned = ""
    theirs: list[tuple[str, str, str]] = []
    status = 200
    if request.method == "POST":
        typed = posted(actor, resource, request.POST)
        values |= typed
        expected = version_of(request)
        try:
            record = resource.edit(
                actor, id, data=typed, expected_version=-1 if expected is None else expected
            )
        except Invalid as error:
            messages, repairs = _errors(error, resource, values, actor)
            overall, status = [str(m) for m in error.messages], 422
            version = version if expected is None else expected
        except Refused as error:
            overall, status = [str(error.reason)], 409
            found, warned = error.params.get("duplicates", ()), codes_of(error)
        except Stale as error:
            record = access.get(actor, resource, id, verb="edit")
            version, status = error.current, 409
            theirs = _merged(actor, resource, record, values, typed, since=expected, show=show)
        else:
            tell(request, gettext("“%(name)s” saved") % {"name": record})
            return HttpResponseRedirect(resource.url("card", id=record.pk) + "?saved=1")
    return render(
        request,
        "screens/form.html",
        {
            "resource": resource,
            "active": resource.key,
            "record": record,
            "version": version,
            "groups": _groups(actor, resource, values, show, messages, repairs, record),
            "overall": overall,
            "warned": warned,
            "theirs": theirs,
            "action": resource.url("edit", id=id),
            "cancel_url": resource.url("card", id=id),
            "duplicates": drawn_duplicates(actor, resource, found, show),
            "duplicates_url": resource.url("duplicates") + f"?beside={id}"
            if resource.looks_for_duplicates()
            else "",
            "draft": f"{resource.key}-{id}",
            **resource.words(),
        },
        status=status,
    )


def _merged(
    actor: Actor,
    resource: type[Resource],
    record: Any,
    values: dict[str, Any],
    typed: dict[str, Any],
    *,
    since: int | None,
    show: Show,
) -> list[tuple[str, str, str]]:
    """Bring what somebody else saved meanwhile into the form, and say of each such field what is there now and
    what was typed. A field that only they changed takes their value; one that was typed in keeps its text.
    """
    theirs = {} if since is None else changed_since(resource, record, since)
    found = []
    for name, raw in typed.items():
        kind = resource.kind(name)
        now = kind.value(record)
        try:
            mine = kind.checked(raw, actor)
        except FieldProblem:
            mine = raw
        if mine == now or (theirs and kind.column not in theirs):
            continue
        untouched = kind.column in theirs and mine == theirs[kind.column]
        if untouched:
            values[name] = now
        text = "" if untouched else _said_of(resource, kind, mine, raw, show)
        found.append((str(kind.label), str(cell(kind, record, show)), text))
    return found


def _said_of(resource: type[Resource], kind: Kind, mine: Any, raw: Any, show: Show) -> str:
    """What was typed, in words: a picked name, not its id. Text that cannot be read stays as it is."""
    if mine is raw:
        return clean_text(str(raw if not isinstance(raw, list) else ", ".join(raw)))
    return said(resource, kind, mine, show) or gettext("empty")


def _live(actor: Actor, resource: type[Resource], data: QueryDict) -> Any:
    values: dict[str, Any] = {}
    for kind in access.writable(actor, resource):
        try:
            values[kind.column] = kind.checked(_raw(kind, data), actor) if kind.name in data else kind.blank()
        except FieldProblem:
            values[kind.column] = kind.blank()
    return resource.duplicates(actor, values, beside=uuid_of(data.get("beside")))


@require_http_methods(["GET", "POST"])
def duplicates(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """While typing: records that may be the same. A POST because what is typed is no business of a log."""
    actor = request.actor  # type: ignore[attr-defined]
    if not (actor.may(resource.permission("create")) or actor.may(resource.permission("edit"))):
        actor.require(resource.permission("create"))
    show = show_for(request)
    data = request.POST.copy()
    if "beside" in request.GET:
        data["beside"] = request.GET["beside"]
    found = _live(actor, resource, data)
    drawn = drawn_duplicates(actor, resource, found, show)
    return render(request, "screens/duplicates.html", {"duplicates": drawn, **resource.words()})


def _part_of(actor: Actor, resource: type[Resource]) -> str:
    """The field by which a record says that it belongs to another of its kind; "" where there is none to fill."""
    links = (
        k for k in access.writable(actor, resource) if isinstance(k, RecordLink) and k.to == resource.key
    )
    return next((kind.name for kind in links), "")


def may_confirm(found: Any) -> bool:
    """Whether the person may say that it is another one all the same: some are likely, and none is certain."""
    verdicts = {one.verdict for one in found}
    return "likely" in verdicts and "certain" not in verdicts


def drawn_duplicates(actor: Actor, resource: type[Resource], found: Any, show: Show) -> list[dict[str, Any]]:
    """What may be said of each: one the actor cannot see tells who answers for it and since when, no more.

    Who answers for it ("" for nobody) is None where that field is not for this actor.
    """
    owner = resource.owner if resource.owner in {k.name for k in access.readable(actor, resource)} else ""
    kind = resource.kind(owner) if owner else None
    if kind is not None:
        look_up([kind], [duplicate.record for duplicate in found], show)
    part = _part_of(actor, resource)
    drawn = []
    for duplicate in found:
        record = duplicate.record
        of = resource_of(record)
        drawn.append(
            {
                "id": record.pk,
                "verdict": duplicate.verdict,
                "branch": duplicate.branch,
                "parent": part if duplicate.branch and duplicate.visible else "",
                "why": duplicate.why,
                "name": named_for(actor, of, record, visible=duplicate.visible),
                "visible": duplicate.visible,
                "ask": duplicate.ask,
                "ask_url": duplicate.ask_url,
                "asked": duplicate.asked,
                # Whom the question goes to, where the field that says it is open.
                "unowned": kind is not None and duplicate.unowned,
                "url": of.url("card", id=record.pk) if duplicate.visible else "",
                "owner": kind.text(record, show) if kind is not None else None,
                "since": record.created_at,
                "changed": record.updated_at if duplicate.visible else None,
            }
        )
    return drawn

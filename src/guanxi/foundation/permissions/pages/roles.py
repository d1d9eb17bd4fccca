"""Roles: what each may do and on whose records, which fields it sees, who has it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.shapes import Tab
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.acts import last_act_id
from guanxi.foundation.permissions.codes import ADMINISTRATOR, Code, all_codes, catalogue
from guanxi.foundation.permissions.models import FieldRule, Grant, Reach, Role
from guanxi.foundation.permissions.rules import beyond
from guanxi.foundation.permissions.services import (
    copy_role,
    create_role,
    delete_role,
    edit_role,
    set_field_rules,
    set_grants,
)
from guanxi.foundation.permissions.services.integrity import is_administrator
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, tell, version_of
from guanxi.kernel.errors import GuanxiError, Invalid, NotFound, Refused, Stale

MANAGE = "permissions.role.manage"


@dataclass(frozen=True, slots=True)
class Choice:
    """A radio of a line of the matrix."""

    value: str
    label: str
    chosen: bool
    barred: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the matrix: a right or a field, and how far it goes."""

    name: str
    label: str
    choices: list[Choice]


@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """The roles; the first one opens."""
    actor_of(request).require(MANAGE)
    first = _listed().first()
    if first is None:
        return HttpResponseRedirect(reverse("role_new"))
    return HttpResponseRedirect(reverse("role", args=[first.id]))


@require_http_methods(["GET", "POST"])
def role(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """What a role may do: the matrix of rights and reach."""
    actor = actor_of(request)
    row = _found(actor, role_id)
    typed: dict[str, str] | None = None
    problem = ""
    if request.method == "POST":
        names = (code.key for code in all_codes() if f"grant.{code.key}" in request.POST)
        typed = {name: request.POST.get(f"grant.{name}", "") for name in names}
        before = last_act_id()
        try:
            set_grants(actor, row.id, typed, version=version_of(request))
        except (Invalid, Refused, Stale) as error:
            problem = _said(error)
            row.refresh_from_db()
        else:
            if last_act_id() != before:
                tell(request, _("Rights of %(name)s changed") % {"name": row.shown_name}, undo=last_act_id())
            return HttpResponseRedirect(reverse("role", args=[row.id]))
    groups = [
        (group, [_grant_line(actor, code, held) for code, held in lines])
        for group, lines in _grants_by_group(row, typed)
    ]
    context = {"groups": groups, "reaches": [str(label) for label in Reach.labels], "problem": problem}
    return _page(request, row, "role", "permissions/role.html", context, 422 if problem else 200)


@require_http_methods(["GET", "POST"])
def role_fields(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """Which fields of which resources the role sees only masked, only to read, or not at all."""
    actor = actor_of(request)
    row = _found(actor, role_id)
    known = catalogue()
    held = {
        (resource, name): mode
        for resource, name, mode in FieldRule.objects.filter(role_id=row.id).values_list(
            "resource", "field", "mode"
        )
    }
    problem = ""
    if request.method == "POST":
        sent = {
            (resource.key, one.name): request.POST[f"rule.{resource.key}.{one.name}"]
            for resource in known.values()
            for one in resource.fields
            if f"rule.{resource.key}.{one.name}" in request.POST
        }
        before = last_act_id()
        try:
            set_field_rules(actor, row.id, sent, version=version_of(request))
        except (Invalid, Refused, Stale) as error:
            problem, held = _said(error), {**held, **sent}
            row.refresh_from_db()
        else:
            if last_act_id() != before:
                tell(
                    request,
                    _("Field rules of %(name)s changed") % {"name": row.shown_name},
                    undo=last_act_id(),
                )
            return HttpResponseRedirect(reverse("role_fields", args=[row.id]))
    modes = [("", _("No limit")), *((mode.value, str(mode.label)) for mode in FieldRule.Mode)]
    groups = [
        (
            str(resource.label),
            [
                Line(
                    name=f"rule.{resource.key}.{one.name}",
                    label=str(one.label),
                    choices=[
                        Choice(
                            value=mode,
                            label=label,
                            chosen=held.get((resource.key, one.name), "") == mode,
                            barred=row.code == ADMINISTRATOR or not one.takes(mode),
                        )
                        for mode, label in modes
                    ],
                )
                for one in resource.fields
            ],
        )
        for resource in known.values()
    ]
    context = {"groups": groups, "reaches": [label for _value, label in modes[1:]], "problem": problem}
    return _page(
        request, row, "role_fields", "permissions/role_fields.html", context, 422 if problem else 200
    )


@require_GET
def role_people(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """Who has the role."""
    actor = actor_of(request)
    row = _found(actor, role_id)
    members = Member.objects.filter(assignments__role_id=row.id).select_related("department")
    context = {
        "members": members.order_by("left_on", "name_sort", "id"),
        "may_open": actor.reach("accounts.member.view") == "all",
    }
    return _page(request, row, "role_people", "permissions/role_people.html", context, 200)


@require_http_methods(["GET", "POST"])
def new_role(request: HttpRequest) -> HttpResponse:
    """A new role, without any right yet."""
    actor = actor_of(request)
    actor.require(MANAGE)

    def make(draft: Draft) -> Role:
        return create_role(actor, name=draft.values["name"], note=draft.values["note"])

    return _form(request, None, make, title=_("New role"), stored={})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """Name and description of a role."""
    actor = actor_of(request)
    row = _found(actor, role_id)

    def change(draft: Draft) -> Role:
        # What was left as it was shown stays as it is stored: translating is no renaming.
        name = row.name if draft.values["name"] == shown["name"] else draft.values["name"]
        note = row.note if draft.values["note"] == shown["note"] else draft.values["note"]
        return edit_role(actor, row.id, name=name, note=note, version=version_of(request))

    shown = {"name": row.shown_name, "note": row.shown_note}
    return _form(request, row, change, title=_("Change role"), stored=shown)


@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """A new role that begins with the rights of another."""
    actor = actor_of(request)
    row = _found(actor, role_id)

    def make(draft: Draft) -> Role:
        return copy_role(actor, row.id, name=draft.values["name"])

    stored = {"name": _("%(name)s (copy)") % {"name": row.shown_name}}
    return _form(request, row, make, title=_("Copy role"), stored=stored, with_note=False)


@require_POST
def delete(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """Delete a role that nobody has."""
    actor = actor_of(request)
    row = _found(actor, role_id)
    try:
        delete_role(actor, row.id)
    except Refused as error:
        context = {
            "members": Member.objects.filter(assignments__role_id=row.id).order_by("name_sort"),
            "problem": _said(error),
        }
        return _page(request, row, "role_people", "permissions/role_people.html", context, 409)
    tell(request, _("%(name)s deleted") % {"name": row.shown_name}, undo=last_act_id())
    return HttpResponseRedirect(reverse("roles"))


def _form(
    request: HttpRequest,
    row: Role | None,
    save: Any,
    *,
    title: str,
    stored: dict[str, str],
    with_note: bool = True,
) -> HttpResponse:
    draft = Draft(stored)
    if request.method == "POST":
        draft = Draft({key: request.POST.get(key, "") for key in ("name", "note")})
        before = last_act_id()
        try:
            saved = save(draft)
        except (Invalid, Refused) as error:
            draft.blame(error)
        except Stale as error:
            draft.overall = (_said(error),)
            if row is not None:
                row.refresh_from_db()
        else:
            if last_act_id() != before:
                tell(request, _("%(name)s saved") % {"name": saved.shown_name}, undo=last_act_id())
            return HttpResponseRedirect(reverse("role", args=[saved.id]))
    fields = [draft.field("name", _("Role name"), required=True, maxlength=100, autocomplete="off")]
    if with_note:
        fields.append(draft.field("note", _("Description"), maxlength=300, wide=True, autocomplete="off"))
    context = {
        "title": title,
        "fields": fields,
        "draft": draft,
        "version": row.version if row else None,
        "cancel_url": reverse("role", args=[row.id]) if row else reverse("roles"),
        "active": "settings",
    }
    wrong = bool(draft.errors or draft.overall)
    return render(request, "permissions/role_form.html", context, status=422 if wrong else 200)


def _page(
    request: HttpRequest, row: Role, here: str, template: str, context: dict[str, Any], status: int
) -> HttpResponse:
    listed = list(_listed())
    people = next((one.people for one in listed if one.id == row.id), 0)
    parts = [
        Tab(label=_("Rights"), url=reverse("role", args=[row.id]), current=here == "role"),
        Tab(label=_("Fields"), url=reverse("role_fields", args=[row.id]), current=here == "role_fields"),
        Tab(
            label=_("People"),
            url=reverse("role_people", args=[row.id]),
            current=here == "role_people",
            count=people,
        ),
    ]
    whole = {
        "role": row,
        "roles": listed,
        "parts": parts,
        "fixed": row.code == ADMINISTRATOR,
        "tabs": settings_tabs(actor_of(request), "roles"),
        "active": "settings",
        **context,
    }
    return render(request, template, whole, status=status)


def _listed() -> QuerySet[Any]:
    return Role.objects.annotate(
        people=Count("assignments", filter=Q(assignments__member__left_on__isnull=True))
    ).order_by("position", "name", "id")


def _found(actor: Actor, role_id: UUID) -> Role:
    actor.require(MANAGE)
    row = Role.objects.filter(id=role_id).first()
    if row is None:
        raise NotFound("role_not_found", {})
    return row


def _grants_by_group(row: Role, typed: dict[str, str] | None) -> list[tuple[str, list[tuple[Code, str]]]]:
    held = dict(Grant.objects.filter(role_id=row.id).values_list("code", "reach"))
    shown = {**held, **(typed or {})}
    groups: dict[str, list[tuple[Code, str]]] = {}
    for code in all_codes():
        groups.setdefault(str(code.group), []).append((code, shown.get(code.key, "")))
    return list(groups.items())


def _grant_line(actor: Actor, code: Code, held: str) -> Line:
    def barred(reach: str) -> bool:
        return not is_administrator(actor) and bool(beyond(actor.grants, {code.key: reach}))

    none = Choice("", _("No"), chosen=not held)
    if code.reach:
        rest = [
            Choice(reach.value, str(reach.label), chosen=held == reach.value, barred=barred(reach.value))
            for reach in Reach
        ]
    else:
        rest = [Choice("all", _("Allowed"), chosen=bool(held), barred=barred("all"), wide=True)]
    return Line(f"grant.{code.key}", str(code.label), [none, *rest])


def _said(error: GuanxiError) -> str:
    if isinstance(error, Stale):
        return _(
            "Somebody changed this role meanwhile. Your choice is kept; saving puts it in place of theirs."
        )
    if isinstance(error, Refused):
        return str(error.reason)
    if isinstance(error, Invalid):
        return " ".join(str(one) for said in error.fields.values() for one in said)
    raise error

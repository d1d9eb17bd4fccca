"""One person: what is written of them, their roles, their sign-in; adding, closing, reopening."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.shapes import FieldGroup, Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.acts import last_act_id
from guanxi.foundation.permissions.models import Assignment, Role
from guanxi.foundation.permissions.pages.people import GIVE, MANAGE
from guanxi.foundation.permissions.pages.tree import department_options, department_tree
from guanxi.foundation.permissions.queries import (
    find_member,
    holds_of_member,
)
from guanxi.foundation.permissions.services import (
    close_member,
    create_member,
    edit_member,
    reopen_member,
    set_password,
    set_roles,
)
from guanxi.foundation.permissions.services.integrity import may_act_for, may_see_as
from guanxi.foundation.permissions.web import Draft, actor_of, listed, tell, url_of, uuid_of, version_of
from guanxi.kernel.errors import Invalid, Refused, Stale

_TEXTS = ("name", "title", "number", "email", "phone")
_LABELS = {
    "name": _lazy("Name"),
    "title": _lazy("Job title"),
    "number": _lazy("Employee number"),
    "email": _lazy("E-mail"),
    "phone": _lazy("Phone"),
    "department_id": _lazy("Department"),
    "superior_id": _lazy("Superior"),
}


@require_http_methods(["GET", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    """Add a person, with or without a sign-in."""
    actor = actor_of(request)
    actor.require(MANAGE)
    department = request.GET.get("department", "")
    draft = Draft({"department_id": department})
    if request.method == "POST":
        values = _typed(request)
        draft = Draft({**values, "username": request.POST.get("username", "")})
        roles = [uuid_of(one) for one in request.POST.getlist("role_ids")]
        try:
            member = create_member(
                actor,
                **_parsed(values),
                role_ids=[one for one in roles if one],
                username=request.POST.get("username", "").strip(),
                password=request.POST.get("password", ""),
            )
        except (Invalid, Refused) as error:
            draft.blame(error)
        else:
            tell(request, _("%(name)s added") % {"name": member.name}, undo=last_act_id())
            return HttpResponseRedirect(reverse("person", args=[member.id]))
    groups = _groups(draft)
    if actor.may(GIVE):
        chosen = set(request.POST.getlist("role_ids"))
        groups.append(FieldGroup(title=_("Rights"), fields=[_role_field(chosen, draft)]))
    groups.append(
        FieldGroup(
            title=_("Sign-in"),
            hint=_("Leave both empty for somebody who does not sign in."),
            fields=[
                draft.field("username", _("Sign-in name"), autocomplete="off", maxlength=100),
                draft.field(
                    "password",
                    _("First password"),
                    "password",
                    autocomplete="new-password",
                    hint=_("They choose their own at the first sign-in."),
                ),
            ],
        )
    )
    context = {"groups": groups, "draft": draft, "active": "settings", "cancel_url": reverse("people")}
    wrong = bool(draft.errors or draft.overall)
    return render(request, "permissions/person_new.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """One person: what is written of them, their roles, their sign-in. Invisible ones are not there."""
    actor = actor_of(request)
    member = find_member(actor, member_id)
    draft, theirs = Draft(_stored(member)), []
    if request.method == "POST":
        actor.require(MANAGE)
        draft = Draft(_typed(request))
        try:
            before = last_act_id()
            edit_member(actor, member.id, version=version_of(request), **_parsed(draft.values))
        except (Invalid, Refused) as error:
            draft.blame(error)
        except Stale:
            member.refresh_from_db()
            theirs = _differences(member, draft)
        else:
            if last_act_id() != before:
                tell(request, _("%(name)s saved") % {"name": member.name}, undo=last_act_id())
            return HttpResponseRedirect(reverse("person", args=[member.id]))
    wrong = bool(draft.errors or draft.overall)
    status = 409 if theirs else 422 if wrong else 200
    return person_page(request, member, draft=draft, theirs=theirs, status=status)


def person_page(
    request: HttpRequest,
    member: Member,
    *,
    draft: Draft | None = None,
    sign_in: Draft | None = None,
    overall: Sequence[str] = (),
    theirs: Sequence[tuple[str, str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    """A person's page with whatever form was sent in."""
    actor = actor_of(request)
    manages = actor.may(MANAGE)
    held = set(Assignment.objects.filter(member_id=member.id).values_list("role_id", flat=True))
    sign_in = sign_in or Draft({})
    outranked = not may_act_for(actor, member.id)
    roles = list(Role.objects.filter(id__in=held).order_by("position"))
    context = {
        "member": member,
        "groups": _groups(draft or Draft(_stored(member)), member),
        "draft": draft or Draft({}),
        "theirs": theirs,
        "overall": overall,
        "manages": manages and not member.left_on,
        "may_reopen": manages and bool(member.left_on) and not outranked,
        "may_close": manages and not member.left_on and not outranked and member.id != actor.member_id,
        "may_sign_in": manages and not member.left_on and not outranked,
        "outranked": manages and outranked,
        "holds": holds_of_member(member.id),
        "role_names": listed([role.shown_name for role in roles]),
        "role_field": _role_field({str(one) for one in held}, Draft({}))
        if _may_give(actor, member)
        else None,
        "username_field": sign_in.field(
            "username", _("Sign-in name"), autocomplete="off", required=True, maxlength=100
        ),
        "password_field": sign_in.field(
            "password",
            _("New password"),
            "password",
            autocomplete="new-password",
            required=True,
            hint=_("They are signed out everywhere and choose their own at the next sign-in."),
        ),
        "handover_url": url_of("handover", member.id) if actor.may("team.handover.run") else "",
        "see_as_url": url_of("see_as", member.id)
        if member.left_on is None and may_see_as(actor, member.id)
        else "",
        "active": "settings",
    }
    return render(request, "permissions/person.html", context, status=status)


@require_POST
def person_roles(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Give and withdraw roles as ticked."""
    actor = actor_of(request)
    member = find_member(actor, member_id)
    wanted = [uuid_of(one) for one in request.POST.getlist("role_ids")]
    try:
        set_roles(actor, member.id, [one for one in wanted if one])
    except (Invalid, Refused) as error:
        draft = Draft({})
        draft.blame(error)
        said = [*draft.overall, *(text for texts in draft.errors.values() for text in texts)]
        return person_page(request, member, overall=said, status=422)
    tell(request, _("Roles of %(name)s changed") % {"name": member.name}, undo=last_act_id())
    return HttpResponseRedirect(reverse("person", args=[member.id]))


@require_POST
def person_sign_in(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Set a password, or make the first sign-in."""
    actor = actor_of(request)
    member = find_member(actor, member_id)
    actor.require(MANAGE)
    draft = Draft({"username": request.POST.get("username", "")})
    try:
        set_password(
            actor,
            member.id,
            password=request.POST.get("password", ""),
            username=str(draft.values["username"]).strip(),
        )
    except (Invalid, Refused) as error:
        draft.blame(error)
        return person_page(request, member, sign_in=draft, overall=draft.overall, status=422)
    tell(request, _("The new password of %(name)s holds from now on") % {"name": member.name})
    return HttpResponseRedirect(reverse("person", args=[member.id]))


@require_POST
def close_person(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Close somebody's entry: signed out, with what they own left as it is."""
    return _closed(request, member_id, close_member, _("%(name)s closed"))


@require_POST
def reopen_person(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Open a closed entry again."""
    return _closed(request, member_id, reopen_member, _("%(name)s works here again"))


def _closed(request: HttpRequest, member_id: UUID, act: Any, text: str) -> HttpResponse:
    actor = actor_of(request)
    member = find_member(actor, member_id)
    actor.require(MANAGE)
    try:
        act(actor, member.id)
    except Refused as error:
        return person_page(request, member, overall=[str(error.reason)], status=409)
    tell(request, text % {"name": member.name}, undo=last_act_id())
    return HttpResponseRedirect(reverse("person", args=[member.id]))


def _stored(member: Member) -> dict[str, Any]:
    keys = (*_TEXTS, "department_id", "superior_id")
    return {key: str(getattr(member, key) or "") for key in keys}


def _typed(request: HttpRequest) -> dict[str, str]:
    return {key: request.POST.get(key, "") for key in (*_TEXTS, "department_id", "superior_id")}


def _parsed(values: Any) -> dict[str, Any]:
    references = {key: uuid_of(values[key]) for key in ("department_id", "superior_id")}
    return {**{key: values[key] for key in _TEXTS}, **references}


def _differences(member: Member, draft: Draft) -> list[tuple[str, str, str]]:
    """Fields in which the stored person and what was typed differ: label, stored, typed."""
    stored = _stored(member)
    names = {str(line.id): line.department.name for line in department_tree()}
    names |= {str(one): name for one, name in Member.objects.values_list("id", "name")}

    def shown(key: str, value: str) -> str:
        return names.get(value, "") if key.endswith("_id") else value

    return [
        (str(_LABELS[key]), shown(key, value), shown(key, draft.values[key]))
        for key, value in stored.items()
        if value != draft.values[key]
    ]


def _groups(draft: Draft, member: Member | None = None) -> list[FieldGroup]:
    department = str(draft.values.get("department_id") or "")
    superior = str(draft.values.get("superior_id") or "")
    bosses = Member.objects.filter(left_on__isnull=True).exclude(id__in=[member.id] if member else [])
    options = [Option(value="", label=_("None"), selected=not superior)] + [
        Option(value=str(one), label=name, selected=str(one) == superior)
        for one, name in bosses.order_by("name_sort", "id").values_list("id", "name")
    ]
    if superior and all(option.value != superior for option in options):
        left = Member.objects.filter(id=superior).first()
        options += [Option(value=superior, label=left.name, selected=True)] if left is not None else []
    return [
        FieldGroup(
            title=_("Person"),
            fields=[
                draft.field("name", _("Name"), required=True, maxlength=100, autocomplete="off"),
                draft.field("title", _("Job title"), maxlength=100, autocomplete="off"),
                draft.field("email", _("E-mail"), "email", autocomplete="off"),
                draft.field("phone", _("Phone"), "tel", maxlength=40, autocomplete="off"),
                draft.field("number", _("Employee number"), maxlength=40, autocomplete="off"),
            ],
        ),
        FieldGroup(
            title=_("Place"),
            fields=[
                draft.field(
                    "department_id",
                    _("Department"),
                    "select",
                    department_options(department_tree(), department, none=_("None")),
                ),
                draft.field("superior_id", _("Superior"), "select", options),
            ],
        ),
    ]


def _role_field(chosen: set[str], draft: Draft) -> Any:
    options = [
        Option(value=str(role.id), label=role.shown_name, selected=str(role.id) in chosen)
        for role in Role.objects.order_by("position", "name")
    ]
    return draft.field("role_ids", _("Roles"), "choices", options, wide=True)


def _may_give(actor: Actor, member: Member) -> bool:
    return actor.may(GIVE) and member.left_on is None

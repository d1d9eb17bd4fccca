"""One pool: by which rules customers fall into it, who would fall tomorrow, who belongs to it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.customers.choices import Grade
from guanxi.customers.models import Pool, PoolMember
from guanxi.customers.queries.falling import terms_of, would_fall
from guanxi.customers.queries.pools import CLAIM, members_of, places_of
from guanxi.customers.rules.pools import Clock, Term
from guanxi.customers.services.pool_settings import join_pool, leave_pool, set_terms
from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, tell, uuid_of
from guanxi.kernel.errors import Invalid, Message, NotFound, Refused
from guanxi.kernel.pinyin import sort_key
from guanxi.kernel.text import bare, clean_text
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.contributions import Button
from guanxi.resource.registry import find

_OFFERED = 20
_FOR_ALL = "all"


def _button(actor: Actor, record: Any, show: Show) -> str:
    """On a pool's card: the way to its rules and members."""
    url = reverse("pool_settings", args=[record.pk])
    return format_html('<a class="btn btn-sm" href="{}">{}</a>', url, _("Rules and members"))


def _claim(actor: Actor, record: Any, show: Show) -> str:
    """On the card of a customer that lies in a pool of one's own: to have it."""
    if record.owner_id is not None or actor.member_id is None:
        return ""
    if record.pool_id not in places_of([actor.member_id]).claims:
        return ""
    url = find("customers").url("act", id=record.pk, key="claim")
    return format_html(
        '<a class="btn btn-sm btn-primary" href="{0}" hx-post="{0}" hx-swap="none" hx-select="unset" '
        'hx-select-oob="unset" role="button">{1}</a>',
        url,
        _("Claim"),
    )


CLAIM_BUTTON = Button("claim", _claim, order=5, code=CLAIM)
SETTINGS_BUTTON = Button("pool_settings", _button, order=30, code="customers.pool.edit")


@require_http_methods(["GET", "POST"])
def pool_settings(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """The rules and members of a pool; a POST tries rules (`try`), keeps them (`keep`), or changes members."""
    actor = actor_of(request)
    pool: Pool = access.get(actor, find("pools"), id, verb="edit")
    terms, problems, tried = terms_of(pool), list[str](), False
    if request.method == "POST":
        try:
            terms = _typed(request.POST) if request.POST.get("do") in ("try", "keep") else terms
            tried = request.POST.get("do") == "try"
            if not tried:
                _change(actor, pool, request.POST, terms)
                tell(request, _("Saved"))
                return HttpResponseRedirect(reverse("pool_settings", args=[id]))
        except Invalid as error:
            problems = [str(one) for said in error.fields.values() for one in said]
        except Refused as error:
            problems = [error.words]
    context = {
        "pool": pool,
        "card_url": find("pools").url("card", id=id),
        "grades": [(_FOR_ALL, _("All others")), *((grade.value, grade.value) for grade in Grade)],
        "terms": [_row(clock, terms, request.POST if problems else None) for clock in Clock],
        "problems": problems,
        "would": None if problems else would_fall(actor, pool, terms),
        "tried": tried,
        # The list asks by the rules that are kept; what is only tried stands here.
        "all_url": "" if tried or problems else _falling_url(pool),
        "members": [_member(one) for one in members_of(pool)],
        "who": _who(pool),
        "active": "pools",
    }
    return render(request, "customers/pool.html", context, status=422 if problems else 200)


def _change(actor: Actor, pool: Pool, given: QueryDict, terms: Sequence[Term]) -> None:
    act, _colon, which = given.get("do", "").partition(":")
    if act == "keep":
        set_terms(actor, pool.pk, terms)
    elif act == "leave" and (membership := uuid_of(which)) is not None:
        leave_pool(actor, pool.pk, membership)
    elif act == "join":
        kind, _dot, named = given.get("who", "").partition(".")
        administers = given.get("administers") == "on"
        member, department = (uuid_of(named), None) if kind == "member" else (None, uuid_of(named))
        join_pool(actor, pool.pk, member=member, department=department, administers=administers)
    else:
        raise NotFound("no_act")


def _typed(given: QueryDict) -> list[Term]:
    """The rules as typed; an empty field says nothing, "0" of a grade that it never falls. Raises Invalid."""
    found, problems = [], Invalid()
    for clock in Clock:
        days: dict[str, int | None] = {}
        for grade in (_FOR_ALL, *Grade.values):
            text = given.get(f"{clock}-{grade}", "").strip()
            if text.isascii() and text.isdecimal() and len(text) < 5:
                days[grade] = int(text) or None
            elif text:
                problems.add(
                    clock, Message("days", _("“%(value)s” is not a number of days."), {"value": text})
                )
        if days:
            found.append(Term(clock, days.pop(_FOR_ALL, None), days))
    if problems:
        raise problems
    return found


def _row(clock: Clock, terms: Sequence[Term], typed: QueryDict | None) -> dict[str, Any]:
    term = next((one for one in terms if one.clock == clock), Term(clock, None))
    cells = []
    for grade in (_FOR_ALL, *Grade.values):
        days = term.days if grade == _FOR_ALL else term.by_grade.get(grade)
        said = "" if days is None and grade not in term.by_grade else str(days or 0)
        name = f"{clock}-{grade}"
        cells.append((name, typed.get(name, "") if typed is not None else said, grade))
    return {"label": _clock_words()[clock], "cells": cells}


def _clock_words() -> dict[Clock, str]:
    return {
        Clock.ACTIVITY: _("No effective activity for so many days"),
        Clock.OPPORTUNITY: _("No new opportunity for so many days"),
        Clock.PURCHASE: _("Nothing bought for so many days"),
    }


def _falling_url(pool: Pool) -> str:
    """The list of the customers that fall by tomorrow."""
    return f"{find('customers').url()}?pool={pool.pk}&falls_on.next=2&columns=grade,owner,falls_on,updated_at"


def _member(one: PoolMember) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": str(one),
        "whole": one.department is not None,
        "administers": one.administers,
    }


def _who(pool: Pool) -> Field:
    return Field(
        name="who",
        label=_("Person or department"),
        kind="picker",
        url=reverse("pool_who", args=[pool.pk]),
        placeholder=_("Type to search"),
    )


@require_GET
def pool_who(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """Departments and people who do not belong to a pool yet, by what was typed: a picker's answer."""
    actor = actor_of(request)
    pool: Pool = access.get(actor, find("pools"), id, verb="edit")
    wanted = bare(clean_text(request.GET.get("q", ""))[:100])
    there = {one.member_id or one.department_id for one in PoolMember.objects.filter(pool=pool)}
    departments = Department.objects.exclude(pk__in=there).order_by("position", "name")
    people = Member.objects.filter(left_on__isnull=True).exclude(pk__in=there).order_by("name_sort", "pk")
    options = [
        Option(value=f"department.{one.pk}", label=one.name, sub=_("department"))
        for one in departments
        if _is_meant(wanted, one.name, sort_key(one.name))
    ]
    options += [
        Option(value=f"member.{one.pk}", label=one.name, sub=one.department.name if one.department else "")
        for one in people.select_related("department")
        if _is_meant(wanted, one.name, one.name_sort)
    ]
    return render(request, "screens/options.html", {"options": options[:_OFFERED], "create": ""})


def _is_meant(wanted: str, name: str, pinyin: str) -> bool:
    return wanted in bare(name) or pinyin.partition(" ")[0].replace("'", "").startswith(wanted)

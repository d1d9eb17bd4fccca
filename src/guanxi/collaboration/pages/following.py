"""Following: the star on a card, the page of what happened to what one follows, and how one wants to be told."""

from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.collaboration.choices import Telling
from guanxi.collaboration.pages.answers import is_part, part, told
from guanxi.collaboration.queries.following import FOLLOW, is_following, settings_of
from guanxi.collaboration.queries.news import Heard, heard
from guanxi.collaboration.queries.people import record_of
from guanxi.collaboration.queries.stories import mass_words, stories
from guanxi.collaboration.rules import day_bounds
from guanxi.collaboration.services.following import follow as follow_records
from guanxi.collaboration.services.following import save_settings
from guanxi.foundation.accounts.queries import mail_works
from guanxi.foundation.design.shapes import Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import Draft, actor_of, back_to, tell
from guanxi.foundation.tenancy.models import Tenant
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kinds import Show
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import every, resource_of

_FARTHEST = timedelta(days=366)


def star(actor: Actor, record: Any, show: Show) -> str:
    """The button beside a record's name."""
    if actor.member_id is None or not actor.may(FOLLOW):
        return ""
    resource = resource_of(record)
    context = _star(resource, record, on=is_following(actor, resource, record))
    return render_to_string("collaboration/star.html", context)


def _star(resource: type[Resource], record: Any, *, on: bool) -> dict[str, Any]:
    return {"url": reverse("follow", args=[resource.key, record.pk]), "on": on}


@require_POST
def follow(request: HttpRequest, resource: str, id: UUID) -> HttpResponse:  # noqa: A002
    """Follow a record (`on=1`), or no longer."""
    actor = actor_of(request)
    kind, record = record_of(actor, resource, id)
    on = request.POST.get("on") == "1"
    follow_records(actor, resource=kind.key, ids=[id], on=on)
    words = (
        _("You will be told what others change here")
        if on
        else _("You will not be told of changes here any more")
    )
    if not is_part(request):
        tell(request, words)
        return HttpResponseRedirect(back_to(request, kind.url("card", id=id)))
    return told(part(request, "star.html", _star(kind, record, on=on)), words, undo=False)


@require_GET
def following(request: HttpRequest) -> HttpResponse:
    """What others did on a day to what one follows: of today, or of the `day` asked for."""
    return _page(request)


@require_POST
def settings(request: HttpRequest) -> HttpResponse:
    """Say how one wants to be told."""
    given = {name: request.POST.get(name, "") for name in ("telling", "mail", "own")}
    try:
        save_settings(
            actor_of(request), telling=given["telling"], mail=given["mail"] == "1", own=given["own"] == "1"
        )
    except Invalid as error:
        draft = Draft(given)
        draft.blame(error)
        return _page(request, draft, status=422)
    tell(request, _("Saved"))
    return HttpResponseRedirect(reverse("following"))


def _page(request: HttpRequest, draft: Draft | None = None, *, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    tenant: Tenant = cast("Any", request).tenant
    now = timezone.now()
    today = timezone.localdate(now, timezone=day_bounds(now.date(), tenant.time_zone)[0].tzinfo)
    day = _day(request.GET.get("day", ""), today)
    found = _heard(actor, day, tenant.time_zone, now)
    language = get_language() or "zh-hans"
    stored = settings_of(actor.member_id) if actor.member_id else None
    values = draft or Draft(
        {"telling": stored.telling, "mail": "1" if stored.mail else "", "own": "1" if stored.own else ""}
        if stored
        else {}
    )
    context = {
        "day": day,
        "is_today": day == today,
        "before": (day - timedelta(days=1)).isoformat() if today - day < _FARTHEST else "",
        "after": (day + timedelta(days=1)).isoformat() if day < today else "",
        "stories": list(stories(actor, found, language)),
        "masses": [words for mass in found.masses if (words := mass_words(actor, mass))],
        "lists": [
            (resource.label_plural, f"{resource.url()}?followed=1")
            for resource in every()
            if actor.may(resource.permission("view"))
        ],
        "draft": values,
        "tellings": [
            Option(value=code, label=str(label), selected=values.values.get("telling") == code)
            for code, label in Telling.choices
        ],
        "mail_works": mail_works(),
        "may_save": actor.member_id is not None and actor.may(FOLLOW),
        "active": "following",
    }
    return render(request, "collaboration/following.html", context, status=status)


def _heard(actor: Actor, day: date, zone: str, now: datetime) -> Heard:
    if actor.member_id is None:
        return Heard()
    start, end = day_bounds(day, zone)
    found = heard(start, min(end, now), only=actor.member_id, comments=True)
    return found.get(actor.member_id, Heard())


def _day(text: str, today: date) -> date:
    if not text:
        return today
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None or found > today or today - found > _FARTHEST:
        raise NotFound("no_day")
    return found

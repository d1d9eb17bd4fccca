"""Notices: the list, the latest ones behind the bell, and marking them read."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import mark_read, words
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, back_to, is_ours, place_of, place_text, uuid_of
from guanxi.kernel.errors import NotFound

STEP = 50
LATEST = 8


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """One's own notices, newest first."""
    actor = actor_of(request)
    mine = _mine(actor)
    if (place := place_of(request)) is not None:
        moment, behind = place
        mine = mine.filter(Q(created_at__lt=moment) | Q(created_at=moment, id__lt=behind))
    found = list(mine.order_by("-created_at", "-id")[: STEP + 1])
    end = found[STEP - 1] if len(found) > STEP else None
    context = {
        "notices": [(one, words(one)) for one in found[:STEP]],
        "unread": _mine(actor).filter(read_at__isnull=True).count(),
        "more_url": f"?{urlencode({'after': place_text(end.created_at, end.id)})}" if end else "",
    }
    return render(request, "notices/list.html", context)


@require_GET
def latest(request: HttpRequest) -> HttpResponse:
    """The latest few, for the popover behind the bell."""
    actor = actor_of(request)
    found = _mine(actor).order_by("-created_at", "-id")[:LATEST]
    return render(request, "notices/latest.html", {"notices": [(one, words(one)) for one in found]})


@require_POST
def open_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark a notice read and go to what it is about."""
    actor = actor_of(request)
    notice = _mine(actor).filter(id=notice_id).first()
    if notice is None:
        raise NotFound("notice_not_found", {})
    mark_read(actor, [notice.id])
    return HttpResponseRedirect(notice.url if is_ours(request, notice.url) else reverse("notices"))


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark all of one's notices read, or those with `ids`."""
    actor = actor_of(request)
    ids = [one for one in map(uuid_of, request.POST.getlist("ids")) if one]
    mark_read(actor, ids or None)
    return HttpResponseRedirect(back_to(request, reverse("notices")))


def _mine(actor: Actor) -> QuerySet[Notice]:
    return Notice.objects.filter(member_id__in=[actor.member_id] if actor.member_id else [])

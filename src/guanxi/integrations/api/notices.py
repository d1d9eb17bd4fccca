"""Notices: what the caller was told, and marking it read."""

from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import Field, WithJsonSchema

from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import mark_read, words
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api import parameters
from guanxi.integrations.api.authentication import for_all_areas
from guanxi.integrations.api.describing import described, limit_parameter, place_parameter, query_parameter
from guanxi.integrations.api.records import reply
from guanxi.integrations.api.schemas import MOST, Given, Shown

_MOST = 200
_Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]


class NoticeOut(Shown):
    """What one was told."""

    id: UUID
    at: _Moment
    kind: str
    text: str = Field(description=gettext_noop("In the language of the request"))
    url: str = Field(description=gettext_noop("The page of what it is about; empty where there is none"))
    tone: str = Field(description=gettext_noop("Empty, `good`, `warn` or `bad`"))
    read_at: _Moment | None


class NoticePage(Shown):
    """Notices, newest first."""

    items: list[NoticeOut]
    unread: int = Field(description=gettext_noop("How many of all are not read yet"))
    next: str | None = Field(
        None, description=gettext_noop("What `after` takes for the next page; null at the end")
    )


class NoticesIn(Given):
    """Which ones; all where none are named."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST)] | None = None


class NoticesRead(Shown):
    """How many were not read before."""

    marked: int


def routers() -> list[tuple[str, Router]]:
    """Operations by prefix."""
    router = Router(tags=["notices"])
    asked = [
        query_parameter(
            "unread", {"type": "string", "enum": ["0", "1", "true", "false"]}, gettext_noop("1: only unread ones")
        ),
        place_parameter(),
        limit_parameter(),
    ]  # fmt: skip
    router.get("", **described("notices", NoticePage, name="", parameters=asked))(list_notices)
    router.post("/read", **described("notices_read", NoticesRead, name=""))(read_notices)
    return [("/notices", router)]


def list_notices(request: HttpRequest) -> HttpResponse:
    """One's own. Raises Forbidden for a token of some areas only: notices tell of all of them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    for_all_areas(request)
    query = request.GET.copy()
    limit = parameters.number(query, "limit", most=_MOST) or 50
    mine = Notice.objects.filter(member_id__in=[actor.member_id] if actor.member_id else [])
    unread = mine.filter(read_at__isnull=True)
    rows = unread if parameters.flag(query, "unread") else mine
    place = parameters.place(query, "after")
    if place is not None:
        rows = rows.filter(Q(created_at__lt=place[0]) | Q(created_at=place[0], id__lt=place[1]))
    found = list(rows.order_by("-created_at", "-id")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    following = f"{last.created_at.isoformat()}~{last.id}" if last is not None else None
    return reply(
        {"items": [_told(one) for one in found[:limit]], "unread": unread.count(), "next": following}
    )


def read_notices(request: HttpRequest, data: NoticesIn | None = None) -> HttpResponse:
    """Mark one's own read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    for_all_areas(request)
    return reply({"marked": mark_read(actor, data.ids if data else None)})


def _told(one: Notice) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": one.created_at.isoformat(),
        "kind": one.kind,
        "text": words(one),
        "url": one.url,
        "tone": one.tone,
        "read_at": one.read_at.isoformat() if one.read_at else None,
    }

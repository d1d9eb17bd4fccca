"""Telling members something, and marking it read."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise

from guanxi.foundation.notices.models import Notice
from guanxi.foundation.permissions.actor import Actor

Wording = str | Promise | Callable[[Mapping[str, Any]], str]
_wordings: dict[str, Wording] = {}


def wording(kind: str, text: Wording) -> None:
    """Register the wording of a kind of notice: lazily translated, with %(name)s places for its params, or a
    function of them that answers in the reader's language."""
    _wordings[kind] = text


def words(notice: Notice) -> str:
    """The notice in the reader's language."""
    text = _wordings.get(notice.kind)
    if callable(text):
        return text(notice.params)
    return str(text) % notice.params if text is not None else notice.kind


def notify(members: Iterable[UUID], kind: str, *, url: str = "", tone: str = "", **params: Any) -> None:
    """Tell members something. `tone` is "", "good", "warn" or "bad"."""
    rows = [Notice(member_id=m, kind=kind, params=params, url=url, tone=tone) for m in dict.fromkeys(members)]
    Notice.objects.bulk_create(rows)


def unread(member_id: UUID, kind: str, *, since: datetime) -> list[Notice]:
    """A member's unread notices of a kind since a moment, newest first."""
    rows = Notice.objects.filter(member_id=member_id, kind=kind, read_at__isnull=True, created_at__gte=since)
    return list(rows.order_by("-created_at", "-id"))


def withdraw(members: Iterable[UUID], *, since: datetime, **params: Any) -> int:
    """Take back notices with these params that were given since a moment: what they tell of is no more, or is told
    anew. Returns how many."""
    rows = Notice.objects.filter(member_id__in=list(members), created_at__gte=since, params__contains=params)
    return rows.delete()[0]


def mark_read(actor: Actor, ids: Iterable[UUID] | None = None) -> int:
    """Mark one's own notices read, all of them without ids. Returns how many were unread."""
    if actor.member_id is None:
        return 0
    mine = Notice.objects.filter(member_id=actor.member_id, read_at__isnull=True)
    if ids is not None:
        mine = mine.filter(id__in=list(ids))
    return mine.update(read_at=timezone.now())

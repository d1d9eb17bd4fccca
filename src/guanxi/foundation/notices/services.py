"""Telling members something, and marking it read."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise

from guanxi.foundation.notices.models import Notice
from guanxi.foundation.permissions.actor import Actor

_wordings: dict[str, str | Promise] = {}


def wording(kind: str, text: str | Promise) -> None:
    """Register the wording of a kind of notice: lazily translated, with %(name)s places for its params."""
    _wordings[kind] = text


def words(notice: Notice) -> str:
    """The notice in the reader's language."""
    text = _wordings.get(notice.kind)
    return str(text) % notice.params if text is not None else notice.kind


def notify(members: Iterable[UUID], kind: str, *, url: str = "", tone: str = "", **params: Any) -> None:
    """Tell members something. `tone` is "", "good", "warn" or "bad"."""
    rows = [Notice(member_id=m, kind=kind, params=params, url=url, tone=tone) for m in dict.fromkeys(members)]
    Notice.objects.bulk_create(rows)


def mark_read(actor: Actor, ids: Iterable[UUID] | None = None) -> int:
    """Mark one's own notices read, all of them without ids. Returns how many were unread."""
    if actor.member_id is None:
        return 0
    mine = Notice.objects.filter(member_id=actor.member_id, read_at__isnull=True)
    if ids is not None:
        mine = mine.filter(id__in=list(ids))
    return mine.update(read_at=timezone.now())

"""Comments of a record, for whoever sees the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guanxi.collaboration.models import Comment
from guanxi.collaboration.queries.people import record_of
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.resource.declaration import Resource
from guanxi.resource.withholding import is_bare

ADD, DELETE = "collaboration.comment.add", "collaboration.comment.delete"
STEP = 20


@dataclass(frozen=True, slots=True)
class Said:
    """A page of comments, newest first, and how many there are; `before` leads to the next, None at the end."""

    rows: Sequence[Comment]
    count: int
    before: UUID | None


def comments_of(
    resource: type[Resource], record: Any, *, before: UUID | None = None, limit: int = STEP
) -> Said:
    """The comments of a record that the caller has read through its door."""
    if is_bare(record):
        return Said((), 0, None)
    rows = Comment.objects.filter(resource=resource.key, record_id=record.pk)
    # Ids sort by the time they were made.
    shown = rows.filter(id__lt=before) if before is not None else rows
    found = list(shown.select_related("author").order_by("-id")[: limit + 1])
    more = found[limit - 1].id if len(found) > limit else None
    count = len(found) if before is None and more is None else rows.count()
    return Said(found[:limit], count, more)


def find_comment(
    actor: Actor, comment_id: UUID, *, lock: bool = False
) -> tuple[Comment, type[Resource], Any]:
    """A comment on a record that the actor sees, with that record. Raises NotFound."""
    rows = Comment.objects.filter(id=comment_id)
    found = (rows.select_for_update() if lock else rows.select_related("author")).first()
    if found is None:
        raise NotFound("comment_not_found")
    resource, record = record_of(actor, found.resource, found.record_id)
    if is_bare(record):
        raise NotFound("comment_not_found")
    return found, resource, record


def may_edit(actor: Actor, comment: Comment) -> bool:
    """One's own only: words stay their author's."""
    return actor.may(ADD) and actor.member_id is not None and comment.author_id == actor.member_id


def may_delete(actor: Actor, comment: Comment) -> bool:
    """One's own, or everybody's with `collaboration.comment.delete`."""
    return may_edit(actor, comment) or actor.may(DELETE)

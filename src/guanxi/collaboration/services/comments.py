"""Writes of comments. Whoever sees a record may say something on it; words stay their author's."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.collaboration.models import Comment, Follow
from guanxi.collaboration.queries.comments import ADD, DELETE, find_comment, may_delete, may_edit
from guanxi.collaboration.queries.people import people_by_name, record_of, seeing
from guanxi.collaboration.rules import LONGEST, find_mentions, may_mention
from guanxi.collaboration.services.telling import tell_of_comment, withdraw
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid, Message, Stale
from guanxi.kernel.text import TextTooLong, clean_text
from guanxi.resource.declaration import Resource


def add_comment(
    actor: Actor, *, resource: str, record_id: UUID, text: str, chosen: Collection[UUID] = ()
) -> Comment:
    """Say something on a record; `chosen` are members picked behind an `@`, where a name means several.

    Whoever says something follows the record from then on, unless he said he does not want to. Raises Forbidden,
    NotFound, Invalid beside `text`.
    """
    actor.require(ADD)
    declared, record = record_of(actor, resource, record_id)
    said = _cleaned(text)
    with operation(actor, ADD, record_id=record.pk, label=str(record)):
        comment = Comment(
            resource=declared.key,
            record_id=record.pk,
            author_id=actor.member_id,
            text=said,
            mentions=_mentions(declared, record, said, chosen),
        )
        comment.save(force_insert=True)
    if actor.member_id is not None:
        Follow.objects.bulk_create(
            [Follow(member_id=actor.member_id, resource=declared.key, record_id=record.pk)],
            ignore_conflicts=True,
        )
    tell_of_comment(actor, declared, record, comment, _told(comment))
    return comment


def edit_comment(
    actor: Actor,
    comment_id: UUID,
    *,
    text: str,
    chosen: Collection[UUID] = (),
    expected_version: int | None = None,
) -> Comment:
    """Put one's own comment otherwise. Who is mentioned anew is told; nobody is told twice.

    Raises NotFound, Forbidden, Invalid beside `text`, Stale.
    """
    actor.require(ADD)
    comment, declared, record = find_comment(actor, comment_id, lock=True)
    if not may_edit(actor, comment):
        raise Forbidden(ADD)
    if expected_version is not None and comment.version != expected_version:
        raise Stale(current=comment.version, expected=expected_version)
    said = _cleaned(text)
    if said == comment.text:
        return comment
    before = _told(comment)
    with operation(actor, "collaboration.comment.edit", record_id=record.pk, label=str(record)):
        comment.text = said
        comment.mentions = _mentions(declared, record, said, chosen)
        comment.edited_at = timezone.now()
        comment.save(update_fields=["text", "mentions", "edited_at", "updated_at"])
    comment.version += 1
    anew = [one for one in _told(comment) if one not in before]
    if anew:
        tell_of_comment(actor, declared, record, comment, anew, mentioned_only=True)
    return comment


def delete_comment(actor: Actor, comment_id: UUID) -> Comment:
    """Take a comment away: one's own, or anybody's with `collaboration.comment.delete`.

    What was told of it is taken back. Raises NotFound, Forbidden.
    """
    comment, declared, record = find_comment(actor, comment_id, lock=True)
    if not may_delete(actor, comment):
        raise Forbidden(DELETE)
    kept = comment.id
    with operation(actor, DELETE, record_id=record.pk, label=str(record)):
        comment.delete()
    comment.id = kept
    withdraw(declared, record, comment)
    return comment


def _cleaned(text: str) -> str:
    try:
        found = clean_text(text, multiline=True, max_length=LONGEST)
    except TextTooLong as error:
        said = _("At most %(limit)s characters; these are %(length)s.")
        message = Message("too_long", said, {"limit": f"{error.limit:,}", "length": f"{error.length:,}"})
        raise Invalid({"text": [message]}) from error
    if not found:
        raise Invalid({"text": [Message("required", _("Write something first."))]})
    return found


def _mentions(
    resource: type[Resource], record: Any, text: str, chosen: Collection[UUID]
) -> list[dict[str, Any]]:
    if not may_mention(text):
        return []
    found = find_mentions(text, people_by_name(), chosen)
    sees = seeing(resource, record, found)
    return [{"id": str(one), "name": name, "told": one in sees} for one, name in found.items()]


def _told(comment: Comment) -> list[UUID]:
    return [UUID(one["id"]) for one in comment.mentions if one["told"]]

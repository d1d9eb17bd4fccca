"""The notices of this context: what is said to whom, at once. What was changed is told by `services.pulse`."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from guanxi.collaboration.choices import Telling
from guanxi.collaboration.models import Comment
from guanxi.collaboration.queries.following import followers_of, owner_of, settings_of_many
from guanxi.collaboration.queries.people import seeing
from guanxi.collaboration.rules import excerpt
from guanxi.foundation.notices import services as notices
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.declaration import Resource

MENTIONED, COMMENTED = "collaboration.mentioned", "collaboration.commented"


def tell_of_comment(
    actor: Actor,
    resource: type[Resource],
    record: Any,
    comment: Comment,
    mentioned: Collection[UUID],
    *,
    mentioned_only: bool = False,
) -> None:
    """Tell those who were mentioned and see the record, and its followers who want to hear at once."""
    said: Mapping[str, Any] = {
        "who": actor.name,
        "record": str(record),
        "text": excerpt(comment.text),
        "comment": str(comment.id),
    }
    url = f"{resource.url('card', id=record.pk)}#comment-{comment.id}"
    named = [one for one in mentioned if one != actor.member_id]
    notices.notify(named, MENTIONED, url=url, **said)
    if mentioned_only:
        return
    followers = followers_of(resource, {record.pk: owner_of(resource, record)}).get(record.pk, ())
    rest = set(followers) - {*mentioned, actor.member_id}
    wishes = settings_of_many(rest)
    wanted = [one for one in rest if wishes[one].telling == Telling.AT_ONCE]
    notices.notify(seeing(resource, record, wanted), COMMENTED, url=url, **said)


def withdraw(resource: type[Resource], record: Any, comment: Comment) -> None:
    """What is no longer said is no longer told: take back what was told of a comment."""
    followers = followers_of(resource, {record.pk: owner_of(resource, record)}).get(record.pk, ())
    told = {*followers, *(UUID(one["id"]) for one in comment.mentions)}
    notices.withdraw(told, since=comment.created_at, comment=str(comment.id))

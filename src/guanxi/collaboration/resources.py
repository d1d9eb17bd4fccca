"""What can be done around records of every kind, one or many at once."""

from collections.abc import Collection
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.collaboration.kinds import TagInput
from guanxi.collaboration.queries.following import FOLLOW
from guanxi.collaboration.queries.tags import USE
from guanxi.collaboration.services.following import follow
from guanxi.collaboration.services.tags import create_tag, tag_records
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.actions import Action


def actions(key: str) -> tuple[Action, ...]:
    """The actions of one kind of record. A card has better ways: its star and its tags."""
    return (
        Action(
            key="tag",
            label=_("Add a tag"),
            service=partial(_tag, key),
            verb=USE,
            inputs=(TagInput(name="tag", label=_("Tag"), required=True, new=True),),
            icon="hash",
            when=_not_here,
            said=_("Tag added to %(what)s"),
            order=60,
        ),
        Action(
            key="untag",
            label=_("Remove a tag"),
            service=partial(_untag, key),
            verb=USE,
            inputs=(TagInput(name="tag", label=_("Tag"), required=True),),
            icon="hash",
            when=_not_here,
            said=_("Tag taken off %(what)s"),
            order=61,
        ),
        Action(
            key="follow",
            label=_("Follow"),
            service=partial(_follow, key),
            verb=FOLLOW,
            icon="star",
            when=_not_here,
            undo="reversal",
            reversal=_("Stop following"),
            said=_("You follow %(what)s"),
            order=62,
        ),
        Action(
            key="unfollow",
            label=_("Stop following"),
            service=partial(_unfollow, key),
            verb=FOLLOW,
            icon="star",
            when=_not_here,
            undo="reversal",
            reversal=_("Follow"),
            said=_("You no longer follow %(what)s"),
            order=63,
        ),
    )


def _not_here(_record: Any) -> bool:
    return False


def _tag(key: str, actor: Actor, *, ids: Collection[UUID], tag: UUID | str) -> int:
    made = tag if isinstance(tag, UUID) else create_tag(actor, name=tag).id
    return tag_records(actor, resource=key, ids=ids, add=[made])


def _untag(key: str, actor: Actor, *, ids: Collection[UUID], tag: UUID) -> int:
    return tag_records(actor, resource=key, ids=ids, remove=[tag])


def _follow(key: str, actor: Actor, *, ids: Collection[UUID]) -> int:
    return follow(actor, resource=key, ids=ids)


def _unfollow(key: str, actor: Actor, *, ids: Collection[UUID]) -> int:
    return follow(actor, resource=key, ids=ids, on=False)

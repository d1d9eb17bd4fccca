"""Who follows what, and how he wants to be told."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from guanxi.collaboration.models import Follow, FollowSettings
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.declaration import Resource

FOLLOW = "collaboration.record.follow"


def settings_of(member_id: UUID) -> FollowSettings:
    """How a member wants to be told; an unsaved row with the defaults where he never said."""
    return FollowSettings.objects.filter(member_id=member_id).first() or FollowSettings(member_id=member_id)


def settings_of_many(ids: Iterable[UUID]) -> Mapping[UUID, FollowSettings]:
    """The same for several at once."""
    wanted = set(ids)
    found = {one.member_id: one for one in FollowSettings.objects.filter(member_id__in=wanted)}
    return {one: found.get(one) or FollowSettings(member_id=one) for one in wanted}


def owner_of(resource: type[Resource], record: Any) -> UUID | None:
    """Who answers for a record."""
    return resource.kind(resource.owner).value(record) if resource.owner else None


def is_following(actor: Actor, resource: type[Resource], record: Any) -> bool:
    """Whether the actor is told of changes to the record."""
    if actor.member_id is None:
        return False
    said = Follow.objects.filter(member_id=actor.member_id, resource=resource.key, record_id=record.pk)
    on = said.values_list("on", flat=True).first()
    if on is not None:
        return on
    return owner_of(resource, record) == actor.member_id and settings_of(actor.member_id).own


def followers_of(
    resource: type[Resource], owners: Mapping[UUID, UUID | None]
) -> Mapping[UUID, Collection[UUID]]:
    """Who follows each of some records, which are given with their owners. Nobody's sight is looked at here."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    refused: set[tuple[UUID, UUID]] = set()
    rows = Follow.objects.filter(resource=resource.key, record_id__in=list(owners))
    for member_id, record_id, on in rows.values_list("member_id", "record_id", "on"):
        if on:
            found[record_id].add(member_id)
        else:
            refused.add((member_id, record_id))
    named = {owner for owner in owners.values() if owner is not None}
    uninterested = set(
        FollowSettings.objects.filter(member_id__in=named, own=False).values_list("member_id", flat=True)
    )
    for record_id, owner in owners.items():
        if owner is not None and owner not in uninterested and (owner, record_id) not in refused:
            found[record_id].add(owner)
    return found

"""Who follows what, and how he wants to be told."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

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


def without_own(ids: Iterable[UUID]) -> set[UUID]:
    """Those of the members who do not follow what they answer for."""
    rows = FollowSettings.objects.filter(member_id__in=set(ids), own=False)
    return set(rows.values_list("member_id", flat=True))


def followed_q(actor: Actor, resource: type[Resource]) -> Q:
    """The records that the actor follows: by his word, or because he answers for them."""
    if actor.member_id is None:
        return Q(pk__in=[])
    mine = Follow.objects.filter(member_id=actor.member_id, resource=resource.key)
    q = Q(pk__in=mine.filter(on=True).values("record_id"))
    if resource.owner and settings_of(actor.member_id).own:
        own = Q(**{resource.kind(resource.owner).column: actor.member_id})
        q |= own & ~Q(pk__in=mine.filter(on=False).values("record_id"))
    return q


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
    uninterested = without_own({owner for owner in owners.values() if owner is not None})
    for record_id, owner in owners.items():
        if owner is not None and owner not in uninterested and (owner, record_id) not in refused:
            found[record_id].add(owner)
    return found

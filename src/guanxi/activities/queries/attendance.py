"""Who takes part in activities, as far as a reader may see them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from guanxi.activities.models import Participant
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.registry import find


@dataclass(slots=True)
class Attended:
    """The people and the members, each as (id, name), in the order in which they were entered."""

    people: list[tuple[UUID, str]] = field(default_factory=list)
    members: list[tuple[UUID, str]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The customer's people first."""
        return [name for _id, name in (*self.people, *self.members)]


def attendance(actor: Actor, ids: Collection[UUID]) -> defaultdict[UUID, Attended]:
    """Of activities that the caller has read through their door. Two statements, however many they are."""
    found: defaultdict[UUID, Attended] = defaultdict(Attended)
    rows: list[tuple[UUID, UUID | None, UUID | None, str]] = list(
        Participant.objects.filter(activity_id__in=list(ids))
        .order_by("pk")
        .values_list("activity_id", "person_id", "member_id", "member__name")
    )
    if not ids:
        return found
    part, people, names = find("participants"), find("people"), dict[UUID, str]()
    wanted = {person for _activity, person, _member, _name in rows if person is not None}
    tells = access.is_open(actor, part.kind("person")) and access.is_open(actor, people.kind("name"))
    of_ours = access.is_open(actor, part.kind("member"))
    if wanted and tells:
        names = dict(access.visible(actor, people).filter(pk__in=wanted).values_list("pk", "name"))
    for activity, person, member, name in rows:
        if member is not None:
            if of_ours:
                found[activity].members.append((member, name))
        elif person is not None and person in names:
            found[activity].people.append((person, names[person]))
    return found

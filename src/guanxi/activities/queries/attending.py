"""By whom a timeline can be narrowed: the people and the members who took part in what stands there."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from guanxi.activities.models import Participant
from guanxi.activities.queries.timeline import Asked
from guanxi.activities.queries.touches import touches_of
from guanxi.foundation.accounts.models import Member
from guanxi.resource import access
from guanxi.resource.registry import find

OFFERED = 30


@dataclass(frozen=True, slots=True)
class Attending:
    """Somebody, with how often; `ours` for one of our own."""

    id: UUID
    name: str
    count: int
    ours: bool


def who_took_part(asked: Asked) -> list[Attending]:
    """The customer's people first, whoever took part most often leading; only those in sight."""
    actor, part = asked.actor, find("participants")
    shut = [name for name in ("person", "member") if not access.is_open(actor, part.kind(name))]
    if shut or not access.is_open(actor, find("activities").kind("owner")):
        return []
    rows = touches_of(actor, asked.resource, asked.record).order_by()
    of = Participant.objects.filter(activity_id__in=rows.values("pk")).order_by()
    people: dict[UUID | None, int] = dict(
        of.filter(person__isnull=False).values_list("person_id").annotate(n=Count("pk"))
    )
    members: Counter[UUID | None] = Counter(
        dict(of.filter(member__isnull=False).values_list("member_id").annotate(n=Count("pk")))
    )
    members.update(dict(rows.filter(owner__isnull=False).values_list("owner_id").annotate(n=Count("pk"))))
    target = find("people")
    seen: dict[UUID, str] = {}
    if people and access.is_open(actor, target.kind("name")):
        seen = dict(access.visible(actor, target).filter(pk__in=list(people)).values_list("pk", "name"))
    theirs = [Attending(one, name, people[one], ours=False) for one, name in seen.items()]
    names = dict(Member.objects.filter(pk__in=list(members)).values_list("pk", "name"))
    ours = [Attending(one, name, members[one], ours=True) for one, name in names.items()]
    return [
        *sorted(theirs, key=lambda one: (-one.count, one.name))[:OFFERED],
        *sorted(ours, key=lambda one: (-one.count, one.name))[:OFFERED],
    ]

"""How a team stands: by person what is overdue, what was promised and not kept, who was not heard of, how much is
planned."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median_low
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from guanxi.activities.choices import Promised, Side, State
from guanxi.activities.queries.attention import beyond_rhythm
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.registry import find

AHEAD = 7  # days that make up somebody's load
BROKEN_IN = 30  # days
_OVERLOADED = 1.5  # times the middle of the team
_A_LOT = 10  # less than that is no overload, whatever the others have


@dataclass(frozen=True, slots=True)
class Standing:
    """One person: activities and promises of ours that are overdue, promises broken or kept late in the last thirty
    days, customers beyond their rhythm, what is to be done within a week; and whether that is far more than the others
    have."""

    id: UUID
    name: str
    late: int
    owed: int
    broken: int
    unheard: int
    load: int
    overloaded: bool

    @property
    def troubles(self) -> int:
        """By how much somebody needs help: what is overdue weighs double."""
        return 2 * (self.late + self.owed) + self.broken + self.unheard


def team_of(actor: Actor, members: Collection[UUID] | None) -> list[Standing]:
    """Everybody of these members, of the company without, who has anything to do or to answer for; whoever needs help
    most comes first. A fixed number of statements, as far as the actor sees."""
    if not access.is_open(actor, find("activities").kind("owner")):
        return []
    now = timezone.localtime()
    end = timezone.make_aware(datetime.combine(now.date() + timedelta(days=AHEAD + 1), time()))
    start = timezone.make_aware(datetime.combine(now.date(), time()))
    planned = _of(access.visible(actor, find("activities")), members).filter(
        state=State.PLANNED, undated=False
    )
    late = _by_owner(planned.filter(at__lt=start))
    soon = _by_owner(planned.filter(at__lt=end))
    owed, broken, promised = _promises(actor, members)
    silent = _by_owner(beyond_rhythm(actor, members))
    ids = {*late, *soon, *owed, *broken, *silent, *promised}
    loads = {one: soon.get(one, 0) + promised.get(one, 0) for one in ids}
    usual = median_low(loads.values()) if loads else 0
    found = [
        Standing(
            pk,
            name,
            late.get(pk, 0),
            owed.get(pk, 0),
            broken.get(pk, 0),
            silent.get(pk, 0),
            loads[pk],
            loads[pk] >= _A_LOT and loads[pk] > _OVERLOADED * usual,
        )
        for pk, name in Member.objects.filter(pk__in=ids)
        .order_by("name_sort", "id")
        .values_list("pk", "name")
    ]
    return sorted(found, key=lambda one: -one.troubles)


def _of(rows: QuerySet[Any], members: Collection[UUID] | None) -> QuerySet[Any]:
    return rows.filter(owner__isnull=False) if members is None else rows.filter(owner_id__in=sorted(members))


def _by_owner(rows: QuerySet[Any]) -> dict[UUID, int]:
    return dict(rows.order_by().values_list("owner_id").annotate(n=Count("pk")))


def _promises(
    actor: Actor, members: Collection[UUID] | None
) -> tuple[dict[UUID, int], dict[UUID, int], dict[UUID, int]]:
    """Of our promises, by who answers for them: overdue; broken or kept late lately; open and due within a week."""
    mine, today = find("commitments"), timezone.localdate()
    if not actor.may(mine.permission("view")) or not access.is_open(actor, mine.kind("owner")):
        return {}, {}, {}
    rows = _of(access.visible(actor, mine), members).filter(side=Side.OURS)
    late = Q(state=Promised.OPEN, due__lt=today)
    failed = Q(state=Promised.BROKEN) | Q(state=Promised.KEPT, settled_on__gt=F("due"))
    soon = Q(state=Promised.OPEN, due__lte=today + timedelta(days=AHEAD))
    lately = Q(settled_on__gt=today - timedelta(days=BROKEN_IN))
    counted = (
        rows.filter(late | (failed & lately) | soon)
        .order_by()
        .values_list("owner_id")
        .annotate(
            late=Count("pk", filter=late), failed=Count("pk", filter=failed), soon=Count("pk", filter=soon)
        )
    )
    found = list(counted)
    return (
        {owner: late for owner, late, _failed, _soon in found},
        {owner: failed for owner, _late, failed, _soon in found},
        {owner: soon for owner, _late, _failed, soon in found},
    )

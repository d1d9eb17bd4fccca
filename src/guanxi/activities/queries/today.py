"""What is to be done today: overdue, due, soon; and customers for whom nothing is planned."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from guanxi.activities.choices import Promised, Side, State, What
from guanxi.activities.models import Activity, Commitment
from guanxi.activities.queries.planned import Line, planned_lines
from guanxi.customers.models import Customer
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds.kind import Show
from guanxi.resource import access
from guanxi.resource.registry import find

SHOWN = 100  # lines of a part
AHEAD = 7  # days
WITHOUT_NEXT = 8
COUNTED = 99


@dataclass(slots=True)
class Day:
    """Planned lines by how near they are, and what was done today."""

    late: list[Line] = field(default_factory=list)
    today: list[Line] = field(default_factory=list)
    soon: list[Line] = field(default_factory=list)
    done: list[Line] = field(default_factory=list)

    @property
    def planned(self) -> bool:
        """Whether anything is still to be done."""
        return bool(self.late or self.today or self.soon)


def _start(days: int = 0) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time()))


def _of(actor: Actor, members: Collection[UUID] | None) -> QuerySet[Activity]:
    resource = find("activities")
    rows: QuerySet[Activity] = access.visible(actor, resource).filter(undated=False)
    if not access.is_open(actor, resource.kind("owner")):
        return rows.none()
    return rows if members is None else rows.filter(owner_id__in=sorted(members))


def day_of(actor: Actor, members: Collection[UUID] | None, show: Show) -> Day:
    """Of the activities of these members, of everybody without; as far as the actor sees them."""
    rows = _of(actor, members).select_related("owner")
    planned = list(
        rows.filter(state=State.PLANNED, at__lt=_start(AHEAD + 1)).order_by("at", "id")[: 3 * SHOWN]
    )
    done = list(
        rows.filter(state=State.DONE, at__gte=_start(), at__lt=_start(1))
        .exclude(kind=What.NOTE)
        .order_by("at", "id")[:SHOWN]
    )
    lines = planned_lines([*planned, *done], show)
    found = Day(done=lines[len(planned) :])
    for line in lines[: len(planned)]:
        (found.late if line.late else found.today if line.today else found.soon).append(line)
    return found


def due_count(actor: Actor) -> int:
    """How many of one's own are overdue or due today, promises of ours among them, to 99: what stands beside Today. One
    index each, one statement."""
    if actor.member_id is None or not actor.may(find("activities").permission("view")):
        return 0
    planned = Activity.objects.filter(
        owner_id=actor.member_id, state=State.PLANNED, at__lt=_start(1), undated=False
    )
    if not actor.may(find("commitments").permission("view")):
        return planned[:COUNTED].count()
    promised = Commitment.objects.filter(
        owner_id=actor.member_id, state=Promised.OPEN, due__lte=timezone.localdate(), side=Side.OURS
    )
    both = planned.values("pk").order_by().union(promised.values("pk").order_by(), all=True)
    return min(both.count(), COUNTED)


def taken_today(actor: Actor) -> list[datetime]:
    """When something is planned of the actor's own today, in the company's time."""
    rows = _of(actor, [actor.member_id] if actor.member_id else []).filter(
        state=State.PLANNED, at__gte=_start(), at__lt=_start(1)
    )
    return [timezone.localtime(at) for at in rows.order_by("at").values_list("at", flat=True)]


def without_next_step(actor: Actor) -> list[Customer]:
    """Customers the actor answers for with whom nothing is planned, the most important first; a few of them."""
    customers = find("customers")
    if actor.member_id is None or not access.is_open(actor, customers.kind("owner")):
        return []
    planned = Activity.objects.filter(customer_id=OuterRef("pk"), state=State.PLANNED)
    rows = access.visible(actor, customers).filter(owner_id=actor.member_id).filter(~Exists(planned))
    if access.is_open(actor, customers.kind("grade")):
        rows = rows.filter(Q(grade__in=("A", "B"))).order_by("grade_order", "name_sort", "id")
    else:
        rows = rows.order_by("name_sort", "id")
    return list(rows[:WITHOUT_NEXT])

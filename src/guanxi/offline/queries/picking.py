"""Which customers somebody needs without network: those of the week, and those around."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from guanxi.activities.choices import Promised, State, What
from guanxi.activities.models import Activity
from guanxi.activities.queries.nearby import Around, nearby
from guanxi.activities.queries.places import points_of
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.distances import Point
from guanxi.resource import access
from guanxi.resource.registry import find

MOST = 200
AROUND = 40  # of those nearby
METRES = 10_000
BEFORE, AHEAD = 7, 7  # days of a week, to both sides
_PLANNED, _PROMISED, _NEAR, _SEEN = "planned", "promised", "near", "seen"


@dataclass(frozen=True, slots=True)
class Picked:
    """A customer, why it is among them (planned, promised, near, seen), and how far it is in metres where that is
    known."""

    id: UUID
    why: str
    metres: int | None = None


def pick(actor: Actor, place: Point | None) -> tuple[list[Picked], bool]:
    """The customers, those with whom something is planned first, and whether there would be more.

    `place` is where the phone is; without it the next visit's customer is what others are near to.
    """
    if actor.member_id is None or not access.is_open(actor, find("activities").kind("customer")):
        return [], False
    start = timezone.make_aware(datetime.combine(timezone.localdate(), time()))
    since, until = start - timedelta(days=BEFORE), start + timedelta(days=AHEAD + 1)
    mine = _mine(actor)
    planned = mine.filter(state=State.PLANNED, at__gte=since, at__lt=until)
    soonest = planned.values("customer_id").annotate(first=Min("at")).order_by("first", "customer_id")
    found = [Picked(one["customer_id"], _PLANNED) for one in soonest[: MOST + 1]]
    found += [Picked(one, _PROMISED) for one in _promised(actor, until)]
    place = place or _next_place(actor, start)
    found += _near(actor, place) if place is not None else ()
    done = mine.filter(state=State.DONE, at__gte=since, at__lt=until)
    latest = done.values("customer_id").annotate(last=Max("at")).order_by("-last", "customer_id")
    found += [Picked(one["customer_id"], _SEEN) for one in latest[: MOST + 1]]
    each = _once(found)
    return each[:MOST], len(each) > MOST


def _mine(actor: Actor) -> QuerySet[Activity]:
    rows: QuerySet[Activity] = access.visible(actor, find("activities"))
    return rows.filter(owner_id=actor.member_id, customer__isnull=False, undated=False)


def _promised(actor: Actor, until: datetime) -> list[UUID]:
    resource = find("commitments")
    if not actor.may(resource.permission("view")):
        return []
    rows = access.visible(actor, resource).filter(
        owner_id=actor.member_id, state=Promised.OPEN, due__lt=timezone.localdate(until)
    )
    soonest = rows.values("customer_id").annotate(first=Min("due")).order_by("first", "customer_id")
    return [one["customer_id"] for one in soonest[: MOST + 1]]


def _next_place(actor: Actor, start: datetime) -> Point | None:
    visits = _mine(actor).filter(state=State.PLANNED, at__gte=start, kind__in=(What.VISIT, What.MEETING))
    following = list(visits.order_by("at", "id").values_list("customer_id", flat=True)[:5])
    points = points_of(actor, following)
    return next((points[one][0] for one in following if points.get(one)), None)


def _near(actor: Actor, place: Point) -> list[Picked]:
    around = Around(place=place, metres=METRES, mine=True, limit=AROUND)
    return [Picked(one.customer.pk, _NEAR, one.metres) for one in nearby(actor, around)]


def _once(found: Iterable[Picked]) -> list[Picked]:
    """Each customer where it first stands, with the distance where it is known."""
    found = list(found)
    metres = {one.id: one.metres for one in found if one.metres is not None}
    first: dict[UUID, Picked] = {}
    for one in found:
        first.setdefault(one.id, Picked(one.id, one.why, metres.get(one.id)))
    return list(first.values())

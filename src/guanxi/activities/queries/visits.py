"""Visits of a day, one after the other, and how somebody came to them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.activities.choices import State, What
from guanxi.activities.models import Activity, CheckIn, DayOrder
from guanxi.activities.queries.places import points_of
from guanxi.activities.queries.planned import Line, planned_lines
from guanxi.activities.rules import reordered
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.distances import Point, metres_between
from guanxi.kinds.kind import Show
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.screens.quick import quick_ways

MOST = 60  # visits of a day


@dataclass(frozen=True, slots=True)
class Came:
    """How somebody came to a visit: `words` say where he was then, `far` that it was too far from the customer."""

    at: datetime
    left_at: datetime | None
    words: str
    far: bool
    located: bool
    measured: bool
    photo_url: str


@dataclass(frozen=True, slots=True)
class Go:
    """A button that leads to a customer: by telephone, or on the map to a `place`."""

    key: str
    label: str
    icon: str
    url: str
    place: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit of the day: what is known of the way there, `before` from the one before it in words, "" where a point is
    missing."""

    line: Line
    planned: bool
    came: Came | None
    place: str
    ways: tuple[Go, ...]
    before: str

    @property
    def there(self) -> bool:
        """Whether somebody has come and not left yet."""
        return self.came is not None and self.came.left_at is None


def metres_words(metres: float) -> str:
    """A distance as people say it."""
    if metres < 1000:
        return _("%(n)s m") % {"n": round(metres)}
    far = f"{metres / 1000:.1f}".removesuffix(".0") if metres < 100_000 else f"{metres / 1000:,.0f}"
    return _("%(n)s km") % {"n": far}


def came_to(activities: Collection[UUID]) -> dict[UUID, Came]:
    """By activity, of those the caller has read through their door; without a question where there are none."""
    if not activities:
        return {}
    rows = CheckIn.objects.filter(activity_id__in=list(activities))
    return {one.activity_id: came_of(one) for one in rows}


def came_of(one: CheckIn) -> Came:
    """One of them."""
    url = find("activities").url
    return Came(
        at=one.at,
        left_at=one.left_at,
        words=_where(one),
        far=one.far,
        located=one.latitude is not None,
        measured=one.distance is not None,
        photo_url=url("file", id=one.activity_id, file_id=one.photo_id) if one.photo_id else "",
    )


def _where(one: CheckIn) -> str:
    if one.latitude is None:
        return _("without a position")
    exact = f"±{metres_words(one.accuracy)}" if one.accuracy is not None else ""
    if one.distance is None:
        said = _("the customer has no location")
    else:
        words = {"far": metres_words(one.distance)}
        said = (_("%(far)s away from the customer") if one.far else _("%(far)s from the customer")) % words
    return f"{said} ({exact})" if exact else said


def _bounds(day: date) -> tuple[datetime, datetime]:
    start = timezone.make_aware(datetime.combine(day, time()))
    return start, start + timedelta(days=1)


def order_of(actor: Actor, day: date) -> list[str]:
    """The order in which the actor goes through a day, as far as he has put it in one: ids of activities."""
    found = DayOrder.objects.filter(member_id=actor.member_id, day=day).first() if actor.member_id else None
    return list(found.activities) if found is not None else []


def in_order(lines: Sequence[Line], order: Sequence[str]) -> Sequence[Line]:
    """Lines in the order that was kept; the rest stay where they stood."""
    if not order:
        return lines
    found = {str(one.id): one for one in lines}
    return [found[one] for one in reordered(list(found), order)]


def visits_on(actor: Actor, day: date) -> list[Activity]:
    """The actor's own visits of a day, planned and done, in his order."""
    resource = find("activities")
    if actor.member_id is None or not access.is_open(actor, resource.kind("owner")):
        return []
    start, end = _bounds(day)
    rows = access.visible(actor, resource).filter(
        owner_id=actor.member_id, kind=What.VISIT, at__gte=start, at__lt=end, undated=False
    )
    found: dict[str, Activity] = {
        str(one.pk): one
        for one in rows.exclude(state=State.CANCELLED).select_related("owner").order_by("at", "id")[:MOST]
    }
    return [found[one] for one in reordered(list(found), order_of(actor, day))]


def stops_on(actor: Actor, day: date, show: Show) -> list[Stop]:
    """The same with what is needed on the way; a fixed number of statements."""
    return stops_of(actor, visits_on(actor, day), show)


def stops_of(actor: Actor, visits: Collection[Activity], show: Show) -> list[Stop]:
    """Visits the caller has read through their door, in this order."""
    visits = list(visits)
    customers = find("customers")
    wanted = {one.customer_id for one in visits if one.customer_id}
    seen = access.visible(actor, customers).in_bulk(list(wanted)) if wanted else {}
    points = points_of(actor, list(seen))
    came = came_to([one.pk for one in visits])
    found, last = list[Stop](), None
    for one, line in zip(visits, planned_lines(visits, show), strict=True):
        customer = seen.get(one.customer_id) if one.customer_id else None
        here = points[customer.pk][0] if customer is not None and points.get(customer.pk) else None
        before = metres_words(metres_between(last, here)) if last and here else ""
        last = here
        found.append(
            Stop(
                line=line,
                planned=one.state == State.PLANNED,
                came=came.get(one.pk),
                place=one.place or _address(actor, customer),
                ways=_ways(customer, show, here),
                before=before,
            )
        )
    return found


def _address(actor: Actor, customer: Any) -> str:
    kind = find("customers").kind("address")
    return str(customer.address) if customer is not None and access.is_open(actor, kind) else ""


def _ways(customer: Any, show: Show, here: Point | None) -> tuple[Go, ...]:
    """How to get there, by its point where it has one, else by its address; and how to call there."""
    if customer is None:
        return ()
    ways = [
        Go(one.key, str(one.label), one.icon, one.ways[0].url, one.ways[0].place)
        for one in quick_ways(find("customers"), customer, show)
        if one.key in ("call", "navigate")
    ]
    if here is not None:
        ways = [go_to(here), *(one for one in ways if one.key != "navigate")]
    return tuple(sorted(ways, key=lambda one: one.key != "navigate"))


def go_to(point: Point) -> Go:
    """The way to a point: a phone opens its own map (`geo:`), elsewhere a map's page does, told that it is WGS 84."""
    latitude, longitude = f"{point.latitude / 1e6:.6f}", f"{point.longitude / 1e6:.6f}"
    url = f"https://uri.amap.com/marker?position={longitude},{latitude}&coordinate=wgs84&src=guanxi&callnative=1"
    return Go("navigate", _("Navigate"), "map-pin", url, f"{latitude},{longitude}")

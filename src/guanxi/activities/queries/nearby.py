"""Customers around a place, the nearest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, radians
from typing import Any
from uuid import UUID

from django.db.models import Exists, ExpressionWrapper, F, FloatField, Max, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Power
from django.utils import timezone

from guanxi.activities.queries.lasting import counted
from guanxi.activities.queries.places import located
from guanxi.customers.models import Address, Customer
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.distances import Point, box_around, metres_between
from guanxi.resource import access
from guanxi.resource.registry import find

SHOWN = 60
FARTHEST = 200_000  # metres
# A town is full of addresses: first a small ring is looked into, then a larger one until there are enough.
_RINGS = (1 / 25, 1 / 5, 1)
_LEAST = 500  # metres of the smallest ring
_SPARE = (
    3  # times as many rows are read: several addresses of one customer, and what the flat map has put wrongly
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is asked: customers within so many `metres` of a place; of these grades, any without; with whom there was no
    effective touch for so many days that the reader sees; only one's own with `mine`."""

    place: Point
    metres: int
    grades: Sequence[str] = ()
    silent: int | None = None
    mine: bool = True
    limit: int = SHOWN


@dataclass(frozen=True, slots=True)
class Near:
    """A customer, the nearest of its points, and how far that is in metres; `last` is the day of the last effective
    touch that the reader sees."""

    customer: Customer
    point: Point
    street: str
    metres: int
    last: date | None
    grade: str


def nearby(actor: Actor, around: Around) -> list[Near]:
    """As far as the actor sees them and their addresses. A box on the index of points, the exact distance of the few
    that lie in it."""
    rows = _narrowed(actor, around)
    metres = min(around.metres, FARTHEST)
    found: dict[UUID, tuple[int, Address]] = {}
    for share in _RINGS:
        ring = metres * share
        if ring < _LEAST and share < 1:
            continue
        found = _within(rows, around.place, ring, around.limit)
        if len(found) >= around.limit:
            break
    nearest = sorted(found.values(), key=lambda one: (one[0], one[1].customer_id))[: around.limit]
    return _described(actor, nearest)


def _narrowed(actor: Actor, around: Around) -> QuerySet[Address]:
    customers, rows = find("customers"), located(actor)
    if around.mine:
        if actor.member_id is None or not access.is_open(actor, customers.kind("owner")):
            return rows.none()
        rows = rows.filter(customer__owner_id=actor.member_id)
    if around.grades:
        if not access.is_open(actor, customers.kind("grade")):
            return rows.none()
        rows = rows.filter(customer__grade__in=list(around.grades))
    if around.silent is not None:
        since = timezone.now() - timedelta(days=around.silent)
        rows = rows.filter(~Exists(counted(actor).filter(customer_id=OuterRef("customer_id"), at__gte=since)))
    return rows


def _within(
    rows: QuerySet[Address], place: Point, metres: float, limit: int
) -> dict[UUID, tuple[int, Address]]:
    """By customer: metres and the nearest address."""
    box, found = box_around(place, metres), dict[UUID, tuple[int, Address]]()
    for west, east in box.spans:
        inside = rows.filter(
            latitude__gte=box.south, latitude__lte=box.north, longitude__gte=west, longitude__lte=east
        )
        # Beyond the date line the same place has another longitude.
        middle = place.longitude + (360_000_000 if east < place.longitude - 180_000_000 else 0)
        middle -= 360_000_000 if west > place.longitude + 180_000_000 else 0
        near = inside.annotate(flat=_flat(place.latitude, middle)).order_by("flat", "pk")
        for one in near.only("customer_id", "street", "latitude", "longitude")[: _SPARE * limit]:
            far = metres_between(place, Point(one.latitude or 0, one.longitude or 0))
            held = found.get(one.customer_id)
            if far <= metres and (held is None or far < held[0]):
                found[one.customer_id] = (round(far), one)
    return found


def _flat(latitude: int, longitude: int) -> Any:
    """The square of the distance on a flat map, good enough to choose by."""
    north = Cast(F("latitude"), FloatField()) - Value(float(latitude))
    east = (Cast(F("longitude"), FloatField()) - Value(float(longitude))) * Value(
        cos(radians(latitude / 1e6))
    )
    return ExpressionWrapper(Power(north, 2) + Power(east, 2), output_field=FloatField())


def _described(actor: Actor, nearest: Sequence[tuple[int, Address]]) -> list[Near]:
    customers = find("customers")
    ids = [one.customer_id for _metres, one in nearest]
    seen = access.visible(actor, customers).in_bulk(ids) if ids else {}
    touched = (
        counted(actor).filter(customer_id__in=ids).order_by().values_list("customer_id").annotate(Max("at"))
    )
    last = dict(touched) if ids else {}
    grade = access.is_open(actor, customers.kind("grade"))
    return [
        Near(
            customer=seen[one.customer_id],
            point=Point(one.latitude or 0, one.longitude or 0),
            street=one.street,
            metres=metres,
            last=timezone.localdate(last[one.customer_id]) if one.customer_id in last else None,
            grade=seen[one.customer_id].grade if grade else "",
        )
        for metres, one in nearest
        if one.customer_id in seen
    ]

"""Where customers are: the points of their addresses, as far as the actor sees them."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.distances import Point, metres_between
from guanxi.resource import access
from guanxi.resource.registry import find

_NAMES = ("customer", "street", "latitude", "longitude")


def located(actor: Actor) -> "QuerySet[Any]":
    """The addresses in sight that have a point; none for whom their position is closed to."""
    addresses = find("addresses")
    rows: QuerySet[Any] = access.visible(actor, addresses)
    if not actor.may(addresses.permission("view")) or not all(
        access.is_open(actor, addresses.kind(name)) for name in _NAMES
    ):
        return rows.none()
    return rows.filter(latitude__isnull=False, longitude__isnull=False)


def points_of(actor: Actor, customers: Collection[UUID]) -> dict[UUID, list[Point]]:
    """The points of these customers, the main address first; one statement."""
    found: dict[UUID, list[Point]] = defaultdict(list)
    rows = located(actor).filter(customer_id__in=list(customers)) if customers else ()
    for one in rows and rows.order_by("-main", "pk").only("customer_id", "latitude", "longitude", "main"):
        found[one.customer_id].append(Point(one.latitude, one.longitude))
    return found


def nearest(points: Collection[Point], to: Point) -> int | None:
    """Metres to the nearest of them; None where there is none."""
    return min((round(metres_between(to, one)) for one in points), default=None)

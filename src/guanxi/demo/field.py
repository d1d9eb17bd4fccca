"""Where the demo's customers are, and how its salespeople came to them: made up around the centres of cities."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from math import cos, radians
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from guanxi.activities.models import Activity
from guanxi.customers.models import Address
from guanxi.kernel.distances import Point, metres_between

_SHANGHAI = ZoneInfo("Asia/Shanghai")
# Latitude and longitude of city centres, to a hundredth of a degree, by the division's code.
_CENTRES: Final = {
    "110000": (39.90, 116.41), "120000": (39.13, 117.20), "130100": (38.04, 114.51), "130600": (38.87, 115.46),
    "140100": (37.87, 112.55), "150100": (40.84, 111.75), "210100": (41.80, 123.43), "210200": (38.91, 121.61),
    "220100": (43.82, 125.32), "230100": (45.80, 126.53), "310000": (31.23, 121.47), "320100": (32.06, 118.80),
    "320200": (31.49, 120.31), "320281": (31.91, 120.28), "320300": (34.21, 117.28), "320400": (31.81, 119.97),
    "320500": (31.30, 120.59), "320581": (31.65, 120.75), "320582": (31.87, 120.55), "320583": (31.39, 120.98),
    "320600": (31.98, 120.89), "321000": (32.39, 119.41), "321100": (32.19, 119.42), "321200": (32.46, 119.92),
    "330100": (30.27, 120.16), "330200": (29.87, 121.55), "330300": (28.00, 120.70), "330400": (30.75, 120.76),
    "330600": (30.03, 120.58), "330700": (29.08, 119.65), "340100": (31.82, 117.23), "340200": (31.35, 118.43),
    "350100": (26.07, 119.30), "350200": (24.48, 118.09), "350500": (24.87, 118.68), "360100": (28.68, 115.86),
    "370100": (36.65, 117.12), "370200": (36.07, 120.38), "370600": (37.46, 121.45), "371300": (35.10, 118.36),
    "410100": (34.75, 113.63), "410300": (34.62, 112.45), "420100": (30.59, 114.31), "430100": (28.23, 112.94),
    "440100": (23.13, 113.26), "440300": (22.54, 114.06), "440600": (23.02, 113.12), "441900": (23.02, 113.75),
    "442000": (22.52, 113.39), "450100": (22.82, 108.37), "500000": (29.56, 106.55), "510100": (30.57, 104.07),
    "520100": (26.65, 106.63), "530100": (24.88, 102.83), "610100": (34.34, 108.94), "650100": (43.83, 87.62),
}  # fmt: skip
_SPREAD = 0.06  # degrees: how far around the centre most of them are
_BACK = timedelta(days=150)  # since when the demo company checks in
_WITHOUT, _BLIND, _FAR = (
    0.3,
    0.06,
    0.07,
)  # shares of visits: not checked in, without a position, far from the customer


def point_of(region: str, index: int, seed: int) -> dict[str, Any]:
    """Latitude and longitude of a customer's address, as columns; nothing where the city is not in the table."""
    centre = _CENTRES.get(region)
    if centre is None:
        return {}
    rng = Random(f"{seed} point {index}")  # noqa: S311  a demo, not a secret
    north, east = (max(-3.0, min(3.0, rng.gauss(0, 1))) * _SPREAD for _ in range(2))
    latitude = centre[0] + north
    longitude = centre[1] + east / cos(radians(latitude))
    return {"latitude": round(latitude * 1e6), "longitude": round(longitude * 1e6)}


def came(keys: Mapping[int, UUID], today: date, seed: int) -> Iterator[dict[str, Any]]:
    """How somebody came to the visits of the last months with these customers (ids by their index), as rows."""
    since = datetime.combine(today, time(), _SHANGHAI) - _BACK
    indexes = {key: index for index, key in keys.items()}
    points = {
        customer: Point(latitude or 0, longitude or 0)
        for customer, latitude, longitude in Address.objects.filter(
            customer_id__in=list(indexes), main=True, latitude__isnull=False
        ).values_list("customer_id", "latitude", "longitude")
    }
    visits = Activity.objects.filter(
        customer_id__in=list(points), kind="visit", state="done", owner__isnull=False, at__gte=since
    ).order_by("customer_id", "at", "pk")
    for one in visits:
        customer = one.customer_id
        if customer is None:
            continue
        rng = Random(f"{seed} came {indexes[customer]} {one.at:%Y%m%d%H%M}")  # noqa: S311  a demo, not a secret
        if rng.random() >= _WITHOUT:
            yield _came(rng, one, points[customer])


def _came(rng: Random, visit: Activity, point: Point) -> dict[str, Any]:
    row: dict[str, Any] = {
        "activity_id": visit.pk,
        "member_id": visit.owner_id,
        "at": visit.at,
        "left_at": visit.at + timedelta(minutes=visit.minutes or 60),
    }
    if rng.random() < _BLIND:
        return row
    metres = rng.uniform(900, 6000) if rng.random() < _FAR else rng.expovariate(1 / 90)
    north = rng.uniform(-1, 1) * metres / 111_195
    east = (metres / 111_195) ** 2 - north**2
    side = rng.choice((-1, 1)) * max(east, 0) ** 0.5 / cos(radians(point.latitude / 1e6))
    stood = Point(point.latitude + round(north * 1e6), point.longitude + round(side * 1e6))
    return row | {
        "latitude": stood.latitude,
        "longitude": stood.longitude,
        "accuracy": rng.choice((8, 12, 15, 20, 30, 65)),
        "distance": round(metres_between(stood, point)),
    }

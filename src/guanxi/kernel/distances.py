"""How far apart two points of the earth lie, and a box that holds all that lie within a distance.

Points are in millionths of a degree (WGS 84), as addresses and check-ins keep them.
"""

from dataclasses import dataclass
from math import asin, atan2, ceil, cos, degrees, floor, radians, sin, sqrt

__all__ = ["Box", "Point", "box_around", "metres_between", "offset"]

MILLION = 1_000_000
EARTH = 6_371_008.8  # metres: the mean radius of the GRS 80 ellipsoid (IUGG)
_POLE, _HALF = 90 * MILLION, 180 * MILLION


@dataclass(frozen=True, slots=True)
class Point:
    """A place, in millionths of a degree: north of the equator, east of Greenwich."""

    latitude: int
    longitude: int


@dataclass(frozen=True, slots=True)
class Box:
    """Latitudes from `south` to `north`, and longitudes from west to east in one span, in two across the date line; all
    ends belong to it."""

    south: int
    north: int
    spans: tuple[tuple[int, int], ...]

    def holds(self, point: Point) -> bool:
        """Whether a point lies in it."""
        return self.south <= point.latitude <= self.north and any(
            west <= point.longitude <= east for west, east in self.spans
        )


def metres_between(one: Point, other: Point) -> float:
    """The way along the surface, by the haversine formula (R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope
    68, 1984), which is exact for near points, too. The earth is taken for a ball: wrong by half a percent at most."""
    north, other_north = (radians(point.latitude / MILLION) for point in (one, other))
    east = radians((other.longitude - one.longitude) / MILLION)
    a = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * sin(east / 2) ** 2
    return 2 * EARTH * atan2(sqrt(a), sqrt(max(1 - a, 0.0)))


def offset(one: Point, other: Point) -> tuple[float, float]:
    """How far east and north of `one` the other lies, in metres, on a flat map: for a drawing of what is near."""
    east = (other.longitude - one.longitude + 3 * _HALF) % (2 * _HALF) - _HALF
    north = radians((other.latitude - one.latitude) / MILLION) * EARTH
    return radians(east / MILLION) * EARTH * cos(radians(one.latitude / MILLION)), north


def box_around(middle: Point, metres: float) -> Box:
    """The smallest box, and a millionth of a degree more, that holds every point within so many metres (J. P.
    Matuschek, "Finding Points Within a Distance of a Latitude/Longitude"). Around a pole it holds all longitudes."""
    angle = metres / EARTH
    reach = degrees(angle) * MILLION
    south, north = floor(middle.latitude - reach) - 1, ceil(middle.latitude + reach) + 1
    everywhere = ((-_HALF, _HALF),)
    if south <= -_POLE or north >= _POLE:
        return Box(max(south, -_POLE), min(north, _POLE), everywhere)
    width = degrees(asin(min(sin(angle) / cos(radians(middle.latitude / MILLION)), 1.0))) * MILLION
    west, east = floor(middle.longitude - width) - 1, ceil(middle.longitude + width) + 1
    if east - west >= 2 * _HALF:
        return Box(south, north, everywhere)
    if west < -_HALF:
        return Box(south, north, ((west + 2 * _HALF, _HALF), (-_HALF, east)))
    if east > _HALF:
        return Box(south, north, ((west, _HALF), (-_HALF, east - 2 * _HALF)))
    return Box(south, north, ((west, east),))

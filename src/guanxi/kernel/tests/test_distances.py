"""Distances on the earth, and the box in which what is near is looked for."""

from math import asin, atan2, cos, degrees, pi, radians, sin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guanxi.kernel.distances import EARTH, Point, box_around, metres_between, offset

POINTS = st.builds(Point, st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000))
# Where maps are cut, and where their lines meet.
EDGES = st.builds(
    Point,
    st.sampled_from([-90_000_000, -89_999_000, 0, 31_230_000, 89_990_000, 90_000_000]),
    st.sampled_from([-180_000_000, -179_999_500, 0, 121_470_000, 179_999_999, 180_000_000]),
)
SHANGHAI, BEIJING, URUMQI = (
    Point(31_230_400, 121_473_700),
    Point(39_904_200, 116_407_400),
    Point(43_825_600, 87_616_800),
)


def beyond(start: Point, metres: float, bearing: float) -> Point:
    """Where one comes to who walks so far in a direction: the direct problem on the sphere (E. Williams, "Aviation
    Formulary"), to the millionth of a degree."""
    lat, lon, way = radians(start.latitude / 1e6), radians(start.longitude / 1e6), metres / EARTH
    north = asin(sin(lat) * cos(way) + cos(lat) * sin(way) * cos(bearing))
    east = lon + atan2(sin(bearing) * sin(way) * cos(lat), cos(way) - sin(lat) * sin(north))
    east = (east + pi) % (2 * pi) - pi
    return Point(round(degrees(north) * 1e6), round(degrees(east) * 1e6))


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        # Geodesics of the ellipsoid, to the kilometre; the ball is wrong by half a percent at most.
        (SHANGHAI, BEIJING, 1067),
        (BEIJING, URUMQI, 2404),
        (Point(0, 0), Point(0, 180_000_000), 20_015),
        (Point(51_507_400, -127_800), Point(40_712_800, -74_006_000), 5_585),
    ],
)
def test_known_distances(one: Point, other: Point, kilometres: int) -> None:
    assert metres_between(one, other) / 1000 == pytest.approx(kilometres, rel=0.006)


def test_a_short_way_is_told_to_the_metre() -> None:
    # A minute of latitude is a nautical mile.
    assert metres_between(Point(31_000_000, 121_000_000), Point(31_016_667, 121_000_000)) == pytest.approx(
        1853.3, abs=0.5
    )
    # Over the date line it is as short as elsewhere.
    assert metres_between(Point(0, 179_999_000), Point(0, -179_999_000)) == pytest.approx(222.4, abs=0.1)


@given(POINTS | EDGES, POINTS | EDGES)
def test_there_is_as_far_as_back_and_nothing_is_farther_than_the_other_side(one: Point, other: Point) -> None:
    there = metres_between(one, other)
    assert there == pytest.approx(metres_between(other, one), abs=1e-3)
    assert 0 <= there <= pi * EARTH + 1e-3
    assert metres_between(one, one) == 0


@given(POINTS | EDGES, st.floats(0, 2_000_000), st.floats(0, 1), st.floats(0, 2 * pi))
@example(Point(89_999_999, 0), 5_000.0, 1.0, 0.0)
@example(Point(0, 180_000_000), 50_000.0, 1.0, pi / 2)
@example(Point(-89_000_000, 12_000_000), 300_000.0, 1.0, pi)
def test_whatever_is_within_the_distance_is_within_the_box(
    middle: Point, metres: float, share: float, bearing: float
) -> None:
    other = beyond(middle, metres * share, bearing)
    if metres_between(middle, other) <= metres:
        assert box_around(middle, metres).holds(other)


@given(POINTS | EDGES, POINTS | EDGES, st.floats(0, 20_000_000))
def test_no_box_leaves_out_what_is_near(middle: Point, other: Point, metres: float) -> None:
    box = box_around(middle, metres)
    assert box.holds(other) or metres_between(middle, other) > metres


def test_a_box_is_no_larger_than_it_must_be() -> None:
    box = box_around(SHANGHAI, 1000)
    assert box.north - box.south == pytest.approx(2 * 8993, abs=4)
    ((west, east),) = box.spans
    assert east - west == pytest.approx(2 * 8993 / cos(radians(31.2304)), abs=10)
    assert not box.holds(BEIJING)


def test_what_is_drawn_lies_where_it_lies() -> None:
    east, north = offset(SHANGHAI, Point(31_230_400, 121_483_700))
    assert east == pytest.approx(951, abs=2)
    assert north == 0
    east, north = offset(Point(0, 179_999_000), Point(9_000, -179_999_000))
    assert east == pytest.approx(222.4, abs=0.1)
    assert north == pytest.approx(1000.8, abs=0.5)

"""Numbers come one after another, whoever asks at once, and one that was not used comes again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.numbering.services import Series, next_number
from guanxi.kernel.errors import NoScope
from guanxi.testing.worlds import World, in_scope

DAY = date(2026, 11, 21)
QUOTES = Series("tests.quote", prefix="BJ")


def _number(world: World, series: Series = QUOTES, today: date = DAY) -> str:
    with in_scope(world.seller):
        return next_number(series, today=today)


def test_twenty_who_ask_at_once_get_twenty_numbers_without_a_gap(world: World) -> None:
    def ask(_: int) -> str:
        try:
            return _number(world)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(ask, range(20)))
    assert sorted(found) == [f"BJ-20261121-{number:03d}" for number in range(1, 21)]


def test_a_number_that_was_rolled_back_is_given_to_the_next(world: World) -> None:
    assert _number(world) == "BJ-20261121-001"
    with pytest.raises(ZeroDivisionError), in_scope(world.seller):
        _take_and_fail()
    assert _number(world) == "BJ-20261121-002"


def _take_and_fail() -> None:
    assert next_number(QUOTES, today=DAY) == "BJ-20261121-002"
    raise ZeroDivisionError


def test_every_company_and_every_series_counts_for_itself(world: World, other_world: World) -> None:
    _number(world)
    assert _number(other_world) == "BJ-20261121-001"
    assert _number(world, Series("tests.order", prefix="DD")) == "DD-20261121-001"
    assert _number(world) == "BJ-20261121-002"


@pytest.mark.parametrize(
    ("resets", "again"),
    [("day", DAY.replace(day=22)), ("month", date(2026, 12, 1)), ("year", date(2027, 1, 1))],
)
def test_a_series_starts_anew_when_its_period_does(resets: str, again: date, world: World) -> None:
    series = Series("tests.reset", prefix="X", date_format="", resets=resets)  # type: ignore[arg-type]
    assert [_number(world, series), _number(world, series)] == ["X-001", "X-002"]
    assert _number(world, series, again) == "X-001"
    never = Series("tests.never", prefix="X", date_format="", resets="never")
    assert [_number(world, never), _number(world, never, again)] == ["X-001", "X-002"]


def test_there_is_no_number_without_a_company(database: None) -> None:
    with pytest.raises(NoScope):
        next_number(QUOTES, today=DAY)


@given(number=st.integers(1, 10**9), digits=st.integers(1, 8), today=st.dates(date(1900, 1, 1)))
def test_a_written_number_ends_in_what_it_counts(number: int, digits: int, today: date) -> None:
    written = Series("tests.n", prefix="P", digits=digits).write(number, today)
    assert int(written.rsplit("-", 1)[1]) == number
    assert len(written.rsplit("-", 1)[1]) >= digits

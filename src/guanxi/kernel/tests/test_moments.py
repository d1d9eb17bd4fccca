from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.errors import Malformed
from guanxi.kernel.moments import parse_moment

SHANGHAI = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("2026-11-21 14:30", 14, 30),
        ("2026/11/21 8:05:59", 8, 5),
        ("2026年11月21日下午2点30分", 14, 30),
        ("2026年11月21日 下午2:30", 14, 30),
        ("2026年11月21日下午两点", None, None),
        ("2026年11月21日3点半", 3, 30),
        ("2026-11-21 12:15 AM", 0, 15),
        ("2026-11-21 12:15 pm", 12, 15),
        ("2026-11-21", 0, 0),
        ("20261121", 0, 0),
        ("2026年11月21日中午12点", 12, 0),
        ("2026-11-21 25:00", None, None),
        ("14:30", None, None),
    ],
)
def test_moments_are_read_as_written(text: str, hour: int | None, minute: int | None) -> None:
    if hour is None:
        with pytest.raises(Malformed):
            parse_moment(text)
        return
    found = parse_moment(text)
    assert found is not None
    assert (found.date(), found.hour, found.minute, found.tzinfo) == (date(2026, 11, 21), hour, minute, None)


def test_a_zone_is_kept_where_it_is_named() -> None:
    assert parse_moment("2026-11-21T14:30:00+08:00") == datetime(2026, 11, 21, 14, 30, tzinfo=SHANGHAI)
    assert parse_moment("2026-11-21 06:30Z") == datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
    assert parse_moment("") is None


def test_a_serial_of_a_spreadsheet_keeps_its_time() -> None:
    assert parse_moment(45356.604166666664) == datetime(2024, 3, 5, 14, 30)


@given(st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 30)))
def test_the_iso_form_reads_back(moment: datetime) -> None:
    assert parse_moment(moment.isoformat()) == moment.replace(microsecond=0)
    assert parse_moment(f"{moment:%Y-%m-%d %H:%M}") == moment.replace(second=0, microsecond=0)

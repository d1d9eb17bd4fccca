"""Giving the next number of a series."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db import connection

from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Series:
    """How a series is written: prefix, date pattern, digits, and when it starts anew."""

    key: str
    prefix: str = ""
    date_format: str = "%Y%m%d"
    digits: int = 3
    resets: Literal["day", "month", "year", "never"] = "day"

    def period(self, today: date) -> str:
        pattern = {"day": "%Y%m%d", "month": "%Y%m", "year": "%Y", "never": ""}[self.resets]
        return today.strftime(pattern)

    def write(self, number: int, today: date) -> str:
        """The number as people read it: BJ-20261121-004."""
        middle = today.strftime(self.date_format)
        return "-".join(part for part in (self.prefix, middle, f"{number:0{self.digits}d}") if part)


def next_number(series: Series, *, today: date) -> str:
    """The next number, without gaps: others who ask wait until this transaction ends.

    Raises NoScope outside a scope.
    """
    return next_numbers(series, 1, today=today)[0]


def next_numbers(series: Series, count: int, *, today: date) -> list[str]:
    """As many numbers, one after the other, as `next_number` would give them. Raises NoScope outside a scope."""
    if not count:
        return []
    current = require_scope()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO numbering_counter (tenant_id, id, created_at, series, period, last)
            VALUES (%s, %s, now(), %s, %s, %s)
            ON CONFLICT (tenant_id, series, period) DO UPDATE SET last = numbering_counter.last + excluded.last
            RETURNING last
            """,
            [current.tenant_id, new_id(), series.key, series.period(today), count],
        )
        (last,) = cursor.fetchone()
    return [series.write(number, today) for number in range(last - count + 1, last + 1)]

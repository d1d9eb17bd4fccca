"""Records that have something telling in common, of thousands at once: what a scan compares."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from guanxi.customers.rules.alike import CUSTOMERS, PEOPLE
from guanxi.foundation.tenancy.bulk import array_literal

_MEMORY = "128MB"  # for the keys of a slice; else they are sorted on disk
_MOST_ROWS = 30  # in which a key may stand: a scan has no name before it that somebody typed, and asks less
_BLOCK = 5000


class Near(NamedTuple):
    """Two records with a key in common. `beside`: the marks (`rules.alike.digest`) that one of them holds in a row
    that hangs on it (a second telephone, a tax number, the telephone of somebody who works there); `busy` those that
    stand in more than two rows."""

    one: UUID
    other: UUID
    beside: Sequence[int]
    busy: Sequence[int]


# Whose key stands where: 0 in the record's own row, 1 in one that hangs on it. Two who have a key in common only by
# what hangs on both (the telephone of somebody who works for both) are no pair.
_HELD = """
    SELECT m.record, k.key, CASE WHEN m.id = m.record THEN 0 ELSE 1 END AS hangs
      FROM customers_mark m CROSS JOIN unnest(m.keys) AS k(key) WHERE m.resource = %(resource)s
     UNION ALL
    SELECT s.record, s.key, CASE WHEN s.row = s.record THEN 0 ELSE 1 END
      FROM customers_sign s WHERE s.resource = %(resource)s
"""
_HELD_BY_PEOPLE = """
    UNION ALL
    SELECT a.customer_id, k.key, 1
      FROM customers_affiliation a JOIN customers_mark m ON m.record = a.person_id AND m.resource = %(people)s
           CROSS JOIN unnest(m.keys) AS k(key)
     WHERE a.until IS NULL
     UNION ALL
    SELECT a.customer_id, s.key, 1
      FROM customers_affiliation a JOIN customers_sign s ON s.record = a.person_id AND s.resource = %(people)s
     WHERE a.until IS NULL
"""
_PAIRS = """
    WITH part AS MATERIALIZED (SELECT unnest(%(ids)s::uuid[]) AS id),
    held AS NOT MATERIALIZED ({held}),
    mine AS MATERIALIZED (SELECT DISTINCT h.key FROM held h WHERE h.record IN (SELECT id FROM part)),
    by_key AS MATERIALIZED (
        SELECT h.key, array_agg(h.record) AS records, array_agg(h.hangs) AS hangs
          FROM held h WHERE h.key IN (SELECT key FROM mine) GROUP BY h.key
        HAVING count(*) > 1 AND count(*) <= %(rows)s),
    one AS MATERIALIZED (
        SELECT k.key, k.records, k.hangs AS far, cardinality(k.records) > 2 AS busy, h.record, h.hangs
          FROM by_key k CROSS JOIN unnest(k.records, k.hangs) AS h(record, hangs)
         WHERE h.record IN (SELECT id FROM part))
    SELECT one.record, other.record,
           coalesce(array_agg(DISTINCT one.key) FILTER (WHERE one.hangs + other.hangs > 0), '{{}}'),
           coalesce(array_agg(DISTINCT one.key) FILTER (WHERE one.busy), '{{}}')
      FROM one CROSS JOIN unnest(one.records, one.far) AS other(record, hangs)
     WHERE other.record <> one.record AND one.hangs * other.hangs = 0
       AND (other.record < one.record OR NOT %(whole)s AND other.record NOT IN (SELECT id FROM part))
     GROUP BY 1, 2 ORDER BY 1
"""


def near(resource: str, ids: Sequence[UUID], *, whole: bool) -> Iterator[list[Near]]:
    """The pairs of which one is among `ids`, a block at a time, those of one record behind each other.

    `whole`: everything is looked through slice by slice, so that of each pair the later record finds it; otherwise
    the others are found wherever they are. A key that too many hold finds nobody. Read in one pass over all the marks
    of the company, which costs seconds: for a few records `queries.marks.sharing` is the way.
    """
    held = _HELD + (_HELD_BY_PEOPLE if resource == CUSTOMERS else "")
    values: dict[str, str | int] = {
        "resource": resource,
        "people": PEOPLE,
        "ids": array_literal([str(one) for one in ids]),
        "rows": _MOST_ROWS,
        "whole": whole,
    }
    with connection.chunked_cursor() as cursor:
        with _planned():
            cursor.execute(_PAIRS.format(held=held), values)
        while rows := cursor.fetchmany(_BLOCK):
            yield [Near(*row) for row in rows]


@contextmanager
def _planned() -> Iterator[None]:
    """Room for the keys of a slice, and no loops over them: how many a row holds the planner cannot know."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('work_mem', %s, true), set_config('hash_mem_multiplier', '2', true), "
            "set_config('enable_nestloop', 'off', true)",
            [_MEMORY],
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem TO DEFAULT")
        cursor.execute("SET LOCAL hash_mem_multiplier TO DEFAULT")
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")

"""What is done to many rows goes through the key, also where the statistics know nothing of them yet."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from guanxi.customers.models import Customer
from guanxi.foundation.tenancy import bulk
from guanxi.foundation.tenancy.plans import MANY, keyed_joins, plan_anew
from guanxi.kernel.ids import new_id
from guanxi.testing.worlds import World, in_scope, writing


def test_keyed_joins_hold_within_and_end_with_it(world: World) -> None:
    def setting() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW enable_material")
            return str(cursor.fetchone()[0])

    with in_scope(world.admin):
        before = setting()
        with keyed_joins():
            assert setting() == "off"
        assert setting() == before == "on"


@pytest.mark.parametrize("anew", [False, True])
def test_what_new_rows_refer_to_is_found_by_its_key_only_where_plans_are_made_anew(
    world: World, anew: bool
) -> None:
    """The check of a foreign key keeps its plan for the connection, from when there was one page to read."""
    with in_scope(world.admin), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE above (id int PRIMARY KEY) ON COMMIT DROP")
        cursor.execute(
            "CREATE TEMP TABLE below (id int REFERENCES above DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP"
        )
        cursor.execute("INSERT INTO above SELECT generate_series(1, 8)")
        cursor.execute("ANALYZE above")
        for number in range(1, 9):
            cursor.execute("INSERT INTO below VALUES (%s)", [number])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("INSERT INTO above SELECT generate_series(9, 900)")
        cursor.execute("INSERT INTO below SELECT generate_series(9, 900)")
        if anew:
            plan_anew(MANY)
        cursor.execute("SELECT pg_stat_get_xact_numscans('above'::regclass)")
        before = cursor.fetchone()[0]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT pg_stat_get_xact_numscans('above'::regclass)")
        read_whole = cursor.fetchone()[0] - before
    assert (read_whole < 10) is anew


def test_many_rows_brought_at_once_have_their_references_checked_by_new_plans(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(bulk, "plan_anew", asked.append)
    with writing(world.system):
        bulk.insert_rows(Customer, [_row()])
        bulk.insert_rows(Customer, [_row() for _one in range(MANY)])
    assert asked == [1, MANY]


def _row() -> dict[str, Any]:
    now = datetime.now(UTC)
    given = {"id": new_id(), "name": "x", "name_key": "k", "name_sort": "s"}
    return {**given, "created_at": now, "updated_at": now}

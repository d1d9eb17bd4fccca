"""Months of the ledger: a partition for each, and no longer kept than a company wants."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.retention import first_kept, prune
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.postgresql.install import prepare
from guanxi.kernel.ids import new_id
from guanxi.testing.worlds import World, in_scope


def _owner(sql: str, *params: Any) -> list[Any]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchall() if cursor.description else []


def _partitions() -> set[str]:
    return {
        row[0]
        for row in _owner(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = 'ledger_change'::regclass"
        )
    }


def _remember(tenant_id: UUID, at: datetime) -> None:
    _owner(
        "INSERT INTO ledger_operation (tenant_id, id, at, door, verb) "
        "VALUES (%s, %s, %s, 'web', 'tests.old.edit')",
        tenant_id, new_id(), at,
    )  # fmt: skip
    _owner(
        "INSERT INTO ledger_change (tenant_id, at, door, table_name, row_id, action, schema) "
        "VALUES (%s, %s, 'web', 'tests_old', %s, 'D', 0)",
        tenant_id, at, new_id(),
    )  # fmt: skip


def _remembered(world: World) -> list[tuple[str, int]]:
    with in_scope(world.admin):
        months = Change.objects.filter(table_name="tests_old").values_list("at", flat=True)
        return sorted((f"{at:%Y%m}", at.day) for at in months)


@contextmanager
def _everybody_keeps_fifty_years() -> Iterator[None]:
    _owner("UPDATE tenancy_tenant SET settings = settings || '{\"ledger_months\": 600}'")
    try:
        yield
    finally:
        _owner("UPDATE tenancy_tenant SET settings = settings - 'ledger_months'")


def _keeps(world: World, months: int) -> None:
    Tenant.objects.filter(id=world.tenant_id).update(settings={"ledger_months": months})


def test_there_is_a_partition_for_this_month_and_the_next_ones(database: None) -> None:
    prepare()
    today = datetime.now(UTC)
    assert f"ledger_change_{today:%Y%m}" in _partitions()
    assert len(_partitions()) >= 5  # four months and the default one
    prepare()  # nothing twice


def test_a_month_that_came_before_its_partition_moves_out_of_the_default_one(world: World) -> None:
    _remember(world.tenant_id, datetime(2063, 5, 31, 23, 59, 59, tzinfo=UTC))
    _remember(world.tenant_id, datetime(2063, 6, 1, tzinfo=UTC))
    assert _owner("SELECT count(*) FROM ledger_change_default WHERE tenant_id = %s", world.tenant_id) == [
        (2,)
    ]
    # Whatever time zone the owner's session has, months are those of UTC.
    _owner("SET timezone = 'Asia/Shanghai'")
    try:
        assert _owner("SELECT guanxi_ledger_partitions('2063-05-01', 2)") == [(2,)]
    finally:
        _owner("SET timezone = 'UTC'")
    for part in ("ledger_change_206305", "ledger_change_206306"):
        assert _owner(f"SELECT count(*) FROM {part}") == [(1,)]
    assert _owner("SELECT count(*) FROM ledger_change_default WHERE tenant_id = %s", world.tenant_id) == [
        (0,)
    ]
    assert _remembered(world) == [("206305", 31), ("206306", 1)]
    with in_scope(world.admin), pytest.raises(DatabaseError), connections["default"].cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_change_206305")
    _owner("DROP TABLE ledger_change_206305, ledger_change_206306")


@given(months=st.integers(1, 400), today=st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_as_many_whole_months_are_kept_as_were_asked_for(months: int, today: date) -> None:
    limit = first_kept(months, today)
    assert limit is not None
    assert (today.year * 12 + today.month) - (limit.year * 12 + limit.month) == months
    assert first_kept(0, today) is None


def test_a_company_forgets_what_it_does_not_want_to_keep_and_another_does_not(
    world: World, other_world: World
) -> None:
    moments = [datetime(2019, month, 15, tzinfo=UTC) for month in (1, 2, 3)]
    for one in (world, other_world):
        for at in moments:
            _remember(one.tenant_id, at)
    _keeps(world, 1)
    with in_scope(world.admin):
        recent = Operation.objects.exclude(verb="tests.old.edit").count()
    pruned = prune(date(2019, 3, 20))
    assert _remembered(world) == [("201902", 15), ("201903", 15)]
    assert len(_remembered(other_world)) == 3
    assert (pruned.months, pruned.changes, pruned.operations) == ((), 1, 1)
    with in_scope(world.admin):
        assert Operation.objects.filter(verb="tests.old.edit").count() == 2
        assert Operation.objects.exclude(verb="tests.old.edit").count() == recent


def test_a_month_that_nobody_wants_goes_with_its_partition(world: World) -> None:
    _owner("SELECT guanxi_ledger_partitions('2011-01-01', 3)")
    for month in (1, 2, 3):
        _remember(world.tenant_id, datetime(2011, month, 15, tzinfo=UTC))
    with _everybody_keeps_fifty_years():
        # Six hundred months before this day lie the first two of them.
        pruned = prune(date(2061, 3, 1))
    assert set(pruned.months) >= {"201101", "201102"}
    assert "ledger_change_201103" in _partitions()
    assert not {"ledger_change_201101", "ledger_change_201102"} & _partitions()
    assert _remembered(world) == [("201103", 15)]
    _owner("DROP TABLE ledger_change_201103")

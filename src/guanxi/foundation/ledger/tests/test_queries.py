"""Reading the ledger: what a question finds after an upgrade, and that each is answered by an index."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections
from django.utils import timezone

from guanxi.customers.models import Customer
from guanxi.foundation.ledger.conflicts import Part, find_conflicts
from guanxi.foundation.ledger.images import as_of_today
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.queries import Filter, after, changes_of, counts_of, deleted_rows, operations
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.ids import new_id
from guanxi.testing.customers import make_customers
from guanxi.testing.worlds import World, in_scope, make_world, writing

TABLE = Customer._meta.db_table


def test_the_log_is_paged_without_gaps_also_within_one_moment(world: World) -> None:
    with in_scope(world.admin):
        with connection.cursor() as cursor:
            # Ten at a time share their moment to the microsecond.
            cursor.execute(
                "INSERT INTO ledger_operation (tenant_id, id, at, door, verb) "
                "SELECT %s, gen_random_uuid(), %s + n / 10 * interval '1 second', 'web', 'tests.thing.edit' "
                "FROM generate_series(1, 25) n",
                [world.tenant_id, timezone.now()],
            )
        rows = operations(world.admin, Filter(verb="tests.thing.edit"))
        seen: list[UUID] = []
        page: list[Operation] = list(rows[:4])
        while page:
            seen += [found.id for found in page]
            page = list(after(rows, page[-1].at, page[-1].id)[:4])
    assert len(seen) == len(set(seen)) == 25


def test_the_recycle_bin_holds_what_is_not_there_now(world: World, other_world: World) -> None:
    with writing(world.seller):
        ids = [customer.id for customer in make_customers(5)]
    with writing(world.seller) as first:
        Customer.objects.filter(id__in=ids[:2]).delete()
    with writing(world.manager):
        Customer.objects.filter(id__in=ids[2:4]).delete()
    with writing(other_world.seller):
        make_customers(1)
        Customer.objects.all().delete()
    with in_scope(world.admin):
        rows, _ = deleted_rows(world.admin, table=TABLE)
        assert {row.row_id for row in rows} == set(ids[:4])
    with in_scope(world.admin):
        undo(world.admin, first)
    with in_scope(world.admin):
        rows, _ = deleted_rows(world.admin, table=TABLE)
        assert {row.row_id for row in rows} == set(ids[2:4])


ROWS = 6_000


@pytest.fixture(scope="module")
def full(database: None) -> World:
    """A company with a long past, beside others, so that a plan is a choice."""
    world = make_world()
    with connections["owner"].cursor() as cursor:
        for tenant in (world.tenant_id, new_id()):
            cursor.execute(
                "INSERT INTO ledger_operation (tenant_id, id, at, actor_id, door, verb, record_id) "
                "SELECT %s, gen_random_uuid(), now() - n * interval '1 minute', "
                "('00000000-0000-7000-8000-' || lpad((n %% 50)::text, 12, '0'))::uuid, 'web', "
                "'tests.thing' || n %% 100 || '.edit', gen_random_uuid() FROM generate_series(1, %s) n",
                [tenant, ROWS],
            )
            cursor.execute(
                "INSERT INTO ledger_change (tenant_id, at, operation_id, door, table_name, row_id, action, "
                "old, new, schema) SELECT %s, now() - n * interval '1 minute', gen_random_uuid(), 'web', "
                "'customers_customer', gen_random_uuid(), CASE WHEN n %% 20 = 0 THEN 'D' ELSE 'U' END, "
                '\'{"name": "x"}\', \'{"name": "y"}\', 0 FROM generate_series(1, %s) n',
                [tenant, ROWS],
            )
        cursor.execute("ANALYZE ledger_operation, ledger_change")
    return world


def _plans(ask: Callable[[], Any]) -> list[str]:
    """The plans of the statements that a question sends, as the application role sees them."""
    sent: list[tuple[str, Any]] = []

    def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        ask()
    plans = []
    with connection.cursor() as cursor:
        for sql, params in sent:
            cursor.execute("EXPLAIN (COSTS OFF) " + sql, params)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    return plans


MEMBER = UUID("00000000-0000-7000-8000-000000000007")
Question = Callable[[Actor], Any]


def _log(**narrowed: Any) -> Question:
    return lambda actor: list(operations(actor, Filter(**narrowed))[:51])


QUESTIONS: dict[str, tuple[Question, str]] = {
    "everything": (_log(), "ledger_operation_at"),
    "the next page": (
        lambda actor: list(after(operations(actor), timezone.now() - timedelta(days=3), new_id())[:51]),
        "ledger_operation_at",
    ),
    "by actor": (_log(actor_id=MEMBER), "ledger_operation_actor"),
    "by verb": (_log(verb="tests.thing7.edit"), "ledger_operation_verb"),
    "by time": (_log(since=timezone.now() - timedelta(hours=2)), "ledger_operation_at"),
    "by record": (
        lambda actor: list(Operation.objects.filter(record_id=new_id()).order_by("-at")[:51]),
        "ledger_operation_record",
    ),
    "a record's history": (
        lambda actor: as_of_today(
            Change.objects.filter(table_name=TABLE, row_id=new_id()).order_by("-id")[:11]
        ),
        "row_id",
    ),
    "an operation's changes": (lambda actor: changes_of(actor, new_id()), "operation_id"),
    "an operation's counts": (lambda actor: counts_of(new_id()), "operation_id"),
    "the recycle bin": (lambda actor: deleted_rows(actor, table=TABLE), "table_name"),
    "what stands in the way of an undo": (
        lambda actor: list(find_conflicts(Part(new_id()))),
        "operation_id",
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_answered_by_an_index(name: str, full: World) -> None:
    ask, index = QUESTIONS[name]
    with in_scope(full.admin):
        text = "\n".join(_plans(lambda: ask(full.admin)))
    # Partitions with hardly any rows are read in whatever way.
    for table in {"ledger_operation", *_full_partitions()}:
        assert f"Seq Scan on {table} " not in text.replace("\n", " \n")
    assert index in text


def _full_partitions() -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM ledger_change GROUP BY 1 HAVING count(*) > 4000")
        return {row[0] for row in cursor.fetchall()}

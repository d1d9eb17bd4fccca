"""How statements over many rows are planned."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models

from guanxi.foundation.tenancy.scope import require_scope


@contextmanager
def keyed_joins() -> Iterator[None]:
    """Within, a join by key goes through the key's index, whatever the statistics say. Also a decorator.

    Right after an import they know nothing of its rows, and the planner compares every row of an operation
    with every row of the company, kept aside for the purpose: 738 rows of an undo took seven seconds beside
    20,000 others. Not keeping them aside makes that way unattractive at any estimate. Ends with the
    transaction at the latest.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_material = off")
    yield
    # Not after an error: the transaction may have failed, and nothing can be set in it any more.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_material TO DEFAULT")


MANY = 1000  # rows by which a table grows so much that plans made before may be poor


def plan_anew(rows: int) -> None:
    """Plans of this connection are made anew when they are needed again, where so many `rows` were just written that
    those made before may be poor.

    PostgreSQL checks foreign keys by plans that it keeps for the connection. One made while a table was small reads
    the whole of it for every row, and nothing tells it of rows that its own transaction wrote: 20,000 posts of
    people took two minutes at their COMMIT.
    """
    if rows < MANY:
        return
    with connection.cursor() as cursor:
        cursor.execute("DISCARD PLANS")


def distinct_texts(model: type[models.Model], column: str) -> list[str]:
    """The different values of a text column in the open company, each found by one step through its index.

    For columns with few values and an index (tenant_id, column): every value costs a step, whatever the number of
    rows. Raises ValueError where there is no such index, NoScope outside a scope.
    """
    if not any(tuple(index.fields[:2]) == ("tenant_id", column) for index in model._meta.indexes):
        raise ValueError(f"no index leads to the values of {column}")
    q = connection.ops.quote_name
    table, name = q(model._meta.db_table), q(column)
    statement = f"""
        WITH RECURSIVE one (value) AS (
            (SELECT {name} FROM {table} WHERE tenant_id = %(company)s ORDER BY {name} LIMIT 1)
            UNION ALL
            SELECT (SELECT t.{name} FROM {table} t WHERE t.tenant_id = %(company)s AND t.{name} > one.value
                     ORDER BY t.{name} LIMIT 1)
              FROM one WHERE one.value IS NOT NULL
        )
        SELECT value FROM one WHERE value IS NOT NULL
    """  # noqa: S608 - names of columns only, quoted
    with connection.cursor() as cursor:
        cursor.execute(statement, {"company": require_scope().tenant_id})
        return [row[0] for row in cursor.fetchall()]

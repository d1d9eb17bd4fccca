"""A large company from a smaller one, in minutes: its business rows copied so many times, each copy whole in itself.

What a copy refers to within what is copied is the copy's own (a sale's copy belongs to its customer's copy); members,
departments, pools, pipelines and products are shared by all. The ledger is not copied: what is read of it in a request
is one record's. Nothing is copied that a request of another kind would be measured by: duplicates of a customer are
there as often as it was copied.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from guanxi.project.runtime.connection import ConnParams

# Whatever is made anew for each customer, person, touch or sale.
TABLES = (
    "customers_customer", "customers_person", "customers_affiliation", "customers_relationship",
    "customers_contactpoint", "customers_address", "customers_billingprofile", "customers_business",
    "customers_charge", "customers_transfer", "customers_mark", "customers_sign",
    "activities_activity", "activities_participant", "activities_commitment",
    "sales_opportunity", "sales_line", "sales_rival", "sales_share", "sales_proof", "sales_answer",
    "sales_planned", "sales_move",
    "resource_fact", "search_entry",
)  # fmt: skip
# A copy's id is its original's with its number laid over (exclusive or) the last digits of its milliseconds: those at
# the end are chance in one id and counted in the next, and the others keep it apart from any other's copy.
_COPIED_ID = """overlay({0}::text PLACING
    lpad(to_hex(('x' || substr({0}::text, 10, 4))::bit(16)::integer # d.number), 4, '0') FROM 10)::uuid"""


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    columns: Sequence[str]
    ids: frozenset[str]  # its own, and those that refer to rows that are copied
    loose: frozenset[str]  # refer to a row without a key: of a table that is copied, perhaps
    unique: frozenset[str]  # texts that are there only once


def multiply(above: ConnParams, name: str, tenant: UUID, times: int, say: Callable[[str], None]) -> None:
    """Make of the company's rows in the database `name` so many times as many, in one transaction.

    `above` is a superuser: triggers and foreign keys are left out, and the indexes of what is copied are made anew
    behind the rows. `times` is from 2 to 9999.
    """
    started = perf_counter()
    with above.connect(dbname=name) as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SET LOCAL maintenance_work_mem = '1GB'")
        connection.execute("SET LOCAL work_mem = '256MB'")
        tables = [_table(connection, one) for one in TABLES]
        _know(connection, tables, tenant)
        for table in tables:
            indexes = _drop_indexes(connection, table.name)
            count = connection.execute(_copy(table, times), {"tenant": tenant}).rowcount
            for index in indexes:
                connection.execute(sql.SQL(index))
            say(f"{table.name}: {count:,} more, {perf_counter() - started:,.0f} s")


def _know(connection: psycopg.Connection[Any], tables: Sequence[_Table], tenant: UUID) -> None:
    """The ids of all rows that are copied, in a table of this connection's own."""
    connection.execute("CREATE TEMPORARY TABLE copied (id uuid PRIMARY KEY) ON COMMIT DROP")
    for table in tables:
        if "id" in table.columns:
            connection.execute(
                sql.SQL(
                    "INSERT INTO copied SELECT id FROM {} WHERE tenant_id = %s ON CONFLICT DO NOTHING"
                ).format(sql.Identifier(table.name)),
                [tenant],
            )
    connection.execute("ANALYZE copied")


def _table(connection: psycopg.Connection[Any], name: str) -> _Table:
    columns = dict(
        connection.execute(
            """SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
                WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
                ORDER BY attnum""",
            [name],
        ).fetchall()
    )
    leads = dict(
        connection.execute(
            """SELECT a.attname, c.confrelid::regclass::text
                 FROM pg_constraint c, unnest(c.conkey) AS at (number)
                 JOIN pg_attribute a ON a.attnum = at.number
                WHERE c.contype = 'f' AND c.conrelid = %s::regclass AND a.attrelid = c.conrelid
                  AND a.attname <> 'tenant_id'""",
            [name],
        ).fetchall()
    )
    unique = connection.execute(
        """SELECT DISTINCT a.attname FROM pg_index x JOIN pg_attribute a ON a.attrelid = x.indrelid
            WHERE x.indrelid = %s::regclass AND x.indisunique AND NOT x.indisprimary
              AND a.attnum = ANY (x.indkey)""",
        [name],
    ).fetchall()
    texts = {column for column, kind in columns.items() if kind in ("text", "character varying")}
    uuids = {column for column, kind in columns.items() if kind == "uuid"} - {"tenant_id"}
    sure = {column for column in uuids if leads.get(column) in TABLES} | ({"id"} & uuids)
    once = frozenset(one for (one,) in unique) & texts
    return _Table(
        name,
        [*columns],
        frozenset(sure),
        frozenset(uuids - sure - leads.keys()),
        # What is there once with an id that is copied is there once all the same.
        frozenset() if {one for (one,) in unique} & sure else once,
    )


def _copy(table: _Table, times: int) -> sql.Composed:
    """The statement that adds `times - 1` copies, in the order of their originals."""
    rows: list[sql.Composable] = []
    joins: list[sql.Composable] = []
    for column in table.columns:
        at = sql.SQL("r.{}").format(sql.Identifier(column))
        mine = sql.SQL(_COPIED_ID).format(at)
        if column in table.ids:
            rows.append(mine)
        elif column in table.loose:
            known = sql.Identifier(f"of {column}")
            joins.append(sql.SQL("LEFT JOIN copied {} ON {}.id = {}").format(known, known, at))
            rows.append(sql.SQL("CASE WHEN {}.id IS NULL THEN {} ELSE {} END").format(known, at, mine))
        elif column in table.unique:
            rows.append(sql.SQL("CASE WHEN {0} = '' THEN '' ELSE {0} || '-' || d.number END").format(at))
        else:
            rows.append(at)
    return sql.SQL(
        """INSERT INTO {table} ({columns})
           SELECT {rows} FROM {table} r {joins}
            CROSS JOIN generate_series(1, {more}) AS d (number)
            WHERE r.tenant_id = %(tenant)s {order}"""
    ).format(
        table=sql.Identifier(table.name),
        columns=sql.SQL(", ").join(map(sql.Identifier, table.columns)),
        rows=sql.SQL(", ").join(rows),
        joins=sql.SQL(" ").join(joins),
        more=times - 1,
        order=sql.SQL("ORDER BY r.id, d.number") if "id" in table.columns else sql.SQL(""),
    )


def _drop_indexes(connection: psycopg.Connection[Any], table: str) -> list[str]:
    """Drop what no constraint needs; returns the statements that make it anew."""
    found = connection.execute(
        """SELECT x.indexrelid::regclass::text, pg_get_indexdef(x.indexrelid) FROM pg_index x
            WHERE x.indrelid = %s::regclass AND NOT x.indisprimary
              AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid)""",
        [table],
    ).fetchall()
    for name, _definition in found:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))
    return [definition for _name, definition in found]

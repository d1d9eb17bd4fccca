"""Tables out of the database as CSV: one consistent picture of the company, streamed at constant memory."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connections
from psycopg import Cursor, sql

from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.integrations.archives.tables import Table

MARK = b"\xef\xbb\xbf"  # by which spreadsheets know UTF-8
# What a spreadsheet would run begins so; it gets an apostrophe, as does what begins with one, so that it comes back
# as it was.
_RUNS = r"^[=+@\t\r''-]"
_SAID = ":"  # parts a column from what its key is called; such columns are for people and not read back
Own = Mapping[str, tuple[tuple[str, str], ...]]  # table → names and labels of a company's own fields


class Snapshot:
    """The company as it was at one moment, on a connection of its own; nothing is written in it."""

    def __init__(self, cursor: "Cursor[Any]", tenant_id: UUID) -> None:
        self._cursor = cursor
        self._tenant_id = tenant_id

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """A small query's rows."""
        self._cursor.execute(query)
        return list(self._cursor.fetchall())

    def csv(self, table: Table, own: Own) -> Iterator[bytes]:
        """A table as blocks of CSV, by key; `counted` says afterwards how many rows it was."""
        query = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER true)").format(
            _query(table, self._tenant_id, own.get(table.name, ()))
        )
        yield MARK
        with self._cursor.copy(query) as copy:
            for block in copy:
                yield bytes(block)
        self.counted = self._cursor.rowcount


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Open one for the company in scope. Raises NoScope outside a scope."""
    company = require_scope().tenant_id
    apart = connections["default"].copy()
    try:
        apart.connect()
        apart.set_autocommit(False)
        with apart.cursor() as wrapper:
            cursor = wrapper.cursor
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'")
            cursor.execute(sql.SQL("SET LOCAL guanxi.tenant = {}").format(sql.Literal(str(company))))
            yield Snapshot(cursor, company)
        apart.rollback()
    finally:
        apart.close()


def _named(field: Any) -> bool:
    """Whether a key's record has a name to say beside it."""
    return isinstance(field, Reference) and any(
        one.name == "name" for one in field.remote_field.model._meta.local_concrete_fields
    )


def guarded(column: sql.Composable) -> sql.Composable:
    """A text as it stands in the archive."""
    pattern = sql.SQL("'" + _RUNS + "'")
    return sql.SQL("CASE WHEN {0} ~ {1} THEN '''' || {0} ELSE {0} END").format(column, pattern)


def _query(table: Table, tenant_id: UUID, own: tuple[tuple[str, str], ...]) -> sql.Composable:
    parts: list[sql.Composable] = []
    joins: list[sql.Composable] = []
    for one in table.columns:
        column = sql.Identifier("t", one.name)
        value = guarded(column) if one.guarded else column
        parts.append(sql.SQL("{} AS {}").format(value, sql.Identifier(one.name)))
    for number, one in enumerate(one for one in table.columns if _named(one.field)):
        alias = f"n{number}"
        joins.append(
            sql.SQL(" LEFT JOIN {} {} ON ({}, {}) = ({}, {})").format(
                sql.Identifier(one.field.remote_field.model._meta.db_table), sql.Identifier(alias),
                sql.Identifier(alias, "tenant_id"), sql.Identifier(alias, "id"),
                sql.Identifier("t", "tenant_id"), sql.Identifier("t", one.name),
            )
        )  # fmt: skip
        called = guarded(sql.Identifier(alias, "name"))
        parts.append(sql.SQL("{} AS {}").format(called, sql.Identifier(f"{one.name}{_SAID}name")))
    for name, label in own:
        value = guarded(sql.SQL("({} ->> {})").format(sql.Identifier("t", "own"), sql.Literal(name)))
        parts.append(sql.SQL("{} AS {}").format(value, sql.Identifier(f"own{_SAID}{label}")))
    return sql.SQL("SELECT {} FROM {} t{} WHERE {} = {} ORDER BY {}").format(
        sql.SQL(", ").join(parts), sql.Identifier(table.name), sql.SQL("").join(joins),
        sql.Identifier("t", "tenant_id"), sql.Literal(tenant_id), sql.Identifier("t", "id"),
    )  # fmt: skip

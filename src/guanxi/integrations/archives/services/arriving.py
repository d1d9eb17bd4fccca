"""Rows of an archive on their way into the database, as the owner role: temporary tables, and keys that are taken.

Keys stay as they are where nobody in the installation has them. Otherwise all of the archive's are changed together, by
one step that leads back and forth, so that every mention of one (columns, JSON, images of the history, a view's
address, a comment's link) leads to the same row as before.
"""

import csv
import io
import re
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from psycopg import Cursor, sql

from guanxi.integrations.archives.copying import MARK
from guanxi.integrations.archives.tables import Table
from guanxi.kernel.errors import Refused

_KEY = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HEAD = 64 * 1024  # bytes in which a head of a table ends
_KEYS = "arriving_key"
Change = Callable[[bytes], bytes]


class Arriving:
    """The tables of one archive in the transaction of one connection."""

    def __init__(self, cursor: "Cursor[Any]") -> None:
        self._cursor = cursor
        self._mask = secrets.randbits(62)
        cursor.execute(f"CREATE TEMP TABLE {_KEYS} (id uuid) ON COMMIT DROP")

    def load(self, table: Table, blocks: Iterable[bytes], *, change: Change | None = None) -> int:
        """Bring a table's CSV into a temporary table; how many rows. Raises Refused for another head than ours."""
        held, head = _beheaded(blocks)
        names = [one.name for one in table.columns]
        if head[: len(names)] != names or not all(":" in one for one in head[len(names) :]):
            raise Refused("archive", _("%(name)s has other columns than it should."), {"name": table.file})
        part, said = _part(table), len(head) - len(names)
        columns = sql.SQL(", ").join(
            sql.SQL("{}.{}").format(sql.Identifier("t"), sql.Identifier(one)) for one in names
        )
        more = [sql.SQL(", NULL::text AS {}").format(sql.Identifier(f"said_{at}")) for at in range(said)]
        self._cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(part))
        self._cursor.execute(
            sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {}{} FROM {} t LIMIT 0").format(
                part, columns, sql.SQL("").join(more), sql.Identifier(table.name)
            )
        )
        # The guard before a text may make it longer than its column.
        for one in table.columns:
            if one.guarded:
                self._cursor.execute(
                    sql.SQL("ALTER TABLE {} ALTER {} TYPE text").format(part, sql.Identifier(one.name))
                )
        if change is not None:
            with tempfile.TemporaryFile() as file:
                for block in _by_line(held):
                    file.write(change(block))
                file.seek(0)
                return self._copy(part, iter(lambda: file.read(1024 * 1024), b""))
        return self._copy(part, held)

    def _copy(self, part: sql.Composable, blocks: Iterable[bytes]) -> int:
        with self._cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv, HEADER true)").format(part)) as copy:
            for block in blocks:
                copy.write(block)
        return self._cursor.rowcount

    def note_keys(self, tables: Iterable[Table], company: UUID) -> None:
        """Remember every key of the archive."""
        self._cursor.execute(f"INSERT INTO {_KEYS} VALUES (%s)", [company])  # noqa: S608
        for table in tables:
            if _keyed(table):
                query = sql.SQL("INSERT INTO {} SELECT id FROM {}")
                self._cursor.execute(query.format(sql.Identifier(_KEYS), _part(table)))
        self._cursor.execute(f"CREATE INDEX ON {_KEYS} (id); ANALYZE {_KEYS}")

    def are_taken(self, tables: Iterable[Table]) -> bool:
        """Whether the installation has a row of any of these keys already."""
        for table in tables:
            if not _keyed(table):
                continue
            query = sql.SQL("SELECT 1 FROM {} t JOIN {} k USING (id) LIMIT 1")
            self._cursor.execute(query.format(sql.Identifier(table.name), sql.Identifier(_KEYS)))
            if self._cursor.fetchone():
                return True
        return False

    def key(self, old: UUID) -> UUID:
        """What a key of the archive becomes where keys are changed. Its time, by which rows sort, stays."""
        return UUID(int=old.int ^ self._mask)

    def changed(self, block: bytes) -> bytes:
        """A piece of a file with every mention of the archive's keys changed."""
        found = {one.decode() for one in _KEY.findall(block)}
        if not found:
            return block
        self._cursor.execute(
            f"SELECT DISTINCT id FROM {_KEYS} WHERE id = ANY(%s::uuid[])",  # noqa: S608
            [sorted(found)],
        )
        known = {str(row[0]).encode(): str(self.key(row[0])).encode() for row in self._cursor.fetchall()}
        return _KEY.sub(lambda met: known.get(met[0], met[0]), block)

    def settle(self, table: Table, company: UUID) -> None:
        """The rows of a temporary table into their own."""
        names = [one.name for one in table.columns]
        values = [
            sql.SQL("CASE WHEN {0} LIKE '''%' THEN substr({0}, 2) ELSE {0} END").format(
                sql.Identifier(one.name)
            )
            if one.guarded
            else sql.Identifier(one.name)
            for one in table.columns
        ]
        if not _keyed(table):  # the database numbers them anew, in their order
            names, values = names[1:], values[1:]
        self._cursor.execute(
            sql.SQL("INSERT INTO {} (tenant_id, {}) SELECT {}, {} FROM {} ORDER BY id").format(
                sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names)), sql.Literal(company),
                sql.SQL(", ").join(values), _part(table),
            )
        )  # fmt: skip
        self._cursor.execute(sql.SQL("DROP TABLE {}").format(_part(table)))

    def reshape(self, table: Table, schemas: dict[int, int]) -> None:
        """Let images of the history refer to this installation's changes of shape. Raises Refused for others."""
        part = _part(table)
        self._cursor.execute("CREATE TEMP TABLE arriving_schema (theirs int, ours int) ON COMMIT DROP")
        self._cursor.executemany("INSERT INTO arriving_schema VALUES (%s, %s)", list(schemas.items()))
        query = sql.SQL("SELECT 1 FROM {} WHERE schema NOT IN (SELECT theirs FROM arriving_schema) LIMIT 1")
        self._cursor.execute(query.format(part))
        if self._cursor.fetchone():
            raise Refused("archive", _("Its history is of tables that this version does not know."))
        update = sql.SQL(
            "UPDATE {} SET schema = ours FROM arriving_schema WHERE schema = theirs AND theirs <> ours"
        )
        self._cursor.execute(update.format(part))


def _keyed(table: Table) -> bool:
    """Whether rows have keys of ours; the change log's are numbered."""
    return str(table.columns[0].field.get_internal_type()) == "UUIDField"


def _part(table: Table) -> sql.Identifier:
    return sql.Identifier(f"arriving_{table.name}")


def _beheaded(blocks: Iterable[bytes]) -> tuple[Iterator[bytes], list[str]]:
    """The blocks without the mark at their beginning, and the cells of the head."""
    rest = iter(blocks)
    first = next(rest, b"")
    while len(first) < _HEAD and (more := next(rest, b"")):
        first += more
    first = first.removeprefix(MARK)
    line = first[:_HEAD].decode("utf-8", "replace")
    head = next(csv.reader(io.StringIO(line, newline="")), [])

    def held() -> Iterator[bytes]:
        yield first
        yield from rest

    return held(), head


def _by_line(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, parted at ends of lines only: no key stands across two of them."""
    rest = b""
    for block in blocks:
        whole, end, left = (rest + block).rpartition(b"\n")
        if end:
            yield whole + end
        rest = left
    yield rest

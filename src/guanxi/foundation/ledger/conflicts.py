# ruff: noqa: S608  tables and columns come from models and the catalogue, values are parameters
"""Why an operation cannot be undone, row by row: what stands in the way, in which columns, whose it is."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection
from django.db.models import QuerySet

from guanxi.foundation.ledger.images import Shape, model_of, shape_of
from guanxi.foundation.ledger.models import Change
from guanxi.foundation.tenancy.fields import tenant_field

MOST = 200


@dataclass(frozen=True, slots=True)
class RowConflict:
    """A row that cannot be put back, and why: `kind` is one of

    changed      other values stand in `columns` than the operation left there
    gone         the row has been deleted; with `columns`: what they pointed to has been
    back         the row exists again
    referenced   a row that came later points to it, by `columns`
    taken        another row has the same values in `columns`, which only one may have
    shape        the table or its columns no longer hold such values
    barred       whoever undoes may not see or change the row today

    `later` is who stood in the way and when (ISO), `image` the row in the way and `image_id` its id where that
    is another row than the one to be put back: `row_id` is always one of the operation's own rows.
    """

    kind: str
    table: str
    row_id: UUID | None
    columns: tuple[str, ...] = ()
    later: tuple[UUID | None, str] | None = None
    image: dict[str, Any] = field(default_factory=dict)
    image_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The changes to be undone: an operation's, all or those of some rows."""

    operation_id: UUID
    only: tuple[UUID, ...] | None = None
    leave: tuple[UUID, ...] = ()

    def where(self, alias: str = "c") -> tuple[str, list[Any]]:
        """SQL over ledger_change and its parameters."""
        clauses = [
            f"{alias}.tenant_id = current_setting('guanxi.tenant')::uuid",
            f"{alias}.operation_id = %s",
        ]
        params: list[Any] = [self.operation_id]
        if self.only is not None:
            clauses.append(f"{alias}.row_id = ANY(%s)")
            params.append(list(self.only))
        if self.leave:
            clauses.append(f"{alias}.row_id <> ALL(%s)")
            params.append(list(self.leave))
        return " AND ".join(clauses), params

    def changes(self) -> QuerySet[Change]:
        """The same through the model."""
        found = Change.objects.filter(operation_id=self.operation_id)
        if self.only is not None:
            found = found.filter(row_id__in=self.only)
        return found.exclude(row_id__in=self.leave) if self.leave else found


def find_conflicts(part: Part, *, beside: Collection[UUID] = ()) -> Iterator[RowConflict]:
    """Rows that no longer hold what the operation left there, at most 200; `beside` are told of already."""
    left = MOST
    if beside:
        part = Part(part.operation_id, part.only, (*part.leave, *beside))
    for table, schemas, shape in _shapes(part):
        if shape is None:
            yield RowConflict("shape", table, None)
            continue
        for conflict in _changed_since(part, table, schemas, shape, left):
            left -= 1
            yield conflict


def _shapes(part: Part) -> Iterator[tuple[str, list[int], Shape | None]]:
    """The tables that were touched, and how their images read; versions that read alike go together."""
    where, params = part.where()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT c.table_name, c.schema FROM ledger_change c WHERE {where} ORDER BY 1, 2", params
        )
        pairs = cursor.fetchall()
    found: dict[tuple[Any, ...], tuple[str, list[int], Shape | None]] = {}
    for table, schema in pairs:
        shape = shape_of(table, schema)
        found.setdefault((table, shape and shape.moved), (table, [], shape))[1].append(schema)
    yield from found.values()


def _changed_since(
    part: Part, table: str, schemas: list[int], shape: Shape, most: int
) -> Iterator[RowConflict]:
    """Compare what each row was left as with what it is now, for one table and shape of images."""
    where, params = part.where()
    quoted = connection.ops.quote_name(shape.table)
    left_sql, was_sql = shape.expression("d.image"), shape.expression("d.before")
    # What the operation left: of several changes of one row the later values hold; the last action counts.
    sql = f"""
        WITH mine AS (
            SELECT c.id, c.row_id, c.action, c.old, c.new FROM ledger_change c
             WHERE {where} AND c.table_name = %s AND c.schema = ANY(%s)
        ), once AS (
            SELECT row_id, min(action) AS first, min(action) AS last, (array_agg(new))[1] AS image,
                   (array_agg(old))[1] AS before
              FROM mine GROUP BY row_id HAVING count(*) = 1
        ), many AS (
            SELECT g.row_id, g.first, g.last, i.image, b.before
              FROM (SELECT row_id, (array_agg(action ORDER BY id))[1] AS first,
                           (array_agg(action ORDER BY id DESC))[1] AS last,
                           array_agg(new ORDER BY id) AS news, array_agg(old ORDER BY id DESC) AS olds
                      FROM mine GROUP BY row_id HAVING count(*) > 1) g,
                   LATERAL (SELECT jsonb_object_agg(e.key, e.value ORDER BY n.place) AS image
                              FROM unnest(g.news) WITH ORDINALITY n(held, place), jsonb_each(n.held) e) i,
                   LATERAL (SELECT jsonb_object_agg(e.key, e.value ORDER BY n.place) AS before
                              FROM unnest(g.olds) WITH ORDINALITY n(held, place), jsonb_each(n.held) e) b
        ), touched AS (SELECT * FROM once UNION ALL SELECT * FROM many)
        SELECT d.row_id, d.last, t.id IS NOT NULL AS present, {left_sql} AS image, to_jsonb(t) AS now,
               CASE WHEN d.first = 'U' AND d.last = 'U' THEN {was_sql} END AS before
          FROM touched d LEFT JOIN {quoted} t
            ON t.tenant_id = current_setting('guanxi.tenant')::uuid AND t.id = d.row_id
         WHERE CASE WHEN d.last = 'D' THEN t.id IS NOT NULL
                    WHEN t.id IS NULL THEN true
                    ELSE NOT (to_jsonb(t) @> ({left_sql} - {shape.beside})) OR {shape.exact_json("t", "d.image")}
                         OR CASE WHEN d.first = 'U' AND d.last = 'U' THEN {shape.keys_differ("t", was_sql, left_sql)}
                                 ELSE {shape.keys_whole_differ("t", left_sql)} END END
         LIMIT {int(max(most, 0))}
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, table, schemas])
        rows = cursor.fetchall()
    for row_id, last, present, left, stands, was in rows:
        image, now = shape.load(left), shape.load(stands)
        later = _latest(row_id)
        if last == Change.DELETE:
            yield RowConflict("back", shape.table, row_id, later=later, image=now)
        elif not present:
            yield RowConflict("gone", shape.table, row_id, later=later, image=image)
        else:
            columns = tuple(_differing(shape, None if was is None else shape.load(was), image, now))
            yield RowConflict("changed", shape.table, row_id, columns, later, now)


def _differing(
    shape: Shape, was: dict[str, Any] | None, left: dict[str, Any], now: dict[str, Any]
) -> Iterator[str]:
    """The columns, and keys of keyed columns, that are no longer what the operation `left`."""
    for column, value in left.items():
        if column in shape.keyed_columns:
            mine, held = value or {}, now.get(column) or {}
            before = {} if was is None else was.get(column) or {}
            touched = (k for k in {**before, **mine} if was is None or before.get(k) != mine.get(k))
            yield from (key for key in touched if held.get(key) != mine.get(key))
        elif column not in shape.ignored_columns and now.get(column) != value:
            yield column


def _latest(row_id: UUID) -> tuple[UUID | None, str] | None:
    change = Change.objects.filter(row_id=row_id).order_by("-id").first()
    return (change.actor_id, change.at.isoformat()) if change else None


def explain(part: Part, error: IntegrityError) -> list[RowConflict]:
    """The rows behind a refusal of the database, looked for after its savepoint has been rolled back.

    PostgreSQL keeps the values to itself where row-level security holds, so they are asked for again.
    """
    diagnosis = getattr(error.__cause__, "diag", None)
    state = getattr(diagnosis, "sqlstate", "") or ""
    table = getattr(diagnosis, "table_name", "") or ""
    rule = getattr(diagnosis, "constraint_name", "") or ""
    found: list[RowConflict] = []
    if state == "23503":
        found = _references(part, table, rule)
    elif state == "23505":
        found = _doubles(part, table, rule)
    kind = {"23503": "referenced", "23505": "taken"}.get(state, "shape")
    return found or [RowConflict(kind, table, None)]


def _references(part: Part, table: str, rule: str) -> list[RowConflict]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.attname, k.confrelid::regclass::text FROM pg_constraint k JOIN pg_attribute a "
            "ON a.attrelid = k.conrelid AND a.attnum = k.conkey[array_length(k.conkey, 1)] "
            "WHERE k.conrelid = %s::regclass AND k.conname = %s",
            [connection.ops.quote_name(table), rule],
        )
        row = cursor.fetchone()
    if row is None:
        return []
    column, target = row[0], row[1].strip('"')
    return [*_still_used(part, table, column, target), *_nothing_to_point_to(part, table, column, target)]


def _still_used(part: Part, table: str, column: str, target: str) -> Iterator[RowConflict]:
    """Rows that the operation made and others point to, who do not go with it."""
    q = connection.ops.quote_name
    where, params = part.where()
    also, also_params = part.where("m")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.row_id, r.id, to_jsonb(r) FROM ledger_change c JOIN {q(table)} r "
            f"ON r.tenant_id = c.tenant_id AND r.{q(column)} = c.row_id "
            f"WHERE {where} AND c.action = 'I' AND NOT EXISTS "
            f"(SELECT 1 FROM ledger_change m WHERE {also} AND m.row_id = r.id) LIMIT {MOST}",
            [*params, *also_params],
        )
        rows = cursor.fetchall()
    for row_id, user_id, image in rows:
        yield RowConflict(
            "referenced", target, row_id, (column,), _latest(user_id), Shape.load(image), user_id
        )


def _nothing_to_point_to(part: Part, table: str, column: str, target: str) -> Iterator[RowConflict]:
    """Rows to be put back that would point to something which has been deleted."""
    q = connection.ops.quote_name
    model = model_of(target)
    within = "t.tenant_id = c.tenant_id AND " if model is not None and tenant_field(model) else ""
    where, params = part.where()
    also, also_params = part.where("m")
    for name, schemas, shape in _shapes(part):
        if shape is None or shape.table != table:
            continue
        value = f"({shape.expression('c.old')} ->> %s)::uuid"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT c.row_id, {value} FROM ledger_change c WHERE {where} AND c.table_name = %s "
                f"AND c.schema = ANY(%s) AND c.action IN ('U', 'D') AND {value} IS NOT NULL "
                f"AND NOT EXISTS (SELECT 1 FROM {q(target)} t WHERE {within}t.id = {value}) AND NOT EXISTS "
                f"(SELECT 1 FROM ledger_change m WHERE {also} AND m.row_id = {value}) LIMIT {MOST}",
                [column, *params, name, schemas, column, column, *also_params, column],
            )
            rows = cursor.fetchall()
        for row_id, missing in rows:
            yield RowConflict("gone", table, row_id, (column,), _latest(missing))


def _doubles(part: Part, table: str, rule: str) -> list[RowConflict]:
    """Rows to be put back whose place in a unique rule another row has taken."""
    q = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT x.indisprimary, array_agg(a.attname::text) FROM pg_index x "
            "JOIN pg_class i ON i.oid = x.indexrelid "
            "JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY(x.indkey::smallint[]) "
            "WHERE x.indrelid = %s::regclass AND i.relname = %s GROUP BY 1",
            [q(table), rule],
        )
        row = cursor.fetchone()
    if row is None or row[0]:
        return [RowConflict("back", table, None)] if row else []
    columns = tuple(column for column in row[1] if column != "tenant_id")
    same = " AND ".join(f"t.{q(column)} IS NOT DISTINCT FROM r.{q(column)}" for column in columns)
    where, params = part.where()
    also, also_params = part.where("m")
    found: dict[UUID, RowConflict] = {}
    for name, schemas, shape in _shapes(part):
        if shape is None or shape.table != table:
            continue
        image = f"coalesce(to_jsonb(n), '{{}}') || {shape.expression('c.old')}"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT c.row_id, t.id, to_jsonb(t) FROM ledger_change c "
                f"LEFT JOIN {q(table)} n ON n.tenant_id = c.tenant_id AND n.id = c.row_id "
                f"CROSS JOIN LATERAL jsonb_populate_record(NULL::{q(table)}, {image}) r "
                f"JOIN {q(table)} t ON t.tenant_id = c.tenant_id AND t.id <> c.row_id AND {same} "
                f"WHERE {where} AND c.table_name = %s AND c.schema = ANY(%s) AND c.action IN ('U', 'D') "
                f"AND NOT EXISTS (SELECT 1 FROM ledger_change m WHERE {also} AND m.row_id = t.id) "
                f"LIMIT {MOST}",
                [*params, name, schemas, *also_params],
            )
            for row_id, holder, held in cursor.fetchall():
                found[row_id] = RowConflict(
                    "taken", table, row_id, columns, _latest(holder), Shape.load(held), holder
                )
    return list(found.values())

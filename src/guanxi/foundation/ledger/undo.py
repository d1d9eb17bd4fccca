"""Undo: replay an operation's changes backwards, or say exactly why that cannot be.

A change is in conflict when the row no longer holds what the operation left there. Comparing states, not
counting later changes, means that an edit and its undo in between do not stand in the way. Images are read
through `ledger_schema_change`, so an operation from before an upgrade can be undone after it.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, connection, transaction

from guanxi.foundation.ledger.images import Shape, shape_of
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Conflict, NotFound, Refused

_MOST_CONFLICTS = 200
_restored: list[Callable[[Operation], None]] = []


@dataclass(frozen=True, slots=True)
class RowConflict:
    """A row that cannot be put back. `kind`: changed, gone, back, referenced, taken, shape."""

    kind: str
    table: str
    row_id: UUID | None
    columns: tuple[str, ...] = ()
    later: tuple[UUID | None, str] | None = None
    image: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive changes of one kind on one table; replayed by one statement."""

    table: str
    action: str
    schema: int
    first: int
    last: int


def on_restored(callback: Callable[[Operation], None]) -> None:
    """Register what must follow an undo: rebuilding derived rows. Called with the undo's own operation."""
    _restored.append(callback)


def may_undo(actor: Actor, found: Operation) -> bool:
    """One's own operations, or everybody's with `ledger.operation.undo`."""
    own = actor.member_id is not None and found.actor_id == actor.member_id and actor.observer_id is None
    return own or actor.may("ledger.operation.undo")


def undo(
    actor: Actor,
    operation_id: UUID,
    *,
    only: Collection[UUID] | None = None,
    leave: Collection[UUID] = (),
) -> Operation:
    """Put everything back as it was before the operation; returns the operation that did so.

    `only` limits it to some rows, `leave` leaves rows out ("undo all but these"). Raises NotFound, Refused
    (not yours, already undone, or its verb reached the outside), or Conflict with a list of RowConflict; in
    each case nothing has changed.
    """
    found = Operation.objects.select_for_update().filter(id=operation_id).first()
    if found is None or found.verb == "ledger.operation.erase":
        raise NotFound("operation_not_found", {})
    if not may_undo(actor, found):
        raise Refused("undo_not_yours", {})
    if found.undone_by_id is not None:
        raise Refused("undo_done_already", {})
    scope = _Scope(operation_id, tuple(only) if only is not None else None, tuple(leave))
    conflicts = list(find_conflicts(scope))
    if conflicts:
        raise Conflict(conflicts)
    with (
        transaction.atomic(),  # a callback may still refuse, and then nothing may have changed
        operation(
            actor,
            "ledger.operation.undo",
            record_id=found.record_id,
            label=found.label,
            summary={"verb": found.verb, **found.summary},
            undoes_id=found.id,
        ) as undoing,
    ):
        _replay(scope)
        if only is None:
            Operation.objects.filter(id=found.id).update(undone_by_id=undoing.id)
        if found.undoes_id is not None:
            # Undoing an undo brings the first operation back into effect, and it can be undone again.
            Operation.objects.filter(id=found.undoes_id).update(undone_by_id=None)
        for callback in _restored:
            callback(undoing)
    return undoing


@dataclass(frozen=True, slots=True)
class _Scope:
    operation_id: UUID
    only: tuple[UUID, ...] | None = None
    leave: tuple[UUID, ...] = ()

    def where(self) -> tuple[str, list[Any]]:
        clauses = ["c.tenant_id = current_setting('guanxi.tenant')::uuid", "c.operation_id = %s"]
        params: list[Any] = [self.operation_id]
        if self.only is not None:
            clauses.append("c.row_id = ANY(%s)")
            params.append(list(self.only))
        if self.leave:
            clauses.append("c.row_id <> ALL(%s)")
            params.append(list(self.leave))
        return " AND ".join(clauses), params


def find_conflicts(scope: _Scope) -> Iterator[RowConflict]:
    """Rows that no longer hold what the operation left there, at most 200."""
    where, params = scope.where()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.table_name, c.schema FROM ledger_change c WHERE {where} GROUP BY 1, 2", params
        )
        shapes = {(table, schema): shape_of(table, schema) for table, schema in cursor.fetchall()}
    left = _MOST_CONFLICTS
    for (table, schema), shape in shapes.items():
        if shape is None:
            yield RowConflict("shape", table, None)
            continue
        for conflict in _conflicts_of(scope, table, schema, shape, left):
            left -= 1
            yield conflict


def _conflicts_of(scope: _Scope, table: str, schema: int, shape: Shape, most: int) -> Iterator[RowConflict]:
    """Compare what each row was left as with what it is now, for one table and image shape."""
    where, params = scope.where()
    quoted = connection.ops.quote_name(shape.table)
    # What the operation left: of several changes of one row the later values hold; the last action counts.
    sql = f"""
        WITH mine AS (
            SELECT c.id, c.row_id, c.action, c.new FROM ledger_change c
             WHERE {where} AND c.table_name = %s AND c.schema = %s
        ), once AS (
            SELECT row_id, min(action) AS first, min(action) AS last, (array_agg(new))[1] AS image
              FROM mine GROUP BY row_id HAVING count(*) = 1
        ), many AS (
            SELECT m.row_id, (array_agg(m.action ORDER BY m.id))[1] AS first,
                   (array_agg(m.action ORDER BY m.id DESC))[1] AS last,
                   (SELECT jsonb_object_agg(e.key, e.value ORDER BY n.id)
                      FROM mine n, jsonb_each(n.new) e WHERE n.row_id = m.row_id) AS image
              FROM mine m GROUP BY m.row_id HAVING count(*) > 1
        ), touched AS (SELECT * FROM once UNION ALL SELECT * FROM many)
        SELECT d.row_id, d.last, t.id IS NOT NULL AS present, {shape.expression("d.image")} AS image,
               to_jsonb(t) AS now
          FROM touched d LEFT JOIN {quoted} t
            ON t.tenant_id = current_setting('guanxi.tenant')::uuid AND t.id = d.row_id
         WHERE CASE WHEN d.last = 'D' THEN t.id IS NOT NULL AND d.first <> 'I'
                    WHEN t.id IS NULL THEN true
                    ELSE NOT (to_jsonb(t) @> ({shape.expression("d.image")} - {shape.ignored}))
                         OR {shape.exact_json("t", "d.image")} END
         LIMIT {int(max(most, 0))}
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, table, schema])
        rows = cursor.fetchall()
    for row_id, last, present, image, now in rows:
        image, now = shape.load(image), shape.load(now)
        if last == Change.DELETE:
            yield RowConflict("back", shape.table, row_id, later=_latest(shape.table, row_id), image=now)
        elif not present:
            yield RowConflict("gone", shape.table, row_id, later=_latest(shape.table, row_id), image=image)
        else:
            columns = tuple(k for k in image if k not in shape.ignored_columns and now.get(k) != image[k])
            yield RowConflict("changed", shape.table, row_id, columns, _latest(shape.table, row_id), now)


def _latest(table: str, row_id: UUID) -> tuple[UUID | None, str] | None:
    change = Change.objects.filter(row_id=row_id, table_name=table).order_by("-id").first()
    return (change.actor_id, change.at.isoformat()) if change else None


def _replay(scope: _Scope) -> None:
    try:
        with transaction.atomic():
            for run in _runs(scope):
                _replay_run(scope, run)
            with connection.cursor() as cursor:
                # Foreign keys are checked at COMMIT; check them now, while there is someone to tell.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise Conflict([_integrity_conflict(error)]) from error
    except DataError as error:
        raise Conflict([RowConflict("shape", "", None)]) from error


def _integrity_conflict(error: IntegrityError) -> RowConflict:
    diagnosis = getattr(error.__cause__, "diag", None)
    state = getattr(diagnosis, "sqlstate", "") or ""
    kind = {"23503": "referenced", "23505": "taken"}.get(state, "shape")
    return RowConflict(kind, getattr(diagnosis, "table_name", "") or "", None)


def _runs(scope: _Scope) -> list[_Run]:
    """The operation's changes, newest first, cut into runs in which no row occurs twice."""
    where, params = scope.where()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM ledger_change c WHERE {where} GROUP BY c.row_id HAVING count(*) > 1 LIMIT 1",
            params,
        )
        if cursor.fetchone() is not None:
            return list(_runs_one_by_one(scope))
        cursor.execute(
            f"""
            SELECT table_name, action, schema, min(id), max(id) FROM (
                SELECT c.table_name, c.action, c.schema, c.id,
                       row_number() OVER (ORDER BY c.id)
                       - row_number() OVER (PARTITION BY c.table_name, c.action, c.schema ORDER BY c.id) AS island
                  FROM ledger_change c WHERE {where}) AS numbered
             GROUP BY table_name, action, schema, island ORDER BY 4 DESC
            """,
            params,
        )
        return [_Run(*row) for row in cursor.fetchall()]


def _runs_one_by_one(scope: _Scope) -> Iterator[_Run]:
    where, params = scope.where()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.table_name, c.action, c.schema, c.id, c.row_id FROM ledger_change c "
            f"WHERE {where} ORDER BY c.id DESC",
            params,
        )
        run: _Run | None = None
        seen: set[UUID] = set()
        for table, action, schema, change_id, row_id in cursor.fetchall():
            if run and (run.table, run.action, run.schema) == (table, action, schema) and row_id not in seen:
                run = _Run(table, action, schema, change_id, run.last)
            else:
                if run:
                    yield run
                run, seen = _Run(table, action, schema, change_id, change_id), set()
            seen.add(row_id)
        if run:
            yield run


def _replay_run(scope: _Scope, run: _Run) -> None:
    """One statement for a run; row by row, newest first, where its rows exchanged unique values."""
    statement, params = _statement(scope, run)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, params)
    except IntegrityError:
        if run.first == run.last:
            raise
        where, where_params = scope.where()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT c.id FROM ledger_change c WHERE {where} AND c.id BETWEEN %s AND %s ORDER BY c.id DESC",
                [*where_params, run.first, run.last],
            )
            ids = [row[0] for row in cursor.fetchall()]
            for change_id in ids:
                single = _Run(run.table, run.action, run.schema, change_id, change_id)
                cursor.execute(*_statement(scope, single))


def _statement(scope: _Scope, run: _Run) -> tuple[str, list[Any]]:
    shape = shape_of(run.table, run.schema)
    if shape is None:
        raise Conflict([RowConflict("shape", run.table, None)])
    q = connection.ops.quote_name
    table = q(shape.table)
    where, params = scope.where()
    where += " AND c.id BETWEEN %s AND %s"
    params += [run.first, run.last]
    row = "t.tenant_id = c.tenant_id AND t.id = c.row_id"
    if run.action == Change.INSERT:
        return f"DELETE FROM {table} t USING ledger_change c WHERE {where} AND {row}", params
    image = shape.expression("c.old")
    if run.action == Change.DELETE:
        columns = ", ".join(q(c) for c in shape.columns)
        chosen = ", ".join(f"r.{q(c)}" for c in shape.columns)
        insert = (
            f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM ledger_change c, "
            f"jsonb_populate_record(NULL::{table}, %s::jsonb || {image}) AS r WHERE {where}"
        )
        return insert, [shape.defaults_json(), *params]
    settable = [c for c in shape.columns if c not in ("id", "tenant_id", "version")]
    columns = ", ".join(q(c) for c in settable)
    chosen = ", ".join(
        # Somebody else's later edit of other columns keeps its time.
        f"CASE WHEN t.updated_at = (c.new->>'updated_at')::timestamptz THEN r.{q(c)} ELSE t.{q(c)} END"
        if c == "updated_at"
        else f"r.{q(c)}"
        for c in settable
    )
    update = (
        f"UPDATE {table} t SET ({columns}) = (SELECT {chosen} FROM jsonb_populate_record(t, {image}) AS r) "
        f"FROM ledger_change c WHERE {where} AND {row}"
    )
    return update, params

"""Undo: replay an operation's changes backwards, or say exactly why that cannot be.

A change is in conflict when the row no longer holds what the operation left there. Comparing states, not
counting later changes, means that an edit and its undo in between do not stand in the way. Images are read
through `ledger_schema_change`, so an operation from before an upgrade can be undone after it.

Rights: whoever undoes needs today what the act needed. Having done it oneself opens the way, no more: what is
behind a row (who may see it, who may write it) knows only the floor that owns its table, which guards it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.ledger.conflicts import MOST, Part, RowConflict, explain, find_conflicts
from guanxi.foundation.ledger.images import shape_of
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.queries import sees
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.plans import keyed_joins, plan_anew
from guanxi.kernel.errors import Conflict, NotFound, Refused

_UNDO = "ledger.operation.undo"
PARTIAL = "only_rows"  # in the summary of an undo that put back some rows only: how many
Guard = Callable[[Actor, Operation, Part], Iterable[tuple[str, UUID] | RowConflict]]
Restored = Callable[[Actor, Operation], None]
_guards: list[Guard] = []
_restored: list[Restored] = []


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive changes of one kind on one table; replayed by one statement."""

    table: str
    action: str
    schema: int
    first: int
    last: int
    rows: int


def guard_undo(guard: Guard) -> None:
    """Register who tells, before anything is undone, which rows (table, id) the actor may not touch today, or what else
    stands in the way of one.

    A guard raises Refused where the whole is not for this actor.
    """
    _guards.append(guard)


def on_restored(callback: Restored) -> None:
    """Register what must follow an undo: rebuilding derived rows, checking what must always hold.

    Called with the actor and the undo's own operation; what it raises takes the undo back.
    """
    _restored.append(callback)


def needed_verb(found: Operation) -> str:
    """The act an operation comes down to: of an undo, and of its undo, the one at the bottom of the chain."""
    return str(found.summary.get("verb", "")) if found.undoes_id is not None else found.verb


def may_undo(actor: Actor, found: Operation) -> bool:
    """One's own operations, or everybody's with `ledger.operation.undo`."""
    own = actor.member_id is not None and found.actor_id == actor.member_id and actor.observer_id is None
    return own or actor.may("ledger.operation.undo")


@keyed_joins()
def undo(
    actor: Actor,
    operation_id: UUID,
    *,
    only: Collection[UUID] | None = None,
    leave: Collection[UUID] = (),
) -> Operation:
    """Put everything back as it was before the operation; returns the operation that did so.

    `only` limits it to some rows, `leave` leaves rows out ("undo all but these"). Raises NotFound (also for what
    a colleague did beyond the actor's sight), Refused (not yours, already undone, the rights for it lost), or
    Conflict with a list of RowConflict; in each case nothing has changed.
    """
    found = Operation.objects.select_for_update().filter(id=operation_id).first()
    if found is None or found.verb == "ledger.operation.erase":
        raise NotFound("operation_not_found", {})
    if not may_undo(actor, found):
        if not sees(actor, found):
            raise NotFound("operation_not_found", {})
        raise Refused(
            "undo_not_yours",
            _("Somebody else did this. Who may undo what others did is decided by the administrator."),
        )
    if found.undone_by_id is not None:
        raise Refused("undo_done_already", _("This has been undone already."))
    if only is None and not leave and (parts := _parts_of(found)):
        with suppress(Conflict, Refused):  # then what stands in the way is said of the whole
            return _undo_after(actor, found, parts)
    part = Part(operation_id, tuple(only) if only is not None else None, tuple(leave))
    barred = [] if actor.is_system else _barred(actor, found, part)
    conflicts = [*barred, *find_conflicts(part, beside=[one.row_id for one in barred if one.row_id])]
    if conflicts:
        raise Conflict(conflicts)
    with (
        transaction.atomic(),  # a callback may still refuse, and then nothing may have changed
        operation(
            actor,
            _UNDO,
            record_id=found.record_id,
            label=found.label,
            summary={
                "verb": found.verb,
                **_of_all(found),
                **({PARTIAL: len(only)} if only is not None else {}),
            },
            undoes_id=found.id,
        ) as undoing,
    ):
        _replay(part)
        if only is None:
            _settle(found, undoing)
            # What had been undone for its sake is in effect again.
            Operation.objects.filter(undone_by_id=found.id, summary__has_key=PARTIAL).update(
                undone_by_id=None
            )
        for callback in _restored:
            callback(actor, undoing)
    return undoing


def _of_all(found: Operation) -> dict[str, Any]:
    """What an operation says of itself, for its undo: that puts back all that it did, however little of another."""
    return {key: value for key, value in found.summary.items() if key != PARTIAL}


def _parts_of(found: Operation) -> list[UUID]:
    """Acts that put back some of the operation's rows, such as a splitting, and are in effect, the newest first. Where
    somebody undid some rows as such, the rest is asked about."""
    parts = Operation.objects.filter(
        undoes_id=found.id, undone_by_id__isnull=True, summary__has_key=PARTIAL
    ).exclude(verb=_UNDO)
    parts = parts.order_by("-at", "-id")
    return list(parts.values_list("id", flat=True))


def _undo_after(actor: Actor, found: Operation, parts: list[UUID]) -> Operation:
    """Undo an operation of which parts were put back before: as if they had not been, and then all of it."""
    with (
        transaction.atomic(),
        operation(
            actor,
            _UNDO,
            record_id=found.record_id,
            label=found.label,
            summary={"verb": found.verb, **_of_all(found)},
            undoes_id=found.id,
        ) as undoing,
    ):
        for one in parts:
            undo(actor, one)
        undo(actor, found.id)
    return undoing


def _barred(actor: Actor, found: Operation, part: Part) -> list[RowConflict]:
    """What guards say stands in the way. Raises Refused where the actor may touch none of the rows today."""
    told = [one for guard in _guards for one in guard(actor, found, part)]
    others = [one for one in told if isinstance(one, RowConflict)]
    rows = {one for one in told if isinstance(one, tuple)}
    if not rows:
        return others
    where, params = part.where()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(DISTINCT c.row_id) FROM ledger_change c WHERE {where}", params)
        touched = cursor.fetchone()[0]
    if len(rows) >= touched:
        raise Refused(
            "undo_right_lost",
            _("You may no longer see or change what this was done to, so you cannot undo it either."),
        )
    return [*others, *(RowConflict("barred", table, row_id) for table, row_id in sorted(rows)[:MOST])]


def _settle(found: Operation, undoing: Operation) -> None:
    """Say of each operation below this one in a chain of undos whether it is in effect now."""
    below, by = found, undoing
    in_effect = False
    while True:
        undone_by = None if in_effect else by.id
        Operation.objects.filter(id=below.id).update(undone_by_id=undone_by)
        if below.undoes_id is None or PARTIAL in below.summary:
            return
        next_one = Operation.objects.filter(id=below.undoes_id).first()
        if next_one is None:
            return
        below, by, in_effect = next_one, below, not in_effect


def _replay(part: Part) -> None:
    try:
        with transaction.atomic():
            rows = 0
            for run in _runs(part):
                rows += run.rows
                _replay_run(part, run)
            plan_anew(rows)
            with connection.cursor() as cursor:
                # Foreign keys are checked at COMMIT; check them now, while there is someone to tell.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise Conflict(explain(part, error)) from error
    except DataError as error:
        raise Conflict([RowConflict("shape", "", None)]) from error
    except _Overtaken as error:
        # Somebody changed a row after it was looked at and before it was put back.
        found = list(find_conflicts(part)) or [RowConflict("changed", error.table, None)]
        raise Conflict(found) from error


class _Overtaken(Exception):
    def __init__(self, table: str) -> None:
        self.table = table


def _runs(part: Part) -> list[_Run]:
    """The operation's changes, newest first, cut into runs in which no row occurs twice."""
    where, params = part.where()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM ledger_change c WHERE {where} GROUP BY c.row_id HAVING count(*) > 1 LIMIT 1",
            params,
        )
        if cursor.fetchone() is not None:
            return list(_runs_one_by_one(part))
        cursor.execute(
            f"""
            SELECT table_name, action, schema, min(id), max(id), count(*) FROM (
                SELECT c.table_name, c.action, c.schema, c.id, row_number() OVER (ORDER BY c.id)
                       - row_number() OVER (PARTITION BY c.table_name, c.action, c.schema ORDER BY c.id)
                       AS island
                  FROM ledger_change c WHERE {where}) AS numbered
             GROUP BY table_name, action, schema, island ORDER BY 4 DESC
            """,
            params,
        )
        return [_Run(*row) for row in cursor.fetchall()]


def _runs_one_by_one(part: Part) -> Iterator[_Run]:
    where, params = part.where()
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
                run = _Run(table, action, schema, change_id, run.last, run.rows + 1)
            else:
                if run:
                    yield run
                run, seen = _Run(table, action, schema, change_id, change_id, 1), set()
            seen.add(row_id)
        if run:
            yield run


def _replay_run(part: Part, run: _Run) -> None:
    """One statement for a run; row by row, newest first, where its rows exchanged unique values."""
    try:
        with transaction.atomic():
            _execute(part, run)
    except IntegrityError:
        if run.first == run.last:
            raise
        where, params = part.where()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT c.id FROM ledger_change c WHERE {where} AND c.id BETWEEN %s AND %s "
                "ORDER BY c.id DESC",
                [*params, run.first, run.last],
            )
            ids = [row[0] for row in cursor.fetchall()]
        for change_id in ids:
            _execute(part, _Run(run.table, run.action, run.schema, change_id, change_id, 1))


def _execute(part: Part, run: _Run) -> None:
    statement, params = _statement(part, run)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        if cursor.rowcount != run.rows:
            raise _Overtaken(run.table)


# A row that comes back is newer than it has ever been: whoever still holds an old version of it learns so.
# Wherever it went before, its last version stands in the image of its going.
_NEXT_VERSION = (
    "(SELECT max((d.old->>'version')::int) + 1 FROM ledger_change d "
    "WHERE d.tenant_id = c.tenant_id AND d.row_id = c.row_id AND d.action = 'D')"
)


def _statement(part: Part, run: _Run) -> tuple[str, list[Any]]:
    shape = shape_of(run.table, run.schema)
    if shape is None:
        raise Conflict([RowConflict("shape", run.table, None)])
    q = connection.ops.quote_name
    table = q(shape.table)
    where, params = part.where()
    where += " AND c.id BETWEEN %s AND %s"
    params += [run.first, run.last]
    # The row still holds what the change left in it, also if somebody was quicker than we since we looked.
    row, new = "t.tenant_id = c.tenant_id AND t.id = c.row_id", shape.expression("c.new")
    if run.action == Change.INSERT:
        row += f" AND to_jsonb(t) @> ({new} - {shape.ignored})"
        return f"DELETE FROM {table} t USING ledger_change c WHERE {where} AND {row}", params
    image = shape.expression("c.old")
    if run.action == Change.DELETE:
        columns = ", ".join(q(c) for c in shape.columns)
        chosen = ", ".join(_NEXT_VERSION if c == "version" else f"r.{q(c)}" for c in shape.columns)
        return (
            (
                f"INSERT INTO {table} ({columns}) SELECT {chosen} FROM ledger_change c, "
                f"jsonb_populate_record(NULL::{table}, %s::jsonb || {image}) AS r WHERE {where}"
            ),
            [shape.defaults_json(), *params],
        )
    row += f" AND to_jsonb(t) @> ({new} - {shape.beside}) AND NOT {shape.keys_differ('t', image, new)}"
    settable = [c for c in shape.columns if c not in ("id", "tenant_id", "version")]
    columns = ", ".join(q(c) for c in settable)
    chosen = ", ".join(
        # Somebody else's later edit of other columns keeps its time.
        f"CASE WHEN t.updated_at = (c.new->>'updated_at')::timestamptz THEN r.{q(c)} ELSE t.{q(c)} END"
        if c == "updated_at"
        else shape.keys_back("t", c, image, new)
        if c in shape.keyed_columns
        else f"r.{q(c)}"
        for c in settable
    )
    return (
        (
            f"UPDATE {table} t SET ({columns}) = "
            f"(SELECT {chosen} FROM jsonb_populate_record(t, {image}) AS r) "
            f"FROM ledger_change c WHERE {where} AND {row}"
        ),
        params,
    )

"""Carrying out a move, or rehearsing it: every file in one operation, and what came of each of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.ledger.models import Change
from guanxi.foundation.ledger.services import current_operation, describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.former import MOVE
from guanxi.integrations.imports.mapping import Mapping as Columns
from guanxi.integrations.imports.outcomes import Outcome
from guanxi.integrations.imports.reading import Table
from guanxi.integrations.imports.sentences import kept
from guanxi.integrations.imports.services import run_import
from guanxi.integrations.imports.uploads import Upload, as_result
from guanxi.integrations.imports.values import meant
from guanxi.integrations.imports.words import why
from guanxi.integrations.moves.hiring import NEWCOMER, hired
from guanxi.integrations.moves.sets import MoveSet
from guanxi.integrations.moves.tables import brought
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.money import Money, Written
from guanxi.kinds import FieldProblem, Number
from guanxi.resource import own
from guanxi.resource.declaration import Resource

LABEL = _("Moving in")
Progress = Callable[[int], None]


def move_in(
    actor: Actor, move: MoveSet, *, rehearse: bool, progress: Progress | None = None
) -> dict[str, Any]:
    """Bring in every file of a set in one operation; of a rehearsal nothing stays.

    Returns {"files": what came of each, "operation": its id or None, "colleagues" and "departments": how many of them
    were added}. Raises Forbidden, Refused for a set without
    files, Unreadable, Invalid.
    """
    actor.require(MOVE)
    order = move.in_order(actor)
    colleagues = move.colleagues()
    newcomers = NEWCOMER in move.people.values()
    if not order and not newcomers:
        raise Refused("no_files", _("There is no file yet that has a place here."))
    found: list[dict[str, Any]] = []
    with transaction.atomic():
        with operation(actor, MOVE, label=LABEL) as opened:
            done = 0
            who, added = hired(actor, colleagues, move.people)
            for resource, upload in order:
                with _named(upload):
                    table, columns = brought(actor, resource, upload, who, colleagues)
                    outcome = run_import(
                        actor,
                        resource=resource,
                        table=table,
                        columns=columns,
                        options=upload.options,
                        report_to=upload.report_folder("check" if rehearse else "result"),
                        progress=_further(progress, done),
                    )
                done += outcome.rows
                found.append(_line(actor, resource, upload, table, columns, outcome))
            created = sum(one["created"] for one in found) + sum(added.values())
            describe(opened, created=created, files=len(found))
        wrote = Change.objects.filter(operation_id=opened.id).exists()
        if rehearse or not wrote:
            transaction.set_rollback(True)
    if rehearse or not wrote:
        own.tailor().forget()
        return {"files": found, "operation": None, **added}
    return {"files": found, "operation": str(opened.id), **added}


@contextmanager
def _named(upload: Upload) -> Iterator[None]:
    """What is wrong with a file is said of it by name."""
    try:
        yield
    except (Invalid, Refused) as error:
        raise Invalid({upload.name: why(error)}) from error


def _further(progress: Progress | None, done: int) -> Progress | None:
    return None if progress is None else lambda rows: progress(done + rows)


def _line(
    actor: Actor, resource: type[Resource], upload: Upload, table: Table, columns: Columns, outcome: Outcome
) -> dict[str, Any]:
    """What came of one file: its figures, its sums there and here, and what does not come in and why."""
    return {
        **as_result(outcome),
        "upload": str(upload.id),
        "name": upload.name,
        "resource": resource.key,
        "left_out": [one.header for one in columns.left_out if one.sample],
        "sums": _sums(actor, resource, table, columns),
    }


def _sums(actor: Actor, resource: type[Resource], table: Table, columns: Columns) -> list[dict[str, str]]:
    """Of each column of figures the sum in the file, and that of the records that this operation made."""
    opened = current_operation()
    kinds = {
        at: kind
        for name, at in columns.of().used.items()
        if isinstance(kind := resource.declared.get(name), Number) and kind.computed is None
    }
    if not kinds or opened is None:
        return []
    there: dict[int, int | Decimal] = dict.fromkeys(kinds, 0)
    for row in table.rows():
        for at, kind in kinds.items() if row.problem is None and row.aside is None else ():
            try:
                value = meant(kind, row.cells[at], actor) if row.cells[at] else 0
                there[at] += value.major if isinstance(value, Written) else value
            except FieldProblem:
                continue  # told as a value that was left empty
    made = Change.objects.filter(
        operation_id=opened.id, table_name=resource.model._meta.db_table, action=Change.INSERT
    )
    rows = resource.model._default_manager.filter(pk__in=made.values("row_id"))
    here = {at: _sum(rows, kind) for at, kind in kinds.items()}
    return [
        {
            "label": kept(kind.label),
            "there": kind.said(there[at], "zh-hans"),
            "here": kind.said(here[at], "zh-hans"),
        }
        for at, kind in kinds.items()
    ]


def _sum(rows: QuerySet[Any], kind: Number) -> int | Decimal:
    """Of records; of amounts in several currencies in whole units, as a file has them."""
    if not kind.looks_at:
        return int(rows.aggregate(sum=Sum(kind.column))["sum"] or 0)
    sums = rows.order_by().values(*kind.looks_at).annotate(**{f"of_{kind.column}": Sum(kind.column)})
    found = [kind.value(SimpleNamespace(**one, **{kind.column: one[f"of_{kind.column}"]})) for one in sums]
    return sum((one.decimal for one in found if isinstance(one, Money)), Decimal(0))

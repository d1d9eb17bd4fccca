"""Doing an import: one operation, one transaction, batch by batch; while one is written the next is read."""

import contextvars
import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.ledger.models import Change
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.adding import added, drafted
from guanxi.integrations.imports.days import ORDERS, orders_of
from guanxi.integrations.imports.fresh import is_fresh
from guanxi.integrations.imports.mapping import Mapping as Columns
from guanxi.integrations.imports.mapping import signature_of
from guanxi.integrations.imports.meanings import Meanings, by_column
from guanxi.integrations.imports.outcomes import Outcome, Report
from guanxi.integrations.imports.planning import DUPLICATE_RULES
from guanxi.integrations.imports.reading import Row, Table
from guanxi.integrations.imports.together import Step, Together, Write
from guanxi.integrations.imports.turns import take_turn
from guanxi.integrations.imports.verdicts import Candidate, Verdict
from guanxi.integrations.models import ColumnMemory
from guanxi.kernel.errors import Refused
from guanxi.resource import own
from guanxi.resource.declaration import Resource

BATCH = 5_000
_LOOKED_AT = 2_000  # rows of a check at once: nothing is written, and more of them only take room

UNCLEAR = ("empty", "reject")
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is imported. `constants` are values by field for every row that has none of its own (`{row}` in a text
    is the row's number); those of what stands beside the rows as `activities.kind`."""

    on_duplicate: str = "skip"
    constants: Mapping[str, str] = field(default_factory=dict)
    dates: str = ""  # one of ORDERS, where the file leaves open which figure is the day
    unclear: str = "empty"  # or "reject": what becomes of a row with a value that cannot be read
    meanings: Meanings = field(default_factory=dict)

    def check(self) -> None:
        """Raises Refused for what is not possible yet or at all."""
        if self.on_duplicate not in DUPLICATE_RULES:
            raise Refused("no_rule", _("There is no such way to treat duplicates."))
        if self.dates not in ("", *ORDERS) or self.unclear not in UNCLEAR:
            raise Refused("no_option", _("There is no such option."))


def run_import(
    actor: Actor,
    *,
    resource: type[Resource],
    table: Table,
    columns: Columns,
    options: Options,
    dry_run: bool = False,
    first: int | None = None,
    report_to: Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Import a file in the open scope; all of it or, where anything is raised, nothing.

    Raises Forbidden without `….import`, Refused and Invalid for options and mappings that cannot be,
    Unreadable where the file ceases to be readable half-way. With `dry_run` nothing is written and no operation opened;
    `first` is then how many rows are looked at, where not all are.
    Where no row changes anything, no operation stays. `report_to` is a folder for rejected.csv and warnings.csv.
    """
    actor.require(resource.permission("import"))
    options.check()
    if options.on_duplicate == "review" and resource.review is None:
        raise Refused("no_review", _("Nobody is asked about duplicates of this kind. Choose another way."))
    if options.on_duplicate in ("fill", "overwrite"):
        actor.require(resource.permission("edit"))
    outcome = Outcome()
    started = time.monotonic()

    def together(led: Columns) -> Together:
        return Together(
            actor, resource, led,
            on_duplicate=options.on_duplicate, constants=dict(options.constants), writes=not dry_run,
            orders=orders_of(table, led.days(actor, resource), options.dates), strict=options.unclear == "reject",
            meant=by_column(options.meanings, table.headers),
        )  # fmt: skip

    with Report(report_to, table.headers) as report:
        if dry_run:
            with drafted(actor, resource, table, columns) as led:
                planned = together(led)
                _walk(planned, islice(table.rows(), first), outcome, report, progress)
                _settle(planned, outcome, report)
        else:
            actor.require(resource.permission("create"))
            take_turn(lambda: progress(0) if progress is not None else None)
            try:
                _write(actor, resource, together, table, columns, outcome, report, progress)
            except _NothingWritten:
                own.tailor().forget()
    outcome.seconds = time.monotonic() - started
    return outcome


class _NothingWritten(Exception):
    """Every row was skipped or rejected: the operation goes as well, for there is nothing in it to undo."""


def _write(
    actor: Actor,
    resource: type[Resource],
    together: Callable[[Columns], Together],
    table: Table,
    columns: Columns,
    outcome: Outcome,
    report: Report,
    progress: Progress | None,
) -> None:
    with operation(actor, resource.act("import"), label=table.name) as opened:
        made = _Made(actor)
        planned = together(added(actor, resource, table, columns))
        _walk(planned, table.rows(), outcome, report, progress, made.write)
        linked = _settle(planned, outcome, report)
        if not (outcome.wrote or linked):
            raise _NothingWritten
        for step, changes in linked:
            made.link(step, changes)
        if not Change.objects.filter(operation_id=opened.id).exists():
            # What one row changed a later one changed back, or a link led already where it was to lead.
            outcome.skipped, outcome.updated = outcome.skipped + outcome.updated, 0
            raise _NothingWritten
        describe(opened, created=outcome.created + outcome.review, updated=outcome.updated, rows=outcome.rows)
        outcome.operation_id = opened.id


def remember_columns(resource: type[Resource], columns: Columns, meanings: Meanings) -> None:
    """Keep what the columns of this head became and what values meant; the company's next file with the same head is
    read alike."""
    ColumnMemory.objects.update_or_create(
        resource=resource.key,
        signature=signature_of([column.header for column in columns.columns]),
        # What becomes a new field is known by the field's own name the next time.
        defaults={
            "fields": {name: of for name, of in columns.as_json().items() if not is_fresh(of)},
            "meanings": meanings,
        },
    )


def importable(resource: type[Resource]) -> bool:
    """Whether a resource takes rows of a file."""
    return getattr(resource, "create_many", None) is not None


class _Made:
    """Writes verdicts through the services of their resources."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    def write(self, step: Step, verdicts: Sequence[Verdict]) -> None:
        create, update = step.resource.create_many, step.resource.update_imported
        rows = [v.candidate.prepared for v in verdicts if v.action == "create"]
        if rows and create is not None:
            create(self.actor, rows=rows)
        doubtful = [v.record_id for v in verdicts if v.doubtful]
        if doubtful and step.resource.review is not None:
            step.resource.review(self.actor, ids=doubtful)
        changes = [(v.record_id, v.changes) for v in verdicts if v.action == "update" and not v.late]
        late = [v for v in verdicts if v.late]
        if late:
            changes += step.planner.late_changes(late)
        if changes and update is not None:
            update(self.actor, changes=_merged(changes), fresh=[v.record_id for v in late])

    def link(self, step: Step, changes: Sequence[tuple[UUID, dict[str, Any]]]) -> None:
        update = step.resource.update_imported
        for start in range(0, len(changes), BATCH):
            part = changes[start : start + BATCH]
            if update is not None:
                update(self.actor, changes=_merged(part), fresh=[record_id for record_id, _values in part])


def _merged(changes: Sequence[tuple[Any, dict[str, Any]]]) -> list[tuple[UUID, dict[str, Any]]]:
    merged: dict[UUID, dict[str, Any]] = {}
    for record_id, values in changes:
        merged.setdefault(record_id, {}).update(values)
    return list(merged.items())


def _walk(
    together: Together,
    rows: Iterator[Row],
    outcome: Outcome,
    report: Report,
    progress: Progress | None,
    write: Write | None = None,
) -> None:
    for batch in _cleaned_ahead(together, rows, min(BATCH, _LOOKED_AT) if write is None else BATCH):
        for judged in together.judge(batch, write):
            outcome.take(judged)
            if refused := judged.refused:
                report.reject(refused)
            report.warn(judged.verdict.candidate.cells, judged.left_empty)
        if progress is not None:
            progress(outcome.rows)


def _settle(
    together: Together, outcome: Outcome, report: Report
) -> list[tuple[Step, list[tuple[UUID, dict[str, Any]]]]]:
    found = []
    for step in together.steps:
        changes, remarks = step.planner.links.settle()
        for cells, remark in remarks:
            outcome.warn([remark])
            report.warn(cells, [remark])
        if changes:
            found.append((step, changes))
    return found


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for circular garbage rarely: a batch is tens of thousands of objects without a circle among them."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _cleaned_ahead(
    together: Together, rows: Iterator[Row], size: int
) -> Iterator[list[list[Candidate | None]]]:
    """Batches, the next one read and cleaned in a second thread while this one is with the database."""

    def next_batch() -> list[list[Candidate | None]]:
        return together.clean(islice(rows, size))

    with _rare_collections(), ThreadPoolExecutor(1, thread_name_prefix="import") as ahead:
        waiting: Future[list[list[Candidate | None]]] = ahead.submit(
            contextvars.copy_context().run, next_batch
        )
        while batch := waiting.result():
            waiting = ahead.submit(contextvars.copy_context().run, next_batch)
            yield batch

"""Reading the ledger: what was done, to which rows, what was deleted, within the actor's reach."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Cast

from guanxi.foundation.ledger.images import as_of_today, former_names, model_of
from guanxi.foundation.ledger.labels import (
    Values,
    column_label,
    labels_of,
    row_label,
    shown_columns,
    table_label,
)
from guanxi.foundation.ledger.models import SAID, Change, Operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.kernel.text import fold

VIEW = "ledger.operation.view"
# Rows that only tie two others together are no deletion anybody looks for by itself.
_TIES = frozenset({"permissions_grant", "permissions_assignment", "permissions_fieldrule"})


_PART = 500  # deletions looked through at once for a name


@dataclass(frozen=True, slots=True)
class Filter:
    """What the change log is narrowed to; empty parts do not narrow. `until` is exclusive."""

    actor_id: UUID | None = None
    system: bool = False
    verb: str = ""
    door: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


def operations(actor: Actor, narrowed: Filter | None = None) -> QuerySet[Operation]:
    """Operations the actor may see, newest first. Raises Forbidden without `ledger.operation.view`."""
    actor.require(VIEW)
    within = actor.members_within(VIEW)
    rows = Operation.objects.all() if within is None else Operation.objects.filter(actor_id__in=within)
    narrowed = narrowed or Filter()
    if narrowed.actor_id is not None:
        rows = rows.filter(actor_id=narrowed.actor_id)
    if narrowed.system:
        rows = rows.filter(actor_id__isnull=True)
    if narrowed.verb:
        rows = rows.filter(verb=narrowed.verb)
    if narrowed.door:
        rows = rows.filter(door=narrowed.door)
    if narrowed.since is not None:
        rows = rows.filter(at__gte=narrowed.since)
    if narrowed.until is not None:
        rows = rows.filter(at__lt=narrowed.until)
    if narrowed.text:
        # As it was stored, and as it reads in any language.
        rows = rows.filter(
            Q(label__icontains=narrowed.text) | Q(**{f"summary__{SAID}__icontains": narrowed.text})
        )
    return rows.order_by("-at", "id")


def after(rows: QuerySet[Operation], at: datetime, operation_id: UUID) -> QuerySet[Operation]:
    """The rest of a list of operations behind this one."""
    # The first condition is one that the index can begin at.
    return rows.filter(Q(at__lt=at) | Q(id__gt=operation_id), at__lte=at)


def find_operation(actor: Actor, operation_id: UUID) -> Operation:
    """An operation within the actor's reach. Raises NotFound for any other."""
    found = operations(actor).filter(id=operation_id).first()
    if found is None:
        raise NotFound("operation_not_found", {})
    return found


def sees(actor: Actor, found: Operation) -> bool:
    """Whether an operation is the actor's own, or within the reach of `ledger.operation.view`."""
    own = actor.member_id is not None and found.actor_id == actor.member_id
    return own or (actor.may(VIEW) and actor.covers(VIEW, [found.actor_id]))


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """One field, before and after."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """What happened to one row, as people read it."""

    id: int
    row_id: UUID
    action: str
    table: str
    name: str
    url: str
    columns: list[ColumnChange] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TableCount:
    """How many rows of a table an operation added, changed and deleted."""

    table: str
    label: str
    added: int
    changed: int
    deleted: int


def counts_of(operation_id: UUID) -> list[TableCount]:
    """What an operation touched, table by table."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    rows = (
        Change.objects.filter(operation_id=operation_id)
        .values("table_name", "action")
        .annotate(n=Count("id"))
    )
    for row in rows.order_by("table_name"):
        found[row["table_name"]][row["action"]] = row["n"]
    return [
        TableCount(
            table,
            table_label(table),
            n.get(Change.INSERT, 0),
            n.get(Change.UPDATE, 0),
            n.get(Change.DELETE, 0),
        )
        for table, n in found.items()
    ]


def changes_of(
    actor: Actor, operation_id: UUID, *, behind: int = 0, limit: int = 50
) -> tuple[list[RowChange], int | None]:
    """The changes of an operation in their order, and the cursor of the next page or None.

    Rows that the actor may not see are left out, fields as his field rules say.
    """
    rows = list(Change.objects.filter(operation_id=operation_id, id__gt=behind).order_by("id")[: limit + 1])
    more = rows[limit - 1].id if len(rows) > limit else None
    return describe_changes(actor, rows[:limit]), more


def describe_changes(actor: Actor, rows: Iterable[Change]) -> list[RowChange]:
    """Changes in words; those of rows that the actor may not see are left out."""
    seen = _visible(actor, as_of_today(rows))
    values = Values(actor, [(row.table_name, image) for row in seen for image in (row.old, row.new) if image])
    names = _names(seen)
    result = []
    for row in seen:
        labels = labels_of(row.table_name)
        image = row.new or row.old or {}
        known = names.get((row.table_name, row.row_id), "")
        columns = _columns(actor, values, row)
        if row.action == Change.UPDATE and not columns:
            continue  # touched only to raise its version
        result.append(
            RowChange(
                id=row.id,
                row_id=row.row_id,
                action=row.action,
                table=table_label(row.table_name),
                name=known if row.action == Change.UPDATE else row_label(row.table_name, image),
                url=labels.url(row.row_id) if labels.url and row.action != Change.DELETE else "",
                columns=columns,
            )
        )
    return result


def _columns(actor: Actor, values: Values, row: Change) -> list[ColumnChange]:
    old, new = row.old or {}, row.new or {}
    table = row.table_name
    result = []
    for column in shown_columns(actor, table, list(new or old)):
        before, now = values.text(table, column, old.get(column)), values.text(table, column, new.get(column))
        if before != now or (row.action == Change.UPDATE and old.get(column) != new.get(column)):
            result.append(ColumnChange(column_label(table, column), before, now))
    return result


def _visible(actor: Actor, rows: Iterable[Change]) -> list[Change]:
    rows = list(rows)
    by_table: dict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        by_table[row.table_name].add(row.row_id)
    seen: dict[str, set[UUID]] = {}
    for table, ids in by_table.items():
        visible = labels_of(table).visible
        seen[table] = set(visible(actor, ids)) if visible is not None else ids
    there = _there(row for row in rows if row.row_id not in seen[row.table_name])
    return [
        row
        for row in rows
        if row.row_id in seen[row.table_name]
        # What is gone is judged by its last image, what is there never by an older one.
        or ((row.table_name, row.row_id) not in there and _was_seen(actor, row))
    ]


def _was_seen(actor: Actor, row: Change) -> bool:
    labels = labels_of(row.table_name)
    return labels.visible is None or labels.seen_in(actor, row.old or row.new or {})


def _names(rows: Iterable[Change]) -> dict[tuple[str, UUID], str]:
    """Names of rows as they are now, for images that hold only the changed columns."""
    by_table: dict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        if row.action == Change.UPDATE:
            by_table[row.table_name].add(row.row_id)
    names = {}
    for table, ids in by_table.items():
        model = model_of(table)
        if model is not None:
            for found in model._default_manager.filter(pk__in=ids):
                names[table, found.pk] = row_label(table, _image(found)) or str(found)
    return names


def _image(row: models.Model) -> dict[str, Any]:
    return {
        field.column: getattr(row, field.attname) for field in row._meta.local_concrete_fields if field.column
    }


_KEYS = {"id", "tenant_id", "version"}  # what `guanxi_ledger_strip` leaves


@dataclass(frozen=True, slots=True)
class Deleted:
    """A deleted row that is not there again."""

    id: int
    at: datetime
    table: str
    name: str
    row_id: UUID
    operation: Operation


def deleted_rows(
    actor: Actor, *, table: str = "", text: str = "", behind: int | None = None, limit: int = 50
) -> tuple[list[Deleted], int | None]:
    """The recycle bin: what was deleted within the actor's reach and is still gone, newest first; with `text` what
    bears it in its name.

    Returns the rows and the cursor of the next page or None. A page may be short where rows came back.
    """
    actor.require(VIEW)
    within = actor.members_within(VIEW)
    rows = Change.objects.filter(action=Change.DELETE, operation_id__isnull=False).exclude(
        table_name__in=_TIES
    )
    if within is not None:
        rows = rows.filter(actor_id__in=within)
    if table:
        rows = rows.filter(table_name__in=former_names(table, ())[0])
    if behind is not None:
        rows = rows.filter(id__lt=behind)
    if not text:
        return _still_gone(actor, rows, limit)
    # The image holds more than the name: what else it says leads nobody to the row.
    rows = rows.annotate(image=Cast("old", models.TextField())).filter(image__icontains=text)
    result: list[Deleted] = []
    more: int | None = behind
    while True:
        part, more = _still_gone(actor, rows if more is None else rows.filter(id__lt=more), _PART)
        for place, one in enumerate(part):
            if fold(text) not in fold(one.name):
                continue
            result.append(one)
            if len(result) == limit:
                return result, one.id if place + 1 < len(part) else more
        if more is None:
            return result, None


def _still_gone(actor: Actor, rows: QuerySet[Change], limit: int) -> tuple[list[Deleted], int | None]:
    found = list(rows.order_by("-at", "-id")[: limit + 1])
    more = found[limit - 1].id if len(found) > limit else None
    found = as_of_today(found[:limit])
    acts: dict[UUID, Operation] = {
        one.id: one
        for one in Operation.objects.filter(id__in={row.operation_id for row in found if row.operation_id})
    }
    back = _there(found)
    result = []
    for row in found:
        act = acts.get(row.operation_id) if row.operation_id else None
        # What an undo took away again was never deleted by anybody.
        if act is None or act.undoes_id is not None or act.undone_by_id is not None:
            continue
        if (row.table_name, row.row_id) in back or model_of(row.table_name) is None or _is_erased(row):
            continue
        if not _was_seen(actor, row):
            continue
        name = row_label(row.table_name, row.old or {})
        result.append(Deleted(row.id, row.at, table_label(row.table_name), name, row.row_id, act))
    return result, more


def find_deleted(actor: Actor, change_id: int) -> Change:
    """A deletion within the actor's reach. Raises NotFound for any other."""
    actor.require(VIEW)
    within = actor.members_within(VIEW)
    found = Change.objects.filter(id=change_id, action=Change.DELETE, operation_id__isnull=False).first()
    if found is None or (within is not None and found.actor_id not in within):
        raise NotFound("deleted_row_not_found", {})
    (today,) = as_of_today([found])
    if _is_erased(found) or not _was_seen(actor, today):
        raise NotFound("deleted_row_not_found", {})
    return today


def _is_erased(row: Change) -> bool:
    """Whether nothing but keys is left of a deleted row: there is no way back."""
    return set(row.old or ()) <= _KEYS


def gone_with(deleted: Change) -> list[UUID] | None:
    """The row and what was deleted with it belonging to it; None where that is the whole operation."""
    together = {deleted.row_id}
    rows = Change.objects.filter(operation_id=deleted.operation_id)
    while True:
        beneath = rows.filter(action=Change.DELETE).extra(
            where=["EXISTS (SELECT 1 FROM jsonb_each_text(old) AS e WHERE e.value = ANY(%s))"],
            params=[[str(one) for one in together]],
        )
        found = together | set(beneath.values_list("row_id", flat=True))
        if found == together:
            break
        together = found
    others = rows.exclude(row_id__in=together).exists()
    return sorted(together) if others else None


def deleted_tables(actor: Actor) -> list[tuple[str, str]]:
    """Tables of which something was deleted, for a filter: name and label."""
    actor.require(VIEW)
    names = (
        Change.objects.filter(action=Change.DELETE)
        .exclude(table_name__in=_TIES)
        .values_list("table_name", flat=True)
    )
    return sorted(
        ((name, table_label(name)) for name in names.order_by().distinct()), key=lambda pair: pair[1]
    )


def _there(rows: Iterable[Change]) -> set[tuple[str, UUID]]:
    by_table: dict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        by_table[row.table_name].add(row.row_id)
    found: set[tuple[str, UUID]] = set()
    for table, ids in by_table.items():
        model = model_of(table)
        if model is not None:
            found |= {
                (table, one) for one in model._default_manager.filter(pk__in=ids).values_list("pk", flat=True)
            }
    return found

"""Taking one record out again of what several were made: the undo of its part of a merging."""

# Chinese in code: the sign that parts several names in one field

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from guanxi.foundation.ledger.images import as_of_today, model_of
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.ledger.undo import PARTIAL, undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.models import Record
from guanxi.kernel.errors import NotFound
from guanxi.kinds import Kind
from guanxi.resource import access, writing
from guanxi.resource.declaration import Resource
from guanxi.resource.merging import hanging
from guanxi.resource.models import Merger

Image = Mapping[str, Any]
_SEVERAL = re.compile(r"\s*[;；\n]\s*")  # parts several names or remarks in one text


def merging_of(merger: Merger) -> Operation:
    """The operation by which a record was made part of another. Raises NotFound where the ledger no longer has it."""
    made = Change.objects.filter(row_id=merger.pk, action=Change.INSERT, table_name=Merger._meta.db_table)
    found = Operation.objects.filter(pk__in=made.values("operation_id")).first()
    if found is None:
        raise NotFound("operation_not_found", {})
    return found


def come_since(resource: type[Resource], merger: Merger) -> Iterator[tuple[type[models.Model], Any]]:
    """What came to the record after another was made part of it: rows with the models they are of, the newest
    first of each, at most a hundred of one. What the merging itself wrote is none of it."""
    merged = Change.objects.filter(operation_id=merging_of(merger).pk, action=Change.INSERT)
    written = set(merged.values_list("row_id", flat=True))
    for model, column, of in hanging(resource):
        rows = model._default_manager.filter(
            **of, **{column: merger.record_id}, created_at__gt=merger.created_at
        )
        if model is not Merger and issubclass(model, Record):
            for row in rows.order_by("-created_at")[:100]:
                if row.pk not in written:
                    yield model, row


def split(
    actor: Actor, resource: type[Resource], merger_id: UUID, *, take: Collection[UUID] = ()
) -> Operation:
    """Take one record out again: it is as it was before the merging, with all that was its own; of what came since
    the rows in `take` belong to it. Others that were made part of the same record stay so. Returns the operation
    that took it out.

    Raises NotFound, Forbidden, Refused, and Conflict with what has changed since.
    """
    actor.require(resource.permission("merge"))
    merger = Merger.objects.filter(resource=resource.key, pk=merger_id).first()
    if merger is None:
        raise NotFound("not_found", {"resource": resource.key})
    # Of its part the undo asks whether the actor may touch it; the kept record is written here.
    access.get(actor, resource, merger.record_id, verb="merge", lock=True)
    rows = [(model, row.pk) for model, row in come_since(resource, merger) if row.pk in set(take)]
    gone, name, kept = merger.gone, merger.name, merger.record_id
    merging = merging_of(merger)
    alone = _alone(merging, merger)
    back = {} if alone else _kept_without(resource, merging, merger)
    part = None if alone else _part_of(merging, merger)
    summary = {"verb": merging.verb, "moved": len(rows), **({} if part is None else {PARTIAL: len(part)})}
    # One operation, so that its undo brings all of it back.
    with operation(
        actor, resource.act("split"), record_id=gone, label=name, summary=summary, undoes_id=merging.pk
    ) as opened:
        undo(actor, merging.pk, only=part)
        if back:
            record = resource.model._default_manager.get(pk=kept)
            writing.update(resource, record, back, expected_version=None)
        columns = {model: column for model, column, _of in hanging(resource)}
        for model, pk in rows:
            model._default_manager.filter(pk=pk).update(**{columns[model]: gone})
    return opened


def _alone(merging: Operation, merger: Merger) -> bool:
    """Whether it is the only one that was merged at the time: then all of it is undone."""
    made = Change.objects.filter(
        operation_id=merging.pk, action=Change.INSERT, table_name=Merger._meta.db_table
    )
    return not made.exclude(row_id=merger.pk).exists()


def _part_of(merging: Operation, merger: Merger) -> set[UUID]:
    """The rows of a merging that are this record's part of it: all that name it, and what of its own was written
    down beside the kept one; but for what came back with another."""
    parts = Operation.objects.filter(undoes_id=merging.pk, undone_by_id__isnull=True)
    back = Change.objects.filter(operation_id__in=parts.values("pk"))
    changes = Change.objects.filter(operation_id=merging.pk).exclude(row_id=merger.record_id)
    changes = changes.exclude(row_id__in=back.values("row_id"))
    texts = changes.annotate(was=Cast("old", TextField()), now=Cast("new", TextField()))
    names_it = Q(row_id=merger.gone) | Q(was__contains=str(merger.gone)) | Q(now__contains=str(merger.gone))
    found = set(texts.filter(names_it).values_list("row_id", flat=True))
    found |= _naming(changes, merger.gone)
    before = _gone_image(merging, merger.gone)
    said = {value for value in before.values() if isinstance(value, str) and len(value) > 2}
    others = {
        value
        for one in _gone_with(merging, merger)
        for value in _gone_image(merging, one).values()
        if isinstance(value, str)
    }
    for change in changes.filter(action=Change.INSERT):
        values = {value for value in (change.new or {}).values() if isinstance(value, str)}
        if str(merger.record_id) in values and values & (said - others):
            found.add(change.row_id)
    return found


def _naming(changes: models.QuerySet[Change], gone: UUID) -> set[UUID]:
    """Of the changed rows those that name the record in a column that stayed as it was."""
    by_table: dict[str, list[UUID]] = {}
    for table, row in changes.values_list("table_name", "row_id").distinct():
        by_table.setdefault(table, []).append(row)
    found: set[UUID] = set()
    for table, ids in by_table.items():
        model = model_of(table)
        if model is None:
            continue
        name = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT t.id FROM {name} t WHERE t.id = ANY(%s) "  # noqa: S608  a table's name
                "AND strpos(to_jsonb(t)::text, %s) > 0",
                [ids, str(gone)],
            )
            found |= {row[0] for row in cursor.fetchall()}
    return found


def _gone_with(merging: Operation, merger: Merger) -> list[UUID]:
    """The others that are part of the same record by the same merging, still."""
    made = Change.objects.filter(
        operation_id=merging.pk, action=Change.INSERT, table_name=Merger._meta.db_table
    )
    rows = Merger.objects.filter(pk__in=made.values("row_id")).exclude(pk=merger.pk)
    return list(rows.values_list("gone", flat=True))


def _gone_image(merging: Operation, record_id: UUID) -> Image:
    """A record as it was when it was made part of another."""
    gone = Change.objects.filter(operation_id=merging.pk, row_id=record_id, action=Change.DELETE)
    for change in as_of_today(gone):
        return change.old or {}
    return {}


def _kept_without(resource: type[Resource], merging: Operation, merger: Merger) -> dict[str, Any]:
    """What the kept record has from this one alone, and what it has without it: by stored column. What somebody
    changed since stays."""
    changes = Change.objects.filter(row_id=merger.record_id, action=Change.UPDATE).order_by("id")
    first: dict[str, Any] = {}
    merged: set[str] = set()
    for step in as_of_today(changes.filter(operation_id=merging.pk)):
        for column, value in (step.old or {}).items():
            first.setdefault(column, value)
        merged |= set(step.new or {})
    since = changes.filter(id__gt=changes.filter(operation_id=merging.pk).values("id").order_by("-id")[:1])
    split = Operation.objects.filter(verb=resource.act("split"))
    # What a splitting took from it, or the undo of one gave back, is nobody's change.
    ours = Operation.objects.filter(
        Q(pk__in=split.values("pk")) | Q(undoes_id__isnull=False, summary__verb=merging.verb),
        pk__in=since.values("operation_id"),
    )
    changed = {
        column
        for step in as_of_today(since.exclude(operation_id__in=ours.values("pk")))
        for column in step.new or {}
    }
    mine = _gone_image(merging, merger.gone)
    others = [_gone_image(merging, one) for one in _gone_with(merging, merger)]
    today = _image(resource.model, merger.record_id)
    names = {str(merger.name), *filter(None, [mine.get("name")])}
    found: dict[str, Any] = {}
    for kind in resource.writable():
        column = "own" if kind.own else kind.column
        before, now = _said(kind, first), _said(kind, today)
        if column not in merged or column in changed or before == now:
            continue
        rest = [before, *(_said(kind, one) for one in others)]
        value = now
        if not others:
            value = before
        elif now == _said(kind, mine) and now not in rest:
            value = next((one for one in rest if one not in (None, "", [])), before)
        elif isinstance(now, str):
            value = _without(now, _said(kind, mine), names, rest, others)
        if value != now:
            found[kind.column] = value if kind.own else _field(resource, kind).to_python(value)
    return found


def _said(kind: Kind, image: Image) -> Any:
    return (image.get("own") or {}).get(kind.name) if kind.own else image.get(kind.column)


def _field(resource: type[Resource], kind: Kind) -> Any:
    return next(one for one in resource.model._meta.local_concrete_fields if one.attname == kind.column)


def _without(text: str, mine: Any, names: set[str], rest: Sequence[Any], others: Sequence[Image]) -> str:
    """Several names or remarks in one text, without those that only the one taken out brought along."""
    brought = names | set(_SEVERAL.split(mine) if isinstance(mine, str) else ())
    kept = {part for value in rest if isinstance(value, str) for part in _SEVERAL.split(value)}
    kept |= {str(one.get("name")) for one in others}
    dropped = brought - kept
    if not dropped & set(_SEVERAL.split(text)):
        return text
    sign = "\n" if "\n" in text else "; "
    return sign.join(part for part in _SEVERAL.split(text) if part not in dropped)


def _image(model: type[models.Model], pk: UUID) -> Image:
    """A row as the ledger would write it down now."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t WHERE t.id = %s", [pk])  # noqa: S608  a table's name
        row = cursor.fetchone()
    return json.loads(row[0]) if row else {}

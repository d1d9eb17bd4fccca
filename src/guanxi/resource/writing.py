"""Writing rows of a resource. Called by services, inside an operation; nothing else writes business rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.base import ModelState
from django.utils import timezone

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.search import services as search
from guanxi.foundation.tenancy.bulk import Raw, insert_rows, update_rows
from guanxi.kernel.errors import Invalid, Message, Stale
from guanxi.kernel.ids import new_id
from guanxi.resource import access, own
from guanxi.resource.declaration import Resource
from guanxi.resource.kinds.kind import PREFIX, FieldProblem, Kind


def clean(
    actor: Actor, resource: type[Resource], data: Mapping[str, Any], *, partial: bool = False
) -> dict[str, Any]:
    """Outside values, cleaned, by stored column. With `partial` only what is given.

    Unknown, read-only and forbidden fields are refused, never silently dropped. Raises Invalid.
    """
    return Cleaner(actor, resource).clean(data, partial=partial)


class Cleaner:
    """`clean` compiled once, for many rows of one actor. `known` holds values that were looked up for all of them
    before, by field and text."""

    def __init__(self, actor: Actor, resource: type[Resource]) -> None:
        self.actor = actor
        self.resource = resource
        self.kinds: dict[str, Kind] = {kind.name: kind for kind in access.writable(actor, resource)}
        self.required = [kind for kind in self.kinds.values() if kind.required]
        self.known: dict[tuple[str, str], Any] = {}

    def clean(self, data: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
        found: dict[str, Any] = {}
        problems = Invalid()
        for name, raw in data.items():
            kind = self.kinds.get(name)
            if kind is None:
                problems.add(name, Message("not_writable"))
                continue
            try:
                known = self.known.get((name, raw)) if isinstance(raw, str) else None
                found[kind.column] = kind.checked(raw, self.actor) if known is None else known
            except FieldProblem as problem:
                problems.add(name, problem.message)
        if not partial:
            for kind in self.required:
                if kind.name not in data:
                    problems.add(kind.name, Message("required"))
        if problems:
            raise problems
        return found


def insert(resource: type[Resource], values: Mapping[str, Any]) -> Any:
    """Write one row and its search entry. `values` are by stored column."""
    stored = own.fold(resource.fields(), values, {})
    resource.derive(stored)
    record = resource.model(**stored)
    record.save(force_insert=True)
    reindex(resource, [record])
    return record


class Prepared(dict[str, Any]):
    """A row by stored column with everything that needs no database worked out; see `Preparer`."""

    __slots__ = ("found_by",)
    found_by: search.Found | None


class Preparer:
    """Rows for `insert_many`: derived columns, keys, and what they are found by. Compiled once for many rows.

    Asks no database, so that an import prepares one batch while another is being written.
    """

    def __init__(self, resource: type[Resource]) -> None:
        self.resource = resource
        self._fields = resource.fields()
        self._defaults = {
            str(field.column): field.get_default()
            for field in resource.model._meta.local_concrete_fields
            if not field.primary_key and field.column != "tenant_id"
        }

    def prepare(self, values: Mapping[str, Any]) -> Prepared:
        row = Prepared(self._defaults)
        row["own"] = {}
        row.update(own.fold(self._fields, values, {}))
        self.resource.derive(row)
        row["id"] = row.get("id") or new_id()
        row.found_by = access.found_by(self.resource, _record_of(self.resource, row))
        return row


def _record_of(resource: type[Resource], row: Mapping[str, Any]) -> Any:
    """The row as an unsaved record, to be read only. A model's own `__init__` takes thirty times as long."""
    record = resource.model.__new__(resource.model)
    record._state = ModelState()
    record.__dict__.update(row)
    return record


def insert_many(resource: type[Resource], rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
    """Write many rows in one statement; returns their keys in the order given."""
    now = timezone.now()
    preparer = Preparer(resource)
    stored = [row if isinstance(row, Prepared) else preparer.prepare(row) for row in rows]
    moment = Raw(now.isoformat())
    for row in stored:
        for column in ("created_at", "updated_at"):
            if row[column] is None:  # what comes with its own times keeps them
                row[column] = moment
    insert_rows(resource.model, stored)
    own.tailor().written(resource, [row["id"] for row in stored])
    owner = resource.kind(resource.owner).column if resource.owner else ""
    search.add(
        resource.key,
        (
            (row["id"], row[owner] if owner else None, row.found_by)
            for row in stored
            if row.found_by is not None
        ),
    )
    return [row["id"] for row in stored]


def update(
    resource: type[Resource], record: Any, values: Mapping[str, Any], *, expected_version: int | None
) -> bool:
    """Write what differs to one row. Returns False where nothing did.

    Raises Stale where the row is no longer at `expected_version`; None skips the comparison (bulk work that has
    just read the row under a lock).
    """
    if expected_version is not None and record.version != expected_version:
        raise Stale(current=record.version, expected=expected_version)
    changed = differing(resource, record, values)
    if not changed:
        return False
    resource.derive(changed)
    now = timezone.now()
    rows = resource.model._default_manager.filter(pk=record.pk, version=record.version)
    if not rows.update(**changed, updated_at=now):
        current = (
            resource.model._default_manager.filter(pk=record.pk).values_list("version", flat=True).first()
        )
        raise Stale(current=current or 0, expected=record.version)
    for column, value in changed.items():
        setattr(record, column, value)
    record.version += 1
    record.updated_at = now
    reindex(resource, [record])
    return True


def update_each(resource: type[Resource], wanted: Sequence[tuple[Any, Mapping[str, Any]]]) -> int:
    """Write to each of many rows its own values; they were just read under a lock. Returns how many changed."""
    columns = [str(field.column) for field in resource.model._meta.local_concrete_fields]
    kept = [c for c in columns if c not in ("tenant_id", "id", "version", "created_at")]
    changed: dict[UUID, Any] = {}
    now = timezone.now()
    for record, values in wanted:
        found = differing(resource, record, values)
        if not found:
            continue
        resource.derive(found)
        for column, value in found.items():
            setattr(record, column, value)
        record.updated_at = now
        changed[record.pk] = record
    rows = [{column: getattr(record, column) for column in columns} for record in changed.values()]
    update_rows(resource.model, rows, kept)
    for record in changed.values():
        record.version += 1
    reindex(resource, changed.values())
    return len(changed)


def update_many(resource: type[Resource], ids: Collection[UUID], values: Mapping[str, Any]) -> int:
    """Write the same values to many rows in one statement. Returns how many rows were changed."""
    stored = own.fold(resource.fields(), values, {})
    mine = stored.pop("own", None)
    differs = models.Q()
    for column, value in stored.items():
        differs |= ~models.Q(**{column: value})
    resource.derive(stored)
    if mine is not None:
        gone = [name for name in values if name.startswith(PREFIX) and name not in mine]
        differs |= ~models.Q(own__contains=mine) | models.Q(own__has_any_keys=gone)
        stored["own"] = own.Merged(models.F("own"), gone, mine)
    rows = resource.model._default_manager.filter(differs, pk__in=list(ids))
    touched = list(rows.values_list("pk", flat=True))
    count = resource.model._default_manager.filter(pk__in=touched).update(**stored, updated_at=timezone.now())
    reindex_ids(resource, touched)
    return count


def differing(resource: type[Resource], record: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Of values by column those that a record does not have; of its own fields the whole of `own`."""
    folded = own.fold(resource.fields(), values, getattr(record, "own", {}))
    return {column: value for column, value in folded.items() if getattr(record, column) != value}


def delete(resource: type[Resource], ids: Collection[UUID]) -> int:
    """Delete rows and what hangs on them by Django's rules. Raises ProtectedError where something must stay."""
    rows = resource.model._default_manager.filter(pk__in=list(ids))
    _total, by_model = rows.delete()
    search.remove(ids)
    return by_model.get(resource.model._meta.label, 0)


def reindex(resource: type[Resource], records: Iterable[Any]) -> None:
    """Rebuild what is derived from rows: what they are found by, and the indexes of own fields."""
    records = list(records)
    own.tailor().written(resource, [record.pk for record in records])
    owner = resource.kind(resource.owner) if resource.owner else None
    rows = []
    for record in records:
        found = access.found_by(resource, record)
        if found is None:
            return
        rows.append((record.pk, owner.value(record) if owner else None, found))
    search.replace(resource.key, rows)


def reindex_ids(resource: type[Resource], ids: Iterable[UUID], *, batch: int = 2000) -> None:
    """Rebuild the entries of rows that still exist."""
    wanted = list(ids)
    for start in range(0, len(wanted), batch):
        part = wanted[start : start + batch]
        reindex(resource, resource.model._default_manager.filter(pk__in=part))

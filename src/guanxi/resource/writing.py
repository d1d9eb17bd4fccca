"""Writing rows of a resource. Called by services, inside an operation; nothing else writes business rows."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models.base import ModelState
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.search import services as search
from guanxi.foundation.tenancy.bulk import Raw, insert_rows, update_rows
from guanxi.kernel.errors import Invalid, Message, Refused, Stale
from guanxi.kernel.ids import new_id
from guanxi.kinds.kind import PREFIX, FieldProblem, Kind
from guanxi.resource import access, facts, own
from guanxi.resource.declaration import Resource
from guanxi.resource.withholding import unmasked


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
        self.defaults = [kind for kind in self.kinds.values() if kind.own and kind.own.default is not None]
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
            found = self.usual(data) | found
            for kind in self.required:
                if kind.name not in data and kind.column not in found:
                    problems.add(kind.name, Message("required", _("Fill this in.")))
            if not problems:
                has_one(self.resource, found)
        if problems:
            raise problems
        return found

    def usual(self, given: Collection[str]) -> dict[str, Any]:
        """Stored values of own fields that a new record takes where nothing is given for them."""
        found: dict[str, Any] = {}
        for kind in self.defaults:
            if kind.name not in given and kind.own:
                # What the administrator chose may be gone since: somebody who left, a choice out of use.
                with suppress(FieldProblem):
                    found[kind.column] = kind.checked(kind.own.default, self.actor)
        return found


def has_one(resource: type[Resource], values: Mapping[str, Any]) -> None:
    """Raises Invalid beside the first of the fields `one_of` where these stored values have none of them."""
    kinds = [resource.kind(name) for name in resource.one_of]
    if kinds and all(kind.is_blank(values.get(kind.column)) for kind in kinds):
        raise Invalid({kinds[0].name: [Message("required", _("Fill this in."))]})


def insert(resource: type[Resource], values: Mapping[str, Any]) -> Any:
    """Write one row and its search entry. `values` are by stored column."""
    stored = own.fold(resource.fields(), values, {})
    resource.derive(stored)
    record = resource.model(**stored)
    record.save(force_insert=True)
    reindex(resource, [record], None if stored.get("own") else _all_but_own(resource), fresh=True)
    return record


class Prepared(dict[str, Any]):
    """A row by stored column with everything that needs no database worked out; see `Preparer`."""

    __slots__ = ("found_by", "kept")
    found_by: search.Found | None
    kept: Any


class Preparer:
    """Rows for `insert_many`: derived columns, keys, and what they are found by. Compiled once for many rows.

    Asks no database, so that an import prepares one batch while another is being written. `writes`: without, rows are
    only looked at, and what they are found by is not worked out.
    """

    def __init__(self, resource: type[Resource], *, writes: bool = True) -> None:
        self.resource, self._writes = resource, writes
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
        row.found_by = (
            access.found_by(self.resource, _record_of(self.resource, row)) if self._writes else None
        )
        row.kept = self.resource.kept.worked_out(row) if self.resource.kept else None
        return row

    def complete(self, row: Prepared) -> Prepared:
        """The row with own fields that were set after it had been prepared (links) where they belong."""
        later = {name: row.pop(name) for name in [name for name in row if name.startswith(PREFIX)]}
        row.update(own.fold(self._fields, later, row["own"]))
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
    stored = [preparer.complete(row) if isinstance(row, Prepared) else preparer.prepare(row) for row in rows]
    moment = Raw(now.isoformat())
    for row in stored:
        for column in ("created_at", "updated_at"):
            if row[column] is None:  # what comes with its own times keeps them
                row[column] = moment
    insert_rows(resource.model, stored)
    if mine := [row["id"] for row in stored if row["own"]]:
        own.tailor().written(resource, mine)
    owner = resource.kind(resource.owner).column if resource.owner else ""
    search.add(
        resource.key,
        (
            (row["id"], row[owner] if owner else None, row.found_by)
            for row in stored
            if row.found_by is not None
        ),
    )
    if resource.kept is not None:
        resource.kept.put([(row["id"], row.kept) for row in stored], fresh=True)
    return [row["id"] for row in stored]


def stands(
    resource: type[Resource], record: Any, values: Mapping[str, Any], *, expected_version: int | None
) -> bool:
    """Whether a row has these values already, so that there is nothing to do and nothing to tell.

    Raises Stale where it is no longer at `expected_version`.
    """
    if expected_version is not None and record.version != expected_version:
        raise Stale(current=record.version, expected=expected_version)
    return not differing(resource, record, values)


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
    unmasked(changed.values())
    _keeps_one(resource, record, changed)
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
    reindex(resource, [record], changed)
    return True


def update_each(resource: type[Resource], wanted: Sequence[tuple[Any, Mapping[str, Any]]]) -> int:
    """Write to each of many rows its own values; they were just read under a lock. Returns how many changed."""
    columns = [str(field.column) for field in resource.model._meta.local_concrete_fields]
    kept = [c for c in columns if c not in ("tenant_id", "id", "version", "created_at")]
    changed: dict[UUID, Any] = {}
    columns_changed: set[str] = set()
    now = timezone.now()
    for record, values in wanted:
        found = differing(resource, record, values)
        if not found:
            continue
        _keeps_one(resource, record, found)
        resource.derive(found)
        columns_changed |= found.keys()
        for column, value in found.items():
            setattr(record, column, value)
        record.updated_at = now
        changed[record.pk] = record
    rows = [{column: getattr(record, column) for column in columns} for record in changed.values()]
    for row in rows if resource.withheld is not None else ():
        unmasked(row.values())
    update_rows(resource.model, rows, kept)
    for record in changed.values():
        record.version += 1
    reindex(resource, changed.values(), columns_changed)
    return len(changed)


def _keeps_one(resource: type[Resource], record: Any, changed: Mapping[str, Any]) -> None:
    columns = [resource.kind(name).column for name in resource.one_of]
    if not changed.keys().isdisjoint(columns):
        has_one(resource, {column: changed.get(column, getattr(record, column)) for column in columns})


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
        differs |= models.Q(own__has_any_keys=gone)
        for name, value in mine.items():
            differs |= ~models.Q(**{"own__has_key": name, f"own__{name}": value})
        stored["own"] = own.Merged(models.F("own"), gone, mine)
    rows = resource.model._default_manager.filter(differs, pk__among=ids)
    now = timezone.now()
    if not follows(resource, stored):
        return rows.update(**stored, updated_at=now)
    touched = list(rows.values_list("pk", flat=True))
    count = resource.model._default_manager.filter(pk__among=touched).update(**stored, updated_at=now)
    reindex_ids(resource, touched, stored)
    return count


def differing(resource: type[Resource], record: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Of values by column those that a record does not have; of its own fields the whole of `own`."""
    folded = own.fold(resource.fields(), values, getattr(record, "own", {}))
    return {column: value for column, value in folded.items() if getattr(record, column) != value}


def delete(resource: type[Resource], ids: Collection[UUID]) -> int:
    """Delete rows and what hangs on them by Django's rules. Raises Refused where something that must stay refers to
    one."""
    rows = resource.model._default_manager.filter(pk__in=list(ids))
    try:
        _total, by_model = rows.delete()
    except models.ProtectedError as error:
        raise Refused("in_use", _("Something else still refers to it. Remove that first.")) from error
    search.remove(ids)
    if resource.kept is not None:
        resource.kept.remove(ids)
    facts.forget(resource, ids)
    own.tailor().written(resource, ids)
    return by_model.get(resource.model._meta.label, 0)


def derived_columns(resource: type[Resource]) -> set[str] | None:
    """The columns from which more follows than the row: by what it is found, whose it is, what is kept of it.
    None where these may be any."""
    found = _found_by(resource)
    return None if found is None else found | (resource.kept.columns if resource.kept else set())


def _found_by(resource: type[Resource]) -> set[str] | None:
    if resource.search_fields is None:
        return None
    names = (*resource.search_fields, resource.owner)
    return {resource.declared[name].column for name in names if name} | {"own"}


def _all_but_own(resource: type[Resource]) -> set[str]:
    return {str(field.column) for field in resource.model._meta.local_concrete_fields} - {"own"}


def follows(resource: type[Resource], columns: Collection[str]) -> bool:
    """Whether more follows from a change of these columns than the row."""
    known = derived_columns(resource)
    return known is None or not known.isdisjoint(columns)


def reindex(
    resource: type[Resource],
    records: Iterable[Any],
    columns: Collection[str] | None = None,
    *,
    fresh: bool = False,
) -> None:
    """Rebuild what follows from rows of which these columns changed (None: any): what they are found by, what is
    kept of them, the indexes of own fields. `fresh`: they are new, and were nobody's before. Raises own.Taken."""
    records = list(records)
    if not records:
        return
    if columns is None or "own" in columns:
        own.tailor().written(resource, [record.pk for record in records])
    kept = resource.kept
    if kept is not None and (columns is None or not kept.columns.isdisjoint(columns)):
        kept.put([(record.pk, kept.worked_out(vars(record))) for record in records], fresh=False)
    found_by = _found_by(resource)
    if columns is None or found_by is None or not found_by.isdisjoint(columns):
        _write_entries(resource, records)
    if fresh or resource.key not in _given or columns is None:
        return
    if resource.kind(resource.owner).column in columns:
        for tell in _given[resource.key]:
            tell(records)


_given: dict[str, list[Callable[[Sequence[Any]], None]]] = {}


def when_given(key: str, tell: Callable[[Sequence[Any]], None]) -> None:
    """Called once at start-up by an upper context: `tell` hears of records of this resource whose owner was just
    written, inside the operation; not of new ones, and not of an undo, which puts back all that was done."""
    _given.setdefault(key, []).append(tell)


def find_anew(resource: type[Resource], ids: Collection[UUID]) -> None:
    """Rebuild what records are found by, after what is known of them `beside` has changed."""
    if ids:
        _write_entries(resource, list(resource.model._default_manager.filter(pk__among=list(ids))))


def _write_entries(resource: type[Resource], records: Sequence[Any]) -> None:
    owner = resource.kind(resource.owner) if resource.owner else None
    beside = resource.beside.lines([record.pk for record in records]) if resource.beside else {}
    rows = []
    for record in records:
        found = access.found_by(resource, record, beside.get(record.pk, ()))
        if found is None:
            return
        rows.append((record.pk, owner.value(record) if owner else None, found))
    search.replace(resource.key, rows)


def reindex_ids(
    resource: type[Resource],
    ids: Iterable[UUID],
    columns: Collection[str] | None = None,
    *,
    batch: int = 2000,
) -> None:
    """Rebuild what follows from rows that still exist."""
    wanted = list(ids)
    for start in range(0, len(wanted), batch):
        part = wanted[start : start + batch]
        reindex(resource, resource.model._default_manager.filter(pk__among=part), columns)

"""The history of a record as people read it: who changed what from what to what, and when."""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.images import as_of_today, former_names
from guanxi.foundation.ledger.labels import people_named
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.undo import may_undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Kind, Show
from guanxi.resource import access, own
from guanxi.resource.declaration import Resource
from guanxi.resource.models import Merger
from guanxi.resource.withholding import MASK


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, before and after."""

    label: str
    old: str
    new: str
    key: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of the record."""

    id: int
    at: datetime
    who: str
    action: str
    door: str
    verb: str
    operation_id: UUID | None
    undoable: bool
    undone: bool
    of: str = ""  # the record it was done to, where that is part of this one now
    apart: str = ""  # where the two are taken apart again
    fields: Sequence[FieldChange] = field(default_factory=tuple)

    @property
    def merged(self) -> bool:
        """Whether others were made part of the record here."""
        return self.verb.endswith(".merge")


def history_of(
    actor: Actor,
    resource: type[Resource],
    record: Any,
    show: Show,
    *,
    limit: int = 10,
    field: str = "",
    before: int | None = None,
    until: datetime | None = None,
) -> tuple[list[Entry], int | None]:
    """Changes of a record, newest first, and the cursor of the next page or None.

    `until` is the latest moment of theirs. `field` limits them to one field's. Fields hidden from the actor
    are left out, masked ones masked.
    """
    asked = resource.fields().get(field)
    column = asked.column if asked is not None and not asked.own else ""
    tables, names = former_names(resource.model._meta.db_table, [column] if column else (), lately=True)
    parts: dict[UUID, str] = {}
    if resource.offers("merge"):
        merged = Merger.objects.filter(resource=resource.key, record_id=record.pk)
        parts = dict(merged.values_list("gone", "name"))
    rows = Change.objects.filter(table_name__in=tables, row_id__in=[record.pk, *parts])
    if parts:
        rows = rows.exclude(~Q(row_id=record.pk), action=Change.DELETE)
    if before is not None:
        rows = rows.filter(id__lt=before)
    if until is not None:
        rows = rows.filter(at__lte=until)
    # What was said in a field that is out of use now is told, too.
    former = [k for k in own.tailor().former(resource).values() if access.mode(actor, k) != "hide"]
    kinds = {kind.column: kind for kind in (*former, *access.readable(actor, resource))}
    if field:
        wanted = resource.fields().get(field)
        kinds = {c: k for c, k in kinds.items() if k is wanted}
        if wanted is None or not kinds:
            return [], None
        touched = own.changed(wanted.name) if wanted.own else Q(new__has_any_keys=sorted(names))
        rows = rows.filter(touched)
    held = access.withheld(actor, resource, record)
    found = list(rows.order_by(F("id").desc())[: limit + 1])
    more = found[limit - 1].id if len(found) > limit else None
    found = as_of_today(found[:limit], lately=True)
    # With the name of who did it: a question of its own only for changes that are part of no operation.
    who = Subquery(Member.objects.filter(id=OuterRef("actor_id")).values("name")[:1])
    asked_for = Operation.objects.filter(id__in={c.operation_id for c in found}).annotate(who=who)
    operations: dict[UUID | None, Any] = {one.id: one for one in asked_for}
    people = {one.actor_id: one.who or "" for one in operations.values()}
    people |= people_named({change.actor_id for change in found} - people.keys() - {None})
    may_split = bool(parts) and access.allows(actor, resource, record, "merge")
    apart = resource.url("split", id=record.pk) if may_split else ""
    entries = []
    for change in found:
        operation = operations.get(change.operation_id) if change.operation_id else None
        entries.append(
            Entry(
                id=change.id,
                at=change.at,
                who=people.get(change.actor_id, "") if change.actor_id else "",
                action=change.action,
                door=change.door,
                verb=operation.verb if operation else "",
                operation_id=change.operation_id,
                undoable=operation is not None
                and operation.undone_by_id is None
                and may_undo(actor, operation),
                undone=operation is not None and operation.undone_by_id is not None,
                of=parts.get(change.row_id, ""),
                apart=f"{apart}?of={change.row_id}" if apart and change.row_id in parts else "",
                fields=tuple(_fields(resource, kinds, change, show, held, record)),
            )
        )
    return entries, more


def changed_since(resource: type[Resource], record: Any, version: int) -> dict[str, Any]:
    """What was changed in a record after a version of it, by anybody: column → value it had at that version.

    Read from the ledger; where its images are no longer kept, nothing is found.
    """
    tables, _names = former_names(resource.model._meta.db_table, ())
    rows = Change.objects.filter(table_name__in=tables, row_id=record.pk, action=Change.UPDATE)
    # Every update raises the version by one, so they are as many as the versions since.
    since = rows.order_by("-id")[: max(record.version - version, 0)]
    kinds = {kind.column: kind for kind in resource.writable()}
    found: dict[str, Any] = {}
    for change in reversed(as_of_today(since)):  # the oldest first: its images hold what the version held
        old, new = change.old or {}, change.new or {}
        for column in kinds.keys() & new.keys():
            if column not in found:
                found[column] = _stood(kinds[column], record, old.get(column))
    return found


def _stood(kind: Kind, record: Any, value: Any) -> Any:
    """The value of an image beside what else the record says that its field looks at."""
    stored = kind.of_image(value)
    if not kind.looks_at or kind.own:
        return stored
    then = copy(record)
    setattr(then, kind.column, stored)
    return kind.value(then)


def said(resource: type[Resource], kind: Kind, value: Any, show: Show) -> str:
    """A value that stands in no record, through the field's own way of showing it."""
    return _text(resource, kind, value, show)


def _fields(
    resource: type[Resource],
    kinds: dict[str, Kind],
    change: Change,
    show: Show,
    held: Collection[str],
    record: Any,
) -> list[FieldChange]:
    if change.action != Change.UPDATE:
        return []
    old, new = change.old or {}, change.new or {}
    found = []
    for column in new:
        kind = kinds.get(column)
        if kind is None or (kind.only_read and column in ("updated_at", "created_at")):
            continue
        before, after = (
            (MASK if image.get(column) else "")
            if kind.name in held
            else _text(resource, kind, image.get(column), show, _beside(kind, image, record))
            for image in (old, new)
        )
        found.append(FieldChange(label=str(kind.label), old=before, new=after, key=kind.name))
    return found


def _beside(kind: Kind, image: Mapping[str, Any], record: Any) -> dict[str, Any]:
    """What a field looks at, as the image says it, else as it stands now."""
    return {name: image.get(name, getattr(record, name, None)) for name in kind.looks_at if not kind.own}


def _text(
    resource: type[Resource], kind: Kind, value: Any, show: Show, beside: Mapping[str, Any] | None = None
) -> str:
    """An image's value through the field's own way of showing it."""
    if value is None or value == "":
        return ""
    record = resource.model(own={kind.name: value}) if kind.own else resource.model()
    if not kind.own:
        setattr(record, kind.column, kind.of_image(value))
        for name, stood in (beside or {}).items():
            setattr(record, name, stood)
    try:
        return kind.masked(record, show) if access.is_masked(show.actor, kind) else kind.text(record, show)
    except (Member.DoesNotExist, ValueError, TypeError, AttributeError):
        return str(
            value
        )  # who is gone; a field of one's own that bore the name before and held something else

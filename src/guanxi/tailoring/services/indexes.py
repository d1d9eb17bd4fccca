"""Keeping the narrow index in step with what fields ask for: filled at once, or by a job over many records."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from guanxi.foundation.design.languages import later
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import registry, writing
from guanxi.resource.own import Taken
from guanxi.tailoring.models import OwnField, OwnIndex
from guanxi.tailoring.queries.making import indexed_of
from guanxi.tailoring.rules import FILL_AT_ONCE
from guanxi.tailoring.services import narrow
from guanxi.tailoring.services.stamps import touch

FILL, FIND = "tailoring.fill", "tailoring.find"
_BATCH = 5_000


def holders(row: OwnField) -> Any:
    """The records that have a value in the field."""
    return registry.find(row.resource).model._default_manager.filter(own__has_key=row.name)


def reconcile(actor: Actor) -> None:
    """Begin what fields ask for and indexes do not have yet, and drop what nobody asks for any more."""
    fields = {row.id: row for row in OwnField.objects.all()}
    held = {index.field_id: index for index in OwnIndex.objects.all()}
    for field_id, index in held.items():
        row = fields.get(field_id)
        if row is None or not row.keeps_index:
            index.delete()
            _carry_out(actor, row, field_id)
    for row in fields.values():
        mine = held.get(row.id)
        if not row.keeps_index or (mine is not None and mine.sole == row.unique):
            continue
        if mine is not None:
            mine.delete()
        made = OwnIndex(field_id=row.id, sole=row.unique)
        made.save(force_insert=True)
        _carry_out(actor, row, row.id, made)


def _carry_out(actor: Actor, row: OwnField | None, field_id: UUID, index: OwnIndex | None = None) -> None:
    touch()
    few = row is None or not holders(row)[FILL_AT_ONCE : FILL_AT_ONCE + 1].exists()
    if few and row is not None:
        fill(actor, row)
    elif row is None:
        narrow.clear(field_id)
    else:
        label = later(lambda: gettext("Index of “%(field)s”") % {"field": row.shown_label})
        job = enqueue(actor, FILL, label=label, field=str(row.id))
        if index is not None:
            index.job = job.id
            index.save(update_fields=["job"])


def fill(actor: Actor, row: OwnField, progress: Any = None) -> tuple[int, list[str]]:
    """Fill the field's index from all records, or empty it where nobody asks for it any more.

    Returns how many records it holds, and values that stand in several records where each was to stand once: the
    field is then unique no more.
    """
    resource = registry.find(row.resource)
    narrow.lock(resource.key, alone=True)
    index = OwnIndex.objects.filter(field_id=row.id).first()
    narrow.clear(row.id)
    if index is None:
        return 0, []
    ids = list(holders(row).order_by("pk").values_list("pk", flat=True))
    twice: list[str] = []
    try:
        _write_all(row, ids, progress)
    except Taken:
        twice = narrow.doubles(resource, row.name)
        _give_up(actor, row, index)
        if not row.keeps_index:
            return 0, twice
        _write_all(row, ids, progress)
    index.ready = True
    index.save(update_fields=["ready"])
    touch()
    return len(ids), twice


def _write_all(row: OwnField, ids: list[UUID], progress: Any) -> None:
    resource = registry.find(row.resource)
    fields = [indexed_of(row)]
    for start in range(0, len(ids), _BATCH):
        narrow.write(resource, ids[start : start + _BATCH], fields)
        if progress is not None:
            progress(min(start + _BATCH, len(ids)), len(ids))


def _give_up(actor: Actor, row: OwnField, index: OwnIndex) -> None:
    """Somebody was quicker than the index and entered a value twice: the field is not unique after all."""
    with operation(actor, "tailoring.field.edit", record_id=row.id, label=row.named):
        row.unique = False
        row.save(update_fields=["unique", "updated_at"])
    narrow.clear(row.id)
    if row.keeps_index:
        index.sole = False
        index.save(update_fields=["sole"])
    else:
        index.delete()
    touch()


def renew_search(actor: Actor, row: OwnField) -> None:
    """The search takes the field's words up, or forgets them."""
    if not holders(row)[FILL_AT_ONCE : FILL_AT_ONCE + 1].exists():
        find_again(row)
        return
    label = later(lambda: gettext("Search by “%(field)s”") % {"field": row.shown_label})
    enqueue(actor, FIND, label=label, field=str(row.id))


def find_again(row: OwnField, progress: Any = None) -> int:
    """Rebuild what the records with a value in the field are found by; returns how many."""
    resource = registry.find(row.resource)
    ids = list(holders(row).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), _BATCH):
        writing.reindex_ids(resource, ids[start : start + _BATCH], {"own"})
        if progress is not None:
            progress(min(start + _BATCH, len(ids)), len(ids))
    return len(ids)

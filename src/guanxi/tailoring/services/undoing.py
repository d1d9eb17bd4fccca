"""What must hold when a change of fields or layouts is undone, and what follows from it."""

from collections.abc import Iterator
from typing import Any

from guanxi.foundation.ledger.conflicts import Part, RowConflict
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import registry
from guanxi.tailoring.models import Layout, OwnField, OwnOption
from guanxi.tailoring.services.fields import MANAGE, refuse_with_values
from guanxi.tailoring.services.indexes import holders, reconcile, renew_search
from guanxi.tailoring.services.stamps import touch

_TABLES = [model._meta.db_table for model in (OwnField, OwnOption, Layout)]


def guard(actor: Actor, found: Operation, part: Part) -> Iterator[RowConflict]:
    """A field that came with records, and in which others have values now, cannot go with them. Raises Forbidden for
    whoever does not manage fields, Refused where a field with values would go by itself."""
    changes = part.changes().filter(table_name__in=_TABLES)
    if not changes.exists():
        return
    actor.require(MANAGE)
    made = changes.filter(table_name=OwnField._meta.db_table, action=Change.INSERT)
    fields = list(OwnField.objects.filter(id__in=made.values("row_id")))
    if found.verb.startswith("tailoring."):
        refuse_with_values(fields)
        return
    for row in fields:
        if not _other_holders(row, part).exists():
            continue
        image = {"label_zh": row.label_zh, "label_en": row.label_en}
        yield RowConflict("referenced", OwnField._meta.db_table, row.id, image=image)
        for option in OwnOption.objects.filter(field_id=row.id):
            image = {"label_zh": option.label_zh, "label_en": option.label_en}
            yield RowConflict("referenced", OwnOption._meta.db_table, option.id, image=image)


def _other_holders(row: OwnField, part: Part) -> Any:
    """Records with a value in the field that it keeps, for nothing of them is put back."""
    table = registry.find(row.resource).model._meta.db_table
    return holders(row).exclude(pk__in=part.changes().filter(table_name=table).values("row_id"))


def follow(actor: Actor, undoing: Operation) -> None:
    """After an undo: other processes learn of it, indexes and search follow."""
    changes = Change.objects.filter(operation_id=undoing.id, table_name__in=_TABLES)
    if not changes.exists():
        return
    touch()
    reconcile(actor)
    fields = changes.filter(table_name=OwnField._meta.db_table, action=Change.UPDATE)
    # Whether the search takes a field up hangs on these two.
    found_by = fields.filter(new__has_any_keys=["searched", "state"]).values("row_id")
    for row in OwnField.objects.filter(id__in=found_by):
        renew_search(actor, row)

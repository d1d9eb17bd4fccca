"""What must hold when a change of fields or layouts is undone, and what follows from it."""

from collections.abc import Iterable
from uuid import UUID

from guanxi.foundation.ledger.conflicts import Part
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.tailoring.models import Layout, OwnField, OwnOption
from guanxi.tailoring.services.fields import MANAGE, refuse_with_values
from guanxi.tailoring.services.indexes import reconcile, renew_search
from guanxi.tailoring.services.stamps import touch

_TABLES = [model._meta.db_table for model in (OwnField, OwnOption, Layout)]


def guard(actor: Actor, found: Operation, part: Part) -> Iterable[tuple[str, UUID]]:
    """Raises Forbidden for whoever does not manage fields, Refused where a field with values would go."""
    changes = part.changes().filter(table_name__in=_TABLES)
    if changes.exists():
        actor.require(MANAGE)
        made = changes.filter(table_name=OwnField._meta.db_table, action=Change.INSERT)
        refuse_with_values(list(OwnField.objects.filter(id__in=made.values("row_id"))))
    return ()


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

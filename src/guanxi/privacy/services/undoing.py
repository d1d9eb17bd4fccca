"""Nothing that was erased comes back by an undo."""

from collections.abc import Iterable
from uuid import UUID

from guanxi.foundation.ledger.conflicts import Part
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.privacy.models import Erasure


def guard(actor: Actor, found: Operation, part: Part) -> Iterable[tuple[str, UUID]]:
    """The rows of an operation that were erased since: all the others can still be undone."""
    rows = set(part.changes().values_list("table_name", "row_id").distinct()[:5000])
    ids = [row_id for _table, row_id in rows]
    erased: set[UUID] = set()
    for each in Erasure.objects.filter(rows__overlap=ids).values_list("rows", flat=True):
        erased |= set(each)
    return [(table, row_id) for table, row_id in rows if row_id in erased]

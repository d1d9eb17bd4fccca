"""After an undo: what is derived from rows is rebuilt."""

from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.search import services as search
from guanxi.resource import registry, writing

_BATCH = 2000


def rebuild(actor: Actor, undoing: Operation) -> None:
    """Search entries of every row the undo touched: gone rows in one statement, the others in batches."""
    search.remove_restored(undoing)
    changes = Change.objects.filter(operation_id=undoing.id).exclude(action=Change.DELETE)
    for table in changes.values_list("table_name", flat=True).distinct():
        resource = registry.find_by_table(table)
        if resource is None:
            continue
        ids = changes.filter(table_name=table).values_list("row_id", flat=True).distinct()
        writing.reindex_ids(resource, ids.iterator(chunk_size=_BATCH), batch=_BATCH)

"""After an undo: what is derived from rows is rebuilt."""

from django.db.models import Q, QuerySet

from guanxi.foundation.ledger.conflicts import RowConflict
from guanxi.foundation.ledger.images import former_names
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.search import services as search
from guanxi.kernel.errors import Conflict
from guanxi.resource import own, registry, writing
from guanxi.resource.declaration import Resource
from guanxi.resource.own import Taken

_BATCH = 2000


def rebuild(actor: Actor, undoing: Operation) -> None:
    """Search entries of every row the undo touched: gone rows in one statement, the others in batches."""
    search.remove_restored(undoing)
    _forget_gone(undoing)
    changes = Change.objects.filter(operation_id=undoing.id).exclude(action=Change.DELETE)
    for table in changes.values_list("table_name", flat=True).distinct():
        resource = registry.find_by_table(table)
        if resource is None:
            continue
        rows = _found_otherwise(resource, changes.filter(table_name=table))
        ids = rows.values_list("row_id", flat=True).distinct()
        try:
            writing.reindex_ids(resource, ids.iterator(chunk_size=_BATCH), batch=_BATCH)
        except Taken as error:
            raise Conflict([RowConflict("taken", table, one, (error.name,)) for one in error.ids]) from error


def _found_otherwise(resource: type[Resource], changes: QuerySet[Change]) -> QuerySet[Change]:
    """Those of changes after which a record may be found by something else: under whatever names their images have."""
    columns = writing.derived_columns(resource)
    if columns is None:
        return changes
    _tables, names = former_names(resource.model._meta.db_table, columns)
    return changes.filter(Q(action=Change.INSERT) | Q(new__has_any_keys=sorted(names)))


def _forget_gone(undoing: Operation) -> None:
    """Rows that the undo took away leave the indexes of own fields, before others take their unique values, and what
    is kept of them."""
    gone = Change.objects.filter(operation_id=undoing.id, action=Change.DELETE)
    for table in gone.values_list("table_name", flat=True).distinct():
        resource = registry.find_by_table(table)
        if resource is not None:
            ids = gone.filter(table_name=table).values_list("row_id", flat=True)
            own.tailor().written(resource, ids.iterator(chunk_size=_BATCH))
            if resource.kept is not None:
                resource.kept.remove(list(ids))

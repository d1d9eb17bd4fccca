"""Taking away what was said, tagged and followed of records that can no longer come back.

A record that is gone comes back by the image of its deletion and by nothing else. Until the ledger has forgotten
that image, everything around the record stays as it was.
"""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from guanxi.collaboration.models import Comment, Follow, Tagging
from guanxi.foundation.ledger.models import Change
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import system_actor
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import every

SWEEP = "collaboration.remains.sweep"
MOST = 5_000  # rows of a kind in one night: what is left goes in the next


def sweep_remains(*, most: int = MOST) -> int:
    """Take away what is left of records for good, in the company in scope; returns how many rows. Idempotent."""
    actor = system_actor(require_scope().tenant_id)
    swept = 0
    for resource in every():
        remains = {
            model: list(_remains(model, resource).values_list("pk", flat=True)[:most])
            for model in (Comment, Tagging, Follow)
        }
        if not any(remains.values()):
            continue
        with operation(actor, SWEEP) as opened:
            for model, ids in remains.items():
                # Asked again: meanwhile the same id may have come from a backup or an import.
                _remains(model, resource).filter(pk__in=ids).delete()
            gone = sum(map(len, remains.values()))
            describe(opened, swept=gone)
        swept += gone
    return swept


def _remains(model: Any, resource: type[Resource]) -> QuerySet[Any]:
    """Rows about records of a kind that are neither there nor in any image of a deletion."""
    everybody = access.visible(system_actor(require_scope().tenant_id), resource)
    there = everybody.filter(pk=OuterRef("record_id"))
    deleted = Change.objects.filter(row_id=OuterRef("record_id"), action=Change.DELETE)
    rows: QuerySet[Any] = model.objects.filter(~Exists(there), ~Exists(deleted), resource=resource.key)
    return rows

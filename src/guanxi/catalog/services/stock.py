"""Writing warehouses, and what lies in them as it was last told."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.catalog.models import Stock
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.standard import standard
from guanxi.resource.taken import saying_taken

warehouses = saying_taken(
    standard("warehouses"), {"warehouse_name": ("name", _("There is a warehouse of this name."))}
)
_usual = saying_taken(
    standard("stock"), {"stock_once": ("product", _("Its stock in this warehouse is told already."))}
)


def update_imported(
    actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]], fresh: Collection[UUID] = ()
) -> int:
    """An import's figures: told now unless the file says when. What was told before what stands there changes nothing.
    Raises Forbidden, Refused."""
    now = timezone.now()
    there = dict(Stock.objects.filter(pk__in=[pk for pk, _values in changes]).values_list("pk", "told_at"))
    told = [(pk, {"told_at": now, **values} if "quantity" in values else values) for pk, values in changes]
    newer = [
        (pk, values)
        for pk, values in told
        if pk not in there or values.get("told_at") is None or values["told_at"] >= there[pk]
    ]
    count: int = _usual.update_imported(actor, changes=newer, fresh=fresh)
    return count


verbs = _usual._replace(update_imported=update_imported)

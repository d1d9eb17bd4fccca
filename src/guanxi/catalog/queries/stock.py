"""What lies in stock as we were last told."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Min, Sum

from guanxi.catalog.models import Stock
from guanxi.foundation.permissions.actor import Actor

SEE = "catalog.warehouse.view"


class InStock(NamedTuple):
    """What lies in all warehouses in use together, in thousandths of the product's own `unit`, and when the oldest of
    these figures was told."""

    quantity: int
    unit: str
    told_at: datetime


def in_stock(actor: Actor, ids: Collection[UUID]) -> dict[UUID, InStock]:
    """Of each product what lies in stock; one that nobody has told of is left out. A variant or a part has a figure of
    its own: units of different products are never added up."""
    if not actor.may(SEE):
        return {}
    rows = (
        Stock.objects.filter(product_id__in=list(ids), warehouse__closed=False)
        .values("product_id", "product__unit")
        .annotate(quantity_sum=Sum("quantity"), oldest=Min("told_at"))
        .order_by()
    )
    return {
        row["product_id"]: InStock(int(row["quantity_sum"]), row["product__unit"], row["oldest"])
        for row in rows
    }

"""Open sales follow their customer: whoever answers for it from now on answers for those of whoever did before."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from guanxi.customers.models import Customer, Transfer
from guanxi.foundation.ledger.services import current_operation
from guanxi.resource import writing
from guanxi.resource.registry import find
from guanxi.sales.choices import State
from guanxi.sales.models import Opportunity


def follow(customers: Sequence[Customer]) -> None:
    """Customers have just changed hands, in the open operation. Sales of other colleagues with them stay theirs."""
    opened = current_operation()
    if opened is None:
        return
    ids = [one.pk for one in customers]
    sales = list(
        Opportunity.objects.filter(customer__in=ids, state=State.OPEN)
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    if not sales:
        return
    lines = Transfer.objects.filter(operation=opened.id, customer__in=ids).order_by("created_at", "id")
    hands: dict[UUID, tuple[UUID | None, UUID | None]] = {
        customer: (former, now)
        for customer, former, now in lines.values_list("customer", "former_owner", "owner")
        if former != now
    }
    wanted: list[tuple[Opportunity, dict[str, Any]]] = []
    for one in sales:
        former, now = hands.get(one.customer_id, (None, None)) if one.customer_id else (None, None)
        if one.owner_id == former and one.owner_id != now:
            wanted.append((one, {"owner_id": now}))
    writing.update_each(find("opportunities"), wanted)

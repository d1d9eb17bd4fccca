"""How much credit a customer gets: rating, limit, days. Of what it was before the ledger tells."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access, guards, writing
from guanxi.resource.registry import find

FIELDS = ("credit_rating", "credit_limit", "credit_days")


def set_credit(actor: Actor, *, ids: Collection[UUID], **given: Any) -> int:
    """Give customers a credit rating, limit (分) and days; what is None or "" stays. Customers beyond reach are left
    alone; returns how many changed. Raises Forbidden, and KeyError for another field."""
    resource = find("customers")
    actor.require(resource.permission("credit"))
    values = {resource.kind(name).column: value for name, value in given.items() if value not in (None, "")}
    if not values.keys() <= set(FIELDS):
        raise KeyError(", ".join(sorted(values.keys() - set(FIELDS))))
    rows = access.visible(actor, resource).filter(access.reach_q(actor, resource, "credit"), pk__among=ids)
    mine = list(rows.values_list("pk", flat=True))
    with operation(actor, resource.act("credit")) as opened:
        guards.check(actor, resource, "credit", mine, values)
        count = writing.update_many(resource, mine, values) if values else 0
        describe(opened, updated=count)
    return count

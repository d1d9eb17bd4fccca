"""Customers out of a pool and into it: claimed, released, moved; one verb each, actor first."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from guanxi.customers.choices import Pooled
from guanxi.customers.models import Pool
from guanxi.customers.queries.pools import CUSTOMERS, pool_of
from guanxi.customers.services.claiming import Claims
from guanxi.customers.services.holding import has_room
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.kinds.kind import Words
from guanxi.resource import access, guards, writing
from guanxi.resource.registry import find

MOVE = "customers.customer.move"


def _more(left: int) -> Words:
    return ngettext_lazy(
        "%(pool)s: you may claim %(left)s more customer today.",
        "%(pool)s: you may claim %(left)s more customers today.",
        left,
    )


CLAIMS = Claims(
    "customers",
    Pooled.CUSTOMERS,
    CUSTOMERS,
    more=_more,
    poolless=_("%(name)s belongs to no pool. Choose one."),
    has_room=has_room,
)
claim, release, who_was_quicker = CLAIMS.claim, CLAIMS.release, CLAIMS.who_was_quicker


def _resource() -> Any:
    return find("customers")


def move(actor: Actor, *, ids: Collection[UUID], into: UUID) -> int:
    """Put customers into another pool, with their owner or without. Those of pools that the actor does not administer
    are left alone unless the right reaches them; returns how many changed. Raises Forbidden, NotFound."""
    actor.require(MOVE)
    if not Pool.objects.filter(pk=into).exists():
        raise NotFound("not_found", {"resource": "pools"})
    rows = access.visible(actor, _resource()).filter(
        access.reach_q(actor, _resource(), "move"), pk__among=ids
    )
    mine = list(rows.values_list("pk", flat=True))
    with operation(actor, MOVE) as opened:
        guards.check(actor, _resource(), "move", mine, {"pool_id": into})
        count = writing.update_many(_resource(), mine, {"pool_id": into})
        describe(opened, updated=count)
    return count


def with_pools(rows: Sequence[Any]) -> Sequence[Any]:
    """New customers, by stored column, with the pool of whoever owns them where none is said; of suppliers, banks and
    the like none."""
    bare = [
        row for row in rows if not row.get("pool_id") and "customer" in row.get("relations", "").split(",")
    ]
    owners = {row["owner_id"] for row in bare if row.get("owner_id")}
    pools = {owner: pool for owner in owners if (pool := pool_of(owner)) is not None}
    for row in bare if pools else ():
        row["pool_id"] = pools.get(row.get("owner_id"))
    return rows


def pooled(values: dict[str, Any]) -> None:
    """What follows from an owner who comes or goes: since when a customer lies in its pool."""
    if "owner_id" in values:
        values["pooled_at"] = None if values["owner_id"] else values.get("pooled_at") or timezone.now()

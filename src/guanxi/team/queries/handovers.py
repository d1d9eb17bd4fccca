"""Handovers as those see them who arranged them, take over, or stand above."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.team.choices import RUN
from guanxi.team.models import Handover, Share

SHOWN = 50


def seen(actor: Actor) -> QuerySet[Handover]:
    """Those the actor may know of: arranged by him, of which he got a share, or of people within his right."""
    mine = Q(by_id=actor.member_id) | Q(shares__successor_id=actor.member_id)
    if actor.may(RUN):
        within = actor.members_within(RUN)
        if within is None:
            return Handover.objects.all()
        mine |= Q(member_id__in=within)
    return Handover.objects.filter(mine).distinct()


def find_handover(actor: Actor, handover_id: UUID) -> Handover:
    """Raises NotFound."""
    found = seen(actor).filter(pk=handover_id).first()
    if found is None:
        raise NotFound("not_found", {})
    return found


def operation_of(handover: Handover) -> UUID | None:
    """The operation that it was done in."""
    rows = Operation.objects.filter(record_id=handover.pk, verb=RUN)
    return rows.values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True)
class Got:
    """A share with the customers in it that the reader sees, a page of them."""

    share: Share
    customers: Sequence[Any]
    more: int


def shares_of_handover(actor: Actor, handover: Handover, mine: bool = False) -> list[Got]:
    """Who got what; with `mine` only one's own. The customers are those in sight."""
    rows = (
        Share.objects.filter(handover=handover)
        .select_related("successor")
        .order_by("successor__name_sort", "pk")
    )
    if mine:
        rows = rows.filter(successor_id=actor.member_id)
    found = []
    for share in rows:
        visible = access.visible(actor, find("customers")).filter(
            pk__in=share.customers.values("customer_id")
        )
        customers = list(visible.order_by("grade_order", "name_sort", "id")[:SHOWN])
        found.append(Got(share, customers, max(share.counts.get("customers", 0) - len(customers), 0)))
    return found

"""Customers that their owners keep out of their pool."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from guanxi.customers.models import Lock
from guanxi.foundation.ledger.services import while_unwritten

# What a lock without an end ends on, so that days can be compared.
ALWAYS = date.max


def in_force(day: date | None = None) -> QuerySet[Lock]:
    """The locks that keep a customer through a day, today without one. A former owner's keeps nothing."""
    until = Q(until__isnull=True) | Q(until__gte=day or timezone.localdate())
    return Lock.objects.filter(until, member=F("customer__owner"))


def locked_until(customers: Collection[UUID]) -> Mapping[UUID, date]:
    """Until which day customers are locked, ALWAYS for those without an end; those that are not are left out."""
    rows = in_force().filter(customer__among=list(customers)).order_by()
    return {pk: until or ALWAYS for pk, until in rows.values_list("customer_id", "until")}


def lock_of(customer_id: UUID) -> date | None:
    """Until which day one customer is locked, as `locked_until`; asked once for a page."""
    found = while_unwritten(("lock", customer_id), lambda: locked_until([customer_id]))
    return found.get(customer_id)


def locks_held(members: Collection[UUID], pools: Collection[UUID]) -> dict[tuple[UUID, UUID], int]:
    """How many customers of each pool each of these people keeps locked, by (pool, person)."""
    rows = in_force().filter(member__in=list(members), customer__pool__in=list(pools)).order_by()
    found: dict[tuple[UUID, UUID], int] = {}
    for pool, member in rows.values_list("customer__pool_id", "member_id"):
        found[pool, member] = found.get((pool, member), 0) + 1
    return found

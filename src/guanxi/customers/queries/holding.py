"""How many customers of a pool a person holds, of those that count (`rules.pools.Counting`)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from guanxi.customers.models import Customer, Pool
from guanxi.customers.queries.locks import in_force
from guanxi.customers.rules.pools import Counting

Pair = tuple[UUID, UUID]  # a pool and who owns customers of it


def counting_of(pool: Pool) -> Counting:
    """What of a pool does not count."""
    return Counting(
        grades=_codes(pool.uncounted_grades),
        categories=_codes(pool.uncounted_categories),
        registrations=_codes(pool.uncounted_registrations),
        locked=pool.uncounted_locked,
    )


def _codes(text: str) -> frozenset[str]:
    return frozenset(filter(None, text.split(",")))


def counted_q(counting: Counting) -> Q:
    """Those customers that count: the same said in SQL."""
    found = Q()
    for column, named in (
        ("grade", counting.grades),
        ("category", counting.categories),
        ("registration", counting.registrations),
    ):
        if named:
            found &= ~Q(**{f"{column}__in": sorted(named)})
    return found & ~Q(Exists(in_force().filter(customer=OuterRef("pk")))) if counting.locked else found


def limits_of(pools: Iterable[UUID | None]) -> dict[UUID, Pool]:
    """Those of some pools that limit what a person may hold."""
    wanted = {one for one in pools if one is not None}
    rows = Pool.objects.filter(pk__in=wanted, holds_a_person__isnull=False) if wanted else Pool.objects.none()
    return {pool.pk: pool for pool in rows}


def held(pools: Iterable[Pool], members: Collection[UUID]) -> Mapping[Pair, int]:
    """How many customers that count each of these people holds of each of these pools; 0 is left out."""
    found: dict[Pair, int] = {}
    for pool in pools:
        rows = Customer.objects.filter(counted_q(counting_of(pool)), pool=pool, owner__in=list(members))
        counted: Any = rows.order_by().values("owner").annotate(n=Count("pk")).values_list("owner", "n")
        found |= {(pool.pk, owner): number for owner, number in counted}
    return found

"""What somebody holds: counted, and how it would be split."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from guanxi.customers.models import Customer
from guanxi.kinds.kind import Words
from guanxi.resource.declaration import Resource
from guanxi.resource.holding import Holding, holdings
from guanxi.resource.registry import find
from guanxi.team.rules import Plan, kin

CUSTOMERS = "customers"


@dataclass(frozen=True, slots=True)
class Held:
    """How many records of a resource somebody holds."""

    resource: type[Resource]
    count: int

    @property
    def words(self) -> Words:
        """So many of them, in words."""
        return self.resource.count_words(self.count)


def rows_of(holding: Holding, member: UUID) -> QuerySet[Any]:
    """The records of a holding that somebody answers for, whoever asks."""
    resource = find(holding.resource)
    owner = resource.kind(resource.owner).column
    rows: QuerySet[Any] = resource.model._default_manager.filter(holding.only, **{owner: member})
    return rows


def held_by(member: UUID) -> list[Held]:
    """All that somebody holds, kind by kind. One statement each."""
    return [Held(find(one.resource), rows_of(one, member).count()) for one in holdings()]


def split_of(member: UUID, by: str) -> list[tuple[str, int]]:
    """Into which parts somebody's customers fall by a field, the largest first: (value, how many)."""
    values = Customer.objects.filter(owner_id=member).values_list(by, flat=True).order_by()
    return Counter(kin(by, value) for value in values).most_common()


def successors_of(member: UUID, plan: Plan) -> dict[UUID, list[UUID]]:
    """By successor the customers of somebody that he would take over."""
    rows = Customer.objects.filter(owner_id=member).order_by("pk")
    found: dict[UUID, list[UUID]] = {}
    for customer, value in rows.values_list("pk", plan.by or "grade"):
        found.setdefault(plan.successor(customer, value), []).append(customer)
    return found


def shares_of(
    holding: Holding, member: UUID, of_customer: dict[UUID, UUID], rest: UUID
) -> dict[UUID, list[UUID]]:
    """By successor the records of a holding: with the customer they belong to, else to whoever takes the rest."""
    column = find(holding.resource).kind(holding.follows).column if holding.follows else ""
    found: dict[UUID, list[UUID]] = {}
    rows = rows_of(holding, member).order_by("pk")
    pairs: Sequence[tuple[UUID, UUID | None]] = list(
        rows.values_list("pk", column) if column else ((pk, None) for pk in rows.values_list("pk", flat=True))
    )
    for pk, customer in pairs:
        successor = of_customer.get(customer, rest) if customer else rest
        found.setdefault(successor, []).append(pk)
    return found

"""What taxes, other currencies, bundles and configured machines come to. Prices in ten-thousandths throughout."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from guanxi.kernel.prices import BASIS, QUANTITY_PLACES, half_up

RATE_PLACES = 8  # of an exchange rate: what one unit is worth in our own currency
_R = TypeVar("_R")


def with_tax(price: int, rate: int) -> int:
    """A price without tax as it is with a rate (basis points) on it, rounded half up."""
    return half_up(price * (BASIS + rate), BASIS)


def without_tax(price: int, rate: int) -> int:
    """A price with tax as it is without it, rounded half up."""
    return half_up(price * BASIS, BASIS + rate)


def in_force(rows: Iterable[tuple[date | None, date | None, _R]], day: date) -> _R | None:
    """Of what holds from a day to another (both included, None: without end) the latest begun that holds on a day."""
    held = [
        (since or date.min, what)
        for since, until, what in rows
        if (since or date.min) <= day <= (until or date.max)
    ]
    return max(held, key=lambda one: one[0])[1] if held else None


def rate_on(rates: Iterable[tuple[date, int]], day: date) -> int | None:
    """The exchange rate of a day: the last one on or before it. None where there is none; never 1."""
    before = [one for one in rates if one[0] <= day]
    return max(before)[1] if before else None


def to_own(amount: int, rate: int) -> int:
    """An amount or price brought over to our own currency, rounded half up; the same decimals as before."""
    return half_up(amount * rate, 10**RATE_PLACES)


def from_own(amount: int, rate: int) -> int:
    """One of our own brought over to the other currency, rounded half up. `rate` is above zero."""
    return half_up(amount * 10**RATE_PLACES, rate)


def bundle_sum(parts: Iterable[tuple[int, int | None]]) -> int | None:
    """What a bundle comes to by its parts (quantity, price or cost of one), rounded once. None where one is not
    known: a sum without it would look complete."""
    total = 0
    for quantity, price in parts:
        if price is None:
            return None
        total += quantity * price
    return half_up(total, 10**QUANTITY_PLACES)


@dataclass(frozen=True, slots=True)
class Choice:
    """An option that can be chosen of a machine; `cost` None where nobody knows it."""

    id: UUID
    group: UUID
    price: int = 0
    cost: int | None = 0
    excludes: UUID | None = None
    needs: UUID | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What is to be chosen: at least one where `required`, at most one unless `several`."""

    id: UUID
    required: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True)
class Configured:
    """What a machine with its options costs, and what is wrong with the choice. `missing`: groups of which something
    must be chosen; `crowded`: groups of which too much is; `clashing`: options that exclude each other; `lacking`:
    options without what they need; `unknown`: ids that are no options of it."""

    price: int | None
    cost: int | None
    missing: tuple[UUID, ...] = ()
    crowded: tuple[UUID, ...] = ()
    clashing: tuple[tuple[UUID, UUID], ...] = ()
    lacking: tuple[UUID, ...] = ()
    unknown: tuple[UUID, ...] = ()

    @property
    def can_be_built(self) -> bool:
        """Whether nothing is wrong with the choice."""
        return not (self.missing or self.crowded or self.clashing or self.lacking or self.unknown)


def configured(
    price: int | None,
    cost: int | None,
    groups: Collection[Group],
    options: Mapping[UUID, Choice],
    chosen: Collection[UUID],
) -> Configured:
    """A machine's price and cost with the chosen options, and whether they fit together."""
    known = [options[one] for one in dict.fromkeys(chosen) if one in options]
    held = {one.id for one in known}
    taken: dict[UUID, int] = {}
    for one in known:
        taken[one.group] = taken.get(one.group, 0) + 1
    clashing = {
        (min(one.id, one.excludes), max(one.id, one.excludes))
        for one in known
        if one.excludes is not None and one.excludes in held
    }
    costs = [one.cost for one in known]
    return Configured(
        price=None if price is None else price + sum(one.price for one in known),
        cost=None if cost is None or None in costs else cost + sum(filter(None, costs)),
        missing=tuple(group.id for group in groups if group.required and not taken.get(group.id)),
        crowded=tuple(group.id for group in groups if not group.several and taken.get(group.id, 0) > 1),
        clashing=tuple(sorted(clashing)),
        lacking=tuple(one.id for one in known if one.needs is not None and one.needs not in held),
        unknown=tuple(one for one in dict.fromkeys(chosen) if one not in options),
    )

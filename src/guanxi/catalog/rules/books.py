"""Which price book holds for whom, which of its prices for a quantity, and whether that may be gone below."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Buyer:
    """What a price depends on of a customer: the codes of the regions it lies in, its grade, what it is to us."""

    regions: frozenset[str] = frozenset()
    grade: str = ""
    relations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Book:
    """A price book: whom it is meant for (empty: everybody) and the days it holds, both included."""

    id: UUID
    currency: str = "CNY"
    region: str = ""
    grade: str = ""
    relation: str = ""
    since: date | None = None
    until: date | None = None
    position: int = 0

    @property
    def conditions(self) -> int:
        """How many things it asks of a customer."""
        return bool(self.region) + bool(self.grade) + bool(self.relation)


@dataclass(frozen=True, slots=True, order=True)
class Break:
    """A price from a quantity on, and the floor beneath it."""

    from_quantity: int
    price: int
    floor: int | None = field(default=None, compare=False)


def holds(book: Book, buyer: Buyer, day: date, currency: str = "") -> bool:
    """Whether a book may be used for a customer on a day; with a currency, for a price in it."""
    return (
        (not currency or book.currency == currency)
        and (book.since is None or book.since <= day)
        and (book.until is None or day <= book.until)
        and (not book.region or book.region in buyer.regions)
        and (not book.grade or book.grade == buyer.grade)
        and (not book.relation or book.relation in buyer.relations)
    )


def in_order(
    books: Iterable[Book], buyer: Buyer, day: date, currency: str = "", own: str = "CNY"
) -> list[Book]:
    """The books that hold, the one to ask first at the head: by the position people gave, then our own currency before
    others, what is meant for fewer customers before what is for more, what began later before what began earlier."""
    found = [book for book in books if holds(book, buyer, day, currency)]
    return sorted(
        found,
        key=lambda book: (
            book.position,
            book.currency != own,
            -book.conditions,
            -len(book.region.rstrip("0")),
            -(book.since or date.min).toordinal(),
            str(book.id),
        ),
    )


def price_for_quantity(breaks: Collection[Break], quantity: int) -> Break | None:
    """The price of the highest break that a quantity reaches; None where it reaches none."""
    reached = [one for one in breaks if one.from_quantity <= quantity]
    return max(reached, default=None, key=lambda one: one.from_quantity)


def next_break(breaks: Sequence[Break], quantity: int) -> Break | None:
    """The next break above a quantity, which may be worth telling a customer; None where there is none."""
    above = [one for one in breaks if one.from_quantity > quantity]
    return min(above, default=None, key=lambda one: one.from_quantity)


def is_below_floor(price: int, floor: int | None) -> bool:
    """Whether a price needs approval. Where there is no floor nothing is below it."""
    return floor is not None and price < floor

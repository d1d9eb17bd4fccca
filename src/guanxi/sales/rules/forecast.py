"""What counts in a forecast of a stretch of days, and why it moved. Pure."""

from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

COUNTED = ("commit", "best", "pipeline")  # categories that a forecast counts


@dataclass(slots=True)
class Sums:
    """Amounts in minor units of the company's own currency; `unknown` sales have none. Of one product: how much of it
    is open, likely (by each sale's chance) and won, in thousandths of its unit."""

    won: int = 0
    commit: int = 0
    best: int = 0
    pipeline: int = 0
    weighted: int = 0
    sales: int = 0
    unknown: int = 0
    quantity: int = 0
    likely: int = 0
    won_quantity: int = 0

    @property
    def open(self) -> int:
        """What may still come, however sure."""
        return self.commit + self.best + self.pipeline

    def add(self, other: "Sums") -> None:
        """Sums of both."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


FEW = 5  # of fewer sales a comparison says little


@dataclass(slots=True)
class Word:
    """What was forecast at a moment: the certain part, in all, weighted, and of how many sales."""

    commit: int = 0
    open: int = 0
    weighted: int = 0
    sales: int = 0

    def add(self, other: "Word") -> None:
        """Sums of both."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass(slots=True)
class Told:
    """What was forecast, at one moment after the other, and what was won, by how many sales."""

    said: list[Word]
    won: int = 0
    sales: int = 0

    @property
    def is_small(self) -> bool:
        """Whether these are too few sales to say much."""
        return max(self.sales, *(one.sales for one in self.said), 0) < FEW

    def add(self, other: "Told") -> None:
        """Sums of both."""
        for mine, theirs in zip(self.said, other.said, strict=True):
            mine.add(theirs)
        self.won, self.sales = self.won + other.won, self.sales + other.sales


def hit(won: int, said: int) -> int | None:
    """What was won in percent of what was forecast; None where nothing was."""
    return round(100 * won / said) if said else None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a sale stood at a moment; `amount` in minor units of the company's own currency, 0 where it is not known."""

    state: str
    amount: int
    expected_on: date | None
    category: str
    owner: UUID | None
    stage: UUID | None


@dataclass(frozen=True, slots=True)
class Movement:
    """By how much a sale moved the forecast, and why; a `delta` of 0 where it only changed within it."""

    reason: str
    delta: int


def counts(one: Standing | None, first: date, last: date) -> bool:
    """Whether an open sale is part of the forecast of these days."""
    return (
        one is not None
        and one.state == "open"
        and one.category in COUNTED
        and one.expected_on is not None
        and first <= one.expected_on <= last
    )


def value(one: Standing | None, first: date, last: date) -> int:
    """What a sale brings to the forecast of these days."""
    return one.amount if one is not None and counts(one, first, last) else 0


def movement(before: Standing | None, after: Standing | None, first: date, last: date) -> Movement | None:
    """What became of a sale between two moments, as the forecast of these days sees it; None where it did not touch it.
    The sum of all is the difference of the two forecasts."""
    was, is_in = counts(before, first, last), counts(after, first, last)
    delta = value(after, first, last) - value(before, first, last)
    if not was and not is_in:
        return None
    if was and is_in:
        return _within(before, after, delta)
    return Movement(_left(after, first, last) if was else _came(before, first, last), delta)


def _within(before: Standing | None, after: Standing | None, delta: int) -> Movement | None:
    if delta:
        return Movement("up" if delta > 0 else "down", delta)
    for name in ("category", "expected_on", "stage", "owner"):
        if getattr(before, name) != getattr(after, name):
            return Movement(name, 0)
    return None


def _left(after: Standing | None, first: date, last: date) -> str:
    if after is None:
        return "gone"
    if after.state != "open":
        return after.state
    if after.expected_on is None:
        return "undated"
    if after.expected_on > last:
        return "slipped"
    return "earlier" if after.expected_on < first else "omitted"


def _came(before: Standing | None, first: date, last: date) -> str:
    if before is None:
        return "new"
    if before.state != "open":
        return "reopened"
    if before.expected_on is None:
        return "dated"
    if before.expected_on > last:
        return "pulled_in"
    return "slipped_in" if before.expected_on < first else "included"

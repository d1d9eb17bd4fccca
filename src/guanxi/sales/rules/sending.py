"""Whom to send to a sale: what speaks for each, weighed. The weights stand on the page. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

FEW = 5  # of fewer closed sales a share says little
# How much each speaks for somebody, and how fast: a whole weight is reached at so many of them.
WEIGHTS = {
    "size": 15, "industry": 15, "region": 10, "product": 20, "touches": 20, "ties": 10, "load": 10,
}  # fmt: skip
SHARES = ("size", "industry", "region", "product")
ENOUGH = {"touches": 5, "ties": 3}
USUAL_LOAD = 20  # open sales and this week's plans that leave no room


@dataclass(frozen=True, slots=True)
class Share:
    """So many won of so many closed."""

    won: int = 0
    closed: int = 0

    @property
    def is_small(self) -> bool:
        """Whether it is too few to say much."""
        return self.closed < FEW


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of somebody about a sale. A share of what the customer does not say, or
    of products that the sale does not name, is None."""

    member: UUID
    size: Share | None = None
    industry: Share | None = None
    region: Share | None = None
    product: Share | None = None
    touches: int = 0
    ties: int = 0
    open: int = 0
    planned: int = 0
    has_customer: bool = False


def score(one: Facts) -> int:
    """From 0 to 100. Of a share: as if two more had been lost, so that one of one is no certainty."""
    total = 0.0
    for name in SHARES:
        share: Share | None = getattr(one, name)
        if share is not None:
            total += WEIGHTS[name] * share.won / (share.closed + 2)
    for name, enough in ENOUGH.items():
        total += WEIGHTS[name] * min(getattr(one, name), enough) / enough
    total += WEIGHTS["load"] * max(0, USUAL_LOAD - one.open - one.planned) / USUAL_LOAD
    return round(total)


def ranked(facts: Iterable[Facts]) -> list[tuple[Facts, int]]:
    """The most fitting first; of two alike the one whose customer it is, then the less loaded."""
    scored = [(one, score(one)) for one in facts]
    return sorted(
        scored, key=lambda item: (-item[1], not item[0].has_customer, item[0].open, str(item[0].member))
    )

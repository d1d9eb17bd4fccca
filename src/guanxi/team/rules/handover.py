"""Who takes over which customer. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

# By which field of a customer the lot is split: what a value of it comes down to. "" splits nothing.
SPLITS = ("", "grade", "region", "industry")


@dataclass(frozen=True, slots=True)
class Plan:
    """Who takes over what: `hand` says it of single customers, `of` of those with a value in the field `by`, `rest` of
    all others, and of what belongs to no customer."""

    rest: UUID
    by: str = ""
    of: Mapping[str, UUID] = field(default_factory=dict)
    hand: Mapping[UUID, UUID] = field(default_factory=dict)

    def successor(self, customer: UUID, value: str) -> UUID:
        """Who takes over a customer; `value` is what its field comes down to (`kin`)."""
        return self.hand.get(customer) or self.of.get(kin(self.by, value)) or self.rest

    @property
    def successors(self) -> set[UUID]:
        """Everybody who may get something."""
        return {self.rest, *self.of.values(), *self.hand.values()}


def kin(by: str, value: str) -> str:
    """What a value is split by: regions by their province, abroad by their country, others by themselves."""
    if by != "region":
        return value
    return f"{value[:2]}0000" if value[:2].isdecimal() else value[:2]

"""Amounts of sales: minor units of their currency, brought over into the company's own."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from guanxi.catalog.queries.currencies import brought_over, own_currency, rates_of
from guanxi.kernel.money import Money
from guanxi.sales.queries.pipelines import Ways, ways

__all__ = ["Ground", "in_own_currency", "own_currency", "own_money"]


def own_money(minor: int) -> Money:
    """An amount in the company's own currency, as pages show it. Raises NoScope."""
    return Money(minor, own_currency())


@dataclass(slots=True)
class Ground:
    """What an operation asks once for all of its sales: the pipelines, our own currency, today, rates by currency and
    day."""

    ways: Ways = field(default_factory=ways)
    own: str = field(default_factory=own_currency)
    today: date = field(default_factory=timezone.localdate)
    _rates: dict[tuple[str, date], int | None] = field(default_factory=dict)

    def ask(self, wanted: Collection[tuple[str, date]]) -> None:
        """Read the rates of these currencies and days together."""
        if missing := {one for one in wanted if one[0] != self.own} - self._rates.keys():
            self._rates |= rates_of(missing)

    def in_own(self, amount: int | None, currency: str, day: date) -> int | None:
        """An amount in minor units of its currency as minor units of ours, by the last rate on or before a day; None
        where there is no amount or no rate, never taken as 1."""
        if amount is None or currency == self.own:
            return amount
        self.ask({(currency, day)})
        return brought_over(amount, currency, self.own, self._rates[currency, day])


def in_own_currency(amount: int | None, currency: str, day: date) -> int | None:
    """`Ground.in_own` of one amount."""
    return Ground().in_own(amount, currency, day)

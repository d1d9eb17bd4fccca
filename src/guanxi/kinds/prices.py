"""Unit prices, quantities and percents: what lines of opportunities and quotes are made of."""

from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Malformed
from guanxi.kernel.prices import PRICE_PLACES, QUANTITY_PLACES, format_price, parse_price
from guanxi.kinds.figures import Bounded, Number
from guanxi.kinds.kind import FieldProblem, Show


def _along(record: Any, path: str) -> str:
    """What stands at the end of a path of attributes; "" where it breaks off."""
    return str(reduce(lambda found, name: getattr(found, name, None), path.split("."), record) or "")


@dataclass(kw_only=True, eq=False)
class UnitPrice(Number):
    """A price of one unit, kept in ten-thousandths of `currency`: 12.5 is 125000. Written 1.2万, ¥12.5 or USD 5k.

    `currency_of` is the way from a row to its currency, as attributes ("book.currency"), where rows have different
    ones: then any is taken, and what it is in is said by the row.
    """

    places: int = PRICE_PLACES
    currency: str = "CNY"
    currency_of: str = ""

    def read(self, raw: Any) -> int:
        try:
            return parse_price(raw, "" if self.currency_of else self.currency)
        except Malformed as error:
            raise Malformed(error.code, {**error.params, "places": self.places}) from error

    def clean(self, raw: object, actor: Actor) -> int:
        value = super().clean(raw, actor)
        if value < 0:
            raise FieldProblem("negative", _("A price is not below zero."))
        return value

    def measure(self) -> str:
        if self.currency_of:
            return ""
        return pgettext("unit of money", "CNY") if self.currency == "CNY" else self.currency

    def said(self, value: Any, language: str) -> str:
        return format_price(value, "" if self.currency_of else self.currency)

    def text(self, record: Any, show: Show) -> str:
        value = self.value(record)
        if value is None or not self.currency_of:
            return super().text(record, show)
        return format_price(value, _along(record, self.currency_of))

    def lookups(self) -> tuple[str, ...]:
        return _joined(self.currency_of)


@dataclass(kw_only=True, eq=False)
class Quantity(Number):
    """How many, kept in thousandths: 1.5 is 1500. `unit_of` is the way from a row to its unit ("product.unit")."""

    places: int = QUANTITY_PLACES
    unit_of: str = ""

    def clean(self, raw: object, actor: Actor) -> int:
        value = super().clean(raw, actor)
        if value < 0:
            raise FieldProblem("negative", _("A quantity is not below zero."))
        return value

    def text(self, record: Any, show: Show) -> str:
        found, unit = super().text(record, show), _along(record, self.unit_of) if self.unit_of else ""
        return f"{found} {unit}" if found and unit else found

    def lookups(self) -> tuple[str, ...]:
        return _joined(self.unit_of)


def _joined(path: str) -> tuple[str, ...]:
    way = path.rpartition(".")[0].replace(".", "__")
    return (way,) if way else ()


@dataclass(kw_only=True, eq=False)
class Percent(Bounded):
    """A share of a whole, kept in basis points: 12.5 % is 1250. Between 0 and 100 unless said otherwise."""

    places: int = 2
    unit: str = "%"

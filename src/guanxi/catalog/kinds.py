"""Kinds of fields that only the catalog has: what lies in stock with its time, and exchange rates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.catalog.rules.sums import RATE_PLACES
from guanxi.foundation.design.words import exact, relative
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.figures import format_figure, plain_figure
from guanxi.kernel.prices import QUANTITY_PLACES
from guanxi.kinds import FieldProblem, Kind, Number, Quantity, Show


@dataclass(kw_only=True, eq=False)
class Told(Kind):
    """A computed figure of stock with the time it was told at: 128 件，昨天 18:20."""

    align = "num"

    def said(self, value: Any, language: str) -> str:
        """A stored value as people read it."""
        return gettext("%(quantity)s, %(when)s") % {
            "quantity": quantity_text(value.quantity, value.unit),
            "when": relative(value.told_at, timezone.localdate()),
        }

    def blank(self) -> Any:
        return None

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        if value is None:
            return ""
        return format_html(
            '<span title="{}">{}</span>', exact(value.told_at), self.said(value, show.language)
        )

    def cell(self, record: Any, show: Show) -> Any:
        return self.cells_of((self.value(record),), show)[0]

    def cells_of(self, values: Sequence[Any], show: Show) -> Sequence[Any]:
        return [
            "" if value is None else float(plain_figure(value.quantity, places=QUANTITY_PLACES))
            for value in values
        ]

    def json(self, record: Any, show: Show) -> Any:
        value = self.value(record)
        if value is None:
            return None
        quantity = plain_figure(value.quantity, places=QUANTITY_PLACES)
        return f"{quantity} {value.unit} {value.told_at.isoformat()}".replace("  ", " ")

    def masked(self, record: Any, show: Show) -> str:
        return "" if self.value(record) is None else "***"


def quantity_text(quantity: int, unit: str) -> str:
    """A quantity with its unit: 128 件."""
    text = format_figure(quantity, places=QUANTITY_PLACES)
    return f"{text} {unit}" if unit else text


@dataclass(kw_only=True, eq=False)
class FromQuantity(Quantity):
    """From how many on a price holds; of one that holds from the first there is nothing to say."""

    def text(self, record: Any, show: Show) -> str:
        return super().text(record, show) if self.value(record) else ""


@dataclass(kw_only=True, eq=False)
class Rate(Number):
    """What one unit of a currency is worth in our own: above zero."""

    places: int = RATE_PLACES

    def clean(self, raw: object, actor: Actor) -> int:
        value = super().clean(raw, actor)
        if value <= 0:
            raise FieldProblem("rate", _("A rate is above zero."))
        return value

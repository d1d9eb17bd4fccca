"""Numbers and amounts of money: whole numbers scaled by their places, which is what SQL compares quickly."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from guanxi.foundation.design.shapes import Field
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Malformed
from guanxi.kernel.figures import format_figure, parse_figure, plain_figure
from guanxi.kernel.money import currency_digits, format_amount, parse_amount
from guanxi.kinds.kind import FieldProblem, Kind, Show
from guanxi.kinds.spans import RANGE, pair

_PROBLEMS = {
    "precision": _("At most %(places)s decimals."),
    "too_large": _("This number is too large."),
    "currency": _("Here amounts are in %(expected)s."),
}


def problem_of(error: Malformed, places: int) -> FieldProblem:
    """What is said of a figure that cannot be taken, beside its field."""
    said = _PROBLEMS.get(error.code.rpartition(".")[2], _("This is not a number, such as 1,200 or 12.5."))
    params: dict[str, Any] = {"places": error.params.get("digits", places), **error.params}
    return FieldProblem("number", said, **params)


@dataclass(kw_only=True, eq=False)
class Number(Kind):
    """A number of so many `places`, kept as a whole number: 12.5 of two places is 1250. `unit` follows it."""

    places: int = 0
    unit: str = ""
    align: ClassVar[str] = "num"
    operators: ClassVar[tuple[str, ...]] = ("is", "not", *RANGE, "empty", "filled")
    filter_input: ClassVar[str] = "number"
    sortable: ClassVar[bool] = True

    def measure(self) -> str:
        """The unit that stands behind a field in which a value is entered."""
        return self.unit

    def read(self, raw: Any) -> int:
        """The stored number of a cell. Raises Malformed."""
        return parse_figure(raw, places=self.places, unit=self.unit)

    def clean(self, raw: object, actor: Actor) -> int:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise FieldProblem("type", _("This is not a number."))
        try:
            return self.read(raw)
        except Malformed as error:
            raise problem_of(error, self.places) from error

    def blank(self) -> None:
        return None

    def said(self, value: Any, language: str) -> str:
        text = format_figure(value, places=self.places)
        return text + ("" if self.unit in "%℃°" or language.startswith("zh") else " ") + self.unit

    def plain(self, value: int) -> str:
        """With every decimal and no sign of grouping: what `clean` reads back, and so do machines."""
        return plain_figure(value, places=self.places)

    def cell(self, record: Any, show: Show) -> Any:
        return self._cell(self.value(record))

    def cells_of(self, values: Sequence[Any], show: Show) -> Sequence[Any]:
        return [self._cell(value) for value in values]

    def _cell(self, value: int | None) -> Any:
        if value is None:
            return ""
        if abs(value) >= 10**15:
            return self.plain(value)  # a spreadsheet keeps fifteen digits; what has more stays a text
        return float(self.plain(value)) if self.places else value

    def json(self, record: Any, show: Show) -> Any:
        value = self.value(record)
        return value if value is None or not self.places else self.plain(value)

    def masked(self, record: Any, show: Show) -> str:
        return "" if self.value(record) is None else "***"

    def json_schema(self) -> dict[str, Any]:
        # Taken as a number, too; answered as text, which loses nothing on the way.
        return {"type": ["string", "number"], "format": "decimal"} if self.places else {"type": "integer"}

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        text = self.plain(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if self.places and isinstance(value, int):
            text = str(text).rstrip("0").rstrip(".")
        # Not kind="number": a browser would refuse 1.2万 and full-width digits.
        more = {"unit": self.measure(), "attrs": {"data-gx-figure": ""}} | more
        return super().editor(text, show, inputmode="decimal", **more)

    def condition(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        if operator not in RANGE:
            return super().condition(operator, values, actor)
        wanted = [self.clean(value, actor) for value in values]
        if operator in ("between", "outside"):
            low, high = pair(wanted)
            q = self.compare(gte=low, lte=high)
            return q if operator == "between" else ~q
        if not wanted:
            raise FieldProblem("value", _("Give a value."))
        return self.compare(**{"gte" if operator == "least" else "lte": wanted[0]})

    def filter_text(self, value: str, show: Show) -> str:
        try:
            return self.said(self.clean(value, show.actor), show.language)
        except FieldProblem:
            return value


@dataclass(kw_only=True, eq=False)
class Bounded(Number):
    """A number within bounds; `least` and `most` in whole units.

    Where a column holds less than 64 bits, or a constraint less than it could, this is what declares it.
    """

    least: int = 0
    most: int = 100

    def clean(self, raw: object, actor: Actor) -> int:
        value = super().clean(raw, actor)
        if not self.least * 10**self.places <= value <= self.most * 10**self.places:
            raise FieldProblem(
                "bounds", _("Between %(least)s and %(most)s."), least=self.least, most=self.most
            )
        return value


@dataclass(kw_only=True, eq=False)
class Money(Number):
    """An amount in one currency, kept in its minor unit (分, cents). Written 1.2万, ¥1,234.50 or USD 5k."""

    currency: str = "CNY"

    def __post_init__(self) -> None:
        self.places = currency_digits(self.currency)

    def read(self, raw: Any) -> int:
        try:
            amount = Decimal(repr(raw)) if isinstance(raw, float) else raw
            return parse_amount(amount, self.currency, exact=True)
        except Malformed as error:
            params = {**error.params, "places": self.places}
            raise Malformed(error.code, params) from error

    def said(self, value: Any, language: str) -> str:
        return format_amount(value, self.currency, language, full=True)

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        if value is None:
            return ""
        short, full = format_amount(value, self.currency, show.language), self.said(value, show.language)
        if short == full:
            return short
        return format_html('<span class="gx-nw" title="{}">{}</span>', full, short)

    def measure(self) -> str:
        return pgettext("unit of money", "CNY") if self.currency == "CNY" else self.currency

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "number"], "format": "decimal"}

    def json(self, record: Any, show: Show) -> Any:
        value = self.value(record)
        return None if value is None else self.plain(value)

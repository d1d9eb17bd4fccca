"""Kinds of fields of sales: one of few records, amounts in several currencies."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel import money
from guanxi.kernel.figures import format_figure, plain_figure
from guanxi.kernel.money import Written, currency_digits, format_amount, parse_amount
from guanxi.kernel.text import fold
from guanxi.kinds import Bounded, FieldProblem, Moment, Money, Show, Text
from guanxi.kinds.kind import Kind, as_text
from guanxi.resource.links import RecordLink
from guanxi.sales.choices import HAND, in_readers_language, names_of
from guanxi.sales.heads import same_stage
from guanxi.sales.models import LostReason, Pipeline, Stage
from guanxi.sales.queries.evidence import ways_to_know
from guanxi.sales.queries.money import own_currency
from guanxi.sales.queries.pipelines import ways


@dataclass(kw_only=True, eq=False)
class Few(RecordLink):
    """A record of a list so short that it is chosen from, in its order: a stage, a pipeline, a reason for losing."""

    by_words: bool = True

    def rows(self) -> Sequence[tuple[UUID, str, str]]:
        """Those offered: key, name, and what stands before it where names are not told apart."""
        if self.to == "stages":
            found = Stage.objects.filter(pipeline__archived_on__isnull=True)
            named = found.order_by("pipeline__position", "pipeline_id", "position", "pk")
            rows = list(named.values_list("pk", "name", "pipeline__name"))
            several = len({row[2] for row in rows}) > 1
            return [(pk, name, way if several else "") for pk, name, way in rows]
        model = Pipeline if self.to == "pipelines" else LostReason
        offered = model._default_manager.filter(archived_on__isnull=True).order_by("position", "pk")
        return [(pk, name, "") for pk, name in offered.values_list("pk", "name")]

    def clean(self, raw: object, actor: Actor) -> UUID | None:
        text = str(raw) if isinstance(raw, UUID) else as_text(raw, max_length=250)
        if len(text) == 36 and text.count("-") == 4:
            return super().clean(raw, actor)
        wanted, rows = fold(text), self.rows()
        for pk, name, before in rows:
            names = names_of(name)
            both = (f"{first}{mark}{one}" for first in names_of(before) for one in names for mark in " ·/")
            if wanted in {fold(one) for one in (*names, *both)}:
                return pk
        if self.to == "stages":
            for pk, name, _before in rows:
                if same_stage(text, name):
                    return pk
        raise FieldProblem("choice", _("“%(value)s” is not in the list."), value=text)

    def options(self, chosen: Any = None) -> list[Option]:
        """Every one of them; of several pipelines the stages of each under its name."""
        return [
            Option(value=str(pk), label=_joined(before, name), selected=str(pk) == str(chosen))
            for pk, name, before in self.rows()
        ]

    def filter_options(self, show: Show) -> Sequence[Option]:
        return self.options()

    def suggest(self, text: str, show: Show) -> Sequence[Option]:
        wanted = fold(text)
        return [one for one in self.options() if wanted in fold(one.label)]

    def fetch(self, ids: Collection[UUID], show: Show) -> None:
        """Where a sale is shown, stages and pipelines are read together anyway."""
        if self.to == "lost_reasons" or self.resource.key != "opportunities":
            super().fetch(ids, show)
            return
        found = ways()
        known: dict[UUID, Any] = (
            found.stages if self.to == "stages" else {one.pk: one for one in found.pipelines}
        )
        if missing := [one for one in ids if one not in known]:
            super().fetch(missing, show)
        show.looked_up |= {(self.to, one): known[one] for one in ids if one in known}

    def html(self, record: Any, show: Show) -> str:
        return self.text(record, show)

    def creating(self, show: Show) -> str:
        return ""

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        offered = self.options(value)
        if value and not any(one.selected for one in offered) and (name := self.name_of(value, show)):
            offered.append(Option(value=str(value), label=name, selected=True))
        if not (self.required and value):
            offered.insert(0, Option(value="", label=""))
        return Kind.editor(self, value, show, kind="select", options=offered, **more)


def _joined(before: str, name: str) -> str:
    return " · ".join(in_readers_language(one) for one in (before, name) if one)


@dataclass(kw_only=True, eq=False)
class Since(Moment):
    """Since when something has been so: never later than now."""

    def clean(self, raw: object, actor: Actor) -> datetime:
        found = super().clean(raw, actor)
        if found > timezone.now():
            raise FieldProblem("future", _("This is still to come."))
        return found


@dataclass(kw_only=True, eq=False)
class Named(Text):
    """The name of a row that a company may have been given ready-made: said in the reader's language."""

    def said(self, value: Any, language: str) -> str:
        return in_readers_language(str(value))

    def cell(self, record: Any, show: Show) -> Any:
        return self.value(record)

    def cells_of(self, values: Sequence[Any], show: Show) -> Sequence[Any]:
        return values


@dataclass(kw_only=True, eq=False)
class Amount(Money):
    """An amount in the currency that its own record names, in that currency's minor units: its value is the two
    together. What somebody wrote stays as `Written` until the currency is known, which the service says."""

    looks_at: ClassVar[tuple[str, ...]] = ("currency",)

    def currency_of(self, record: Any) -> str:
        """The currency of a record's amount."""
        return str(record.currency)

    def read(self, raw: Any) -> Any:
        found = Written(Decimal(repr(raw)) if isinstance(raw, float) else raw)
        parse_amount(found.raw, "")
        return found

    def of_image(self, value: Any) -> Any:
        return value if isinstance(value, Written) else super().of_image(value)

    def value(self, record: Any) -> Any:
        found = super().value(record)
        return money.Money(found, self.currency_of(record)) if isinstance(found, int) else found

    def plain(self, value: Any) -> str:
        return str(value.decimal) if isinstance(value, money.Money) else str(value)

    def said(self, value: Any, language: str) -> str:
        if isinstance(value, money.Money):
            return format_amount(value.minor, value.currency, language, full=True)
        if isinstance(value, Decimal):
            return format_figure(int(value.scaleb(3)), places=3)
        return format_figure(value) if isinstance(value, int) else str(value)

    def _cell(self, value: Any) -> Any:
        if not isinstance(value, money.Money):
            return "" if value is None else str(value)
        return self.plain(value) if abs(value.minor) >= 10**15 else float(self.plain(value))

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        if isinstance(value, money.Money):
            text = self.plain(value)
            value = text.rstrip("0").rstrip(".") if "." in text else text
        elif isinstance(value, Written):
            value = str(value)
        return super().editor(value, show, **more)

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        if not isinstance(value, money.Money):
            return self.text(record, show)
        return _drawn(value.minor, value.currency, show.language)

    def measure(self) -> str:
        return ""


@dataclass(kw_only=True, eq=False)
class PartAmount(Amount):
    """An amount of what hangs on a sale, in the sale's currency; only read."""

    looks_at: ClassVar[tuple[str, ...]] = ()

    def lookups(self) -> tuple[str, ...]:
        return ("opportunity",)

    def currency_of(self, record: Any) -> str:
        return str(record.opportunity.currency)


@dataclass(kw_only=True, eq=False)
class Knowing(Text):
    """How evidence is known: by hand, or one of the ways to count it, which contexts register at start-up."""

    def clean(self, raw: object, actor: Actor) -> str:
        text = super().clean(raw, actor)
        for key, label in ways_to_know():
            if fold(text) in (fold(key), fold(str(label))):
                return key
        raise FieldProblem("choice", _("“%(value)s” is not in the list."), value=text)

    def said(self, value: Any, language: str) -> str:
        return next((str(label) for key, label in ways_to_know() if key == value), str(value))

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        options = [
            Option(value=key, label=str(label), selected=key == (value or HAND))
            for key, label in ways_to_know()
        ]
        return Kind.editor(self, value, show, kind="select", options=options, **more)


@dataclass(kw_only=True, eq=False)
class OwnMoney(Money):
    """An amount in the company's own currency."""

    def read(self, raw: Any) -> int:
        return parse_amount(Decimal(repr(raw)) if isinstance(raw, float) else raw, own_currency(), exact=True)

    def plain(self, value: int) -> str:
        return plain_figure(value, places=currency_digits(own_currency()))

    def measure(self) -> str:
        own = own_currency()
        return super().measure() if own == self.currency else own

    def said(self, value: Any, language: str) -> str:
        return format_amount(value, own_currency(), language, full=True)

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        return "" if value is None else _drawn(value, own_currency(), show.language)


def _drawn(minor: int, currency: str, language: str) -> str:
    short, full = (
        format_amount(minor, currency, language),
        format_amount(minor, currency, language, full=True),
    )
    return short if short == full else format_html('<span class="gx-nw" title="{}">{}</span>', full, short)


@dataclass(kw_only=True, eq=False)
class Times(Bounded):
    """How often something came to pass; of never there is nothing to say."""

    most: int = 10_000

    def is_blank(self, value: Any) -> bool:
        return not value

    def text(self, record: Any, show: Show) -> str:
        return super().text(record, show) if self.value(record) else ""

    def html(self, record: Any, show: Show) -> str:
        return super().html(record, show) if self.value(record) else ""

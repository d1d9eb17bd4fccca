"""Kinds of fields of sales: one of few records, amounts in several currencies."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.money import currency_digits, format_amount
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
    """An amount in the currency that its own record names, in hundredths of the unit whatever the currency."""

    def text(self, record: Any, show: Show) -> str:
        value = self.value(record)
        return "" if value is None else _written(value, record.currency, show.language, full=True)

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        return "" if value is None else _drawn(value, record.currency, show.language)

    def measure(self) -> str:
        return ""


@dataclass(kw_only=True, eq=False)
class PartAmount(Amount):
    """An amount of what hangs on a sale, in the sale's currency."""

    def lookups(self) -> tuple[str, ...]:
        return ("opportunity",)

    def text(self, record: Any, show: Show) -> str:
        value = self.value(record)
        return "" if value is None else _written(value, record.opportunity.currency, show.language, full=True)

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        return "" if value is None else _drawn(value, record.opportunity.currency, show.language)


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

    def said(self, value: Any, language: str) -> str:
        return _written(value, own_currency(), language, full=True)

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        return "" if value is None else _drawn(value, own_currency(), show.language)


def _written(hundredths: int, currency: str, language: str, *, full: bool = False) -> str:
    minor = hundredths * 10 ** currency_digits(currency) // 100
    return format_amount(minor, currency, language, full=full)


def _drawn(hundredths: int, currency: str, language: str) -> str:
    short, full = (
        _written(hundredths, currency, language),
        _written(hundredths, currency, language, full=True),
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

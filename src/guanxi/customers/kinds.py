"""Kinds of fields only customers have: credit code, capital; the tables behind region, industry and settlement."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers.reference import industries, regions
from guanxi.customers.rules.birthdays import kept_between, next_birthday
from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.design.words import exact, month_day
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.codes import check_credit_code
from guanxi.kernel.lunar import lunar_of
from guanxi.kernel.money import format_amount
from guanxi.kernel.text import fold
from guanxi.kinds import Bounded, Choice, Date, FieldProblem, Number, Show, Text
from guanxi.kinds.spans import days_of

_CODE_LENGTH = 18
_PROBLEMS = {
    "length": _("A credit code has 18 characters; this one has %(length)s."),
    "alphabet": _("Character %(position)s cannot be right: credit codes use no letters I, O, S, V, Z."),
    "checksum": _("The check digit does not fit. Compare it with the licence."),
}


@dataclass(kw_only=True, eq=False)
class CreditCodeText(Text):
    """A unified social credit code, GB 32100-2015: 18 characters with a check digit."""

    def clean(self, raw: object, actor: Actor) -> str:
        text = super().clean(raw, actor)
        found = check_credit_code(text)
        if found.ok:
            return found.value
        raise FieldProblem(
            found.problem or "checksum",
            _PROBLEMS.get(found.problem or "", _PROBLEMS["checksum"]),
            repair=found.suggestion or "",
            length=len(found.value),
            position=found.position or 0,
        )

    def clean_start(self, raw: object, actor: Actor) -> str:
        return check_credit_code(super().clean(raw, actor)).value


class Regions:
    """Official division codes and countries."""

    def label(self, code: str, language: str) -> str:
        return regions.label(code, language) or code

    def read(self, text: str) -> str:
        found = regions.find(text)
        return found[0].code if len(found) == 1 else ""

    def suggest(self, text: str, language: str) -> Sequence[Option]:
        found = regions.suggest(text) if text else [*regions.children("CN"), *regions.children("")]
        return [
            Option(value=region.code, label=regions.label(region.code, language)) for region in found[:40]
        ]

    def within(self, code: str) -> tuple[str, str] | None:
        if code == "CN":
            return "1", "9"
        if len(code) == 6 and code.isdigit():
            stem = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
            return stem, stem + "~"
        return None


class Industries:
    """Divisions of GB/T 4754-2017."""

    def label(self, code: str, language: str) -> str:
        return industries.label(code, language) or code

    def read(self, text: str) -> str:
        found = industries.find(text)
        return found[0].code if len(found) == 1 else ""

    def suggest(self, text: str, language: str) -> Sequence[Option]:
        found: Any = industries.find(text) if text else industries.DIVISIONS.values()
        return [
            Option(value=one.code, label=industries.label(one.code, language), sub=one.code)
            for one in list(found)[:100]
        ]

    def within(self, code: str) -> tuple[str, str] | None:
        return None


# Chinese in code: how settlement terms are written in spreadsheets
_DAYS = re.compile(
    r"(?:月结|monthly|net|票到|账期)[\s:：-]*(?P<days>\d{1,3})?\s*(?:天|日|days?)?|(?P<bare>\d{1,3})\s*(?:天|日|days?)(?:月结|net)?"
)
_TERMS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "prepaid": (
        _("Paid before delivery"),
        ("款到发货", "先款后货", "预付", "prepaid", "paid before delivery"),
    ),
    "delivery": (_("On delivery"), ("货到付款", "现结", "on delivery", "cod", "cash on delivery")),
    "instalments": (_("Instalments"), ("分期", "分期付款", "instalments", "installments")),
    "monthly": (_("Monthly"), ("月结", "monthly")),
}
_USUAL_DAYS = (30, 45, 60, 90, 120)
_MOST_DAYS = 3_650


class SettlementTerms:
    """How a customer settles: before delivery, on delivery, in instalments, monthly or monthly after N days, whose
    code is `monthly-060`."""

    def label(self, code: str, language: str) -> str:
        stem, _dash, days = code.partition("-")
        if stem == "monthly" and days:
            return gettext("Monthly, %(days)s days") % {"days": int(days)}
        return str(_TERMS[stem][0]) if stem in _TERMS else code

    def read(self, text: str) -> str:
        wanted = fold(text)
        if wanted in _TERMS or _is_monthly(wanted):
            return wanted
        for code, (label, words) in _TERMS.items():
            if wanted in words or wanted == fold(str(label)):
                return code
        found = _DAYS.fullmatch(wanted.replace(",", " ").replace("  ", " ")) if wanted else None
        days = int((found["days"] or found["bare"]) or 0) if found else 0
        return f"monthly-{days:03d}" if days else ""

    def suggest(self, text: str, language: str) -> Sequence[Option]:
        digits = "".join(char for char in fold(text) if char.isdigit())[:3]
        usual = (int(digits),) if digits and int(digits) else _USUAL_DAYS
        codes = [*_TERMS, *(f"monthly-{days:03d}" for days in usual)]
        read = self.read(text) if text else ""
        wanted = fold(text)
        return [
            Option(value=code, label=self.label(code, language))
            for code in codes
            if not wanted or digits or code == read or wanted in fold(self.label(code, language))
        ]

    def within(self, code: str) -> tuple[str, str] | None:
        return ("monthly", "monthly~") if code == "monthly" else None


def _is_monthly(text: str) -> bool:
    stem, _dash, days = text.partition("-")
    return stem == "monthly" and len(days) == 3 and days.isdigit() and int(days) > 0


# What stands behind an amount of capital in a register's extract.
_CAPITAL_END = re.compile(r"(?:人民币|元整|元)+$")


@dataclass(kw_only=True, eq=False)
class Capital(Number):
    """Registered capital, in the currency that another field of the record names."""

    places: int = 2

    def read(self, raw: Any) -> int:
        return super().read(_CAPITAL_END.sub("", raw.strip()) if isinstance(raw, str) else raw)

    def said(self, value: Any, language: str) -> str:
        return super().said(value, language).removesuffix(".00")

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        currency = getattr(record, f"{self.name}_currency", "")
        told = show.actor.field_mode(self.resource.key, f"{self.name}_currency") not in ("hide", "mask")
        if value is None or not currency or not told:
            return super().html(record, show)
        short = format_amount(value, currency, show.language)
        full = format_amount(value, currency, show.language, full=True)
        if short == full:
            return short
        return format_html('<span class="gx-nw" title="{}">{}</span>', full, short)


_DAYS_END = re.compile(r"\s*(?:天|日|days?)$", re.IGNORECASE)


@dataclass(kw_only=True, eq=False)
class Days(Number):
    """A number of days, from 0 to 3,650."""

    def measure(self) -> str:
        return pgettext("unit", "days")

    def read(self, raw: Any) -> int:
        return super().read(_DAYS_END.sub("", raw.strip()) if isinstance(raw, str) else raw)

    def clean(self, raw: object, actor: Actor) -> int:
        days = super().clean(raw, actor)
        if not 0 <= days <= _MOST_DAYS:
            raise FieldProblem("days", _("Between 0 and %(most)s days."), most=_MOST_DAYS)
        return days

    def said(self, value: Any, language: str) -> str:
        return ngettext("%(days)s day", "%(days)s days", value) % {"days": f"{value:,}"}


@dataclass(kw_only=True, eq=False)
class Usually(Choice):
    """One of a list that holds a usual one as long as nobody says otherwise; it counts as not filled in."""

    usual: str
    operators: ClassVar[tuple[str, ...]] = ("is", "not")

    def blank(self) -> str:
        return self.usual

    def is_blank(self, value: Any) -> bool:
        return value in ("", None, self.usual)

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        found = super().editor(value or self.usual, show, **more)
        return replace(found, options=[option for option in found.options if option.value])

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(map(str, self.choices.values))}


@dataclass(kw_only=True, eq=False)
class Degrees(Bounded):
    """A latitude or longitude, in millionths of a degree."""

    places: int = 6
    unit: str = "°"

    def __post_init__(self) -> None:
        self.least = -self.most


@dataclass(kw_only=True, eq=False)
class Percent(Bounded):
    """A share of a hundred, in tenths of a percent."""

    places: int = 1
    unit: str = "%"

    def said(self, value: Any, language: str) -> str:
        return super().said(value, language).replace(".0%", "%")


@dataclass(kw_only=True, eq=False)
class TaxNumber(Text):
    """A number that a tax office knows somebody by; one of 18 characters is a credit code, with its check digit."""

    def clean(self, raw: object, actor: Actor) -> str:
        text = super().clean(raw, actor)
        found = check_credit_code(text)
        if len(found.value) != _CODE_LENGTH:
            return text
        if found.ok:
            return found.value
        problem = found.problem or "checksum"
        raise FieldProblem(
            problem,
            _PROBLEMS.get(problem, _PROBLEMS["checksum"]),
            repair=found.suggestion or "",
            length=_CODE_LENGTH,
            position=found.position or 0,
        )


@dataclass(kw_only=True, eq=False)
class Born(Date):
    """The day somebody was born. Filtered by coming days and by stretches of time it is the birthday that counts,
    by the calendar that the person keeps; the record has `born_lunar`, `born_day` and `born_moon` beside it."""

    operators: ClassVar[tuple[str, ...]] = (
        "next",
        "within",
        "is",
        "since",
        "until",
        "between",
        "empty",
        "filled",
    )

    def condition(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        if operator not in ("next", "within"):
            return super().condition(operator, values, actor)
        first, last = days_of(operator, values)
        if first is None or last is None:
            raise FieldProblem("days", _("Give a number of days."))
        solar, lunar = kept_between(first, last)
        return Q(born_lunar=False, born_day__in=solar) & ~Q(born_day="") | Q(
            born_lunar=True, born_moon__in=lunar
        )

    def fact(self, record: Any, show: Show) -> str:
        born = self.value(record)
        if born is None or show.actor.field_mode(self.resource.key, "born_lunar") in ("hide", "mask"):
            return self.html(record, show)
        return self._said(born, record.born_lunar, show) or self.html(record, show)

    def _said(self, born: date, lunar: bool, show: Show) -> str:
        """1980 年 9 月 24 日 · 农历八月十六，今年公历 9 月 26 日."""
        day = lunar_of(born) if lunar else None
        if day is None:
            return ""
        today = timezone.localdate()
        falls = next_birthday(born, True, today)
        # Translators: a day of the lunar calendar: its month and day are numbers.
        named = pgettext("lunar", "month %(month)s day %(day)s") % {"month": day.month, "day": day.day}
        said = day.said() if show.language.startswith("zh") else named
        words = {"born": exact(born), "lunar": said}
        if falls is None:
            return gettext("%(born)s · lunar %(lunar)s") % words
        words["day"] = month_day(falls)
        if falls.year == today.year:
            return gettext("%(born)s · lunar %(lunar)s, this year on %(day)s") % words
        return gettext("%(born)s · lunar %(lunar)s, next year on %(day)s") % words

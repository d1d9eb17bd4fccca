"""Kinds of fields only customers have: credit code, and the reference tables behind region and industry."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers.reference import industries, regions
from guanxi.foundation.design.shapes import Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.codes import check_credit_code
from guanxi.kinds import FieldProblem, Text

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

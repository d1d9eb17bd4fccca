"""Fields of the company's own that a column may become, `new:number`, and which of them its values look like."""

# Chinese in code: what stands behind an amount of money

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi import kinds
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.values import meant
from guanxi.kernel.figures import MOST_PLACES
from guanxi.kinds import FieldProblem, Kind
from guanxi.resource import own
from guanxi.resource.declaration import Resource

NEW = "new:"
KINDS: dict[str, Any] = {
    "text": _("Text"),
    "long_text": _("Long text"),
    "number": _("Number"),
    "money": _("Money"),
    "date": _("Date"),
    "moment": _("Date and time"),
    "yes_no": _("Yes or no"),
    "choice": _("One of a list"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "web": _("Web address"),
}
_CHOICES = 12  # different values that are taken for a list to choose from
_LINE = 500  # characters of a line of text
# What is a name made of figures and no quantity: it begins with nought, or has more figures than anybody counts.
_CODE = re.compile(r"0\d+|\d{12,}")
_NAMED = re.compile(r"[A-Za-z].*\d|\d.*[A-Za-z]")
_MONEY = re.compile(r"[¥$€£\uffe5元]|万$")


@dataclass(frozen=True, slots=True)
class Fresh:
    """A field that is to be: one of `KINDS`."""

    kind: str

    @property
    def label(self) -> str:
        return gettext("new field: %(kind)s") % {"kind": KINDS[self.kind]}


def fresh_targets(actor: Actor, resource: type[Resource]) -> dict[str, Fresh]:
    """What a column may become that has no field yet; {} where the actor may add none."""
    if not own.tailor().may_add(actor, resource):
        return {}
    return {NEW + kind: Fresh(kind) for kind in KINDS}


def is_fresh(field: str) -> bool:
    """Whether a column is to become a field that is not there yet."""
    return field.rpartition(".")[2].startswith(NEW)


def guessed_kind(values: Sequence[str], actor: Actor) -> str:
    """What a column of such values holds: one of `KINDS`. Of figures, days and answers one value in ten may be another,
    which is left empty with a word; else "text" wherever anything else would lose something."""
    if not values:
        return "text"
    if any(len(text) > _LINE or "\n" in text for text in values):
        return "long_text"
    different = set(values)
    answers = _most(kinds.YesNo(name="x"), values, actor)
    if answers and len(answers) <= 2 and len(values) >= 3:
        return "yes_no" if not all(text.isdecimal() for text in answers) else "number"
    if not any(_CODE.fullmatch(text) for text in different):
        amounts = _most(kinds.Money(name="x"), values, actor)
        if any(_MONEY.search(text) for text in amounts):
            return "money"
        for name, shape in (
            ("number", kinds.Number(name="x", places=MOST_PLACES)),
            ("date", kinds.Date(name="x")),
            ("moment", kinds.Moment(name="x")),
        ):
            if _most(shape, values, actor):
                return name
    for name, sign, address in (
        ("email", "@", kinds.Email(name="x")),
        ("web", ".", kinds.WebAddress(name="x")),
    ):
        if all(sign in text for text in different) and _all(address, different, actor):
            return name
    if len(different) <= _CHOICES and len(values) >= 2 * len(different) and max(map(len, different)) <= 40:
        return "choice"
    return "text"


def _most(kind: Kind, values: Sequence[str], actor: Actor) -> set[str]:
    """Those of the values that are of a kind, where nine in ten are, the words for nothing among the others; empty
    where fewer are, and where others may be names made of figures and letters."""
    found = {text for text in set(values) if _is(kind, text, actor)}
    if any(_NAMED.search(text) for text in set(values) - found):
        return set()
    fitting = sum(1 for text in values if text in found)
    return found if found and fitting * 10 >= len(values) * 9 else set()


def _is(kind: Kind, text: str, actor: Actor) -> bool:
    try:
        return not kind.is_blank(meant(kind, text, actor))
    except FieldProblem as problem:
        return problem.message.code == "order"  # a day; which order is meant, whoever imports may say


def _all(kind: Kind, values: Iterable[str], actor: Actor) -> bool:
    for value in values:
        try:
            kind.clean(value, actor)
        except FieldProblem:
            return False
    return True

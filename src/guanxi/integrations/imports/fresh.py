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
    """What a column of such values holds: one of `KINDS`; "text" wherever anything else would lose something."""
    if not values:
        return "text"
    if any(len(text) > _LINE or "\n" in text for text in values):
        return "long_text"
    different = set(values)
    if len(different) <= 2 and len(values) >= 3 and _all(kinds.YesNo(name="x"), different, actor):
        return "yes_no" if not all(text.isdecimal() for text in different) else "number"
    if not any(_CODE.fullmatch(text) for text in different):
        if any(_MONEY.search(text) for text in different) and _all(kinds.Money(name="x"), different, actor):
            return "money"
        if _all(kinds.Number(name="x", places=MOST_PLACES), different, actor):
            return "number"
        if _all(kinds.Date(name="x"), different, actor):
            return "date"
        if _all(kinds.Moment(name="x"), different, actor):
            return "moment"
    for name, kind in (("email", kinds.Email(name="x")), ("web", kinds.WebAddress(name="x"))):
        if all(("@" if name == "email" else ".") in text for text in different) and _all(
            kind, different, actor
        ):
            return name
    if len(different) <= _CHOICES and len(values) >= 2 * len(different) and max(map(len, different)) <= 40:
        return "choice"
    return "text"


def _all(kind: Kind, values: Iterable[str], actor: Actor) -> bool:
    for value in values:
        try:
            kind.clean(value, actor)
        except FieldProblem:
            return False
    return True

"""From the row of an own field to the kind that the engine works with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import lazy

from guanxi import kinds
from guanxi.kinds import Kind, Own
from guanxi.resource.links import MemberLink, RecordLink
from guanxi.tailoring.models import OwnField, OwnIndex, OwnOption, OwnValue
from guanxi.tailoring.models.fields import shown

LINE, PAGE = 500, 20_000  # characters of a text, of a long text: a line fits into an entry of an index
_shown = lazy(shown, str)

# Which column of the narrow index holds a kind's values; the others are kept in none.
SLOTS: Mapping[str, str] = {
    OwnField.Kind.TEXT: "text",
    OwnField.Kind.NUMBER: "number",
    OwnField.Kind.MONEY: "number",
    OwnField.Kind.DATE: "text",
    OwnField.Kind.MOMENT: "moment",
    OwnField.Kind.YES_NO: "text",
    OwnField.Kind.CHOICE: "text",
    OwnField.Kind.CHOICES: "text",
    OwnField.Kind.PHONE: "text",
    OwnField.Kind.EMAIL: "text",
    OwnField.Kind.WEB: "text",
    OwnField.Kind.MEMBER: "text",
    OwnField.Kind.RECORD: "text",
}
# Kinds of which each value can be asked to stand only once, and those whose words the search can take up.
SOLE = frozenset(("text", "number", "phone", "email", "web"))
SEARCHED = frozenset(("text", "long_text", "phone", "email", "web", "choice", "choices"))
LISTED = frozenset(("choice", "choices"))


@dataclass(frozen=True, slots=True)
class Indexed:
    """A field that the narrow index holds."""

    field_id: UUID
    name: str
    slot: str
    sole: bool


def indexed_of(row: OwnField) -> Indexed:
    """How the narrow index keeps a field."""
    return Indexed(row.id, row.name, SLOTS[row.kind], row.unique)


@dataclass(frozen=True, slots=True)
class Narrow:
    """Compares an own field through the narrow index; semi-joins, so that the planner may begin at either end."""

    field_id: UUID
    slot: str

    def __call__(self, kind: Kind, lookups: Mapping[str, Any]) -> Q:
        rows = OwnValue.objects.filter(field_id=self.field_id, record_id=OuterRef("pk"))
        if "isnull" in lookups:
            there = Q(Exists(rows))
            return ~there if lookups["isnull"] else there
        asked = {f"{self.slot}__{one}": self._stored(value) for one, value in lookups.items()}
        if isinstance(lookups.get("contains"), list):  # of several choices one
            asked = {self.slot: lookups["contains"][0]}
        return Q(Exists(rows.filter(**asked)))

    def _stored(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._stored(one) for one in value]
        # As JSON writes them: what the index was filled from.
        return ("true" if value else "false") if isinstance(value, bool) else value


def kind_of(row: OwnField, options: Sequence[OwnOption] = (), index: OwnIndex | None = None) -> Kind:
    """The kind of an own field, not yet bound. Raises KeyError for a kind that is no more."""
    narrow = None
    if index is not None and index.ready and row.keeps_index:
        narrow = Narrow(row.id, SLOTS[row.kind])
    said: dict[str, Any] = {
        "name": row.name,
        "label": _shown(row.label_zh, row.label_en),
        "required": row.required,
        "help": row.help,
        "aliases": tuple(filter(None, (row.label_zh, row.label_en))),
        "personal": row.personal,
    }
    kind = _MAKERS[row.kind](row, said, options)
    kind.own = Own(
        narrow=narrow,
        default=row.default,
        unique=row.unique,
        searched=row.searched,
        listed=row.listed and row.state == OwnField.State.ACTIVE,
        hidden=row.state == OwnField.State.HIDDEN,
        asked=row.asked or row.needed,
        needed=row.needed,
    )
    return kind


Maker = Callable[[OwnField, dict[str, Any], Sequence[OwnOption]], Kind]


def _listed(options: Sequence[OwnOption]) -> kinds.Listed:
    pairs = [(one.code, _shown(one.label_zh, one.label_en), one.retired) for one in options]
    return kinds.Listed(
        tuple((code, label) for code, label, retired in pairs if not retired),
        tuple((code, label) for code, label, retired in pairs if retired),
    )


def _number(row: OwnField, said: dict[str, Any], options: Sequence[OwnOption]) -> Kind:
    return kinds.Number(
        **said, places=int(row.settings.get("places", 0)), unit=str(row.settings.get("unit", ""))
    )


_MAKERS: Mapping[str, Maker] = {
    OwnField.Kind.TEXT: lambda row, said, options: kinds.Text(**said, max_length=LINE),
    OwnField.Kind.LONG_TEXT: lambda row, said, options: kinds.Text(
        **said, multiline=True, max_length=PAGE, wide=True
    ),
    OwnField.Kind.NUMBER: _number,
    OwnField.Kind.MONEY: lambda row, said, options: kinds.Money(
        **said, currency=str(row.settings.get("currency", "CNY"))
    ),
    OwnField.Kind.DATE: lambda row, said, options: kinds.Date(**said),
    OwnField.Kind.MOMENT: lambda row, said, options: kinds.Moment(**said),
    OwnField.Kind.YES_NO: lambda row, said, options: kinds.YesNo(**said),
    OwnField.Kind.CHOICE: lambda row, said, options: kinds.Choice(**said, choices=_listed(options)),
    OwnField.Kind.CHOICES: lambda row, said, options: kinds.Choices(
        **said, choices=_listed(options), wide=True
    ),
    OwnField.Kind.PHONE: lambda row, said, options: kinds.PhoneNumber(**said, max_length=60),
    OwnField.Kind.EMAIL: lambda row, said, options: kinds.Email(**said, max_length=254),
    OwnField.Kind.WEB: lambda row, said, options: kinds.WebAddress(**said, max_length=LINE),
    OwnField.Kind.MEMBER: lambda row, said, options: MemberLink(**said),
    OwnField.Kind.RECORD: lambda row, said, options: RecordLink(
        **said, to=str(row.settings.get("to", "customers"))
    ),
}

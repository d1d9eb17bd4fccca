"""Columns to fields: by what the head says, in either language; what the values look like is a help only.

A column matches a field by its label, its name or one of the aliases the resource declares, all folded.
Guesses from values are shown beside a column, never taken: an import that fills the wrong field is worse than
one that leaves a column out.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Names
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.beside import beside
from guanxi.integrations.imports.composing import pieces_of, told_together
from guanxi.integrations.imports.fresh import KINDS, NEW, Fresh, guessed_kind, is_fresh
from guanxi.integrations.imports.heads import Heads, Target, targets_of
from guanxi.integrations.imports.placeless import why_no_place
from guanxi.integrations.imports.reading import NO_HEAD, Table
from guanxi.integrations.imports.values import meant
from guanxi.integrations.models import ColumnMemory
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.text import fold
from guanxi.kinds import (
    Choice,
    Choices,
    Coded,
    Date,
    Email,
    FieldProblem,
    Kind,
    Moment,
    PhoneNumber,
    Text,
    WebAddress,
)
from guanxi.resource.declaration import Resource

# Chinese in code: what people write before an extension.
_PHONE = re.compile(r"\+?[\d][\d\s\-—()()/]{6,28}(?:转\d+)?")
_SAMPLES = 100
# Chinese in code: heads of columns that count the rows, which nobody wants to keep
_COUNTERS = frozenset(map(fold, ("序号", "行号", "no", "no.", "#", "s/n", "nr")))
_TO_JUDGE = 3  # different values that say whether a list is meant
_SHORTEST_KEY = 5  # figures of a number that a program gives out: 1, 2, 3 is anybody's
# Heads that mean a field only where no other does: whose address book it is, and what every event is.
_VAGUE = frozenset(map(fold, ("domain", "event_subtype", "event subtype", "title", "what_id", "whatid")))
_NO_NAME = frozenset("0123456789@/:")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file. `field` is "" where it is not imported, `why` may then give the reason.

    `sample` is its first value, `guess` the name of a field that its values look like, `fresh` the kind of a field that
    could be made for it.
    """

    index: int
    header: str
    sample: str = ""
    field: str = ""
    why: Message | None = None
    guess: str = ""
    fresh: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What each column becomes."""

    columns: tuple[Column, ...]

    @property
    def used(self) -> dict[str, int]:
        """Field to the index of its column; those of what stands beside the rows as `people.phone`."""
        return {column.field: column.index for column in self.columns if column.field}

    @property
    def beside(self) -> list[str]:
        """The places beside the one the rows are about (`Beside.place`) that columns go to."""
        found = (column.field.partition(".") for column in self.columns)
        return list(dict.fromkeys(key for key, dot, _name in found if dot))

    def days(self, actor: Actor, resource: type[Resource]) -> dict[int, str]:
        """The columns that become days or moments, and their fields."""
        targets = targets_of(actor, resource)
        return {at: name for name, at in self.used.items() if isinstance(targets.get(name), Date | Moment)}

    def of(self, key: str = "") -> "Mapping":
        """The columns of one of them, as if the file were about it alone; of none those of the rows themselves."""
        return Mapping(tuple(_only(column, key) for column in self.columns))

    @property
    def left_out(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if not column.field)

    def as_json(self) -> dict[str, str]:
        """Header to field, as `--map` reads it."""
        return {column.header: column.field for column in self.columns}


def _only(column: Column, key: str) -> Column:
    of, dot, name = column.field.partition(".") if "." in column.field else ("", "", column.field)
    return column if of == key and not dot else replace(column, field=name if of == key else "", guess="")


def map_columns(
    actor: Actor,
    resource: type[Resource],
    headers: Sequence[str],
    samples: Sequence[Sequence[str]] = (),
    chosen: Names[str, Any] | None = None,
    *,
    by_values: bool = False,
) -> Mapping:
    """Give each column its field. `chosen` (header to field, "" for none) goes before what the head says; where there
    is no head (`by_values`) a column becomes what its values look like.

    Raises Invalid for chosen columns and fields that do not exist or may not be written, and for two chosen
    columns of one field.
    """
    targets = targets_of(actor, resource)
    wanted = _checked(targets, headers, chosen or {}, known=lambda name: _known(actor, resource, name))
    meant = Heads(actor, resource, headers)
    taken = {field for field in wanted.values() if field}
    own = [kind for name, kind in targets.items() if isinstance(kind, Kind) and "." not in name]
    columns = dict[int, Column]()
    first = sorted(range(len(headers)), key=lambda at: _comes_later(headers[at], at, samples))
    for index in first:
        header = headers[index]
        values = [row[index] for row in samples[:_SAMPLES] if index < len(row) and row[index]]
        column = Column(index, header, values[0][:80] if values else "")
        if header in wanted:
            column = replace(column, field=wanted[header])
        else:
            column = _by_head(resource, meant, targets, column, taken, values, actor)
            taken.add(column.field)
        if not column.field and column.why is None:
            guess = _guess(actor, own, taken, values, few=by_values)
            if by_values and not guess and resource.title not in taken and _are_names(values):
                guess = resource.title
            if by_values and guess and header not in wanted:
                column = replace(column, field=guess)
                taken.add(guess)
            else:
                column = replace(column, guess=guess)
        if not column.field and values and NEW + "text" in targets and fold(header) not in _COUNTERS:
            column = replace(column, fresh=guessed_kind(values, actor))
        columns[index] = column
    return Mapping(tuple(columns[index] for index in range(len(headers))))


def _comes_later(header: str, at: int, samples: Sequence[Sequence[str]]) -> bool:
    """Whether other columns are asked before this one: it holds nothing, or its head says less than theirs."""
    empty = bool(samples) and not any(row[at] for row in samples[:_SAMPLES] if at < len(row))
    return empty or fold(header) in _VAGUE


def match_table(
    actor: Actor, resource: type[Resource], table: Table, chosen: Names[str, Any] | None = None
) -> Mapping:
    """The columns of a table with its first rows as samples; what it is chosen by and raises says `map_columns`."""
    first = [row.cells for row in islice(table.rows(), _SAMPLES)]
    return map_columns(actor, resource, table.headers, first, chosen, by_values=table.head_line == NO_HEAD)


def signature_of(headers: Sequence[str]) -> str:
    """What a head is recognised by, whatever the order of its columns, and without those that we put behind rows to be
    corrected."""
    names = sorted({fold(header) for header in headers} - _ours())
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()


@lru_cache(maxsize=1)
def _ours() -> frozenset[str]:
    found = set()
    for language in ("zh-hans", "en"):
        with override(language):
            found |= {fold(gettext("row")), fold(gettext("reason"))}
    return frozenset(found)


def remembered(actor: Actor, resource: type[Resource], headers: Sequence[str]) -> dict[str, str]:
    """What columns of such a head became the last time, header to field, where that differs from what the head
    says by itself. Fields that are gone, or that the actor may not set, are left out."""
    kept = ColumnMemory.objects.filter(resource=resource.key, signature=signature_of(headers)).first()
    if kept is None:
        return {}
    writable = targets_of(actor, resource)
    then = {fold(header): field for header, field in kept.fields.items()}
    found: dict[str, str] = {}
    for header in headers:
        field = then.get(fold(header))
        if field == "" or (field in writable and field not in found.values()):
            found[header] = field
    return found if found != map_columns(actor, resource, headers).as_json() else {}


def _by_head(
    resource: type[Resource],
    meant: Heads,
    targets: Names[str, Target],
    column: Column,
    taken: set[str],
    values: Sequence[str],
    actor: Actor,
) -> Column:
    field = meant.field(column.header)
    if not field:
        return replace(column, why=why_no_place(resource.key, column.header))
    place, dot, name = field.rpartition(".")
    if more := told_together(place.partition("#")[0] if dot else resource.key, name, values):
        field = f"{place}{dot}{more}"
    if field in targets and (why := _unfit(field, targets[field], column.header, values, actor)):
        return replace(column, why=why)
    if field not in targets:
        known = _known(actor, resource, field)
        if isinstance(known, Kind) and (known.computed is not None or known.only_read):
            return replace(
                column, why=Message("not_by_file", _("files do not fill this; a new field can keep it"))
            )
        return replace(column, why=Message("not_writable", _("this field cannot be set by you")))
    if field in taken:
        for other in meant.instead(column.header):
            if other in targets and other not in taken:
                return replace(column, field=other)
        label = targets[field].label
        return replace(
            column, why=Message("taken", _("another column is %(field)s already"), {"field": label})
        )
    return replace(column, field=field)


def _unfit(field: str, target: Target, header: str, values: Sequence[str], actor: Actor) -> Message | None:
    """Why a column is not what its head says: a list of other words, or numbers so short that the next file has the
    same ones for others."""
    different = set(values)
    judged = target if isinstance(target, Choice | Choices) and len(different) >= _TO_JUDGE else None
    if judged is not None and not any(_cleans(judged, value, actor) for value in different):
        return Message("unfit", _("its values are not those of %(field)s"), {"field": target.label})
    short = different and max(map(len, different)) < _SHORTEST_KEY and all(map(str.isdecimal, different))
    if short and field.rpartition(".")[2] == "number" and fold(header).endswith("id"):
        return Message("short_key", _("such short numbers may be somebody else's in the next file"))
    return None


def _known(actor: Actor, resource: type[Resource], name: str) -> Target | None:
    """The field of such a name, or the piece of one, writable or not."""
    key, dot, field = name.partition(".") if "." in name else ("", "", name)
    of: type[Resource] | None = resource
    if dot:
        of = next((one.resource for one in beside(actor, resource) if one.place == key), None)
    if of is None:
        return None
    if field.removeprefix(NEW) in KINDS and field.startswith(NEW):
        return Fresh(field.removeprefix(NEW))
    return of.fields().get(field) or pieces_of(of.key).get(field)


def _checked(
    targets: Names[str, Target],
    headers: Sequence[str],
    chosen: Names[str, Any],
    *,
    known: Callable[[str], Target | None],
) -> dict[str, str]:
    problems = Invalid(code="mapping")
    found: dict[str, str] = {}
    for header, value in chosen.items():
        field = value or ""
        kind = known(field) if isinstance(field, str) and field else None
        if header not in headers:
            problems.add(
                header, Message("no_column", _("The file has no column “%(name)s”."), {"name": header})
            )
        elif field and kind is None:
            problems.add(header, Message("no_field", _("There is no field “%(name)s”."), {"name": field}))
        elif kind is not None and field not in targets:
            problems.add(
                header, Message("not_writable", _("%(field)s cannot be set by you."), {"field": kind.label})
            )
        elif kind is not None and field in found.values() and not is_fresh(field):
            problems.add(
                header,
                Message(
                    "twice", _("Two columns are to become %(field)s. Choose one."), {"field": kind.label}
                ),
            )
        else:
            found[header] = field
    if problems:
        raise problems
    return found


def _guess(actor: Actor, kinds: Any, taken: set[str], values: Sequence[str], *, few: bool) -> str:
    """The field whose values look like these: four in five of at least three, or of any where a `few` must do."""
    if len(values) < (1 if few else 3):
        return ""
    for kind in kinds:
        if kind.name in taken or not (test := _looks_like(kind)):
            continue
        if sum(1 for value in values if test(kind, value, actor)) * 5 >= len(values) * 4:
            return str(kind.name)
    return ""


def _are_names(values: Sequence[str]) -> bool:
    """Whether values are words of a name's length, each another."""
    words = all(
        len(text) <= 60 and any(map(str.isalpha, text)) and not set(text) & _NO_NAME for text in values
    )
    return bool(values) and words and len(set(values)) == len(values)


def _looks_like(kind: Kind) -> Any:
    if isinstance(kind, PhoneNumber):
        return lambda _kind, value, _actor: _PHONE.fullmatch(value) is not None
    if isinstance(kind, Email):
        return lambda kind, value, actor: "@" in value and _cleans(kind, value, actor)
    if isinstance(kind, WebAddress):
        return lambda kind, value, actor: "." in value and "@" not in value and _cleans(kind, value, actor)
    strict = isinstance(kind, Text) and type(kind).clean is not Text.clean  # a code with a check digit
    if strict or isinstance(kind, Choice | Coded):
        # A bare number may be a code by chance: 495 employees are no industry.
        return lambda kind, value, actor: not value.isdecimal() and _cleans(kind, value, actor)
    return None


def _cleans(kind: Kind, value: str, actor: Actor) -> bool:
    try:
        return not kind.is_blank(meant(kind, value, actor))
    except FieldProblem:
        return False

"""What the change log says of a table, a row, a column and a verb, in people's words.

Floors above register what Django's models do not tell by themselves; everything else falls back on verbose
names, choices and references.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.words import exact
from guanxi.foundation.ledger.images import model_of
from guanxi.foundation.permissions.actor import VEILED, Actor
from guanxi.foundation.permissions.web import listed

Text = str | Promise
Image = Mapping[str, Any]
Visible = Callable[[Actor, Collection[UUID]], Collection[UUID]]


def _nobody(actor: Actor, image: Image) -> bool:
    return False


# Kept by the machine, of no meaning to a reader.
BOOKKEEPING = frozenset(
    {"id", "tenant_id", "version", "created_at", "updated_at", "name_sort", "name_key", "position"}
)


@dataclass(frozen=True, slots=True)
class TableLabels:
    """How a table reads.

    `row` names a row from its image; `columns` and `values` override single columns (values are given as
    stored); `hidden` columns are never shown. `resource` is the key that field rules know the table by.
    `visible` says which of some rows the actor may see (None: everybody who may read the log), `seen_in` the
    same of a row that is gone, by its whole image; `url` is where a row is opened. `counted` says how many there
    are ("3 files") of rows that belong to a record; those of a table without it are not told of by number.
    """

    name: Text = ""
    row: Callable[[Image], str] | None = None
    columns: Mapping[str, Text] = field(default_factory=dict)
    values: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    resource: str = ""
    visible: Visible | None = None
    seen_in: Callable[[Actor, Image], bool] = _nobody
    url: Callable[[UUID], str] | None = None
    counted: Callable[[int], str] | None = None


_tables: dict[str, TableLabels] = {}
_verbs: dict[str, Text] = {}
_PLAIN = TableLabels()

DOORS: dict[str, Text] = {
    "web": gettext_lazy("on the screen"),
    "api": gettext_lazy("through the API"),
    "cli": gettext_lazy("by command line"),
    "job": gettext_lazy("by a job"),
    "setup": gettext_lazy("by the system at set-up"),
}


def label_table(table: str, labels: TableLabels) -> None:
    """Register how a table reads."""
    _tables[table] = labels


def label_verbs(words: Mapping[str, Text]) -> None:
    """Register verbs: `{"customers.customer.edit": _("changed a customer")}`, to follow a name."""
    _verbs.update(words)


def labels_of(table: str) -> TableLabels:
    """What is registered for a table, or the plain fallback."""
    return _tables.get(table, _PLAIN)


def verb_label(verb: str) -> str:
    """The act in words; a verb nobody has named says at least what it was done to."""
    known = _verbs.get(verb)
    if known is not None:
        return str(known)
    return _("did “%(verb)s”") % {"verb": verb}


def known_verbs() -> dict[str, str]:
    """Every registered verb with its words, for a filter."""
    return {verb: str(words) for verb, words in _verbs.items()}


def door_label(door: str) -> str:
    """How the change came in."""
    return str(DOORS.get(door, door))


def table_label(table: str) -> str:
    """The table's name for people: of one of its rows."""
    known = labels_of(table).name
    if known:
        return str(known)
    model = model_of(table)
    return str(model._meta.verbose_name) if model else table


def row_label(table: str, image: Image) -> str:
    """A row's name from its image; "" where the image holds none."""
    naming = labels_of(table).row
    if naming is not None:
        return naming(image)
    return next(
        (str(image[key]) for key in ("name", "label", "title", "number", "code") if image.get(key)), ""
    )


def people_named(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of members, looked up once for a page."""
    wanted = {one for one in ids if one}
    return dict(Member.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def doer_named(member_id: UUID | None) -> str:
    """Who did it: a member's name, or the system."""
    found = people_named([member_id])
    return found[member_id] if member_id in found else _("The system")


def shown_columns(actor: Actor, table: str, columns: Sequence[str]) -> list[str]:
    """The columns a reader is shown: neither bookkeeping, nor what follows from another column (which
    nobody edits), nor hidden ones."""
    known = labels_of(table)
    return [
        column
        for column in columns
        if column not in BOOKKEEPING
        and column not in known.hidden
        and not getattr(_field(table, column), "generated", False)
        and getattr(_field(table, column), "editable", True)
        and not (known.resource and actor.field_mode(known.resource, _field_name(table, column)) == "hide")
    ]


def column_label(table: str, column: str) -> str:
    """A column's name for people."""
    known = labels_of(table).columns.get(column)
    if known is not None:
        return str(known)
    found = _field(table, column)
    return str(found.verbose_name) if found is not None else column


class Values:
    """Shows values of images; the names of referenced rows are looked up once for all of them, and told of those that
    the reader sees."""

    def __init__(self, actor: Actor, images: Sequence[tuple[str, Image]]) -> None:
        self.actor = actor
        wanted: dict[type[models.Model], set[UUID]] = {}
        for table, image in images:
            for column, value in image.items():
                target = _target(table, column)
                if target is not None and value:
                    wanted.setdefault(target, set()).add(UUID(str(value)))
        self._names: dict[tuple[type[models.Model], UUID], str] = {}
        for model, ids in wanted.items():
            visible = labels_of(model._meta.db_table).visible
            seen = set(visible(actor, ids)) if visible is not None else ids
            for row in model._default_manager.filter(pk__in=ids):
                self._names[model, row.pk] = str(row) if row.pk in seen else _("A record you cannot see")

    def text(self, table: str, column: str, value: Any) -> str:
        """A stored value in words, "" for none; masked where a field rule masks it."""
        known = labels_of(table)
        if value is None or value == "":
            return ""
        if known.resource and self.actor.field_mode(known.resource, _field_name(table, column)) in (
            "mask",
            *VEILED,
        ):
            return "••••"
        if column in known.values:
            return known.values[column](value)
        target = _target(table, column)
        if target is not None:
            return self._names.get((target, UUID(str(value))), _("somebody or something that is gone"))
        return _plain(_field(table, column), value)


def _plain(found: Any, value: Any) -> str:
    if found is not None and found.choices:
        return str(dict(found.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return str(number_format(value, use_l10n=True, force_grouping=True))
    if isinstance(value, list):
        return listed(str(one) for one in value)
    if isinstance(value, dict):
        return listed(f"{key}: {one}" for key, one in value.items())
    moment = _moment(found, value)
    return exact(moment) if moment is not None else str(value)


def _moment(found: Any, value: Any) -> date | datetime | None:
    if isinstance(found, models.DateTimeField):
        return parse_datetime(str(value))
    if isinstance(found, models.DateField):
        return parse_date(str(value))
    return None


def _field(table: str, column: str) -> Any:
    model = model_of(table)
    if model is None:
        return None
    return next((one for one in model._meta.local_concrete_fields if one.column == column), None)


def _field_name(table: str, column: str) -> str:
    found = _field(table, column)
    return str(found.name) if found is not None else column


def _target(table: str, column: str) -> type[models.Model] | None:
    found = _field(table, column)
    remote = getattr(found, "remote_field", None)
    return remote.model if remote is not None else None

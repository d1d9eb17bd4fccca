"""Everything that is held of a person, in words and as data.

Read as the system: the law's answer is whole, whatever field rules say of daily work (docs/decisions/0010).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F

from guanxi.customers.models import Customer, Mark, Person, Sign
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.ledger.images import as_of_today
from guanxi.foundation.ledger.labels import (
    Values,
    column_label,
    people_named,
    shown_columns,
    table_label,
    verb_label,
)
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.search.models import Entry, Opened
from guanxi.kinds import Show
from guanxi.privacy.models import Reveal
from guanxi.privacy.queries.belongings import Belongings, Model, Step, belongings_of, no_step
from guanxi.privacy.queries.names import Called, called
from guanxi.resource import access
from guanxi.resource.registry import find

MOST = 500  # rows of a kind on the page; the export has all
# Worked out from other rows, or about who of us looked: no data of the person's.
_DERIVED: tuple[Model, ...] = (Entry, Mark, Sign, Opened, Reveal)
_BOOKKEEPING = {"resource", "record_id"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the company's about the person: what it is, and its columns in words."""

    id: UUID
    table: str
    values: tuple[tuple[str, str], ...]
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one kind; `many` says how many there are where not all are shown."""

    label: str
    lines: tuple[Line, ...]
    many: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that was changed: when, by whom, from what to what."""

    at: datetime
    who: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Use:
    """An act that the log has of the person: when, by whom, what."""

    at: datetime
    who: str
    act: str


@dataclass(slots=True)
class Answer:
    """All of it."""

    person: Any
    fields: list[tuple[str, str]] = field(default_factory=list)
    own: list[Group] = field(default_factory=list)
    named: list[Group] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    called: Called = field(default_factory=Called)


def everything_of(person: Person, language: str, *, most: int | None = MOST, step: Step = no_step) -> Answer:
    """What the company holds of somebody; `most` rows of a kind. `step` as of `belongings_of`."""
    company = system_actor(person.tenant_id)
    found = belongings_of(person.pk, step)
    mine = called(found)
    show = Show(actor=company, language=language)
    resource = find("people")
    fields = [
        (str(kind.label), said)
        for kind in access.readable(company, resource)
        if not getattr(kind, "computed", False) and (said := str(kind.text(person, show)))
    ]
    return Answer(
        person=person,
        fields=fields,
        own=list(_own(company, found, most)),
        named=list(_named(company, found, mine, most)),
        files=list(Attachment.objects.filter(pk__in=found.own.get(Attachment, ())).order_by("created_at")),
        changes=list(_changes(company, found, most)),
        uses=list(_uses(found, most)),
        called=mine,
    )


def _own(company: Actor, found: Belongings, most: int | None) -> Iterator[Group]:
    for model, ids in found.own.items():
        if model is not Person and model not in _DERIVED and ids:
            yield _group(company, model, ids, most)


def _named(company: Actor, found: Belongings, mine: Called, most: int | None) -> Iterator[Group]:
    """What the person took part in, and what around it names them."""
    wanted = mine.everything
    for model, ids in found.around.items():
        if model is Customer or model in _DERIVED or not ids:
            continue
        texts = [
            one.name
            for one in model._meta.local_concrete_fields
            if isinstance(one, models.CharField | models.TextField) and not one.choices
        ]
        names = models.Q(pk__in=found.met.get(model, ()))
        for name in texts if wanted else ():
            names |= models.Q(**{f"{name}__iregex": wanted})
        chosen = set(model._default_manager.filter(names, pk__in=ids).values_list("pk", flat=True))
        if chosen:
            yield _group(company, model, chosen, most)


def _group(company: Actor, model: Model, ids: Iterable[UUID], most: int | None) -> Group:
    rows = model._default_manager.filter(pk__in=list(ids)).order_by("-pk")
    table = model._meta.db_table
    columns = [one for one in model._meta.local_concrete_fields if not getattr(one, "generated", False)]
    raws = [{str(one.column): one.value_from_object(row) for one in columns} for row in rows[:most]]
    values = Values(company, [(table, raw) for raw in raws])
    lines = []
    for raw in raws:
        shown = [
            (column_label(table, name), said)
            for name in shown_columns(company, table, list(raw))
            if name not in _BOOKKEEPING and (said := values.text(table, name, _plain(raw[name])))
        ]
        lines.append(Line(raw["id"], table, tuple(shown), raw))
    return Group(table_label(table), tuple(lines), len(set(ids)))


def _plain(value: Any) -> Any:
    """As an image of the ledger has it."""
    if isinstance(value, datetime) or hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _changes(company: Actor, found: Belongings, most: int | None) -> Iterator[Changed]:
    """What was corrected when: of the person and of all that is theirs, the newest first."""
    rows = Change.objects.filter(row_id__in=found.people, action=Change.UPDATE).order_by(F("id").desc())
    changes = as_of_today(rows[:most])
    images = [(one.table_name, image) for one in changes for image in (one.old, one.new) if image]
    values, who = Values(company, images), people_named({one.actor_id for one in changes})
    for one in changes:
        after = one.new or {}
        for column in shown_columns(company, one.table_name, list(after)):
            yield Changed(
                one.at,
                who.get(one.actor_id, "") if one.actor_id else "",
                column_label(one.table_name, column),
                values.text(one.table_name, column, (one.old or {}).get(column)),
                values.text(one.table_name, column, after[column]),
            )


def _uses(found: Belongings, most: int | None) -> Iterator[Use]:
    acts = list(Operation.objects.filter(record_id__in=found.people).order_by("-at", "-id")[:most])
    who = people_named({one.actor_id for one in acts})
    for one in acts:
        yield Use(one.at, who.get(one.actor_id, "") if one.actor_id else "", verb_label(one.verb))


def as_data(answer: Answer) -> dict[str, Any]:
    """The answer for machines: columns under their own names, moments in ISO 8601."""
    person = answer.person
    columns = person._meta.local_concrete_fields
    return {
        "person": {str(one.column): one.value_from_object(person) for one in columns},
        "rows": [{"table": line.table, **line.raw} for group in answer.own for line in group.lines],
        "named_in": [{"table": line.table, **line.raw} for group in answer.named for line in group.lines],
        "files": [{"name": one.name, "size": one.size, "sha256": one.digest} for one in answer.files],
        "changes": [
            {"at": one.at, "who": one.who, "field": one.field, "before": one.before, "after": one.after}
            for one in answer.changes
        ],
        "uses": [{"at": one.at, "who": one.who, "act": one.act} for one in answer.uses],
    }


class Encoder(DjangoJSONEncoder):
    """Writes whatever a column holds."""

    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def named_safely(files: Iterable[Attachment]) -> Iterator[tuple[str, Attachment]]:
    """Names of files in an archive: each once."""
    seen: dict[str, int] = {}
    for one in files:
        name = re.sub(r"[\\/\x00-\x1f]", "_", one.name) or "file"
        seen[name] = seen.get(name, 0) + 1
        yield (f"files/{name}" if seen[name] == 1 else f"files/{seen[name]}-{name}"), one

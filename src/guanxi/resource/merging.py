"""Making several records of one kind one: field by field, with everything that hangs on them; undone as one.

What follows is found, not declared: every reference to the table, whatever context it is in; every row that names a
record by resource and id (comments, files, facts, tags); links in fields of a company's own. Where only one of a sort
may be there, the kept record's own stays.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.fields import tenant_field
from guanxi.kernel.errors import Forbidden, Invalid, Message, NotFound, Refused
from guanxi.kinds import Kind, Text
from guanxi.resource import access, guards, own, writing
from guanxi.resource.actions import Action
from guanxi.resource.declaration import Resource
from guanxi.resource.links import RecordLink
from guanxi.resource.models import Merger
from guanxi.resource.moved import note_moves
from guanxi.resource.registry import every
from guanxi.resource.standard import may_assign

MOST = 20  # records made one at once
PAGE = "merge"

# (the model, the ids of its rows that now belong to the kept record)
Moved = Mapping[type[models.Model], Sequence[UUID]]


def merging(key: str, merge: Callable[..., Any]) -> Action:
    """The action that makes records of a resource one: those chosen, with `keep` where one is named."""

    def carried_out(actor: Actor, *, ids: Collection[UUID], keep: UUID | None = None) -> int:
        merge(actor, ids=ids, keep=keep)
        return len({*ids, *([keep] if keep else ())})

    return Action(
        key="merge",
        label=_("Merge"),
        service=carried_out,
        verb="merge",
        inputs=(RecordLink(name="keep", label=pgettext_lazy("record", "Merge into"), to=key),),
        icon="arrows-join",
        said=_("%(what)s merged"),
        page=PAGE,
        order=30,
    )


def chosen(
    actor: Actor, resource: type[Resource], records: Sequence[Any], choices: Mapping[str, UUID]
) -> dict[str, Any]:
    """What the first of `records` has when they are one, by stored column: the value of the record that `choices`
    names for a field; else its own, and where it has none, the first that there is. Longer texts are joined.

    Raises Invalid for a choice of a field that the actor may not set, or of another record.
    """
    by_id = {record.pk: record for record in records}
    writable = {kind.name for kind in access.writable(actor, resource)}
    problems = Invalid(
        {
            name: [Message("not_writable")]
            for name, one in choices.items()
            if name not in writable or one not in by_id
        }
    )
    if problems:
        raise problems
    found: dict[str, Any] = {}
    for kind in resource.writable():
        if kind.name in choices:
            found[kind.column] = kind.value(by_id[choices[kind.name]])
            continue
        values = [value for record in records if not kind.is_blank(value := kind.value(record))]
        if values:
            found[kind.column] = _joined(kind, values) if is_joined(kind) else values[0]
    return found


def is_joined(kind: Kind) -> bool:
    """Whether a field holds running text, of which nothing is dropped."""
    return isinstance(kind, Text) and kind.multiline


def _joined(kind: Kind, values: Sequence[str]) -> str:
    text = "\n".join(dict.fromkeys(values))
    return text if len(text) <= (getattr(kind, "max_length", None) or len(text)) else values[0]


def merge(
    actor: Actor,
    resource: type[Resource],
    *,
    ids: Collection[UUID],
    keep: UUID | None = None,
    choices: Mapping[str, UUID] | None = None,
    settle: Callable[[dict[str, Any], Sequence[Any]], None] | None = None,
) -> tuple[Any, Moved]:
    """Make records one; returns the kept one (`keep`, else the oldest) and the rows that belong to it now.

    `settle` may change the values, given the records, the kept one first. Raises Forbidden, NotFound, Invalid, and
    Refused for fewer than two or more than `MOST`, or from a guard.
    """
    actor.require(resource.permission("merge"))
    asked = set(ids) | ({keep} if keep else set())
    if not 2 <= len(asked) <= MOST:
        raise Refused("merge_number", _("Choose two to twenty to merge."))
    records = _locked(actor, resource, asked)
    first = records[keep] if keep else min(records.values(), key=lambda one: (one.created_at, one.pk))
    others = [record for record in records.values() if record.pk != first.pk]
    values = chosen(actor, resource, [first, *others], choices or {})
    if settle is not None:
        settle(values, [first, *others])
    if resource.owner:
        column = resource.kind(resource.owner).column
        if values.get(column) != getattr(first, column):
            may_assign(actor, resource, values.get(column))
    gone = [record.pk for record in others]
    with operation(actor, resource.act("merge"), record_id=first.pk, label=str(first)) as opened:
        guards.check(actor, resource, "merge", list(records))
        moved = dict(_moved(resource, gone, first.pk))
        Merger.objects.bulk_create(
            Merger(resource=resource.key, record_id=first.pk, gone=one.pk, name=str(one)[:300])
            for one in others
        )
        writing.delete(resource, gone)
        first.refresh_from_db()
        writing.update(resource, first, values, expected_version=None)
        describe(opened, merged=len(asked), moved=sum(map(len, moved.values())))
    return first, moved


def _locked(actor: Actor, resource: type[Resource], asked: Collection[UUID]) -> dict[UUID, Any]:
    seen = access.visible(actor, resource).filter(pk__in=asked).order_by("pk")
    records = {record.pk: record for record in seen.select_for_update(of=("self",))}
    if len(records) < len(asked):
        raise NotFound("not_found", {"resource": resource.key})
    within = access.visible(actor, resource).filter(access.reach_q(actor, resource, "merge"), pk__in=asked)
    if within.count() < len(asked):
        raise Forbidden(resource.permission("merge"))
    return records


def name_after(opened: Operation, kept: Any) -> None:
    """Let an operation that a service opened around merging bear the kept record's name, as merging's own does."""
    opened.record_id = kept.pk
    Operation.objects.filter(pk=opened.pk).update(record_id=kept.pk)
    describe(opened, label=str(kept))


# What follows


def hanging(resource: type[Resource]) -> Iterator[tuple[type[models.Model], str, dict[str, Any]]]:
    """Everything that belongs to a record: the model, the column with its id, and what else its rows must say."""
    # Also those that nobody asks for from this side (`related_name="+"`).
    for relation in resource.model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and not relation.many_to_many:
            yield relation.related_model, relation.field.attname, {}
    for model in apps.get_models():
        names = {field.name for field in model._meta.local_fields}
        if tenant_field(model) is not None and {"resource", "record_id"} <= names:
            yield model, "record_id", {"resource": resource.key}
        if tenant_field(model) is not None and {"about", "about_id"} <= names:
            yield model, "about_id", {"about": resource.key}


def _moved(
    resource: type[Resource], gone: Collection[UUID], into: UUID
) -> Iterator[tuple[type[models.Model], list[UUID]]]:
    for model, column, of in hanging(resource):
        rows = model._default_manager.filter(**of, **{f"{column}__in": gone})
        if model is resource.model:
            rows = rows.exclude(pk__in=[*gone, into])
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        if ids:
            yield model, _move(model, column, of, ids, into)
    for other in every():
        for kind in own.tailor().fields(other).values():
            if isinstance(kind, RecordLink) and kind.to == resource.key and kind.own:
                _relink(other, kind, gone, into)


def _move(
    model: type[models.Model], column: str, of: Mapping[str, Any], ids: list[UUID], into: UUID
) -> list[UUID]:
    """Let rows belong to another record; those that only one may have stay the other's, and are dropped here."""
    rows = model._default_manager.filter(pk__in=ids)
    kept = model._default_manager.filter(**of, **{column: into})
    dropped: set[UUID] = set()
    field = next(one for one in model._meta.local_fields if one.attname == column)
    mine = getattr(model, "main_of", field.name) == field.name  # a position is its person's main one
    if mine and any(one.name == "main" for one in model._meta.local_fields):
        mains = list(rows.filter(main=True).values_list("pk", flat=True))
        rows.filter(pk__in=mains[0 if kept.filter(main=True).exists() else 1 :]).update(main=False)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and field.name in constraint.fields:
            beside = [name for name in constraint.fields if name not in ("tenant_id", field.name)]
            if not beside:
                continue  # one alone of its kind, as the main one is
            condition = constraint.condition or models.Q()
            taken = set(kept.filter(condition).values_list(*beside))
            for pk, *said in rows.filter(condition).order_by("pk").values_list("pk", *beside):
                if tuple(said) in taken:
                    dropped.add(pk)
                taken.add(tuple(said))
    model._default_manager.filter(pk__in=dropped).delete()
    staying = [pk for pk in ids if pk not in dropped]
    note_moves(model, column, staying, into)
    model._default_manager.filter(pk__in=staying).update(**{column: into})
    return staying


def _relink(other: type[Resource], kind: RecordLink, gone: Collection[UUID], into: UUID) -> None:
    texts = [str(one) for one in gone]
    rows = other.model._default_manager.filter(own__has_key=kind.name, **{f"own__{kind.name}__in": texts})
    ids = list(rows.values_list("pk", flat=True))
    if ids:
        writing.update_many(other, ids, {kind.column: into})


def merged_into(resource: str, record_id: UUID) -> UUID | None:
    """The record that one which is gone was made part of."""
    rows = Merger.objects.filter(resource=resource, gone=record_id)
    return rows.values_list("record_id", flat=True).first()


def mergers_of(resource: str, record_id: UUID) -> list[Merger]:
    """What was made part of a record, the last one first."""
    return list(Merger.objects.filter(resource=resource, record_id=record_id).order_by("-created_at", "-pk"))

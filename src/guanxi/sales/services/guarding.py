"""What the change log shows of rows that hang on a sale and have no door of their own, and whether an undo may touch
them today: as their sale is seen and changed."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from guanxi.foundation.ledger.conflicts import Part
from guanxi.foundation.ledger.images import shape_of
from guanxi.foundation.ledger.labels import Image, TableLabels, label_table
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import guard_undo, needed_verb
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.choices import GoesTo
from guanxi.sales.models import Answer, Opportunity, Planned, Question

_MODELS: Mapping[str, Any] = {model._meta.db_table: model for model in (Answer, Planned)}
_LINK = "opportunity_id"


def register() -> None:
    """Called once at start-up."""
    guard_undo(guard)
    for table, model in _MODELS.items():
        label_table(table, TableLabels(visible=_seen(model), seen_in=_seen_in, hidden=frozenset({_LINK})))


def guard(actor: Actor, found: Operation, part: Part) -> Iterator[tuple[str, UUID]]:
    """Rows whose sale is not the actor's to change today; of a sale that is gone its own guard tells."""
    if not needed_verb(found).startswith("sales."):
        return
    changes = part.changes().filter(table_name__in=list(_MODELS))
    for table, schema in changes.values_list("table_name", "schema").distinct():
        shape = shape_of(table, schema)
        if shape is None:
            continue
        sales: dict[UUID, UUID] = {}
        for row in changes.filter(table_name=table, schema=schema).order_by("id"):
            image = shape.read(row.old or row.new)
            if image.get(_LINK):
                sales[row.row_id] = UUID(str(image[_LINK]))
        standing = _MODELS[table].objects.filter(pk__in=changes.values("row_id")).values_list("pk", _LINK)
        sales |= dict(standing)
        there = set(Opportunity.objects.filter(pk__in=sales.values()).values_list("pk", flat=True))
        mine = _reached(actor, there, "edit")
        yield from ((table, row) for row, sale in sales.items() if sale in there - mine)


def _reached(actor: Actor, sales: Collection[UUID], verb: str) -> set[UUID]:
    resource = find("opportunities")
    if not actor.may(resource.permission(verb)):
        return set()
    return set(access.visible(actor, resource, verb).filter(pk__in=sales).values_list("pk", flat=True))


def _shut(actor: Actor, questions: Collection[UUID]) -> set[UUID]:
    """Questions whose answers become a field that is closed to the reader."""
    closed = access.closed(actor, find("opportunities"))
    rows = Question.objects.filter(pk__in=questions, goes_to=GoesTo.FIELD, field__in=closed)
    return set(rows.values_list("pk", flat=True))


def _seen(model: Any) -> Callable[[Actor, Collection[UUID]], Collection[UUID]]:
    def seen(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
        rows = dict(model.objects.filter(pk__in=list(ids)).values_list("pk", _LINK))
        held = _reached(actor, set(rows.values()), "view")
        found = {pk for pk, sale in rows.items() if sale in held}
        if model is Answer:
            asked = dict(Answer.objects.filter(pk__in=found).values_list("pk", "question_id"))
            shut = _shut(actor, set(asked.values()))
            found -= {pk for pk, question in asked.items() if question in shut}
        return found

    return seen


def _seen_in(actor: Actor, image: Image) -> bool:
    sale, question = image.get(_LINK), image.get("question_id")
    if not sale or not _reached(actor, [UUID(str(sale))], "view"):
        return False
    return not question or not _shut(actor, [UUID(str(question))])

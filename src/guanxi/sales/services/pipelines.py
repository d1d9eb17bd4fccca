"""Pipelines, stages and reasons for losing: what follows from changing them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.resource import access, writing
from guanxi.resource.registry import find
from guanxi.resource.standard import standard
from guanxi.sales.choices import GoesTo, State
from guanxi.sales.models import Opportunity, Question, Stage


def _weigh_anew(actor: Actor, ids: Collection[UUID]) -> None:
    """Open sales of these stages whose probability nobody set have the stage's."""
    for stage in Stage.objects.filter(pk__in=list(ids)):
        rows = Opportunity.objects.filter(stage=stage, state=State.OPEN, probability__isnull=True)
        mine = list(rows.exclude(chance=stage.probability).values_list("pk", flat=True))
        values: dict[str, Any] = {"chance": stage.probability}
        if mine:
            writing.update_many(find("opportunities"), mine, values)


pipelines = standard("pipelines")
stages = standard("stages", _weigh_anew)
lost_reasons = standard("lost_reasons")


def set_required(actor: Actor, stage_id: UUID, names: Collection[str]) -> Stage:
    """Say which fields of an opportunity must be filled in before it enters a stage. Raises NotFound, Forbidden,
    Invalid for what is no field that people write."""
    resource = find("stages")
    stage: Stage = access.get(actor, resource, stage_id, verb="edit", lock=True)
    sales = find("opportunities")
    if unknown := set(names) - {kind.name for kind in sales.writable()}:
        said = _("There is no such field of opportunities.")
        raise Invalid({"required": [Message("field", said, {"names": sorted(unknown)})]})
    with operation(actor, resource.act("edit"), record_id=stage.pk, label=stage.name):
        stage.required = sorted(set(names))
        stage.save(update_fields=["required"])
    return stage


evidence = standard("evidence")
plan_steps = standard("plan_steps")


def _to_fields(actor: Actor, ids: Collection[UUID]) -> None:
    """An answer becomes a field that an opportunity has and people write. Raises Invalid."""
    known = {kind.name for kind in find("opportunities").writable()}
    wrong = Question.objects.filter(pk__in=list(ids), goes_to=GoesTo.FIELD).exclude(field__in=known)
    if wrong.exists():
        said = _("There is no such field of opportunities.")
        raise Invalid({"field": [Message("field", said)]})


questions = standard("questions", _to_fields)

"""Pipelines as a whole: a new one, stages in another order, a stage that goes."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Department
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message, Refused
from guanxi.resource import access, writing
from guanxi.resource.registry import find
from guanxi.sales.choices import READY_STAGES, SETTINGS, StageKind
from guanxi.sales.models import Opportunity, Pipeline, Stage
from guanxi.sales.services import standing
from guanxi.sales.services.defaults import make_stages
from guanxi.sales.services.pipelines import pipelines


def new_pipeline(actor: Actor, *, name: str) -> Pipeline:
    """A pipeline with the stages of the rule book. Raises Forbidden, Invalid for no name or one that is taken."""
    resource = find("pipelines")
    if Pipeline.objects.filter(name=name.strip()).exists():
        raise Invalid({"name": [Message("taken", _("There is a pipeline of this name."))]})
    with operation(actor, resource.act("create"), label=name.strip()):
        last = Pipeline.objects.order_by("-position").values_list("position", flat=True).first()
        data = {"name": name, "position": str((last or 0) + 1)}
        made: Pipeline = pipelines.create(actor, data=data)
        make_stages(made, READY_STAGES)
    return made


def order_stages(actor: Actor, pipeline_id: UUID, *, order: Sequence[UUID]) -> None:
    """Put the open stages of a pipeline in this order; those it does not name follow in the one they have, won and lost
    stay at the end. Raises NotFound, Forbidden."""
    pipeline = _pipeline(actor, pipeline_id)
    rows = Stage.objects.filter(pipeline=pipeline).order_by("position", "pk").select_for_update(of=("self",))
    places = {pk: place for place, pk in enumerate(order)}
    stages = sorted(rows, key=lambda one: (one.kind != StageKind.OPEN, places.get(one.pk, len(places))))
    moved = [(one, {"position": place}) for place, one in enumerate(stages) if one.position != place]
    if moved:
        with operation(actor, find("pipelines").act("edit"), record_id=pipeline.pk, label=pipeline.name):
            writing.update_each(find("stages"), moved)


def set_department(actor: Actor, pipeline_id: UUID, *, department: UUID | None) -> None:
    """Say whose pipeline it is: new sales of a department's people go its way; None for everybody's. Raises NotFound,
    Forbidden, Invalid for no department."""
    pipeline = _pipeline(actor, pipeline_id)
    if department is not None and not Department.objects.filter(pk=department).exists():
        raise Invalid({"department": [Message("department", _("There is no such department."))]})
    with operation(actor, find("pipelines").act("edit"), record_id=pipeline.pk, label=pipeline.name):
        writing.update(find("pipelines"), pipeline, {"department_id": department}, expected_version=None)


def remove_stage(actor: Actor, stage_id: UUID, *, into: UUID | None) -> int:
    """Delete an open stage; its sales go to another open one of its pipeline in the same operation. Returns how many
    went. Raises NotFound, Forbidden, Refused for the last open stage, for won and lost, and where it is not said where
    they go."""
    stage = _stage(actor, stage_id)
    others = Stage.objects.filter(pipeline=stage.pipeline_id, kind=StageKind.OPEN).exclude(pk=stage.pk)
    target = others.filter(pk=into).first() if into is not None else None
    if stage.kind != StageKind.OPEN:
        raise Refused("end", _("Won and lost stay: every sale ends in one of them."))
    if target is None:
        raise Refused("into", _("Say into which open stage its opportunities go."))
    with operation(actor, find("stages").act("delete"), record_id=stage.pk, label=stage.name) as opened:
        held = Opportunity.objects.filter(stage=stage).order_by("pk").select_for_update(of=("self",))
        moved = standing.all_changed([(one, {"stage_id": target.pk}) for one in held])
        writing.update_each(find("opportunities"), moved)
        writing.delete(find("stages"), [stage.pk])
        describe(opened, updated=len(moved), reason=str(_("Its stage was removed.")))
    return len(moved)


def _stage(actor: Actor, stage_id: UUID) -> Stage:
    actor.require(SETTINGS)
    found: Stage = access.get(actor, find("stages"), stage_id, verb="edit", lock=True)
    return found


def _pipeline(actor: Actor, pipeline_id: UUID) -> Pipeline:
    actor.require(SETTINGS)
    found: Pipeline = access.get(actor, find("pipelines"), pipeline_id, verb="edit", lock=True)
    return found

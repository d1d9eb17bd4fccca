"""What every company begins with: a pipeline with its stages, and reasons for losing."""

from collections.abc import Sequence
from typing import Any

from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.sales.choices import (
    READY_EVIDENCE,
    READY_PIPELINE,
    READY_REASONS,
    READY_STAGES,
    SETTINGS,
    Category,
    StageKind,
)
from guanxi.sales.models import Evidence, LostReason, Pipeline, Stage


def make_defaults(actor: Actor) -> None:
    """The default pipeline and reasons of the rule book, in the company's language, where there is no pipeline."""
    if Pipeline.objects.exists():
        return
    with operation(actor, SETTINGS):
        pipeline = Pipeline(name=str(READY_PIPELINE))
        pipeline.save(force_insert=True)
        stages = make_stages(pipeline, READY_STAGES)
        for place, name, how in READY_EVIDENCE:
            Evidence(stage=stages[place], name=str(name), how=how).save(force_insert=True)
        if not LostReason.objects.exists():
            for position, name in enumerate(READY_REASONS):
                LostReason(name=str(name), position=position).save(force_insert=True)


def make_stages(pipeline: Pipeline, ready: Sequence[tuple[Any, int, StageKind, Category]]) -> list[Stage]:
    """Give a pipeline these stages, in the language that is spoken. Called inside an operation."""
    made = []
    for position, (name, probability, kind, category) in enumerate(ready):
        stage = Stage(
            pipeline=pipeline,
            name=str(name),
            position=position,
            probability=probability,
            kind=kind.value,
            category=category.value,
        )
        stage.save(force_insert=True)
        made.append(stage)
    return made


def make_for_opened_company() -> None:
    """The same by the system, in the company that is open: at its making, and at the start after an upgrade."""
    make_defaults(system_actor(require_scope().tenant_id))

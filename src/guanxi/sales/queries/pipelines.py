"""The pipelines of the company with their stages: few rows, read together."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from guanxi.foundation.ledger.services import while_unwritten
from guanxi.kernel.text import fold
from guanxi.sales.choices import StageKind
from guanxi.sales.models import Pipeline, Stage


@dataclass(frozen=True, slots=True)
class Ways:
    """Pipelines in use that have a beginning and both ends, the usual one first, and the stages of all, by pipeline in
    their order."""

    pipelines: Sequence[Pipeline]
    stages: dict[UUID, Stage]
    of: dict[UUID, list[Stage]]

    def first(self, pipeline_id: UUID) -> Stage:
        """Where a sale of this pipeline begins."""
        return next(one for one in self.of[pipeline_id] if one.kind == StageKind.OPEN)

    def end(self, pipeline_id: UUID, kind: str) -> Stage:
        """Its stage of won or lost sales."""
        return next(one for one in self.of[pipeline_id] if one.kind == kind)

    def like(self, stage: Stage, pipeline_id: UUID) -> Stage | None:
        """The stage of another pipeline that this one comes down to: of the same name, or the same end."""
        for one in self.of.get(pipeline_id, []):
            if fold(one.name) == fold(stage.name):
                return one
        return self.end(pipeline_id, stage.kind) if stage.kind != StageKind.OPEN else None


def ways() -> Ways:
    """All of them; asked once as long as nothing is written."""
    return while_unwritten("sales.ways", _read)


def _read() -> Ways:
    pipelines = list(Pipeline.objects.order_by("archived_on", "position", "pk"))
    stages = list(Stage.objects.order_by("position", "pk"))
    of: dict[UUID, list[Stage]] = {one.pk: [] for one in pipelines}
    for stage in stages:
        of[stage.pipeline_id].append(stage)
    whole = {pk for pk, mine in of.items() if {one.kind for one in mine} >= set(StageKind.values)}
    used = [one for one in pipelines if one.archived_on is None and one.pk in whole]
    return Ways(used, {one.pk: one for one in stages}, of)


def usual_pipeline(found: Ways, department_id: UUID | None) -> Pipeline | None:
    """The pipeline of somebody's department, else the first that is everybody's, else the first."""
    for one in found.pipelines:
        if department_id is not None and one.department_id == department_id:
            return one
    return next((one for one in found.pipelines if one.department_id is None), None) or next(
        iter(found.pipelines), None
    )

"""What became of sales before they were entered here: their lines of the past, in the place of the one that says they
came today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from guanxi.foundation.ledger.services import current_operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NoScope
from guanxi.resource.registry import find
from guanxi.sales.models import Move, Opportunity
from guanxi.sales.queries.money import Ground

# Of a line what the next one repeats under `former_`.
_KEPT = ("pipeline", "stage", "state", "amount", "own_amount", "expected_on", "category", "chance", "owner")
_IDS = 5000


@dataclass(frozen=True, slots=True)
class Stood:
    """How a sale stood from a moment on: its stage, its amount in minor units, the day it was expected, whose it was,
    who brought it there and why."""

    at: datetime
    stage: UUID
    amount: int | None = None
    expected_on: date | None = None
    owner: UUID | None = None
    by: UUID | None = None
    reason: str = ""


def entered(steps: Sequence[Stood]) -> datetime:
    """Since when the last of them has stood in its stage."""
    since = steps[-1].at
    for step in reversed(steps):
        if step.stage != steps[-1].stage:
            break
        since = step.at
    return since


def tell_histories(actor: Actor, *, histories: Mapping[UUID, Sequence[Stood]]) -> int:
    """Give sales that were opened in this operation their lines of the past, the oldest first, of which the last says
    how they stand. Returns how many lines. Raises Forbidden, and NoScope outside an operation.

    Since when a sale has stood in its stage is `entered` of its steps: it is given where the sale is opened."""
    resource, opened = find("opportunities"), current_operation()
    actor.require(resource.permission("import"))
    if opened is None:
        raise NoScope("outside_an_operation")
    written, ground = 0, Ground()
    ids = list(histories)
    for start in range(0, len(ids), _IDS):
        part = ids[start : start + _IDS]
        sales = Opportunity.objects.in_bulk(part)
        lines = [line for pk in part for line in _lines(sales[pk], histories[pk], opened.id, ground)]
        Move.objects.filter(opportunity__in=part, operation=opened.id).delete()
        Move.objects.bulk_create(lines, batch_size=2000)
        written += len(lines)
    return written


def told_since(operation: UUID, ids: Sequence[UUID]) -> None:
    """Let the first line of sales that this operation opened say since when they stand as they do."""
    stood = Opportunity.objects.filter(pk=OuterRef("opportunity")).values("stage_since")
    rows = Move.objects.filter(operation=operation, opportunity__in=ids, former_stage=None)
    rows.update(created_at=Subquery(stood))


def _lines(one: Opportunity, steps: Sequence[Stood], operation: UUID, ground: Ground) -> list[Move]:
    before: dict[str, Any] = {}
    made = []
    for step in steps:
        stage = ground.ways.stages[step.stage]
        amount = ground.in_own(step.amount, one.currency, timezone.localdate(step.at))
        now = {
            "pipeline": stage.pipeline_id,
            "stage": stage.pk,
            "state": stage.kind,
            "amount": step.amount,
            "own_amount": amount,
            "expected_on": step.expected_on,
            "category": stage.category,
            "chance": stage.probability,
            "owner": step.owner,
        }
        former = {f"former_{name}": before[name] for name in _KEPT if name in before}
        made.append(
            Move(
                opportunity=one.pk,
                created_at=step.at,
                by=step.by,
                reason=step.reason,
                operation=operation,
                **now,
                **former,
            )
        )
        before = now
    return made

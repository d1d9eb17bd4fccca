"""Sales that stand longer in their stage than most won ones of the same pipeline did, as far as the actor sees both."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from guanxi.foundation.ledger.services import while_unwritten
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.choices import StageKind, State
from guanxi.sales.models import Opportunity
from guanxi.sales.queries.pipelines import ways
from guanxi.sales.rules.stuck import FEW, PART, is_stuck

RECENT = 500  # the last won sales of a pipeline are those compared with
_ASKED = ("stage", "state", "stage_since", "closed_on", "pipeline", "stuck")


@dataclass(frozen=True, slots=True)
class Usual:
    """How long won sales stood in a stage: so many of them, of which PART percent took `most` whole days at most; None
    of too few."""

    won: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Stands:
    """An open sale that stands too long: whole days, in which stage, and what is usual there."""

    days: int
    stage: UUID
    usual: Usual


_STAYS = """
      WITH won AS (SELECT * FROM unnest(%s::uuid[], %s::uuid[]) AS w (id, pipeline)),
           steps AS (
        SELECT m.opportunity_id, w.pipeline, m.stage, m.created_at,
               lead(m.created_at) OVER (PARTITION BY m.opportunity_id ORDER BY m.created_at, m.id) AS until
          FROM won w JOIN sales_move m ON m.opportunity_id = w.id
         WHERE m.stage IS DISTINCT FROM m.former_stage),
           stays AS (
        SELECT s.stage, max(floor(extract(epoch FROM s.until - s.created_at) / 86400))::int AS days
          FROM steps s JOIN sales_stage t ON t.id = s.stage AND t.pipeline_id = s.pipeline AND t.kind = 'open'
         WHERE s.until IS NOT NULL GROUP BY s.opportunity_id, s.stage)
    SELECT stage, count(*), percentile_disc(%s::float8) WITHIN GROUP (ORDER BY days) FROM stays GROUP BY stage
"""


def usual(actor: Actor) -> dict[UUID, Usual]:
    """By stage how long the last RECENT won sales of its pipeline that the actor sees stood in it: two statements.
    Nothing for whom the fields that tell it are closed."""
    return while_unwritten(("sales.usual_stays", actor.member_id), lambda: _usual(actor))


def _usual(actor: Actor) -> dict[UUID, Usual]:
    resource = find("opportunities")
    if not actor.may(resource.permission("view")) or not all(
        access.is_open(actor, resource.kind(name)) for name in _ASKED
    ):
        return {}
    seen = access.visible(actor, resource).filter(state=State.WON).order_by("-closed_on", "-pk")
    parts = [seen.filter(pipeline=one).values_list("pk", "pipeline")[:RECENT] for one in ways().of]
    if not parts:
        return {}
    won = list(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])
    if not won:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STAYS, [[pk for pk, _way in won], [way for _pk, way in won], PART / 100])
        return {
            stage: Usual(count, days if count >= FEW else None) for stage, count, days in cursor.fetchall()
        }


def stuck_q(actor: Actor) -> Q:
    """Open sales that stand too long."""
    found, now = Q(pk__in=[]), timezone.now()
    for stage, one in usual(actor).items():
        if one.most is not None:
            found |= Q(stage=stage, stage_since__lte=now - timedelta(days=one.most + 1))
    return Q(state=State.OPEN) & found


def stands(actor: Actor, sales: Iterable[Opportunity]) -> dict[UUID, Stands]:
    """Those of these sales that stand too long, by their ids."""
    known, now, found = usual(actor), timezone.now(), {}
    for one in sales:
        here = known.get(one.stage_id)
        days = (now - one.stage_since).days
        if here is not None and one.state == StageKind.OPEN and is_stuck(days, here.most):
            found[one.pk] = Stands(days, one.stage_id, here)
    return found

"""The board: the open sales of a pipeline by stage, with the sums of each column."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import BigIntegerField, Count, Q, QuerySet, Sum, Value

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.money import Money
from guanxi.resource import access
from guanxi.resource.listing import Listing, Page
from guanxi.resource.registry import find
from guanxi.sales.choices import StageKind, State
from guanxi.sales.models import Opportunity, Pipeline, Stage
from guanxi.sales.queries.money import own_money
from guanxi.sales.queries.pipelines import ways

CARDS = 20  # of a column at once
MADE_OF = ("state", "pipeline", "stage")
_FEW = 50_000  # open sales whose keys are asked for once, instead of their reach for every column


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in a stage: how many sales, their amount and their weighted amount in minor units of the company's
    own currency, and how many have no amount there."""

    stage: Stage
    count: int = 0
    amount: int = 0
    weighted: int = 0
    unknown: int = 0

    @property
    def sum(self) -> Money:
        """The amount as a page shows it."""
        return own_money(self.amount)

    @property
    def weighted_sum(self) -> Money:
        """The weighted amount as a page shows it."""
        return own_money(self.weighted)

    @property
    def percent(self) -> str:
        """The probability of the stage."""
        return f"{self.stage.probability / 100:g}%"

    @property
    def mark(self) -> str:
        """Another one where others have changed what stands here."""
        return f"{self.count}.{self.amount}.{self.weighted}"


def pipeline_asked(wanted: Listing) -> Pipeline | None:
    """The one pipeline that a filter names; else that with the most open sales of the list, else the first."""
    offered = ways().pipelines
    named = {
        value
        for part in wanted.filter.parts
        if getattr(part, "field", "") == "pipeline" and getattr(part, "operator", "") == "is"
        for value in getattr(part, "values", ())
    }
    chosen = [one for one in offered if str(one.pk) in named]
    if len(chosen) == 1:
        return chosen[0]
    if len(offered) > 1:
        counted = _open(wanted).values_list("pipeline").annotate(n=Count("pk")).order_by("-n")
        first = counted.values_list("pipeline", flat=True).first()
        return next((one for one in offered if one.pk == first), offered[0])
    return offered[0] if offered else None


def found_once(wanted: Listing) -> Listing:
    """The open sales of a list, before the columns of a board ask for them one by one."""
    return wanted.narrowed(Q(state=State.OPEN), most=_FEW)


def _open(wanted: Listing) -> "QuerySet[Opportunity]":
    return wanted.rows().filter(state=State.OPEN).order_by()


def stages_of(pipeline_id: UUID) -> list[Stage]:
    """The stages of open sales of a pipeline, in their order."""
    return [one for one in ways().of.get(pipeline_id, []) if one.kind == StageKind.OPEN]


def is_open(actor: Actor) -> bool:
    """Whether the actor may see sales as a board at all: by what it is made of."""
    resource = find("opportunities")
    return all(access.is_open(actor, resource.kind(name)) for name in MADE_OF)


def columns(wanted: Listing, pipeline: Pipeline) -> list[Column]:
    """Every open stage of a pipeline with what stands in it. Amounts that are closed to the reader are not added up."""
    resource = find("opportunities")
    amount, weighted = (
        Sum(name) if access.is_open(wanted.actor, resource.kind(name)) else Value(None, BigIntegerField())
        for name in ("own_amount", "weighted")
    )
    sums = {
        row["stage"]: row
        for row in _open(wanted)
        .filter(pipeline=pipeline)
        .values("stage")
        .annotate(count=Count("pk"), known=Count("own_amount"), amount=amount, weighted_sum=weighted)
    }
    found = []
    for stage in stages_of(pipeline.pk):
        row = sums.get(stage.pk)
        if row is None:
            found.append(Column(stage))
            continue
        unknown = row["count"] - row["known"]
        found.append(Column(stage, row["count"], row["amount"] or 0, row["weighted_sum"] or 0, unknown))
    return found


def cards(wanted: Listing, stage: UUID, *, after: str = "", size: int = CARDS) -> Page:
    """A page of the cards of a stage in the list's own order. Raises Invalid for a cursor that is not of it."""
    within = replace(wanted, condition=wanted.condition & Q(stage=stage, state=State.OPEN))
    return within.page(("customer",), after=after, size=size)

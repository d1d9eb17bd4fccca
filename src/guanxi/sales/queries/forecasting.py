"""What a stretch of days is to bring, what it brought, how that moved, and how true earlier forecasts were."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.choices import Category, State
from guanxi.sales.models import Move, Opportunity
from guanxi.sales.rules.forecast import COUNTED, Movement, Standing, counts, movement

BY = ("owner", "pipeline", "stage")
MADE_OF = (
    "owner", "pipeline", "stage", "state", "amount", "weighted", "category", "expected_on", "closed_on",
)  # fmt: skip
_COLUMNS = ("state", "own_amount", "expected_on", "category", "owner", "stage")


@dataclass(slots=True)
class Sums:
    """Amounts in hundredths of the company's own currency; `unknown` sales have none."""

    won: int = 0
    commit: int = 0
    best: int = 0
    pipeline: int = 0
    weighted: int = 0
    sales: int = 0
    unknown: int = 0

    @property
    def open(self) -> int:
        """What may still come, however sure."""
        return self.commit + self.best + self.pipeline

    def add(self, other: "Sums") -> None:
        """Sums of both."""
        for name in ("won", "commit", "best", "pipeline", "weighted", "sales", "unknown"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Moved:
    """A sale that moved the forecast."""

    sale: Opportunity
    movement: Movement
    before: Standing | None


@dataclass(frozen=True, slots=True)
class Told:
    """What was forecast for a member, certain and in all, and what he won."""

    commit: int = 0
    open: int = 0
    won: int = 0


def may_forecast(actor: Actor) -> bool:
    """Whether the actor may see forecasts: by the fields of sales that they are made of."""
    resource = find("opportunities")
    return actor.may(resource.permission("view")) and all(
        access.is_open(actor, resource.kind(name)) for name in MADE_OF
    )


def _visible(actor: Actor) -> QuerySet[Opportunity]:
    resource = find("opportunities")
    if not may_forecast(actor):
        raise Forbidden(resource.permission("view"))
    rows: QuerySet[Opportunity] = access.visible(actor, resource)
    return rows.order_by()


def forecast(actor: Actor, first: date, last: date, by: str) -> dict[tuple[UUID | None, date], Sums]:
    """By who or what (one of BY) and month, what the actor sees of these days: two statements. Raises Forbidden."""
    rows = _visible(actor)
    found: dict[tuple[UUID | None, date], Sums] = defaultdict(Sums)
    coming = rows.filter(state=State.OPEN, category__in=COUNTED, expected_on__range=(first, last))
    groups = coming.annotate(month=TruncMonth("expected_on")).values_list(f"{by}_id", "month", "category")
    unknown = Count("id", filter=Q(own_amount__isnull=True))
    sums = groups.annotate(total=Sum("own_amount"), sure=Sum("weighted"), n=Count("id"), none=unknown)
    for who, month, category, total, sure, n, none in sums:
        cell = found[who, month]
        setattr(cell, category, getattr(cell, category) + (total or 0))
        cell.weighted += sure or 0
        cell.sales += n
        cell.unknown += none
    won = rows.filter(state=State.WON, closed_on__range=(first, last)).annotate(month=TruncMonth("closed_on"))
    for who, month, total in won.values_list(f"{by}_id", "month").annotate(total=Sum("own_amount")):
        found[who, month].won += total or 0
    return dict(found)


def overdue(actor: Actor, today: date) -> tuple[int, int]:
    """How many open sales were expected before a day, and how many have no day: they stand in no forecast."""
    rows = _visible(actor).filter(state=State.OPEN, category__in=COUNTED)
    late = Count("id", filter=Q(expected_on__lt=today))
    found = rows.aggregate(late=late, undated=Count("id", filter=Q(expected_on__isnull=True)))
    return found["late"], found["undated"]


def movements(actor: Actor, since: datetime, first: date, last: date) -> list[Moved]:
    """What moved the forecast of these days since a moment, sale by sale, the largest first. Sales that are gone, or
    that the actor does not see now, are not among them."""
    found = []
    for sale, before in _touched(actor, since):
        moved = movement(before, _now(sale), first, last)
        if moved is not None:
            found.append(Moved(sale, moved, before))
    return sorted(found, key=lambda one: (-abs(one.movement.delta), one.sale.name, one.sale.pk))


def forecast_then(actor: Actor, then: datetime, first: date, last: date) -> dict[UUID | None, dict[str, int]]:
    """By owner of that time and category, the forecast of these days as it stood at a moment."""
    total: dict[UUID | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    since = Move.objects.filter(opportunity=OuterRef("pk"), created_at__gt=then)
    still = _visible(actor).filter(
        ~Exists(since), state=State.OPEN, category__in=COUNTED, expected_on__range=(first, last)
    )
    for owner, category, amount in still.values_list("owner_id", "category").annotate(Sum("own_amount")):
        total[owner][category] += amount or 0
    for _sale, before in _touched(actor, then):
        if before is not None and counts(before, first, last):
            total[before.owner][before.category] += before.amount
    return total


def accuracy(actor: Actor, then: datetime, first: date, last: date) -> dict[UUID | None, Told]:
    """By owner, what was forecast at a moment for these days, and what was won in them."""
    told = forecast_then(actor, then, first, last)
    rows = _visible(actor).filter(state=State.WON, closed_on__range=(first, last))
    won = dict(rows.values_list("owner_id").annotate(Sum("own_amount")))
    return {
        owner: Told(told[owner][Category.COMMIT], sum(told[owner].values()), won.get(owner) or 0)
        for owner in {*told, *won}
    }


def _touched(actor: Actor, since: datetime) -> Iterator[tuple[Opportunity, Standing | None]]:
    """Sales that changed since a moment, with how they stood then: what the first change since says of before."""
    firsts = Move.objects.filter(created_at__gt=since).order_by("opportunity", "created_at", "id")
    names = [f"former_{name}" for name in _COLUMNS]
    rows = firsts.distinct("opportunity").values("opportunity", *names)
    befores: dict[UUID, Standing | None] = {row["opportunity"]: _former(row) for row in rows}
    now = _visible(actor).filter(pk__among=list(befores)).select_related("owner")
    for sale in now.iterator(chunk_size=2000):
        yield sale, befores[sale.pk]


def _former(row: dict[str, Any]) -> Standing | None:
    if not row["former_state"]:
        return None
    return Standing(
        row["former_state"],
        row["former_own_amount"] or 0,
        row["former_expected_on"],
        row["former_category"],
        row["former_owner"],
        row["former_stage"],
    )


def _now(sale: Opportunity) -> Standing:
    return Standing(
        sale.state, sale.own_amount or 0, sale.expected_on, sale.category, sale.owner_id, sale.stage_id
    )

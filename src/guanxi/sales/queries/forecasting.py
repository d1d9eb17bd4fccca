"""What a stretch of days is to bring, what it brought, how that moved, and how true earlier forecasts were."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Substr, TruncMonth

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.choices import Category, State
from guanxi.sales.models import Move, Opportunity
from guanxi.sales.queries.splitting import BY_PRODUCT, Key, Part, may_split, parts_of, split
from guanxi.sales.rules.forecast import COUNTED, Movement, Standing, Sums, counts, movement

OWN = ("owner", "pipeline", "stage")  # columns of a sale
BY = ("owner", "department", "pipeline", "stage", "region", *BY_PRODUCT)
MADE_OF = (
    "owner", "pipeline", "stage", "state", "amount", "weighted", "category", "expected_on", "closed_on",
)  # fmt: skip
_COLUMNS = ("state", "own_amount", "expected_on", "category", "owner", "stage")


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


def ways_to_group(actor: Actor) -> list[str]:
    """Those of BY that are open to the actor."""
    customer, customers = find("opportunities").kind("customer"), find("customers")
    seen = access.is_open(actor, customer) and actor.may(customers.permission("view"))
    shut = set() if seen and access.is_open(actor, customers.kind("region")) else {"region"}
    shut |= {by for by in BY_PRODUCT if not may_split(actor, by)}
    return [by for by in BY if by not in shut]


def forecast(actor: Actor, first: date, last: date, by: str) -> dict[tuple[Key, date], Sums]:
    """By who or what (one of BY) and month, what the actor sees of these days: two statements at most. A region is a
    province or a country, "" where none is known. Raises Forbidden, also for what is closed to the actor."""
    return forecast_with_whole(actor, first, last, by)[0]


def forecast_with_whole(
    actor: Actor, first: date, last: date, by: str
) -> tuple[dict[tuple[Key, date], Sums], Mapping[date, Sums]]:
    """The same, and by month what it comes to: of a sale with several products the lines count it each, the whole
    once. Raises as `forecast` does."""
    rows = _grouped(actor, by)
    coming, won = _coming(rows, first, last), _won(rows, first, last)
    if by in BY_PRODUCT:
        parts, all_of_it = split(coming, won, by)
        return dict(parts), all_of_it
    found: dict[tuple[Key, date], Sums] = defaultdict(Sums)
    key = _key(actor, by)
    groups = coming.annotate(key=key, month=TruncMonth("expected_on")).values_list("key", "month", "category")
    unknown = Count("id", filter=Q(own_amount__isnull=True))
    sums = groups.annotate(total=Sum("own_amount"), sure=Sum("weighted"), n=Count("id"), none=unknown)
    for who, month, category, total, sure, n, none in sums:
        cell = found[who, month]
        setattr(cell, category, getattr(cell, category) + (total or 0))
        cell.weighted += sure or 0
        cell.sales += n
        cell.unknown += none
    closed = won.annotate(key=key, month=TruncMonth("closed_on")).values_list("key", "month")
    for who, month, total in closed.annotate(total=Sum("own_amount")):
        found[who, month].won += total or 0
    whole: dict[date, Sums] = defaultdict(Sums)
    for (_who, month), one in found.items():
        whole[month].add(one)
    return dict(found), whole


def behind(
    actor: Actor, first: date, last: date, by: str, key: Key, what: str
) -> list[tuple[Opportunity, Part]]:
    """The sales that a figure is made of, the largest part first: `what` is "open", a category of it, or "won". Raises
    Forbidden."""
    rows = _grouped(actor, by)
    none = rows.none()
    coming = none if what == "won" else _coming(rows, first, last)
    if what in COUNTED:
        coming = coming.filter(category=what)
    won = _won(rows, first, last) if what == "won" else none
    sales = (won if what == "won" else coming).select_related("owner")
    if by in BY_PRODUCT:
        asked = key if isinstance(key, UUID) else None
        parts = parts_of(coming, won, by, asked)
        mine = sales.filter(pk__among=list(parts))
        found = [(one, parts[one.pk]) for one in mine]
    else:
        mine = sales.annotate(key=_key(actor, by))
        mine = mine.filter(key__isnull=True) if key is None else mine.filter(key=key)
        found = [(one, Part(one.own_amount, one.weighted)) for one in mine]
    return sorted(
        found, key=lambda one: (-(one[1].amount or 0), -(one[1].quantity or 0), one[0].name, one[0].pk)
    )


def _grouped(actor: Actor, by: str) -> QuerySet[Opportunity]:
    rows = _visible(actor)
    if by not in ways_to_group(actor):
        raise Forbidden(find("opportunities").permission("view"))
    return rows


def _coming(rows: QuerySet[Opportunity], first: date, last: date) -> QuerySet[Opportunity]:
    return rows.filter(state=State.OPEN, category__in=COUNTED, expected_on__range=(first, last))


def _won(rows: QuerySet[Opportunity], first: date, last: date) -> QuerySet[Opportunity]:
    return rows.filter(state=State.WON, closed_on__range=(first, last))


def _key(actor: Actor, by: str) -> Any:
    """What a sale is grouped by; the region of a customer that the actor does not see is not known."""
    if by == "department":
        return F("owner__department_id")
    if by != "region":
        return F(f"{by}_id")
    seen = access.openly(actor, find("customers"), "region").order_by().values("pk")
    return Case(When(customer__in=seen, then=Substr("customer__region", 1, 2)), default=Value(""))


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

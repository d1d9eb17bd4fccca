"""What a stretch of days is to bring and what it brought, by whom or what."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Substr, TruncMonth

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.choices import State
from guanxi.sales.models import Opportunity
from guanxi.sales.queries.splitting import BY_PRODUCT, Key, Part, may_split, parts_of, split
from guanxi.sales.rules.forecast import COUNTED, Sums

OWN = ("owner", "pipeline", "stage")  # columns of a sale
BY = ("owner", "department", "pipeline", "stage", "region", *BY_PRODUCT)
MADE_OF = (
    "owner", "pipeline", "stage", "state", "amount", "weighted", "category", "expected_on", "closed_on",
)  # fmt: skip


def may_forecast(actor: Actor) -> bool:
    """Whether the actor may see forecasts: by the fields of sales that they are made of."""
    resource = find("opportunities")
    return actor.may(resource.permission("view")) and all(
        access.is_open(actor, resource.kind(name)) for name in MADE_OF
    )


def seen_for_forecast(actor: Actor) -> QuerySet[Opportunity]:
    """The sales that a forecast may be made of. Raises Forbidden."""
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
    rows = seen_for_forecast(actor)
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
    rows = seen_for_forecast(actor).filter(state=State.OPEN, category__in=COUNTED)
    late = Count("id", filter=Q(expected_on__lt=today))
    found = rows.aggregate(late=late, undated=Count("id", filter=Q(expected_on__isnull=True)))
    return found["late"], found["undated"]

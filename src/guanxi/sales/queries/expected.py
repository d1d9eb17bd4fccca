"""Open sales of a list by the day they are expected on."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from guanxi.resource import access
from guanxi.resource.listing import Listing
from guanxi.resource.registry import find
from guanxi.sales.choices import State
from guanxi.sales.models import Opportunity

SHOWN = 4  # sales of a day


@dataclass(slots=True)
class Expected:
    """What is expected in some days: how many sales, their amount in the company's own currency as `own_money` takes
    it, of how many it is not known, and the largest few of them."""

    count: int = 0
    amount: int = 0
    unknown: int = 0
    sales: list[Opportunity] = field(default_factory=list)

    def add(self, other: "Expected") -> None:
        """The sums of both."""
        self.count += other.count
        self.amount += other.amount
        self.unknown += other.unknown


def _open(wanted: Listing) -> QuerySet[Opportunity]:
    rows: QuerySet[Opportunity] = wanted.rows().filter(state=State.OPEN).order_by()
    return rows


def expected_days(wanted: Listing, first: date, last: date) -> dict[date, Expected]:
    """By day, from the first to the last: two statements. The largest amounts are shown first, but to whom they are
    closed."""
    found: dict[date, Expected] = defaultdict(Expected)
    rows = _open(wanted).filter(expected_on__range=(first, last))
    for day, count, amount, known in rows.values_list("expected_on").annotate(
        count=Count("pk"), total=Sum("own_amount"), known=Count("own_amount")
    ):
        found[day] = Expected(count, amount or 0, count - known)
    if not found:
        return found
    largest = [F("own_amount").desc(nulls_last=True)] if sees_amounts(wanted) else []
    place = Window(RowNumber(), partition_by=[F("expected_on")], order_by=[*largest, F("id").asc()])
    chosen = rows.select_related("customer").annotate(place=place).filter(place__lte=SHOWN)
    for one in chosen.order_by("expected_on", "place"):
        if one.expected_on is not None:
            found[one.expected_on].sales.append(one)
    return found


def beyond(wanted: Listing, today: date) -> tuple[Expected, Expected]:
    """Those that were expected before today, and those without a day: one statement."""
    rows = _open(wanted)
    late, none = Q(expected_on__lt=today), Q(expected_on__isnull=True)
    sums = rows.aggregate(
        late=Count("pk", filter=late),
        late_amount=Sum("own_amount", filter=late),
        late_known=Count("own_amount", filter=late),
        none=Count("pk", filter=none),
        none_amount=Sum("own_amount", filter=none),
        none_known=Count("own_amount", filter=none),
    )
    overdue, undated = (
        Expected(sums[name], sums[f"{name}_amount"] or 0, sums[name] - sums[f"{name}_known"])
        for name in ("late", "none")
    )
    return overdue, undated


def sees_amounts(wanted: Listing) -> bool:
    """Whether the list's reader may know amounts."""
    return access.is_open(wanted.actor, find("opportunities").kind("amount"))

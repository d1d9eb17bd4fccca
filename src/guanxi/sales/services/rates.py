"""Exchange rates that come, change or go after the sales that need them."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from guanxi.catalog.models import ExchangeRate
from guanxi.foundation.events import publish
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import writing
from guanxi.resource.registry import find
from guanxi.sales.choices import MOST, State
from guanxi.sales.events import RatesReached
from guanxi.sales.models import Opportunity
from guanxi.sales.queries.money import Ground

REVALUED = "sales.opportunity.revalue"
AT_ONCE = 2_000  # sales that are brought over in the request itself
_MISSED = 7  # days that the nightly work may have failed


def follow_rates(actor: Actor, first: Mapping[str, date]) -> None:
    """Bring over the sales that rates reach, by currency and the first day of these: at once, in the operation of the
    rates, or by a job where they are many."""
    for currency, day in first.items():
        if reached(currency, day)[: AT_ONCE + 1].count() > AT_ONCE:
            publish(RatesReached(currency, day))
        else:
            bring_over(currency, day)


def reached(currency: str, day: date) -> "QuerySet[Opportunity]":
    """Sales that rates from a day on may reach: open ones, which go by today's, and those closed since. A rate of a
    day to come reaches none: its day does (`begin_today`)."""
    rows = Opportunity.objects.filter(currency=currency, amount__isnull=False).order_by("pk")
    if day > timezone.localdate():
        return rows.none()
    return rows.filter(Q(state=State.OPEN) | Q(closed_on__gte=day))


def bring_over(currency: str, day: date) -> int:
    """Give sales their amount in our own currency by the rate of their day, none where it has none: of open ones
    today's, of others that of the day they closed. Returns how many changed. Called inside an operation."""
    changed, last, ground = 0, None, Ground()
    while True:
        rows = reached(currency, day)
        if last is not None:
            rows = rows.filter(pk__gt=last)
        part = list(rows.select_for_update(of=("self",))[:AT_ONCE])
        if not part:
            return changed
        last = part[-1].pk
        ground.ask({(currency, one.closed_on or ground.today) for one in part})
        wanted = []
        for one in part:
            own = ground.in_own(one.amount, currency, one.closed_on or ground.today)
            if own is None or own <= MOST:
                wanted.append((one, {"own_amount": own}))
        changed += writing.update_each(find("opportunities"), wanted)


def begin_today(actor: Actor, today: date) -> int:
    """Where a rate begins today, written before, open sales go by it from now on; so of the nights before that failed.
    Returns how many changed."""
    changed = 0
    begun = ExchangeRate.objects.filter(day__range=(today - timedelta(days=_MISSED), today))
    for currency in sorted(set(begun.values_list("currency", flat=True))):
        with operation(actor, REVALUED, label=currency):
            changed += bring_over(currency, today)
    return changed

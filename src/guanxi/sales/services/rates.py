"""Exchange rates that come after the sales that need them."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from guanxi.catalog.queries.currencies import rates_of
from guanxi.catalog.rules.sums import to_own
from guanxi.foundation.events import publish
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import writing
from guanxi.resource.registry import find
from guanxi.sales.choices import MOST, State
from guanxi.sales.events import RatesReached
from guanxi.sales.models import Opportunity

REVALUED = "sales.opportunity.revalue"
AT_ONCE = 2_000  # sales that are brought over in the request itself


def follow_rates(actor: Actor, first: Mapping[str, date]) -> None:
    """Bring over the sales that written rates reach, by currency and the first day of these: at once, in the operation
    of the rates, or by a job where they are many."""
    for currency, day in first.items():
        if waiting(currency, day)[: AT_ONCE + 1].count() > AT_ONCE:
            publish(RatesReached(currency, day))
        else:
            bring_over(currency, day)


def waiting(currency: str, day: date) -> "QuerySet[Opportunity]":
    """Sales that rates from a day on may reach: those without an amount of our own, and those closed since."""
    closed = ~Q(state=State.OPEN) & Q(closed_on__gte=day)
    rows = Opportunity.objects.filter(currency=currency, amount__isnull=False)
    return rows.filter(Q(own_amount=None) | closed).order_by("pk")


def bring_over(currency: str, day: date) -> int:
    """Give sales their amount in our own currency by the rate of their day: of open ones today's. Returns how many
    changed. Called inside an operation."""
    changed, last = 0, None
    while True:
        rows = waiting(currency, day)
        if last is not None:
            rows = rows.filter(pk__gt=last)
        part = list(rows.select_for_update(of=("self",))[:AT_ONCE])
        if not part:
            return changed
        last = part[-1].pk
        today = timezone.localdate()
        rates = rates_of({(currency, one.closed_on or today) for one in part})
        wanted = []
        for one in part:
            rate = rates[currency, one.closed_on or today]
            own = None if rate is None or one.amount is None else to_own(one.amount, rate)
            if own is not None and own <= MOST:
                wanted.append((one, {"own_amount": own}))
        changed += writing.update_each(find("opportunities"), wanted)

"""Touches that count: answered calls, visits and meetings that took place."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from guanxi.activities.choices import State
from guanxi.activities.models import Activity, CheckIn
from guanxi.activities.rules import COUNTED, OUTCOMES


def effective() -> QuerySet[Activity]:
    """Those with a customer that `rules.counts`, of which it is known when they were."""
    return counting(Activity.objects.filter(customer__isnull=False))


def counting(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Of these touches those that `rules.counts`, of which it is known when they were; no visit that somebody came to
    and has neither left nor said anything of."""
    rows = rows.filter(state=State.DONE, undated=False)
    there = not_left().filter(activity_id=OuterRef("pk"))
    return rows.filter(~Q(outcome="") | ~Exists(there), kind__in=list(OUTCOMES), outcome__in=COUNTED)


def not_left() -> QuerySet[CheckIn]:
    """How somebody came to what nobody has left yet."""
    return CheckIn.objects.filter(left_at=None)

"""The plan of a day: its visits, and the order in which a member goes through it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.activities.choices import State, What
from guanxi.activities.models import Activity, DayOrder
from guanxi.activities.rules import put_among, visit_times
from guanxi.activities.services.activities import plan_activity
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.resource.registry import find

AT_ONCE = 50  # visits that are planned, ids that an order holds
_AHEAD = timedelta(days=366)
_IN_ORDER = 500
_KEPT = timedelta(days=7)


def plan_visits(actor: Actor, *, customers: Sequence[UUID], day: date) -> list[Activity]:
    """Plan a visit to each of these customers on a day, one after the other, in one operation; those whom one visits on
    that day anyway are left out. Raises Forbidden, Invalid."""
    resource = find("activities")
    actor.require(resource.permission("create"))
    wanted = list(dict.fromkeys(customers))
    today = timezone.localdate()
    if not today <= day <= today + _AHEAD:
        raise Invalid({"day": [Message("day", _("Choose today or a day within a year."))]})
    if not wanted or len(wanted) > AT_ONCE:
        raise Invalid(
            {
                "customers": [
                    Message("number", _("Choose between 1 and %(most)s customers."), {"most": AT_ONCE})
                ]
            }
        )
    start = timezone.make_aware(datetime.combine(day, time()))
    rows = Activity.objects.filter(
        owner_id=actor.member_id,
        kind=What.VISIT,
        state=State.PLANNED,
        at__gte=start,
        at__lt=start + timedelta(days=1),
    )
    standing = list(rows.values_list("customer_id", "at"))
    left = [one for one in wanted if one not in {customer for customer, _at in standing}]
    times = visit_times(
        timezone.localtime(), day, [timezone.localtime(at) for _customer, at in standing], len(left)
    )
    if not left:
        return []
    with operation(actor, resource.act("plan_visits")) as opened:
        made = [
            plan_activity(
                actor, data={"kind": What.VISIT.value, "customer": str(customer), "at": at.isoformat()}
            )
            for customer, at in zip(left, times, strict=True)
        ]
        describe(opened, created=len(made))
    return made


def put_in_order(actor: Actor, *, day: date, activities: Collection[UUID]) -> None:
    """Keep the order of the actor's own day, or of a part of it: ids of activities, from the first. It changes nothing
    of them. Raises Forbidden, Invalid."""
    actor.require(find("activities").permission("edit"))
    mine, since = actor.member_id, timezone.localdate() - _KEPT
    if mine is None:
        return
    rows = DayOrder.objects.filter(member_id=mine)
    standing = rows.filter(day=day).first()
    ids = put_among(standing.activities if standing else [], [str(one) for one in activities])
    if len(ids) > _IN_ORDER:
        raise Invalid({"activities": [Message("number", _("These are too many for a day."))]})
    rows.filter(day__lt=since).delete()
    DayOrder.objects.update_or_create(member_id=mine, day=day, defaults={"activities": ids})

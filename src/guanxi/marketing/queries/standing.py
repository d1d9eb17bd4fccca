"""What speaks for leads being real, and what is planned with them: worked out of what was done about them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, Min, OuterRef, Q, QuerySet, Value, When

from guanxi.activities.choices import Outcome
from guanxi.activities.choices import State as Touched
from guanxi.activities.models import Activity
from guanxi.foundation.permissions.actor import Actor
from guanxi.marketing.choices import Standing
from guanxi.marketing.models import Lead
from guanxi.resource import access
from guanxi.resource.registry import find

_REACHED = (Outcome.ANSWERED.value, Outcome.CALL_BACK.value, Outcome.MET.value, Outcome.REPLIED.value)


def _done(**more: object) -> Exists:
    rows = Activity.objects.filter(about="leads", about_id=OuterRef("pk"), state=Touched.DONE, **more)
    return Exists(rows)


def with_standing(rows: QuerySet[Lead]) -> QuerySet[Any]:
    """The leads with `standing`: the first of these that holds."""
    says = ~Q(need="") & (~Q(budget="") | ~Q(timing="") | ~Q(decider=""))
    talked = Q(_done(outcome__in=_REACHED))
    return rows.annotate(
        standing=Case(
            When(talked & says, then=Value(Standing.READY.value)),
            When(talked, then=Value(Standing.TALKED.value)),
            When(twin__isnull=False, then=Value(Standing.KNOWN.value)),
            When(Q(phone="", email="", wechat=""), then=Value(Standing.UNREACHABLE.value)),
            When(_done(outcome=Outcome.WRONG_NUMBER.value), then=Value(Standing.WRONG.value)),
            When(says, then=Value(Standing.ASKS.value)),
            When(_done(), then=Value(Standing.TRIED.value)),
            default=Value(Standing.UNTOUCHED.value),
            output_field=CharField(),
        )
    )


def standings(actor: Actor, ids: Collection[UUID]) -> dict[UUID, str]:
    """Where each of these leads stands."""
    rows = with_standing(Lead.objects.filter(pk__among=list(ids)))
    return dict(rows.values_list("pk", "standing"))


def standing_is(codes: Collection[str]) -> Q:
    """The condition on leads that stand so."""
    return Q(pk__in=with_standing(Lead.objects.all()).filter(standing__in=list(codes)).values("pk"))


def next_steps(actor: Actor, ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When the next planned touch with each of these leads is, as far as the actor sees it."""
    rows = access.visible(actor, find("activities")).filter(
        about="leads", about_id__in=list(ids), state=Touched.PLANNED
    )
    return dict(rows.order_by().values_list("about_id").annotate(first=Min("at")))


def planned() -> Q:
    """The condition on leads with which something is planned."""
    rows = Activity.objects.filter(about="leads", about_id=OuterRef("pk"), state=Touched.PLANNED)
    return Q(Exists(rows))

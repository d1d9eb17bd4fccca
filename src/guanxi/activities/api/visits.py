"""Operations of the API: coming to a visit and leaving it, the visits of a day, who is near."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.activities.api.timeline import NextActivity, next_given
from guanxi.activities.models import Activity, CheckIn
from guanxi.activities.queries.nearby import SHOWN, Around, nearby
from guanxi.activities.queries.visits import visits_on
from guanxi.activities.rules import can_be_asked
from guanxi.activities.services.rounds import plan_visits, put_in_order
from guanxi.activities.services.visits import check_in, check_out, position_of, set_point
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.resource import access
from guanxi.resource.operations import Operation, declare
from guanxi.resource.registry import find


@dataclass(frozen=True, kw_only=True)
class Coming:
    """To which visit of one's own, or to which customer; when, now without, and where, in degrees (WGS 84), with its
    accuracy in metres."""

    activity: UUID | None = None
    customer: UUID | None = None
    at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """When, now without; what came of it, and at most one next step."""

    at: datetime | None = None
    outcome: str = ""
    text: str = ""
    next: list[NextActivity] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class VisitOut:
    """A visit: `came` and `left` are null as long as nobody has; `distance` is in metres from the nearest point of the
    customer, `far` says that it was beyond 500 of them; `photo` is the id of a file of the activity."""

    id: UUID
    customer: UUID | None
    state: str
    at: datetime
    minutes: int | None
    outcome: str
    came: datetime | None
    left: datetime | None
    latitude: float | None
    longitude: float | None
    accuracy: int | None
    distance: int | None
    far: bool
    photo: UUID | None


@dataclass(frozen=True, kw_only=True)
class OnDay:
    """Of which day (2026-11-23), today without."""

    day: str = ""


@dataclass(frozen=True, kw_only=True)
class Planning:
    """Whom to visit on a day, in this order."""

    day: date
    customers: list[UUID]


@dataclass(frozen=True, kw_only=True)
class Ordering:
    """Activities of a day of one's own, from the first."""

    day: date
    activities: list[UUID]


@dataclass(frozen=True, kw_only=True)
class PlacedOut:
    """The address that was given a point."""

    address: UUID
    customer: UUID
    latitude: float
    longitude: float


@dataclass(frozen=True, kw_only=True)
class Where:
    """A place in degrees and how many kilometres around it; of a grade, without an effective touch for so many days;
    one's own customers (`whose` "mine") or all that one sees ("all")."""

    latitude: str
    longitude: str
    kilometres: int = 10
    grade: str = ""
    days: int | None = None
    whose: str = "mine"
    limit: int = SHOWN


@dataclass(frozen=True, kw_only=True)
class NearOut:
    """A customer and its point nearest to the place, with the metres between."""

    customer: UUID
    name: str
    metres: int
    latitude: float
    longitude: float
    address: str
    last: date | None


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="visits", method="GET", path="visits", act=_of_day, query=OnDay, answer=VisitOut, many=True,
            summary=gettext_noop("One’s own visits of a day, in their order"),
        ),
        Operation(
            area="visits", method="POST", path="visits", act=_plan, body=Planning, answer=VisitOut, many=True,
            summary=gettext_noop("Plan the visits of a day"),
            words=gettext_noop("In one operation; whom one visits on that day anyway is left out."),
        ),
        Operation(
            area="visits", method="POST", path="visits/check-in", act=_come, body=Coming, answer=VisitOut,
            summary=gettext_noop("Check in at a visit"),
            words=gettext_noop("The visit named; with a customer, the one planned for that day or a new one."),
        ),
        Operation(
            area="visits", method="POST", path="visits/{id}/check-out", act=_leave, body=Leaving, answer=VisitOut,
            summary=gettext_noop("Check out of a visit"),
        ),
        Operation(
            area="visits", method="POST", path="visits/{id}/point", act=_place, answer=PlacedOut,
            summary=gettext_noop("Put a customer without a point where one checked in"),
        ),
        Operation(
            area="visits", method="POST", path="visits/order", act=_order, body=Ordering, status=204,
            summary=gettext_noop("Put one’s own day in order"),
        ),
        Operation(
            area="nearby", method="GET", path="nearby", act=_near, query=Where, answer=NearOut, many=True,
            summary=gettext_noop("Customers near a place, the nearest first"),
        ),
        visits=_("Visits in the field"),
        nearby=_("Customers nearby"),
    )  # fmt: skip


def _said(visits: list[Activity]) -> list[VisitOut]:
    came = {one.activity_id: one for one in CheckIn.objects.filter(activity_id__in=[v.pk for v in visits])}
    return [_visit(one, came.get(one.pk)) for one in visits]


def _visit(one: Activity, came: CheckIn | None) -> VisitOut:
    return VisitOut(
        id=one.pk,
        customer=one.customer_id,
        state=one.state,
        at=one.at,
        minutes=one.minutes,
        outcome=one.outcome,
        came=came.at if came else None,
        left=came.left_at if came else None,
        latitude=came.latitude / 1e6 if came and came.latitude is not None else None,
        longitude=came.longitude / 1e6 if came and came.longitude is not None else None,
        accuracy=came.accuracy if came else None,
        distance=came.distance if came else None,
        far=came.far if came else False,
        photo=came.photo_id if came else None,
    )


def _of_day(actor: Actor, query: OnDay) -> tuple[list[VisitOut], None]:
    actor.require(find("activities").permission("view"))
    try:
        day = date.fromisoformat(query.day) if query.day else timezone.localdate()
    except ValueError as error:
        raise _no_day() from error
    if not can_be_asked(day):
        raise _no_day()
    return _said(visits_on(actor, day)), None


def _no_day() -> Invalid:
    return Invalid({"day": [Message("day", _("Give a day, such as 2026-11-21."))]})


def _plan(actor: Actor, body: Planning) -> tuple[list[VisitOut], None]:
    return _said(plan_visits(actor, customers=body.customers, day=body.day)), None


def _come(actor: Actor, body: Coming) -> VisitOut:
    position = position_of(_text(body.latitude), _text(body.longitude), _text(body.accuracy))
    came = check_in(
        actor, activity_id=body.activity, customer_id=body.customer, at=_aware(body.at), position=position
    )
    return _visit(access.get(actor, find("activities"), came.activity_id), came)


def _leave(actor: Actor, activity_id: UUID, body: Leaving) -> VisitOut:
    done = check_out(
        actor,
        activity_id,
        at=_aware(body.at),
        outcome=body.outcome,
        text=body.text,
        next_one=next_given(body.next),
    )
    return _visit(done, CheckIn.objects.get(activity_id=done.pk))


def _place(actor: Actor, activity_id: UUID) -> PlacedOut:
    address = set_point(actor, activity_id)
    return PlacedOut(
        address=address.pk,
        customer=address.customer_id,
        latitude=(address.latitude or 0) / 1e6,
        longitude=(address.longitude or 0) / 1e6,
    )


def _order(actor: Actor, body: Ordering) -> None:
    if not can_be_asked(body.day):
        raise _no_day()
    put_in_order(actor, day=body.day, activities=body.activities)


def _near(actor: Actor, query: Where) -> tuple[list[NearOut], None]:
    actor.require(find("customers").permission("view"))
    position = position_of(query.latitude, query.longitude)
    if position is None or query.limit > SHOWN:
        raise Invalid({"limit": [Message("range", _("At most %(most)s."), {"most": SHOWN})]})
    around = Around(
        place=position.point,
        metres=query.kilometres * 1000,
        grades=(query.grade,) if query.grade else (),
        silent=query.days,
        mine=query.whose != "all",
        limit=query.limit,
    )
    return [
        NearOut(
            customer=one.customer.pk,
            name=str(one.customer),
            metres=one.metres,
            latitude=one.point.latitude / 1e6,
            longitude=one.point.longitude / 1e6,
            address=one.street,
            last=one.last,
        )
        for one in nearby(actor, around)
    ], None


def _text(number: float | None) -> str:
    return "" if number is None else repr(number)


def _aware(at: datetime | None) -> datetime | None:
    return timezone.make_aware(at) if at is not None and timezone.is_naive(at) else at

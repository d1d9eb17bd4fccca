"""When a customer or a person was last in contact with us, and by whom: who has been contacted already."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from guanxi.activities.models import Activity, Participant
from guanxi.activities.queries.effective import counting
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.registry import find


@dataclass(frozen=True, slots=True)
class Last:
    """The last touch that counted: its day, its kind, and who of us it was ("" where the reader may not know)."""

    day: date
    kind: str
    by: str


def counted(actor: Actor) -> QuerySet[Activity]:
    """Touches that count, as far as the actor sees them and what they are; none where that is closed to him."""
    resource = find("activities")
    if not all(access.is_open(actor, resource.kind(name)) for name in ("customer", "kind", "outcome", "at")):
        return Activity.objects.none()
    return counting(access.visible(actor, resource))


def _joined(actor: Actor) -> QuerySet[Participant]:
    if not access.is_open(actor, find("participants").kind("person")):
        return Participant.objects.none()
    return Participant.objects.filter(activity__in=counted(actor).order_by().values("pk"))


def last_with_customers(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Last]:
    """Of customers, by their ids; those never contacted are left out."""
    rows = counted(actor).filter(customer_id__in=list(ids)).order_by("customer_id", "-at", "-id")
    return _read(actor, rows.distinct("customer_id").values_list("customer_id", "at", "kind", "owner__name"))


def last_with_people(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Last]:
    """Of people, by their ids: the last they took part in."""
    rows = (
        _joined(actor).filter(person_id__in=list(ids)).order_by("person_id", "-activity__at", "-activity_id")
    )
    columns = ("person_id", "activity__at", "activity__kind", "activity__owner__name")
    return _read(actor, rows.distinct("person_id").values_list(*columns))


def _read(actor: Actor, rows: Iterable[tuple[Any, ...]]) -> dict[UUID, Last]:
    named = access.is_open(actor, find("activities").kind("owner"))
    return {pk: Last(timezone.localdate(at), kind, (by or "") if named else "") for pk, at, kind, by in rows}


def customers_last(actor: Actor, first: date | None, last: date | None) -> Q:
    """Customers whose last touch was on a day from `first` to `last`, None where it is open; None for both asks for any
    touch at all."""
    return _between(counted(actor).filter(customer_id=OuterRef("pk")), "at", first, last)


def people_last(actor: Actor, first: date | None, last: date | None) -> Q:
    """The same of people."""
    return _between(_joined(actor).filter(person_id=OuterRef("pk")), "activity__at", first, last)


def _between(rows: QuerySet[Any], at: str, first: date | None, last: date | None) -> Q:
    within: dict[str, datetime] = {}
    if first is not None:
        within[f"{at}__gte"] = _midnight(first)
    if last is None:
        return Q(Exists(rows.filter(**within)))
    after = _midnight(last + timedelta(days=1))
    found = Q(Exists(rows.filter(**within, **{f"{at}__lt": after})))
    return found if last >= timezone.localdate() else found & ~Q(Exists(rows.filter(**{f"{at}__gte": after})))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))

"""What the composer proposes: whom it was with, what comes next and when."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils import timezone

from guanxi.activities.queries.rhythm import rhythm
from guanxi.activities.queries.subjects import customer_id_of, is_subject
from guanxi.activities.rules import MORNING, next_day, next_kind
from guanxi.customers.choices import Grade
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.worktime.queries import worktime
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find

OFFERED = 30  # people of a customer to choose from
TRIED_IN_VAIN = "not_answered"


@dataclass(frozen=True, slots=True)
class Proposal:
    """The next follow-up: what it is and when; `again` after a vain try; by the rhythm of which grade, "" for none, and
    how many days that is."""

    kind: str
    at: datetime
    again: datetime
    grade: str
    days: int | None


def morning(day: date) -> datetime:
    """The hour of a day for which things are proposed, in the company's time."""
    return timezone.make_aware(datetime.combine(day, time(MORNING)))


def next_working_morning() -> datetime:
    """Tomorrow's, or Monday's."""
    return morning(next_day(TRIED_IN_VAIN, None, timezone.localdate(), worktime()))


def proposal_for(actor: Actor, customer: Any, kind: str = "call") -> Proposal:
    """What comes after a touch of this kind with a customer, which may be None."""
    customers, today = find("customers"), timezone.localdate()
    grade = ""
    if customer is not None and access.is_open(actor, customers.kind("grade")):
        grade = customer.grade
    days = rhythm().get(grade)
    return Proposal(
        next_kind(kind),
        morning(next_day("", days, today, worktime())),
        morning(next_day(TRIED_IN_VAIN, days, today, worktime())),
        grade if grade in Grade.values else "",
        days if grade in Grade.values else None,
    )


def customer_of(actor: Actor, resource: type[Resource], record: Any) -> Any:
    """The customer an activity logged on this card belongs to, if seen: itself, where a person works, what a record
    of an upper context leads to."""
    if resource.key == "customers":
        return record
    if is_subject(resource.key):
        theirs = customer_id_of(resource, record)
        return access.visible(actor, find("customers")).filter(pk=theirs).first() if theirs else None
    people = find("people")
    if record.customer_id is None or not access.is_open(actor, people.kind("customer")):
        return None
    return access.visible(actor, find("customers")).filter(pk=record.customer_id).first()


def people_at(actor: Actor, customer: Any) -> list[tuple[UUID, str, str]]:
    """Who works at a customer today, as far as the actor sees them: (id, name, post)."""
    people = find("people")
    kinds = {kind.name: kind for kind in access.readable(actor, people, ("name", "customer", "post"))}
    shut = [
        name for name in ("name", "customer") if name not in kinds or not access.is_open(actor, kinds[name])
    ]
    if customer is None or shut:
        return []
    told = "post" in kinds and access.is_open(actor, kinds["post"])
    rows = access.visible(actor, people).filter(customer_id=customer.pk).order_by("name_sort", "pk")
    return [
        (pk, name, post if told else "")
        for pk, name, post in rows.values_list("pk", "name", "post")[:OFFERED]
    ]

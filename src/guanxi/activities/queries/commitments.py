"""Promises in lines that can be ticked off: on Today, on cards, under the touch they were made at."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.http import urlencode

from guanxi.activities.choices import Promised, Side
from guanxi.activities.models import Commitment, Escalated
from guanxi.activities.queries.subjects import is_subject, named
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.worktime.queries import worktime
from guanxi.kinds.kind import Show
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find, resource_of

SHOWN = 50  # lines of a part


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """One promise, as whoever looks may know it. `at` is the moment by which, where a time of day was named, else the
    day; `told` the superior who was told of it; `owner` the colleague who answers for it, "" for oneself; `mine`
    whether it can be settled here. `asking` is the query of the form that plans a call about it."""

    id: UUID
    ours: bool
    state: str
    what: str
    url: str
    at: date | datetime
    late: bool
    today: bool
    moved: int
    customer: str
    customer_url: str
    about: str
    about_url: str
    person: str
    owner: str
    told: str
    mine: bool
    asking: str

    @property
    def way(self) -> str:
        """The card of whom or what it is about, where the reader sees that."""
        return self.customer_url or self.about_url

    @property
    def is_open(self) -> bool:
        """Whether it is still to be kept."""
        return self.state == Promised.OPEN


def promise_lines(found: Sequence[Commitment], show: Show, *, on: str = "") -> list[PromiseLine]:
    """Promises the caller has read through their door; `on` is the resource on whose card they stand."""
    reader, resource = show.actor, find("commitments")
    open_names = {kind.name for kind in access.readable(reader, resource) if access.is_open(reader, kind)}
    customers, people = find("customers"), find("people")
    seen: dict[UUID, Any] = {}
    if on != "customers" and "customer" in open_names:
        wanted = {one.customer_id for one in found if one.customer_id and not (on and one.about == on)}
        seen = access.visible(reader, customers).in_bulk(list(wanted)) if wanted else {}
    about = {one.about_id for one in found if one.about_id and one.about != on}
    subjects = named(reader, about) if "about_id" in open_names else {}
    names: dict[UUID, str] = {}
    with_person = {one.person_id for one in found if one.person_id}
    if on == "people" or "person" not in open_names or not access.is_open(reader, people.kind("name")):
        with_person = set()
    if with_person:
        rows = access.visible(reader, people).filter(pk__in=with_person)
        names = dict(rows.values_list("pk", "name"))
    told = _told([one for one in found if one.state == Promised.OPEN])
    owners = {one.owner_id for one in found if one.owner_id and one.owner_id != reader.member_id}
    members = dict(Member.objects.filter(pk__in=owners).values_list("pk", "name")) if owners else {}
    within = reader.members_within(resource.permission("edit"))
    may = reader.may(resource.permission("edit"))
    today = timezone.localdate()
    lines = []
    for one in found:
        customer = seen.get(one.customer_id)
        subject = subjects.get(one.about_id) if one.about_id else None
        lines.append(
            PromiseLine(
                id=one.pk,
                ours=one.side == Side.OURS,
                state=one.state,
                what=one.what if "what" in open_names else str(resource.label),
                url=resource.url("card", id=one.pk),
                at=_moment(one.due, one.due_time),
                late=one.state == Promised.OPEN and one.due < today,
                today=one.state == Promised.OPEN and one.due == today,
                moved=one.moved,
                customer=str(customer or ""),
                customer_url=customers.url("card", id=customer.pk) if customer else "",
                about=str(subject or ""),
                about_url=resource_of(subject).url("card", id=subject.pk) if subject else "",
                person=names.get(one.person_id, "") if one.person_id else "",
                owner=members.get(one.owner_id, "") if one.owner_id and "owner" in open_names else "",
                told=told.get(one.pk, ""),
                mine=may and (within is None or one.owner_id in within),
                asking=urlencode(
                    {
                        "state": "planned",
                        "kind": "call",
                        **({"customer": str(one.customer_id)} if one.customer_id else {}),
                        **({"about_id": str(one.about_id)} if one.about_id else {}),
                        "subject": one.what,
                    }
                ),
            )
        )
    return lines


def _moment(due: date, at: str) -> date | datetime:
    if not at:
        return due
    return timezone.make_aware(datetime.combine(due, time.fromisoformat(at)))


def _told(found: Sequence[Commitment]) -> dict[UUID, str]:
    """To whom each was told for the day it is due now."""
    late = {one.pk: one.due for one in found if one.due < timezone.localdate()}
    if not late:
        return {}
    rows = Escalated.objects.filter(commitment__in=list(late)).values_list("commitment", "due", "to__name")
    return {pk: name for pk, due, name in rows if late[pk] == due}


def horizon() -> date:
    """Through which day promises lead the Today page: the next one that is worked."""
    return worktime().next_workday(timezone.localdate() + timedelta(days=1))


def due_soon(
    actor: Actor, members: Collection[UUID] | None, show: Show
) -> tuple[list[PromiseLine], list[PromiseLine]]:
    """What these members, or everybody, promised and what was promised to them, that is overdue or due through the
    next working day; ours and theirs, the oldest first, as far as the actor sees them."""
    resource = find("commitments")
    if not actor.may(resource.permission("view")) or not access.is_open(actor, resource.kind("owner")):
        return [], []
    rows = access.visible(actor, resource).filter(state=Promised.OPEN, due__lte=horizon())
    if members is not None:
        rows = rows.filter(owner_id__in=sorted(members))
    found = list(rows.order_by("due", "due_time", "id")[: 2 * SHOWN])
    lines = promise_lines(found, show)
    return [one for one in lines if one.ours][:SHOWN], [one for one in lines if not one.ours][:SHOWN]


def promised_by(resource: type[Resource]) -> str:
    """The field of a promise that names a record of this resource."""
    if is_subject(resource.key):
        return "about_id"
    return "customer" if resource.key == "customers" else "person"


def promises_with(actor: Actor, resource: type[Resource], record: Any) -> QuerySet[Commitment]:
    """What was promised with a customer, with a person, or about a record of an upper context, as far as the actor sees
    it; in no order."""
    mine = find("commitments")
    by = mine.kind(promised_by(resource))
    rows: QuerySet[Commitment] = access.visible(actor, mine)
    return rows.filter(**{by.column: record.pk}) if access.is_open(actor, by) else rows.none()


@dataclass(frozen=True, slots=True)
class Record:
    """How promises went: still open, overdue of these, kept in time, kept late, broken; how often put off."""

    open: int
    late: int
    in_time: int
    after: int
    broken: int
    moved: int

    @property
    def settled(self) -> int:
        """Of how many it is known how they went."""
        return self.in_time + self.after + self.broken


def record_of(rows: QuerySet[Commitment]) -> dict[str, Record]:
    """By side, of promises that the caller may read; withdrawn ones count nowhere. One statement."""
    today = timezone.localdate()
    kept = Q(state=Promised.KEPT)
    counted = (
        rows.exclude(state=Promised.WITHDRAWN)
        .order_by()
        .values_list("side")
        .annotate(
            still_open=Count("pk", filter=Q(state=Promised.OPEN)),
            overdue=Count("pk", filter=Q(state=Promised.OPEN, due__lt=today)),
            in_time=Count("pk", filter=kept & Q(settled_on__lte=F("due"), moved=0)),
            after=Count("pk", filter=kept & ~Q(settled_on__lte=F("due"), moved=0)),
            failed=Count("pk", filter=Q(state=Promised.BROKEN)),
            put_off=Count("pk", filter=Q(moved__gt=0)),
        )
    )
    return {side: Record(*numbers) for side, *numbers in counted}


def made_at(actor: Actor, ids: Collection[UUID], show: Show, *, on: str) -> dict[UUID, list[PromiseLine]]:
    """What was promised at activities that the caller has read through their door, by activity."""
    resource = find("commitments")
    if not ids or not actor.may(resource.permission("view")):
        return {}
    if not access.is_open(actor, resource.kind("activity")):
        return {}
    rows = access.visible(actor, resource).filter(activity_id__in=list(ids))
    found = list(rows.order_by("due", "id"))
    by: defaultdict[UUID, list[PromiseLine]] = defaultdict(list)
    for one, line in zip(found, promise_lines(found, show, on=on), strict=True):
        by[one.activity_id].append(line)
    return dict(by)

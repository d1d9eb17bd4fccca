"""Who owes a report by when, to whom it goes, who has not sent it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import Assignment
from guanxi.foundation.permissions.queries import departments_below, superiors
from guanxi.foundation.worktime.queries import worktime
from guanxi.reports.choices import VIEW
from guanxi.reports.models import Duty, Receiver, Report
from guanxi.reports.queries.reading import mine_q
from guanxi.reports.queries.sections import zone
from guanxi.reports.rules import Term, earliest, last_of


def terms_of(period: str) -> dict[UUID, list[Term]]:
    """By member who owes a report of this period, and works here, what is asked of him."""
    found: dict[UUID, list[Term]] = defaultdict(list)
    duties = list(Duty.objects.filter(period=period).prefetch_related("obliged"))
    if not duties:
        return {}
    here = dict(Member.objects.filter(left_on__isnull=True).values_list("pk", "department_id"))
    roles = {one.role_id for duty in duties for one in duty.obliged.all() if one.role_id}
    holders: dict[UUID, set[UUID]] = defaultdict(set)
    if roles:
        for role, member in Assignment.objects.filter(role_id__in=roles).values_list("role_id", "member_id"):
            holders[role].add(member)
    for duty in duties:
        term, who = Term(duty.period, duty.by, duty.offset), set[UUID]()
        for one in duty.obliged.all():
            if one.member_id:
                who.add(one.member_id)
            elif one.role_id:
                who |= holders[one.role_id]
            elif one.department_id:
                beneath = departments_below(one.department_id)
                who |= {member for member, department in here.items() if department in beneath}
        for member in who & set(here):
            found[member].append(term)
    return dict(found)


def due_of(member: UUID, period: str, first: date) -> datetime | None:
    """When somebody's report is due; None where he owes none. Who came after its last day owes none."""
    return dues({member}, period, first).get(member)


def dues(members: Collection[UUID] | None, period: str, first: date) -> dict[UUID, datetime]:
    """By member when his report that begins with a day is due; of everybody without `members`."""
    terms, here = terms_of(period), zone()
    if members is not None:
        terms = {one: some for one, some in terms.items() if one in members}
    if not terms:
        return {}
    end = last_of(period, first)
    joined = dict(Member.objects.filter(pk__in=list(terms)).values_list("pk", "created_at"))
    found = {}
    for member, some in terms.items():
        due = earliest(some, first, here, worktime())
        if due is not None and timezone.localtime(joined[member], here).date() <= end:
            found[member] = due
    return found


def sent_by(members: Collection[UUID], period: str, first: date) -> set[UUID]:
    """Those of the members whose report of these days stands."""
    rows = Report.objects.filter(
        member_id__in=list(members), period=period, first=first, sent_at__isnull=False
    )
    return set(rows.values_list("member_id", flat=True))


def receivers_proposed(member: UUID, period: str) -> list[Member]:
    """To whom a report goes unless somebody says otherwise: those of the last one, without it the superior."""
    last = Report.objects.filter(member_id=member, period=period).order_by("-first", "-id").first()
    if last is not None:
        again = Member.objects.filter(
            pk__in=Receiver.objects.filter(report=last).values("member_id"), left_on__isnull=True
        ).order_by("name_sort", "id")
        if found := list(again):
            return found
    above = superiors([member]).get(member)
    return [above] if above is not None else []


def my_people(actor: Actor) -> list[Member]:
    """Those whose reports are within reach, without oneself."""
    within = actor.members_within(VIEW)
    rows = Member.objects.filter(left_on__isnull=True).exclude(
        pk__in=[actor.member_id] if actor.member_id else []
    )
    if within is not None:
        rows = rows.filter(pk__in=within)
    return list(rows.order_by("name_sort", "id"))


@dataclass(frozen=True, slots=True)
class Standing:
    """One of a manager's people on a day: what he sent, and what he owes."""

    member: Member
    report: Report | None
    due: datetime | None
    read: bool

    @property
    def missing(self) -> bool:
        """Whether something is owed and not there."""
        return self.report is None and self.due is not None


def standings(actor: Actor, period: str, first: date) -> list[Standing]:
    """A manager's people of a day: who owes and has not sent leads, then who sent, then the rest is left out."""
    people = my_people(actor)
    ids = [one.pk for one in people]
    rows = Report.objects.filter(member_id__in=ids, period=period, first=first, sent_at__isnull=False)
    sent = {one.member_id: one for one in rows}
    owed = dues(ids, period, first)
    read = read_by(actor, [one.pk for one in sent.values()])
    found = [
        Standing(one, sent.get(one.pk), owed.get(one.pk), one.pk in sent and sent[one.pk].pk in read)
        for one in people
        if one.pk in sent or one.pk in owed
    ]
    return sorted(found, key=lambda one: not one.missing)


def read_by(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of the reports that the actor has read since they were sent."""
    if actor.member_id is None or not ids:
        return set()
    rows = Report.objects.filter(mine_q(actor)[1], pk__in=list(ids))
    return set(rows.values_list("pk", flat=True))

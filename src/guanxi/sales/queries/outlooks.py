"""What managers expect of months, as far as the reader sees the sales it is about."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden
from guanxi.sales.choices import EXPECT, VIEW
from guanxi.sales.models import Outlook
from guanxi.sales.queries.forecasting import may_forecast


def outlooks(actor: Actor, first: date, last: date) -> list[Outlook]:
    """Those of months that begin within these days: one statement. Raises Forbidden."""
    if not may_forecast(actor):
        raise Forbidden(VIEW)
    rows = Outlook.objects.filter(month__range=(first, last)).select_related("member", "department", "by")
    within = actor.members_within(VIEW)
    if within is not None:
        rows = rows.filter(Q(member__in=list(within)) | Q(department__in=_whole(within).values("pk")))
    return list(rows.order_by("month", "created_at", "pk"))


def reaches(actor: Actor, code: str, member: UUID | None, department: UUID | None) -> bool:
    """Whether a right covers a member, or everybody of a department."""
    within = actor.members_within(code)
    if within is None:
        return True
    if member is not None:
        return member in within
    return department is not None and _whole(within).filter(pk=department).exists()


def whose(actor: Actor) -> tuple[list[Member], list[Department]]:
    """Of whom the actor may say what he expects."""
    if not actor.may(EXPECT):
        return [], []
    within = actor.members_within(EXPECT)
    members = Member.objects.filter(left_on__isnull=True).order_by("name_sort", "pk")
    departments = Department.objects.order_by("position", "name")
    if within is not None:
        members, departments = (
            members.filter(pk__in=within),
            departments.filter(pk__in=_whole(within).values("pk")),
        )
    return list(members), list(departments)


def _whole(within: Collection[UUID]) -> QuerySet[Department]:
    """Departments of which all who work there are among these."""
    theirs = Member.objects.filter(department=OuterRef("pk"), left_on__isnull=True)
    return Department.objects.filter(Exists(theirs), ~Exists(theirs.exclude(pk__in=list(within))))

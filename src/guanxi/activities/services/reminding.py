"""Reminding members of what they planned, once each."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections
from django.db.models import Exists, OuterRef

from guanxi.activities.choices import State
from guanxi.activities.models import Activity, Participant, Reminded
from guanxi.activities.services.telling import DUE
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.notices import services as notices
from guanxi.resource.registry import find

LATEST = timedelta(days=2)  # what was missed for longer, while nothing ran, is on Today anyway
_BATCH = 500


def companies_due(now: datetime, owner: str = "owner") -> list[UUID]:
    """Companies in which somebody is to be reminded."""
    with connections[owner].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT a.tenant_id FROM activities_activity a WHERE a.state = 'planned' AND a.remind_at <= %s "
            "AND a.remind_at > %s AND NOT EXISTS (SELECT 1 FROM activities_reminded r WHERE "
            "r.tenant_id = a.tenant_id AND r.activity_id = a.id AND r.remind_at = a.remind_at)",
            [now, now - LATEST],
        )
        return [row[0] for row in cursor.fetchall()]


def remind_company(now: datetime) -> int:
    """Tell whoever does or takes part in what is due, in the open scope. Returns how many activities were told of.

    The rows are locked while they are told of, and each telling has a row with a unique key beside the notice: what a
    second worker, or the same one after a fall, finds has been told or is free to tell.
    """
    told = Reminded.objects.filter(activity=OuterRef("pk"), remind_at=OuterRef("remind_at"))
    rows = Activity.objects.filter(
        ~Exists(told), state=State.PLANNED, remind_at__lte=now, remind_at__gt=now - LATEST
    )
    found = list(rows.order_by("remind_at", "id").select_for_update(skip_locked=True, of=("self",))[:_BATCH])
    Reminded.objects.bulk_create(
        Reminded(activity=one.pk, remind_at=one.remind_at) for one in found if one.remind_at
    )
    for one in found:
        members = {one.owner_id} if one.owner_id else set()
        members |= set(
            Participant.objects.filter(activity_id=one.pk, member__isnull=False).values_list(
                "member_id", flat=True
            )
        )
        here = Member.objects.filter(pk__in=members, left_on__isnull=True).values_list("pk", flat=True)
        notices.notify(
            here,
            DUE,
            url=find("activities").url("card", id=one.pk),
            tone="warn",
            at=one.at.isoformat(),
            what=one.kind,
            subject=one.subject or str(one.customer or ""),
            due=str(one.pk),
        )
    return len(found)

"""Telling a superior of promises of ours that are overdue, once for each day they were promised for."""

from datetime import date, timedelta
from uuid import UUID

from django.db import connections
from django.db.models import Exists, OuterRef

from guanxi.activities.choices import Promised, Side
from guanxi.activities.models import Commitment, Escalated
from guanxi.activities.rules import ESCALATES, escalates
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.notices import services as notices
from guanxi.foundation.permissions.queries import superiors
from guanxi.foundation.worktime.queries import worktime
from guanxi.resource.registry import find

OVERDUE = "activities.overdue"
_BATCH = 500
_NAMED = 3  # of them in one notice


def companies_overdue(today: date, owner: str = "owner") -> list[UUID]:
    """Companies in which a superior may have to hear of something; `today` is the latest day there is anywhere."""
    with connections[owner].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.tenant_id FROM activities_commitment c WHERE c.state = 'open' AND c.side = 'ours' "
            "AND c.due <= %s AND c.owner_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM activities_escalated e "
            "WHERE e.tenant_id = c.tenant_id AND e.commitment_id = c.id AND e.due = c.due)",
            [today - timedelta(days=ESCALATES)],
        )
        return [row[0] for row in cursor.fetchall()]


def escalate_company(today: date) -> int:
    """Tell superiors of what their people have promised and is overdue, in the open scope. Returns of how many
    promises.

    The rows are locked while they are told of, and each telling has a row with a unique key beside the notice, as
    reminders have. What somebody promised who has no superior stands on Today alone.
    """
    told = Escalated.objects.filter(commitment=OuterRef("pk"), due=OuterRef("due"))
    rows = Commitment.objects.filter(
        ~Exists(told), state=Promised.OPEN, side=Side.OURS, due__lte=today - timedelta(days=ESCALATES)
    )
    owners = rows.filter(owner__isnull=False).order_by().values_list("owner_id", flat=True).distinct()
    above = superiors(set(owners))
    # Those of whom nobody is to be told keep the others from no batch.
    rows = rows.filter(owner_id__in=list(above)).order_by("due", "id")
    late = list(rows.select_for_update(skip_locked=True, of=("self",))[:_BATCH])
    late = [one for one in late if escalates(one.due, today, worktime())]
    by: dict[tuple[UUID, UUID], list[Commitment]] = {}
    for one in late:
        if one.owner_id is not None and (superior := above.get(one.owner_id)) is not None:
            by.setdefault((superior.pk, one.owner_id), []).append(one)
    Escalated.objects.bulk_create(
        Escalated(commitment=one.pk, due=one.due, to_id=to)
        for (to, _owner), some in by.items()
        for one in some
    )
    names = dict(Member.objects.filter(pk__in=[owner for _to, owner in by]).values_list("pk", "name"))
    for (to, owner), some in by.items():
        url = f"{find('commitments').url()}?owner={owner}&state=open&side=ours"
        notices.notify(
            [to],
            OVERDUE,
            url=find("commitments").url("card", id=some[0].pk) if len(some) == 1 else url,
            tone="warn",
            who=names.get(owner, ""),
            n=len(some),
            what=[one.what for one in some[:_NAMED]],
        )
    return sum(map(len, by.values()))

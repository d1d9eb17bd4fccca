"""Reminding, an hour before a report is due, who has not sent it; once each."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connections

from guanxi.foundation.notices import services as notices
from guanxi.foundation.permissions.web import url_of
from guanxi.foundation.worktime.queries import worktime
from guanxi.reports.models import Duty, Prompted
from guanxi.reports.queries.people import dues, sent_by
from guanxi.reports.queries.sections import zone
from guanxi.reports.rules import REMIND_BEFORE, Term, due_at, near

DUE = "reports.due"


def companies_with_duties(owner: str = "owner") -> list[UUID]:
    """Companies in which anybody owes reports."""
    with connections[owner].cursor() as cursor:
        cursor.execute("SELECT DISTINCT tenant_id FROM reports_duty")
        return [row[0] for row in cursor.fetchall()]


def remind_company(now: datetime) -> int:
    """Remind, in the open scope, who owes a report within the hour and has not sent it. Returns how many.

    Each telling has a row with a unique key beside the notice: what a second worker finds has been told.
    """
    here = zone()
    today, works = now.astimezone(here).date(), worktime()
    terms = [Term(*one) for one in Duty.objects.values_list("period", "by", "offset")]
    near_by = {
        (term.period, first)
        for term in terms
        for first in near(term.period, today)
        if (due := due_at(term, first, here, works)) is not None and _is_near(due, now)
    }
    told = 0
    for period, first in sorted(near_by):
        soon = {one: due for one, due in dues(None, period, first).items() if _is_near(due, now)}
        told += _remind(period, first, soon) if soon else 0
    return told


def _is_near(due: datetime, now: datetime) -> bool:
    return timedelta() <= due - now <= REMIND_BEFORE


def _remind(period: str, first: date, soon: dict[UUID, datetime]) -> int:
    done = sent_by(set(soon), period, first)
    before = Prompted.objects.filter(member_id__in=list(soon), period=period, first=first)
    done |= set(before.values_list("member_id", flat=True))
    wanted = sorted(set(soon) - done)
    made = 0
    for member in wanted:
        _row, created = Prompted.objects.get_or_create(member_id=member, period=period, first=first)
        if not created:
            continue
        made += 1
        url = f"{url_of('report_write')}?period={period}&first={first.isoformat()}"
        due = soon[member].astimezone(zone())
        notices.notify(
            [member], DUE, url=url, tone="warn", period=period, first=first.isoformat(), due=f"{due:%H:%M}"
        )
    return made

"""The regular work, every few minutes: reminders, superiors told of overdue promises, promises of what nobody
answered."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from guanxi.activities.services.answering import companies_waiting, promise_answers
from guanxi.activities.services.escalating import companies_overdue, escalate_company
from guanxi.activities.services.reminding import companies_due, remind_company
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope

log = logging.getLogger(__name__)
_MORNING = 8  # the hour, in the company's time, from which a superior is told


def remind(now: datetime) -> int:
    """Remind in every company where it is due; one that fails does not keep the others waiting."""
    told = 0
    for tenant_id in companies_due(now):
        try:
            with scope(tenant_id, door="job"):
                told += remind_company(now)
        except Exception:
            log.exception("members were not reminded", extra={"company": str(tenant_id)})
    return told


def escalate(now: datetime) -> int:
    """Tell superiors in every company where it is morning; one that fails does not keep the others waiting. Returns of
    how many promises."""
    told = 0
    wanted = companies_overdue((now + timedelta(days=1)).date())
    for tenant_id, zone in Tenant.objects.filter(pk__in=wanted).values_list("id", "time_zone"):
        here = now.astimezone(ZoneInfo(zone))
        if here.hour < _MORNING:
            continue
        try:
            with scope(tenant_id, door="job"):
                told += escalate_company(here.date())
        except Exception:
            log.exception("superiors were not told", extra={"company": str(tenant_id)})
    return told


def answer(now: datetime) -> int:
    """Make promises of unanswered e-mails in every company; one that fails does not keep the others waiting."""
    made = 0
    wanted = companies_waiting(now)
    for tenant in Tenant.objects.filter(pk__in=wanted):
        try:
            with (
                translation.override(tenant.language),
                timezone.override(tenant.time_zone),
                scope(tenant.pk, door="job"),
            ):
                made += promise_answers(now)
        except Exception:
            log.exception("e-mails were not looked at", extra={"company": str(tenant.pk)})
    return made

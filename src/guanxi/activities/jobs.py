"""The regular work: reminders, every few minutes."""

import logging
from datetime import datetime

from guanxi.activities.services.reminding import companies_due, remind_company
from guanxi.foundation.tenancy.scope import scope

log = logging.getLogger(__name__)


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

"""The regular work, every few minutes: whoever owes a report soon is reminded."""

import logging
from datetime import datetime

from guanxi.foundation.tenancy.scope import scope
from guanxi.reports.services.reminding import companies_with_duties, remind_company

log = logging.getLogger(__name__)


def remind(now: datetime) -> int:
    """Remind in every company; one that fails does not keep the others waiting. Returns how many people."""
    told = 0
    for tenant_id in companies_with_duties():
        try:
            with scope(tenant_id, door="job"):
                told += remind_company(now)
        except Exception:
            log.exception("nobody was reminded of reports", extra={"company": str(tenant_id)})
    return told

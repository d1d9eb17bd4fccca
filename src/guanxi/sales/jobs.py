"""What becomes of sales over night."""

import logging
from datetime import datetime

from django.utils import timezone

from guanxi.foundation.permissions.actor import system_actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.sales.services.rates import begin_today

log = logging.getLogger(__name__)


def value_every_night(now: datetime) -> int:
    """In every company: let open sales go by rates that begin today. One that fails does not keep the others waiting.
    Returns how many sales are worth something else."""
    changed = 0
    for tenant_id, zone in list(Tenant.objects.values_list("id", "time_zone")):
        try:
            with scope(tenant_id, door="job"), timezone.override(zone):
                changed += begin_today(system_actor(tenant_id), timezone.localdate(now))
        except Exception:
            log.exception("open sales were not valued anew", extra={"company": str(tenant_id)})
    return changed

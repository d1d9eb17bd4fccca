"""What a company has set against leaks."""

from dataclasses import dataclass
from typing import Any

from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kinds import PhoneNumber
from guanxi.resource.registry import find

# Keys of a company's settings; `VEILED` is read with every actor (permissions.queries).
VEILED, A_DAY, ALERT_AT, WATERMARK = "veiled", "reveals_a_day", "reveals_alert_at", "watermark"
USUAL_A_DAY, USUAL_ALERT = 100, 50
OF = ("customers", "people", "leads")


@dataclass(frozen=True, slots=True)
class Guarding:
    """Phones masked until asked for; how many records' a member may ask for a day (0: any number); from how many on
    the superior is told (0: never); a watermark on every page."""

    veiled: bool = False
    a_day: int = USUAL_A_DAY
    alert_at: int = USUAL_ALERT
    watermark: bool = False


def guarding() -> Guarding:
    """The settings of the company in scope."""
    return read(Tenant.objects.get(id=require_scope().tenant_id).settings)


def read(settings: dict[str, Any]) -> Guarding:
    """The same of a company's settings at hand."""
    return Guarding(
        bool(settings.get(VEILED)),
        int(settings.get(A_DAY, USUAL_A_DAY)),
        int(settings.get(ALERT_AT, USUAL_ALERT)),
        bool(settings.get(WATERMARK)),
    )


def phone_fields() -> list[list[str]]:
    """The fields with telephone numbers of customers, people and leads, as (resource, field)."""
    return [
        [key, kind.name]
        for key in OF
        for kind in find(key).declared.values()
        if isinstance(kind, PhoneNumber)
    ]

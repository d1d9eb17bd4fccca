"""What every company begins with: the usual rates of China's value-added tax."""

from guanxi.catalog.choices import READY_RATES
from guanxi.catalog.models import TaxRate
from guanxi.catalog.services.products import rates
from guanxi.foundation.permissions.actor import system_actor
from guanxi.foundation.tenancy.scope import require_scope

__all__ = ["make_rates"]


def make_rates() -> None:
    """In the company that is open and in its language, by the system, where there is no rate yet: at its making, and at
    the start after an upgrade."""
    if not TaxRate.objects.exists():
        rows = [{"code": code, "name": str(name), "rate": rate} for code, name, rate in READY_RATES]
        rates.create_many(system_actor(require_scope().tenant_id), rows=rows)

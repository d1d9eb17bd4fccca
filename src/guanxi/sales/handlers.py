"""What follows in sales from what happened."""

from guanxi.foundation.events import handles
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import system_actor
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.sales.events import RatesReached
from guanxi.sales.services.rates import REVALUED, bring_over


@handles(RatesReached)
def brought_over(event: RatesReached) -> None:
    """Bring over what waited for these rates."""
    with operation(system_actor(require_scope().tenant_id), REVALUED, label=event.currency):
        bring_over(event.currency, event.day)

"""What a report of a day or week says of customers who came and went."""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Transfer
from guanxi.customers.queries.pools import CLAIM
from guanxi.foundation.ledger.models import Operation
from guanxi.resource.reporting import Asked, Figure, reports

_RELEASE, _RECYCLE = "customers.customer.release", "customers.customer.recycle"


def _changed_hands(asked: Asked, verb: str, whose: Q) -> list[UUID]:
    """Customers that changed hands by an act in these days that was not undone since."""
    rows = Transfer.objects.filter(
        whose, verb=verb, created_at__gte=asked.start, created_at__lt=asked.end
    ).values_list("customer", "operation")
    found = list(rows)
    undone = Operation.objects.filter(
        pk__in={operation for _customer, operation in found if operation}, undone_by_id__isnull=False
    )
    gone = set(undone.values_list("pk", flat=True))
    return list({customer for customer, operation in found if operation not in gone})


def register() -> None:
    """Called once at start-up."""
    reports(
        "customers",
        pgettext_lazy("report", "Customers"),
        (
            Figure(
                "customers.new",
                pgettext_lazy("report", "New customers"),
                "customers",
                query=lambda asked: f"owner={asked.member}&{asked.within('created_at')}",
                key=True,
            ),
            Figure(
                "customers.claimed",
                pgettext_lazy("report", "Claimed from a pool"),
                "customers",
                rows=lambda asked: _changed_hands(asked, CLAIM, Q(by=asked.member)),
            ),
            Figure(
                "customers.released",
                pgettext_lazy("report", "Released to a pool"),
                "customers",
                rows=lambda asked: _changed_hands(asked, _RELEASE, Q(by=asked.member)),
            ),
            Figure(
                "customers.fallen",
                pgettext_lazy("report", "Fell to a pool"),
                "customers",
                rows=lambda asked: _changed_hands(
                    asked, _RECYCLE, Q(by__isnull=True, former_owner=asked.member)
                ),
                tone="warn",
            ),
        ),
        order=20,
    )

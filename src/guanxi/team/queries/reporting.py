"""What a report of a day or week says of deals registered and of what was taken over."""

from uuid import UUID

from django.utils.translation import pgettext_lazy

from guanxi.resource.reporting import Asked, Figure, reports
from guanxi.team.models import Taken


def _taken(asked: Asked) -> list[UUID]:
    rows = Taken.objects.filter(
        share__successor_id=asked.member,
        share__accepted_at__gte=asked.start,
        share__accepted_at__lt=asked.end,
    )
    return list(rows.values_list("customer_id", flat=True))


def register() -> None:
    """Called once at start-up."""
    reports(
        "registrations",
        pgettext_lazy("report", "Deal registrations"),
        (
            Figure(
                "registrations.made",
                pgettext_lazy("report", "Deals registered"),
                "registrations",
                query=lambda asked: f"owner={asked.member}&{asked.within('created_at')}",
                customer="customer",
            ),
        ),
        order=40,
    )
    reports(
        "handovers",
        pgettext_lazy("report", "Handover"),
        (
            Figure(
                "handovers.taken",
                pgettext_lazy("report", "Customers taken over"),
                "customers",
                rows=_taken,
            ),
        ),
        order=25,
    )

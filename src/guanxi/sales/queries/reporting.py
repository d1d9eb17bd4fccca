"""What a report of a day or week says of sales."""

from django.utils.translation import pgettext_lazy

from guanxi.resource.reporting import Asked, Figure, reports


def _closed(asked: Asked, state: str) -> str:
    return f"owner={asked.member}&state={state}&{asked.within('closed_on')}"


def register() -> None:
    """Called once at start-up."""
    reports(
        "opportunities",
        pgettext_lazy("report", "Opportunities"),
        (
            Figure(
                "opportunities.opened",
                pgettext_lazy("report", "Opportunities opened"),
                "opportunities",
                query=lambda asked: f"owner={asked.member}&{asked.within('created_at')}",
                customer="customer",
            ),
            Figure(
                "opportunities.won",
                pgettext_lazy("report", "Won"),
                "opportunities",
                query=lambda asked: _closed(asked, "won"),
                customer="customer",
            ),
            Figure(
                "opportunities.lost",
                pgettext_lazy("report", "Lost"),
                "opportunities",
                query=lambda asked: _closed(asked, "lost"),
                customer="customer",
            ),
        ),
        order=30,
    )

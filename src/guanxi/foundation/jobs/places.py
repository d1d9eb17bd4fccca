"""Our page in the index of administration."""

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.settings_index import RECORDS, register_page


def register_places() -> None:
    """Everybody's jobs."""
    register_page(
        "jobs_admin",
        _("Jobs"),
        _("Imports, exports and other long work: how far, what failed, start again"),
        codes=("jobs.job.manage",),
        group=RECORDS,
        icon="list-check",
        position=52,
    )

"""Our pages in the index of administration."""

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.settings_index import RECORDS, register_page


def register_places() -> None:
    """The change log and the recycle bin."""
    register_page(
        "audit",
        _("Change log"),
        _("Who changed what, when and how; every change can be undone"),
        codes=("ledger.operation.view",),
        group=RECORDS,
        icon="history",
        position=50,
    )
    register_page(
        "recycle_bin",
        _("Recycle bin"),
        _("What was deleted, by whom, and the way back"),
        codes=("ledger.operation.view",),
        group=RECORDS,
        icon="trash",
        position=51,
    )

"""The permission to manage fields, its pages among the settings, and what the change log says of it."""

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.ledger.labels import TableLabels, label_table, label_verbs
from guanxi.foundation.permissions import codes
from guanxi.foundation.permissions.settings_index import RECORDS, register_page
from guanxi.tailoring.models import Layout, OwnField, OwnOption
from guanxi.tailoring.models.fields import shown
from guanxi.tailoring.services.fields import MANAGE

VERBS = {
    "tailoring.field.create": _("added a field"),
    "tailoring.field.edit": _("changed a field"),
    "tailoring.field.show": _("put a field into use"),
    "tailoring.field.hide": _("hid a field"),
    "tailoring.field.retire": _("retired a field"),
    "tailoring.field.delete": _("deleted a field"),
    "tailoring.field.order": _("ordered the fields"),
    "tailoring.layout.edit": _("arranged card and form"),
    "tailoring.layout.reset": _("put card and form back as delivered"),
}


def register_places() -> None:
    """Called once at start-up."""
    codes.register(MANAGE, _("Add fields, and arrange cards and forms"), group=codes.SYSTEM, reach=False)
    register_page(
        "own_fields",
        _("Fields"),
        _("Fields of your own, and the order of cards and forms"),
        codes=(MANAGE,),
        group=RECORDS,
        icon="adjustments-horizontal",
        position=45,
    )
    label_verbs(VERBS)
    label_table(
        OwnField._meta.db_table,
        TableLabels(
            row=lambda image: shown(image.get("label_zh") or "", image.get("label_en") or ""),
            hidden=frozenset({"resource"}),
        ),
    )
    label_table(
        OwnOption._meta.db_table,
        TableLabels(row=lambda image: shown(image.get("label_zh") or "", image.get("label_en") or "")),
    )
    label_table(Layout._meta.db_table, TableLabels(hidden=frozenset({"resource"})))

"""What warehouses, and what lies in them, look like on every door."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from guanxi.catalog.choices import EVERYBODY
from guanxi.catalog.heads import STOCK_HEADS
from guanxi.catalog.models import Stock, Warehouse
from guanxi.catalog.queries.matching import by_links
from guanxi.catalog.services import stock as services
from guanxi.kinds import DateTime, Moment, Quantity, Text, YesNo
from guanxi.resource.declaration import Resource, SearchText, Section, Sort
from guanxi.resource.links import RecordLink
from guanxi.resource.registry import register
from guanxi.resource.related import Related

_CHANGED = DateTime(name="updated_at", label=_("Last changed"), minor=True)
_H = STOCK_HEADS


@register
class Warehouses(Resource):
    key, code, model = "warehouses", "catalog.warehouse", Warehouse
    icon, stands = "building-warehouse", "settings"
    label = _("warehouse")
    label_plural = _("Warehouses")
    kinds = (
        Text(name="name", required=True, aliases=_H["warehouse"]),
        Text(name="code"),
        YesNo(name="closed"),
        _CHANGED,
    )
    columns = ("name", "code", "closed")
    phone = {"name": "title", "code": "meta"}
    filters = ("closed",)
    sorts = (Sort("name", _("name"), ("name", "id")),)
    form = (Section(_("Warehouse"), ("name", "code", "closed")),)
    bulk_fields = ("code", "closed")
    counted = ngettext_lazy("%(shown)s warehouse", "%(shown)s warehouses", "n")
    search_fields = ("name",)
    rights = {
        "view": dict.fromkeys(EVERYBODY, "all"),
        **{verb: {"sales_manager": "all"} for verb in ("create", "edit", "delete", "export", "import")},
    }
    panels = (
        Related(
            title=_("In stock"),
            to="stock",
            by="warehouse",
            sub=("product",),
            end="quantity",
            end_sub="told_at",
            empty=_("What lies here stands here once it was imported."),
        ),
    )
    create, create_many, edit, edit_many, edit_each, remove_many, update_imported = services.warehouses

    @classmethod
    def search_text(cls, record: Warehouse) -> SearchText:
        return SearchText(names=(record.name,))

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Warehouses"),
            "new_title": _("New warehouse"),
            "empty_title": _("No warehouses yet"),
            "empty_text": _("Where goods lie. What lies there is imported, with the time it was counted."),
        }


@register
class StockTold(Resource):
    key, code, model = "stock", "catalog.stock", Stock
    icon = "packages"
    label = _("stock")
    label_plural = _("Stock")
    title = "place"
    asks = "catalog.warehouse"
    kinds = (
        RecordLink(name="product", to="products", required=True, aliases=_H["product"]),
        RecordLink(name="warehouse", to="warehouses", required=True, aliases=_H["warehouse"]),
        Quantity(name="quantity", required=True, unit_of="product.unit", aliases=_H["quantity"]),
        Moment(name="told_at", aliases=_H["told_at"], help=_("Empty: now.")),
        Text(name="place", minor=True, aliases=_H["place"]),
        _CHANGED,
    )
    columns = ("product", "warehouse", "quantity", "told_at", "place")
    phone = {"product": "title", "warehouse": "meta", "quantity": "end", "told_at": "end2"}
    filters = ("product", "warehouse", "told_at")
    sorts = (Sort("told_at", _("time it was told"), ("told_at", "id"), descending=True),)
    form = (Section(_("Stock"), ("product", "warehouse", "quantity", "told_at", "place")),)
    bulk_fields = ("place", "told_at")
    counted = ngettext_lazy("%(shown)s figure of stock", "%(shown)s figures of stock", "n")
    matching = by_links("stock", ("product_id", "warehouse_id"), text="place")
    create, create_many, edit, edit_many, edit_each, remove_many, update_imported = services.verbs

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        # A figure is as old as its telling: a new one without a time was told now.
        if "quantity" in values and values.get("told_at") is None:
            values["told_at"] = timezone.now()

    @classmethod
    def renewed(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        # Counted anew and found to be the same: the figure is as old as this count.
        return {"told_at": timezone.now()} if "quantity" in values else {}

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Stock"),
            "new_title": _("New figure of stock"),
            "empty_title": _("No stock told yet"),
            "empty_text": _("Import the list of your warehouse: product, warehouse, quantity."),
        }

"""What product lines and tax rates look like on every door."""

# Chinese in code: the heads that spreadsheets give these columns

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from guanxi.catalog.choices import EVERYBODY
from guanxi.catalog.heads import LINE_HEADS
from guanxi.catalog.models import ProductLine, TaxRate
from guanxi.catalog.queries.matching import LineMatching
from guanxi.catalog.services import products as services
from guanxi.kernel.errors import Malformed
from guanxi.kernel.figures import parse_figure
from guanxi.kinds import Bounded, Date, DateTime, Percent, Text, YesNo
from guanxi.resource.declaration import Resource, SearchText, Section, Sort
from guanxi.resource.links import RecordLink
from guanxi.resource.registry import register
from guanxi.resource.related import Related

_MANAGED = {
    "view": dict.fromkeys(EVERYBODY, "all"),
    "create": {"sales_manager": "all"},
    "edit": {"sales_manager": "all"},
    "delete": {"sales_manager": "all"},
    "export": {"sales_manager": "all"},
    "import": {"sales_manager": "all"},
}


@register
class ProductLines(Resource):
    key, code, model = "product_lines", "catalog.line", ProductLine
    stands = "settings"
    icon = "sitemap"
    label = _("product line")
    label_plural = _("Product lines")
    kinds = (
        Text(name="name", required=True, aliases=LINE_HEADS["name"]),
        RecordLink(name="parent", to="product_lines", aliases=LINE_HEADS["parent"]),
        Bounded(name="position", most=100_000, least=-100_000, minor=True, aliases=LINE_HEADS["position"]),
        YesNo(name="closed", minor=True),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )
    columns = ("name", "parent", "position", "closed")
    filters = ("parent", "closed")
    sorts = (Sort("position", pgettext_lazy("product line", "position"), ("position", "name", "id")),)
    form = (Section(_("Product line"), ("name", "parent", "position", "closed")),)
    defaults = {"position": "0"}
    bulk_fields = ("position", "parent", "closed")
    phone = {"name": "title", "parent": "meta"}
    counted = ngettext_lazy("%(shown)s product line", "%(shown)s product lines", "n")
    search_fields = ("name",)
    rights = _MANAGED
    matching = LineMatching()
    panels = (
        Related(
            title=_("Products"),
            to="products",
            by="line",
            order=10,
            sub=("code", "specification"),
            end="list_price",
            empty=_("What belongs to this line."),
        ),
        Related(
            key="parts",
            title=_("Lines in it"),
            to="product_lines",
            by="parent",
            order=20,
            empty=_("No further lines."),
        ),
    )
    create, create_many, edit, edit_many, edit_each, remove_many, update_imported = services.lines

    @classmethod
    def search_text(cls, record: ProductLine) -> SearchText:
        return SearchText(names=(record.name,))

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Product lines"),
            "new_title": _("New product line"),
            "empty_title": _("No product lines yet"),
            "empty_text": _("Product lines put products in order; pipelines and price lists go by them."),
        }


@register
class TaxRates(Resource):
    key, code, model = "tax_rates", "catalog.tax", TaxRate
    stands = "settings"
    icon = "receipt-tax"
    label = _("tax rate")
    label_plural = _("Tax rates")
    kinds = (
        Text(name="name", required=True),
        Text(name="code", required=True, help=_("The same for a rate and what it is changed to.")),
        Percent(name="rate", required=True, aliases=("税率", "vat")),
        Date(name="since", help=_("Empty: always.")),
        Date(name="until"),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )
    columns = ("name", "code", "rate", "since", "until")
    filters = ("rate",)
    sorts = (Sort("rate", pgettext_lazy("tax", "rate"), ("rate", "id"), descending=True),)
    form = (Section(_("Tax rate"), ("name", "code", "rate", "since", "until")),)
    bulk_fields = ("until", "rate")
    phone = {"name": "title", "code": "meta", "rate": "end"}
    counted = ngettext_lazy("%(shown)s tax rate", "%(shown)s tax rates", "n")
    rights = _MANAGED
    create, create_many, edit, edit_many, edit_each, remove_many, update_imported = services.rates

    @classmethod
    def exact(cls, text: str, closed: Any = ()) -> Q:
        """By code or name, or by its height: 13, 13% and 0.13 are the same; of those in force today."""
        meant = Q(code=text) | Q(name=text)
        try:
            height = parse_figure(text, places=4, unit="%")
        except Malformed:
            pass
        else:
            meant |= Q(rate=height if 0 < height < 10_000 and "%" not in text else height // 100)
        today = timezone.localdate()
        return meant & (Q(until=None) | Q(until__gte=today)) & (Q(since=None) | Q(since__lte=today))

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Tax rates"),
            "new_title": _("New tax rate"),
            "empty_title": _("No tax rates yet"),
            "empty_text": _(
                "What is put on prices: value-added tax at its rates, each from the day it holds."
            ),
        }

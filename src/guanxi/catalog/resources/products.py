"""What products look like on every door."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from guanxi.catalog.choices import EVERYBODY, SEE_COST, ProductKind, ProductState
from guanxi.catalog.heads import KIND_WORDS, PRODUCT_HEADS, STATE_WORDS
from guanxi.catalog.kinds import Told
from guanxi.catalog.models import Product
from guanxi.catalog.queries.matching import ProductMatching
from guanxi.catalog.queries.stock import SEE, in_stock
from guanxi.catalog.services import products as services
from guanxi.foundation.permissions import codes
from guanxi.kernel.pinyin import sort_key
from guanxi.kinds import Choice, DateTime, Show, Text, UnitPrice, YesNo
from guanxi.kinds.kind import Computed
from guanxi.resource import access
from guanxi.resource.declaration import Ready, Resource, SearchText, Section, Sort
from guanxi.resource.links import RecordLink
from guanxi.resource.registry import register
from guanxi.resource.related import Related

_H = PRODUCT_HEADS
_SUBTITLE = ("code", "specification", "line")


@register
class Products(Resource):
    key, code, model = "products", "catalog.product", Product
    stands = "goods"
    icon = "package"
    label = _("product")
    label_plural = _("Products")
    kinds = (
        Text(name="name", required=True, aliases=_H["name"]),
        Text(name="code", aliases=_H["code"]),
        Text(
            name="specification",
            aliases=_H["specification"],
            help=_("Model and size; of a variant what it differs by."),
        ),
        RecordLink(name="line", to="product_lines", aliases=_H["line"]),
        Choice(name="kind", choices=ProductKind, required=True, aliases=_H["kind"], synonyms=KIND_WORDS),
        Text(name="unit", aliases=_H["unit"]),
        RecordLink(name="variant_of", to="products", minor=True, aliases=_H["variant_of"]),
        YesNo(name="serial", minor=True, aliases=_H["serial"]),
        RecordLink(name="tax", to="tax_rates", minor=True, aliases=_H["tax"]),
        UnitPrice(
            name="list_price",
            aliases=_H["list_price"],
            help=_("With tax, in our own currency. Price books go before it."),
        ),
        UnitPrice(name="cost", code=SEE_COST, minor=True, aliases=_H["cost"]),
        Told(
            name="stock",
            label=_("In stock"),
            code=SEE,
            computed=Computed(read=in_stock),
            minor=True,
        ),
        Choice(name="state", choices=ProductState, required=True, aliases=_H["state"], synonyms=STATE_WORDS),
        Text(name="description", wide=True, minor=True, aliases=_H["description"]),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )
    columns = ("name", "code", "specification", "line", "kind", "unit", "list_price", "stock", "state")
    phone = {"name": "title", "specification": "meta", "list_price": "end", "stock": "end2"}
    filters = ("line", "kind", "state", "variant_of", "list_price", "code", "updated_at")
    sorts = (
        Sort("name", _("name"), ("name_sort", "id")),
        Sort("code", pgettext_lazy("product", "code"), ("code", "id")),
        Sort("list_price", _("list price"), ("list_price", "id")),
        Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),
    )
    ready = (Ready(pgettext_lazy("products", "On sale"), "state=active", "state"),)
    form = (
        Section(_("Product"), ("name", "code", "specification", "line", "kind", "unit", "state")),
        Section(pgettext_lazy("product", "Price"), ("list_price", "tax", "cost")),
        Section(pgettext_lazy("product", "More"), ("variant_of", "serial", "description"), minor=True),
    )
    header = ("state", "list_price", "stock", "line")
    defaults = {"kind": "goods", "state": "active"}
    bulk_fields = ("unit", "line", "kind", "state", "tax", "serial")
    counted = ngettext_lazy("%(shown)s product", "%(shown)s products", "n")
    search_fields = ("name", "code", "specification")
    rights = {
        "view": dict.fromkeys(EVERYBODY, "all"),
        "create": {"sales_manager": "all"},
        "edit": {"sales_manager": "all"},
        "delete": {"sales_manager": "all"},
        "export": {"sales_manager": "all"},
        "import": {"sales_manager": "all"},
    }
    matching = ProductMatching()
    panels = (
        Related(
            key="variants",
            title=_("Variants"),
            to="products",
            by="variant_of",
            order=30,
            sub=("code", "specification"),
            end="list_price",
            empty=_("Sizes and models that differ in one point stand here."),
        ),
    )
    create, create_many, edit, edit_many, edit_each, remove_many, update_imported = services.products

    @classmethod
    def exact(cls, text: str, closed: Collection[str] = ()) -> Q:
        if not text:
            return Q(pk__in=[])
        by_code = Q() if "code" in closed else Q(code=text)
        return by_code | Q(name=text)

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        if "name" in values:
            values["name_sort"] = sort_key(values["name"])

    @classmethod
    def search_text(cls, record: Product) -> SearchText:
        return SearchText(names=(record.name, record.specification), codes=(record.code,), detail=record.code)

    @classmethod
    def told_apart(cls, record: Product, show: Show) -> str:
        return " · ".join(filter(None, (record.code, record.specification)))

    @classmethod
    def subtitle(cls, record: Product, show: Show) -> str:
        said = [
            kind.text(record, show)
            for kind in access.readable(show.actor, cls, _SUBTITLE)
            if access.is_open(show.actor, kind)
        ]
        return " · ".join(text for text in said if text)

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Products"),
            "new_title": _("New product"),
            "empty_title": _("No products yet"),
            "empty_text": _(
                "What you sell, with its prices. Import the sheet you have, or add the first one."
            ),
        }


codes.register(
    SEE_COST,
    _("See what products cost us"),
    group=Products.label_plural,
    reach=False,
    defaults={"sales_manager": "all", "finance": "all"},
)

"""What price books, their prices and exchange rates look like on every door."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from guanxi.catalog.choices import EVERYBODY
from guanxi.catalog.heads import BOOK_HEADS, PRICE_HEADS, RATE_HEADS
from guanxi.catalog.kinds import FromQuantity, Rate
from guanxi.catalog.models import ExchangeRate, Price, PriceBook
from guanxi.catalog.queries.matching import by_links
from guanxi.catalog.services import prices as services
from guanxi.customers.choices import Currency, Grade, Relation
from guanxi.customers.kinds import Regions
from guanxi.kinds import Bounded, Choice, Coded, Date, DateTime, Text, UnitPrice, YesNo
from guanxi.resource.declaration import Ready, Resource, SearchText, Section, Sort
from guanxi.resource.links import RecordLink
from guanxi.resource.registry import register

_CHANGED = DateTime(name="updated_at", label=_("Last changed"), minor=True)
_B, _P, _R = BOOK_HEADS, PRICE_HEADS, RATE_HEADS
_MANAGED = {
    "view": dict.fromkeys(EVERYBODY, "all"),
    **{verb: {"sales_manager": "all"} for verb in ("create", "edit", "delete", "export", "import")},
}


@register
class PriceBooks(Resource):
    key, code, model = "price_books", "catalog.book", PriceBook
    icon, stands = "tags", "settings"
    label = _("price book")
    label_plural = _("Price books")
    kinds = (
        Text(name="name", required=True, aliases=_B["name"]),
        Choice(name="currency", choices=Currency, required=True, aliases=_B["currency"]),
        YesNo(name="taxed", aliases=_B["taxed"]),
        Coded(name="region", table=Regions(), help=_("With all that lies in it. Empty: everywhere.")),
        Choice(name="grade", choices=Grade),
        Choice(name="relation", choices=Relation),
        Date(name="since", aliases=_B["since"]),
        Date(name="until", aliases=_B["until"]),
        Bounded(
            name="position",
            least=-100_000,
            most=100_000,
            minor=True,
            help=_(
                "Of several that hold, the lowest goes first; of equal ones what is meant for fewer customers."
            ),
        ),
        YesNo(name="closed", minor=True),
        _CHANGED,
    )
    columns = ("name", "currency", "taxed", "region", "grade", "relation", "since", "until", "closed")
    phone = {"name": "title", "currency": "end", "until": "end2"}
    filters = ("currency", "closed")
    sorts = (Sort("position", pgettext_lazy("price book", "position"), ("position", "name", "id")),)
    ready = (Ready(pgettext_lazy("price books", "In use"), "closed=no", "closed"),)
    form = (
        Section(_("Price book"), ("name", "currency", "taxed", "since", "until", "closed")),
        Section(_("For whom"), ("region", "grade", "relation", "position")),
    )
    header = ("currency", "taxed", "until")
    defaults = {"currency": "CNY", "taxed": "yes", "position": "0"}
    bulk_fields = ("until", "since", "closed")
    counted = ngettext_lazy("%(shown)s price book", "%(shown)s price books", "n")
    search_fields = ("name",)
    rights = _MANAGED
    create, create_many, edit, edit_many, edit_each, remove_many, update_imported = services.books

    @classmethod
    def search_text(cls, record: PriceBook) -> SearchText:
        return SearchText(names=(record.name,))

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Price books"),
            "new_title": _("New price book"),
            "empty_title": _("No price books yet"),
            "empty_text": _(
                "A price book says what products cost in one currency for some customers: at home, abroad, for "
                "distributors."
            ),
        }


@register
class Prices(Resource):
    key, code, model = "prices", "catalog.price", Price
    icon = "coin-yuan"
    label = _("price")
    label_plural = _("Prices")
    title = "remark"
    asks = "catalog.book"
    kinds = (
        RecordLink(name="product", to="products", required=True, aliases=_P["product"]),
        RecordLink(name="book", to="price_books", required=True, aliases=_P["book"]),
        FromQuantity(name="from_quantity", unit_of="product.unit", aliases=_P["from_quantity"]),
        UnitPrice(name="price", required=True, currency_of="book.currency", aliases=_P["price"]),
        UnitPrice(
            name="floor",
            currency_of="book.currency",
            aliases=_P["floor"],
            help=_("Whoever goes below it needs approval."),
        ),
        Text(name="remark", minor=True, aliases=_P["remark"]),
        _CHANGED,
    )
    columns = ("product", "book", "from_quantity", "price", "floor", "remark")
    phone = {"product": "title", "book": "meta", "price": "end", "from_quantity": "end2"}
    filters = ("book", "product", "updated_at")
    sorts = (Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),)
    form = (Section(_("Price"), ("book", "product", "from_quantity", "price", "floor", "remark")),)
    bulk_fields = ("floor", "price")
    defaults = {"from_quantity": "0"}
    counted = ngettext_lazy("%(shown)s price", "%(shown)s prices", "n")
    acts = {"set": _("set prices in")}
    matching = by_links("prices", ("product_id", "book_id"), exact=("from_quantity",), text="remark")
    create, create_many, edit, edit_many, edit_each, remove_many, update_imported = services.prices

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        if "from_quantity" in values:
            values["from_quantity"] = values["from_quantity"] or 0

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Prices"),
            "new_title": _("New price"),
            "empty_title": _("No prices yet"),
            "empty_text": _(
                "What products cost in each price book, from which quantity on, and the floor beneath."
            ),
        }


@register
class ExchangeRates(Resource):
    key, code, model = "exchange_rates", "catalog.rate", ExchangeRate
    icon, stands = "coins", "settings"
    label = _("exchange rate")
    label_plural = _("Exchange rates")
    title = "source"
    kinds = (
        Choice(name="currency", choices=Currency, required=True, aliases=_R["currency"]),
        Date(name="day", required=True, aliases=_R["day"]),
        Rate(name="rate", required=True, aliases=_R["rate"], help=_("One unit of it in our own currency.")),
        Text(name="source", aliases=_R["source"]),
        _CHANGED,
    )
    columns = ("currency", "day", "rate", "source")
    phone = {"currency": "title", "day": "meta", "rate": "end"}
    filters = ("day",)
    sorts = (Sort("day", pgettext_lazy("exchange rate", "day"), ("day", "id"), descending=True),)
    form = (Section(_("Exchange rate"), ("currency", "day", "rate", "source")),)
    bulk_fields = ("source", "rate")
    counted = ngettext_lazy("%(shown)s exchange rate", "%(shown)s exchange rates", "n")
    rights = {verb: {**given, "finance": "all"} for verb, given in _MANAGED.items()}
    matching = by_links("exchange_rates", ("currency",), exact=("day",), text="source")
    create, create_many, edit, edit_many, edit_each, remove_many, update_imported = services.rates

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Exchange rates"),
            "new_title": _("New exchange rate"),
            "empty_title": _("No exchange rates yet"),
            "empty_text": _(
                "What a currency is worth in ours from a day on, until the next rate. Where there is none, amounts "
                "in that currency are not brought over."
            ),
        }

"""What stands on a product's card: its prices in all books, its stock by warehouse, its parts and options; on a price
book's what it holds."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.catalog.choices import ProductKind
from guanxi.catalog.kinds import quantity_text
from guanxi.catalog.models import BundlePart, Option, OptionGroup, Price, PriceBook, Product, Stock
from guanxi.catalog.queries.configuring import costs_of
from guanxi.catalog.queries.currencies import own_currency
from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.design.words import relative
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.prices import format_price
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.contributions import Content, Panel, contribute
from guanxi.resource.registry import find

_SHOWN = 12


def _adding(actor: Actor, key: str, product: Product, by: str) -> tuple[str, str]:
    resource = find(key)
    if not actor.may(resource.permission("create")):
        return "", ""
    return f"{resource.url('new')}?{by}={product.pk}", str(resource.words()["new_title"])


def _prices(actor: Actor, record: Product, show: Show) -> Content:
    rows = Price.objects.filter(product=record).select_related("book")
    ordered = list(
        rows.order_by("book__closed", "book__position", "book__name", "from_quantity")[: _SHOWN + 1]
    )
    add_url, add = _adding(actor, "prices", record, "product")
    may_ask = reverse("price_lookup") + f"?product={record.pk}"
    return Content(
        rows=[_price(one, record, actor) for one in ordered[:_SHOWN]],
        count=len(ordered) if len(ordered) <= _SHOWN else f"{_SHOWN}+",
        url=find("prices").url() + f"?product={record.pk}" if ordered else may_ask,
        add_url=add_url,
        add=add,
        empty=_("In no price book yet: the list price holds."),
    )


def _price(one: Price, product: Product, actor: Actor) -> PanelRow:
    said = [gettext("with tax") if one.book.taxed else gettext("without tax")]
    if one.from_quantity:
        start = quantity_text(one.from_quantity, product.unit)
        said.insert(0, gettext("from %(quantity)s") % {"quantity": start})
    prices = find("prices")
    is_told = {name: access.is_open(actor, prices.kind(name)) for name in ("price", "floor")}
    floor = format_price(one.floor, one.book.currency) if one.floor is not None and is_told["floor"] else ""
    return PanelRow(
        title=one.book.name,
        url=find("prices").url("card", id=one.pk),
        sub=" · ".join(said),
        end=format_price(one.price, one.book.currency) if is_told["price"] else "",
        end_sub=gettext("floor %(price)s") % {"price": floor} if floor else "",
        past=one.book.closed,
    )


def _held(actor: Actor, record: PriceBook, show: Show) -> Content:
    rows = (
        Price.objects.filter(book=record)
        .select_related("product")
        .order_by("product__name_sort", "from_quantity")
    )
    prices, products = find("prices"), find("products")
    is_told = {name: access.is_open(actor, prices.kind(name)) for name in ("price", "floor")}
    visible = rows.filter(product__in=access.visible(actor, products))
    return Content(
        rows=[_price_of(one, record, is_told) for one in visible[:_SHOWN]],
        count=visible.count(),
        url=f"{prices.url()}?book={record.pk}",
        empty=_("No prices yet"),
    )


def _price_of(one: Price, book: PriceBook, is_told: Mapping[str, bool]) -> PanelRow:
    start = quantity_text(one.from_quantity, one.product.unit) if one.from_quantity else ""
    floor = format_price(one.floor, book.currency) if one.floor is not None and is_told["floor"] else ""
    said = gettext("from %(quantity)s") % {"quantity": start} if start else one.product.code
    return PanelRow(
        title=one.product.name,
        url=find("prices").url("card", id=one.pk),
        sub=said,
        end=format_price(one.price, book.currency) if is_told["price"] else "",
        end_sub=gettext("floor %(price)s") % {"price": floor} if floor else "",
    )


def _stock(actor: Actor, record: Product, show: Show) -> Content:
    rows = Stock.objects.filter(product=record).select_related("warehouse").order_by("warehouse__name")
    today = timezone.localdate()
    found = list(rows[:_SHOWN])
    is_told = all(
        access.is_open(actor, kind)
        for kind in (find("stock").kind("quantity"), find("products").kind("stock"))
    )
    add_url, add = _adding(actor, "stock", record, "product")
    return Content(
        rows=[
            PanelRow(
                title=one.warehouse.name,
                url=find("stock").url("card", id=one.pk),
                sub=one.place,
                end=quantity_text(one.quantity, record.unit) if is_told else "",
                end_sub=relative(one.told_at, today),
                past=one.warehouse.closed,
            )
            for one in found
        ],
        count=len(found),
        url=find("stock").url() + f"?product={record.pk}" if found else "",
        add_url=add_url,
        add=add,
        empty=_("Nobody has told of any stock yet."),
    )


def _parts(actor: Actor, record: Product, show: Show) -> Content:
    found = list(
        BundlePart.objects.filter(bundle=record).select_related("product").order_by("product__name_sort")
    )
    add_url, add = _adding(actor, "bundle_parts", record, "bundle")
    rows = [
        PanelRow(
            title=one.product.name,
            url=find("products").url("card", id=one.product_id),
            sub=" · ".join(filter(None, (one.product.code, one.product.specification))),
            end=quantity_text(one.quantity, one.product.unit),
        )
        for one in found
    ]
    if found and access.is_open(actor, find("products").kind("cost")):
        cost = costs_of(actor, [record.pk])[record.pk]
        rows.append(
            PanelRow(
                title=gettext("Cost"),
                end=gettext("not known of all parts") if cost is None else format_price(cost, own_currency()),
            )
        )
    return Content(
        rows=rows,
        count=len(found),
        url=find("bundle_parts").url() + f"?bundle={record.pk}" if found else "",
        add_url=add_url,
        add=add,
        empty=_("Not a bundle.") if record.kind != ProductKind.BUNDLE else _("What the bundle is made of."),
    )


def _options(actor: Actor, record: Product, show: Show) -> Content:
    groups = list(OptionGroup.objects.filter(product=record).order_by("position", "name"))
    by_group: dict[Any, list[Option]] = defaultdict(list)
    for one in Option.objects.filter(group__in=groups).order_by("position", "name"):
        by_group[one.group_id].append(one)
    currency, is_told = own_currency(), access.is_open(actor, find("options").kind("price"))
    add_url, add = _adding(actor, "option_groups", record, "product")
    return Content(
        rows=[
            PanelRow(
                title=group.name,
                url=find("option_groups").url("card", id=group.pk),
                sub=_asked(group),
                more=_joined(
                    f"{one.name} +{format_price(one.price, currency)}" if one.price and is_told else one.name
                    for one in by_group[group.pk]
                ),
                end=ngettext("%(n)s option", "%(n)s options", len(by_group[group.pk]))
                % {"n": len(by_group[group.pk])},
            )
            for group in groups
        ],
        count=len(groups),
        url=find("option_groups").url() + f"?product={record.pk}" if groups else "",
        add_url=add_url,
        add=add,
        empty=_("Nothing is to be chosen of it."),
    )


def _joined(texts: Any) -> str:
    return gettext(", ").join(texts)


def _asked(group: OptionGroup) -> str:
    said = [gettext("must be chosen")] if group.required else []
    said += [gettext("several possible")] if group.several else []
    return " · ".join(said)


contribute(
    "products",
    panels=(
        Panel("prices", _("Prices"), draw=_prices, order=10, code="catalog.book.view"),
        Panel("stock", pgettext_lazy("panel", "Stock"), draw=_stock, order=20, code="catalog.warehouse.view"),
        Panel("options", _("Options"), draw=_options, order=32),
        Panel("parts", _("Parts"), draw=_parts, order=34),
    ),
)
contribute(
    "price_books", panels=(Panel("prices", _("Prices"), draw=_held, order=10, code="catalog.book.view"),)
)

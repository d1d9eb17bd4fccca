"""What does it cost for this customer: a product, a customer, a quantity, and the price with its reason."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from guanxi.catalog.choices import ProductKind
from guanxi.catalog.kinds import quantity_text
from guanxi.catalog.models import Option, OptionGroup, Product
from guanxi.catalog.queries.configuring import configure
from guanxi.catalog.queries.currencies import own_currency
from guanxi.catalog.queries.pricing import ONE, Answer, price_for
from guanxi.catalog.queries.stock import in_stock
from guanxi.catalog.rules.sums import with_tax, without_tax
from guanxi.customers.choices import Currency
from guanxi.foundation.design.shapes import Field, FieldGroup, MenuItem
from guanxi.foundation.design.shapes import Option as Chosen
from guanxi.foundation.design.words import exact, relative
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of
from guanxi.kernel.money import format_amount
from guanxi.kernel.prices import format_price, half_up, line_total
from guanxi.kinds import Date, FieldProblem, Quantity
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find
from guanxi.screens.drawing import show_for

WHY = {
    "list": _("No price book that holds for this customer has a price of it: the list price holds."),
    "converted": _(
        "No price book in this currency has a price of it: the list price, brought over by the day’s rate."
    ),
    "none": _(
        "Nobody has said what it costs: no price book that holds has a price of it, and it has no list price."
    ),
    "no_rate": _(
        "No price book in this currency has a price of it, and no exchange rate of it is known for this day."
    ),
}


@dataclass(slots=True)
class _Read:
    """What the address says, and what is wrong with it."""

    product: Product | None = None
    customer: Any = None
    quantity: int = ONE
    day: date | None = None
    currency: str = ""
    chosen: tuple[UUID, ...] = ()
    errors: dict[str, tuple[str, ...]] | None = None


@require_GET
def price_lookup(request: HttpRequest) -> HttpResponse:
    """The form, and under it the answer once a product is named. Raises Forbidden."""
    actor = actor_of(request)
    actor.require(find("products").permission("view"))
    actor.require(find("price_books").permission("view"))
    read = _read(request, actor)
    context: dict[str, Any] = {
        "groups": [FieldGroup(title=gettext("What and for whom"), fields=_fields(request, read))],
        "active": "products",
        "products_url": find("products").url(),
    }
    if read.product is not None and not read.errors:
        context |= _answer(actor, read)
        if machine := context["machine"]:
            context["groups"].append(FieldGroup(title=gettext("Options"), fields=machine["fields"]))
    return render(request, "catalog/lookup.html", context, status=422 if read.errors else 200)


def _read(request: HttpRequest, actor: Actor) -> _Read:
    found, given = _Read(), request.GET
    errors: dict[str, tuple[str, ...]] = {}
    found.product = _record(actor, "products", given.get("product", ""))
    if actor.may(find("customers").permission("view")):
        found.customer = _record(actor, "customers", given.get("customer", ""))
    try:
        found.quantity = Quantity(name="quantity").clean(given.get("quantity", "").strip() or "1", actor)
    except FieldProblem as problem:
        errors["quantity"] = (str(problem.message),)
    try:
        found.day = Date(name="day").clean(given["day"], actor) if given.get("day", "").strip() else None
    except FieldProblem as problem:
        errors["day"] = (str(problem.message),)
    found.currency = given.get("currency", "") if given.get("currency", "") in Currency.values else ""
    # A group of options has a name of its own: of its radio buttons one is chosen.
    texts = [text for name in given if name.startswith("option") for text in given.getlist(name)]
    found.chosen = tuple(one for text in texts if (one := _uuid(text)) is not None)
    found.errors = errors
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _record(actor: Actor, key: str, text: str) -> Any:
    wanted = _uuid(text)
    return access.visible(actor, find(key)).filter(pk=wanted).first() if wanted else None


def _fields(request: HttpRequest, read: _Read) -> list[Field]:
    actor, errors = actor_of(request), read.errors or {}
    show = show_for(request)
    product = find("prices").kind("product").editor(read.product.pk if read.product else None, show)
    found = [product]
    if actor.may(find("affiliations").permission("view")):
        customer: Any = find("affiliations").kind("customer")
        chosen = read.customer
        found.append(
            Field(
                name="customer",
                label=str(find("customers").label).capitalize(),
                kind="picker",
                options=[Chosen(value=str(chosen.pk), label=str(chosen), selected=True)] if chosen else [],
                url=customer.resource.url("options", field="customer"),
                hint=gettext("Empty: for somebody unknown."),
            )
        )
    typed = request.GET
    found += [
        Field(
            name="quantity",
            label=pgettext("price", "Quantity"),
            value=typed.get("quantity", "1"),
            inputmode="decimal",
            errors=errors.get("quantity", ()),
            unit=read.product.unit if read.product else "",
        ),
        Field(
            name="day",
            label=pgettext("price", "On the day"),
            kind="date",
            value=typed.get("day", "") or timezone.localdate().isoformat(),
            errors=errors.get("day", ()),
        ),
        Field(
            name="currency",
            label=pgettext("price", "In currency"),
            kind="select",
            options=[
                Chosen(value="", label=gettext("whatever the price book has"), selected=not read.currency),
                *(
                    Chosen(value=code, label=f"{code} {label}", selected=code == read.currency)
                    for code, label in Currency.choices
                ),
            ],
        ),
    ]
    return found


def _answer(actor: Actor, read: _Read) -> dict[str, Any]:
    product = read.product
    assert product is not None  # noqa: S101  asked before
    found = price_for(actor, product, read.customer, read.quantity, read.day, read.currency)
    machine = _machine(actor, product, read, found) if product.kind == ProductKind.MACHINE else None
    price = machine["price"] if machine else found.price
    is_told = access.is_open(actor, find("products").kind("stock"))
    stock = in_stock(actor, [product.pk]).get(product.pk) if is_told else None
    return {
        "product": product,
        "product_url": find("products").url("card", id=product.pk),
        "customer": read.customer,
        "price": "" if price is None else format_price(price, found.currency),
        "unit": product.unit,
        "why": gettext("From the price book “%(book)s”.") % {"book": found.book}
        if found.book
        else WHY[found.why],
        "book_url": find("price_books").url("card", id=found.book_id) if found.book_id else "",
        "facts": _facts(found, price, product),
        "stock": stock and f"{quantity_text(stock.quantity, stock.unit)}",
        "stock_told": stock and relative(stock.told_at, timezone.localdate()),
        "stock_exact": stock and exact(stock.told_at),
        "machine": machine,
    }


def _facts(found: Answer, price: int | None, product: Product) -> list[tuple[str, str]]:
    """What is worth knowing beside the price."""
    said: list[tuple[str, str]] = []
    if price is None:
        return said
    if found.tax is not None:
        other = without_tax(price, found.tax) if found.taxed else with_tax(price, found.tax)
        label = gettext("Without tax") if found.taxed else gettext("With tax")
        # What was worked out is said to the minor unit; a price below one keeps its decimals.
        other = half_up(other, 100) * 100 if other >= 10_000 else other
        said.append((label, f"{format_price(other, found.currency)} ({found.tax / 100:g}%)"))
    if found.quantity != ONE:
        total = line_total(found.quantity, price, 0, found.currency)
        said.append(
            (
                gettext("For %(quantity)s") % {"quantity": quantity_text(found.quantity, product.unit)},
                format_amount(total, found.currency, full=True),
            )
        )
    if found.floor is not None:
        said.append((gettext("Not below without approval"), format_price(found.floor, found.currency)))
    if found.more is not None:
        start = quantity_text(found.more.from_quantity, product.unit)
        said.append(
            (
                gettext("From %(quantity)s on") % {"quantity": start},
                format_price(found.more.price, found.currency),
            )
        )
    return said


def _machine(actor: Actor, product: Product, read: _Read, found: Answer) -> dict[str, Any]:
    """Its options, what is chosen of them, what that comes to, what is wrong with it."""
    groups = list(OptionGroup.objects.filter(product=product).order_by("position", "name"))
    options = list(Option.objects.filter(group__product=product).order_by("position", "name"))
    own, is_told = own_currency(), access.is_open(actor, find("options").kind("price"))
    done = configure(actor, product.pk, read.chosen, found.price)
    names = {one.pk: one.name for one in options}
    wrong = [
        gettext("Choose one: %(group)s.") % {"group": one.name} for one in groups if one.pk in done.missing
    ]
    wrong += [
        gettext("Only one of: %(group)s.") % {"group": one.name} for one in groups if one.pk in done.crowded
    ]
    wrong += [
        gettext("%(one)s does not go with %(other)s.") % {"one": names[one], "other": names[other]}
        for one, other in done.clashing
    ]
    needs = {one.pk: one.needs_id for one in options}
    for lacking in done.lacking:
        needed = needs[lacking]
        wrong.append(
            gettext("%(one)s needs %(other)s.")
            % {"one": names[lacking], "other": names[needed] if needed else ""}
        )
    abroad = found.price is not None and found.currency != own
    if abroad and read.chosen:
        wrong.append(gettext("Options are priced in %(own)s: they are not in this price.") % {"own": own})
    return {
        "price": found.price if abroad else done.price,
        "wrong": wrong if read.chosen else [],
        "fields": [
            Field(
                name=f"option-{group.pk}",
                label=group.name,
                kind="choices" if group.several else "radio",
                hint=gettext("must be chosen") if group.required else "",
                wide=True,
                options=[
                    Chosen(
                        value=str(one.pk),
                        label=f"{one.name} +{format_price(one.price, own)}"
                        if one.price and is_told
                        else one.name,
                        selected=one.pk in read.chosen,
                    )
                    for one in options
                    if one.group_id == group.pk
                ],
            )
            for group in groups
        ],
    }


def tool(request: HttpRequest, resource: type[Resource], query: str) -> MenuItem | None:
    """What stands beside the title of the list of products: the way to the question what something costs."""
    if resource.key != "products" or not actor_of(request).may(find("price_books").permission("view")):
        return None
    return MenuItem(
        label=gettext("What does it cost?"),
        url=reverse("price_lookup"),
        icon="calculator",
        phone=pgettext("list head", "Price?"),
    )


def books_tool(request: HttpRequest, resource: type[Resource], query: str) -> MenuItem | None:
    """Beside it the way to the price books."""
    if resource.key != "products" or not actor_of(request).may(find("price_books").permission("view")):
        return None
    books = find("price_books")
    return MenuItem(label=str(books.words()["list_title"]), url=books.url(), icon="tags")

"""Operations of the API: what a product costs for a customer, and a machine with its options."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.catalog.models import Product
from guanxi.catalog.queries.configuring import configure
from guanxi.catalog.queries.currencies import own_currency
from guanxi.catalog.queries.pricing import price_for
from guanxi.customers.choices import Currency
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.figures import plain_figure
from guanxi.kernel.prices import PRICE_PLACES, QUANTITY_PLACES
from guanxi.kinds import Date, FieldProblem, Kind, Quantity
from guanxi.resource import access
from guanxi.resource.operations import Operation, declare
from guanxi.resource.registry import find


@dataclass(frozen=True, kw_only=True)
class PriceQuestion:
    """`quantity` is 1 where it is left out; `day` today; `currency` that of the price book that holds."""

    product: UUID
    customer: UUID | None = None
    quantity: str = "1"
    day: str = ""
    currency: str = ""


@dataclass(frozen=True, kw_only=True)
class PriceAnswer:
    """What one unit costs. `why`: "book" (out of the price book named), "list" (the list price), "converted" (the list
    price by the day's exchange rate), "none" (nobody said), "no_rate" (no exchange rate is known). Below `floor` it
    needs approval. `tax` is in percent. `next_from` is the next quantity break, with its `next_price`."""

    product: UUID
    quantity: str
    price: str | None
    currency: str
    taxed: bool
    why: str
    book: UUID | None
    book_name: str
    floor: str | None
    tax: str | None
    next_from: str | None
    next_price: str | None


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The options chosen of a machine."""

    options: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ConfiguredOut:
    """What a machine with these options costs in the company's own currency, and whether it can be built: groups of
    which something must be chosen, or of which too much is; options that exclude each other, lack what they need, or
    are none of this machine."""

    price: str | None
    cost: str | None
    currency: str
    can_be_built: bool
    missing: list[UUID]
    crowded: list[UUID]
    clashing: list[UUID]
    lacking: list[UUID]
    unknown: list[UUID]


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="prices", method="GET", path="prices/lookup", act=_price, query=PriceQuestion, answer=PriceAnswer,
            summary=gettext_noop("What a product costs for a customer"),
        ),
        Operation(
            area="products", method="POST", path="products/{id}/configure", act=_configure, body=Chosen,
            answer=ConfiguredOut, summary=gettext_noop("What a machine costs with these options"),
            words=gettext_noop("Nothing is stored."),
        ),
        prices=_("Prices"),
        products=_("Products"),
    )  # fmt: skip


def _plain(price: int | None) -> str | None:
    return None if price is None else plain_figure(price, places=PRICE_PLACES)


def _clean(kind: Kind, text: str, actor: Actor) -> Any:
    try:
        return kind.clean(text, actor)
    except FieldProblem as problem:
        raise Invalid({kind.name: [problem.message]}) from problem


def _price(actor: Actor, query: PriceQuestion) -> PriceAnswer:
    actor.require(find("price_books").permission("view"))
    quantity = _clean(Quantity(name="quantity"), query.quantity, actor)
    day = _clean(Date(name="day"), query.day, actor) if query.day else None
    if query.currency and query.currency not in Currency.values:
        raise Invalid({"currency": [Message("choice", _("This currency is not in the list."))]})
    found = price_for(actor, query.product, query.customer, quantity, day, query.currency)
    return PriceAnswer(
        product=found.product_id,
        quantity=plain_figure(found.quantity, places=QUANTITY_PLACES),
        price=_plain(found.price),
        currency=found.currency,
        taxed=found.taxed,
        why=found.why,
        book=found.book_id,
        book_name=found.book,
        floor=_plain(found.floor),
        tax=None if found.tax is None else plain_figure(found.tax, places=2),
        next_from=plain_figure(found.more.from_quantity, places=QUANTITY_PLACES) if found.more else None,
        next_price=_plain(found.more.price) if found.more else None,
    )


def _configure(actor: Actor, product_id: UUID, body: Chosen) -> ConfiguredOut:
    product: Product = access.get(actor, find("products"), product_id)
    found = configure(actor, product.pk, body.options)
    return ConfiguredOut(
        price=_plain(found.price),
        cost=_plain(found.cost),
        currency=own_currency(),
        can_be_built=found.can_be_built,
        missing=list(found.missing),
        crowded=list(found.crowded),
        clashing=[one for pair in found.clashing for one in pair],
        lacking=list(found.lacking),
        unknown=list(found.unknown),
    )

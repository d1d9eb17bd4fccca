"""What a product costs for a customer: the one place that says it, for quotes, opportunities and whoever asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from django.utils import timezone

from guanxi.catalog.models import Price, PriceBook, Product, TaxRate
from guanxi.catalog.queries.currencies import own_currency, rate_of
from guanxi.catalog.rules.books import (
    Book,
    Break,
    Buyer,
    in_order,
    is_below_floor,
    next_break,
    price_for_quantity,
)
from guanxi.catalog.rules.sums import from_own, in_force
from guanxi.customers.models import Customer
from guanxi.customers.reference import regions
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden
from guanxi.resource import access
from guanxi.resource.registry import find

ONE = 1000  # thousandths
# Where a price comes from: a book; the product's own list price, as it is or brought over to another currency; nowhere,
# because nobody has said any or because no exchange rate is known.
Why = Literal["book", "list", "converted", "none", "no_rate"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A product and how much of it, in thousandths."""

    product_id: UUID
    quantity: int = ONE


@dataclass(frozen=True, slots=True)
class Answer:
    """What one unit costs: ten-thousandths of `currency`, with tax where `taxed`; None where `why` says that there is
    no price. `tax` is the rate in basis points on the day, None where none is known. `floor` is the price that nobody
    goes below without approval. `more` is the next break above the quantity."""

    product_id: UUID
    quantity: int
    price: int | None
    currency: str
    taxed: bool
    why: Why
    book_id: UUID | None = None
    book: str = ""
    from_quantity: int = 0
    floor: int | None = None
    tax: int | None = None
    more: Break | None = None

    def is_below(self, price: int) -> bool:
        """Whether this price needs approval."""
        return is_below_floor(price, self.floor)


def price_for(
    actor: Actor,
    product: Product | UUID,
    customer: Customer | UUID | None = None,
    quantity: int = ONE,
    day: date | None = None,
    currency: str = "",
) -> Answer:
    """What a product costs for a customer (None: somebody unknown), so many of it (thousandths), on a day (None:
    today), in a currency ("": that of the book). Raises NotFound for what the actor may not see, Forbidden where prices
    are closed to him. Of floors that are closed to him nothing is said."""
    wanted = Asked(product.pk if isinstance(product, Product) else product, quantity)
    return prices_for(actor, [wanted], customer, day, currency)[0]


def prices_for(
    actor: Actor,
    wanted: Sequence[Asked],
    customer: Customer | UUID | None = None,
    day: date | None = None,
    currency: str = "",
) -> list[Answer]:
    """`price_for` of many products at once, in the order given; the same few queries however many there are."""
    prices = find("prices")
    for kind in (prices.kind("price"), find("products").kind("list_price")):
        if not access.is_open(actor, kind):
            raise Forbidden(prices.permission("view"))
    products = access.visible(actor, find("products")).in_bulk(list({one.product_id for one in wanted}))
    for one in wanted:
        if one.product_id not in products:
            access.get(actor, find("products"), one.product_id)
    buyer = access.get(actor, find("customers"), customer) if isinstance(customer, UUID) else customer
    asked_on = day or timezone.localdate()
    own = own_currency()
    books, names = _books(buyer_of(buyer), asked_on, currency, own)
    floors = access.is_open(actor, prices.kind("floor"))
    breaks = _breaks(products, [book.id for book in books], floors=floors)
    taxes = rates_on(asked_on)
    return [
        _answer(one, products[one.product_id], books, names, breaks, taxes, asked_on, currency or own, own)
        for one in wanted
    ]


def buyer_of(customer: Customer | None) -> Buyer:
    """What prices depend on of a customer; of nobody in particular nothing."""
    if customer is None:
        return Buyer()
    code = regions.current(customer.region) if customer.region else ""
    return Buyer(
        frozenset(one.code for one in regions.path(code or customer.region)) | ({customer.region} - {""}),
        customer.grade,
        frozenset(filter(None, customer.relations.split(","))),
    )


def _books(buyer: Buyer, day: date, currency: str, own: str) -> tuple[list[Book], dict[UUID, PriceBook]]:
    rows = {row.pk: row for row in PriceBook.objects.filter(closed=False)}
    books = [
        Book(row.pk, row.currency, row.region, row.grade, row.relation, row.since, row.until, row.position)
        for row in rows.values()
    ]
    return in_order(books, buyer, day, currency, own), rows


def _breaks(
    products: Collection[UUID], books: Collection[UUID], *, floors: bool
) -> dict[tuple[UUID, UUID], list[Break]]:
    found: dict[tuple[UUID, UUID], list[Break]] = {}
    rows = Price.objects.filter(product_id__in=list(products), book_id__in=list(books))
    for book, product, start, price, floor in rows.values_list(
        "book_id", "product_id", "from_quantity", "price", "floor"
    ):
        found.setdefault((book, product), []).append(Break(start, price, floor if floors else None))
    return found


def rates_on(day: date) -> dict[UUID, int | None]:
    """The rate of tax, in basis points, that each known tax comes to on a day: of those of its code the one that is in
    force then."""
    rows = list(TaxRate.objects.values_list("id", "code", "since", "until", "rate"))
    heights = {
        code: in_force(
            ((since, until, rate) for _pk, other, since, until, rate in rows if other == code), day
        )
        for code in {code for _pk, code, *_rest in rows}
    }
    return {pk: heights[code] for pk, code, *_rest in rows}


def _answer(
    asked: Asked,
    product: Product,
    books: Sequence[Book],
    names: Mapping[UUID, PriceBook],
    breaks: Mapping[tuple[UUID, UUID], Sequence[Break]],
    taxes: Mapping[UUID, int | None],
    day: date,
    currency: str,
    own: str,
) -> Answer:
    tax = taxes.get(product.tax_id) if product.tax_id else None
    for book in books:
        mine = breaks.get((book.id, product.pk), ())
        found = price_for_quantity(mine, asked.quantity)
        if found is not None:
            return Answer(
                product.pk, asked.quantity, found.price, book.currency, names[book.id].taxed, "book", book.id,
                names[book.id].name, found.from_quantity, found.floor, tax, next_break(mine, asked.quantity),
            )  # fmt: skip
    if product.list_price is None:
        return Answer(product.pk, asked.quantity, None, currency, True, "none", tax=tax)
    if currency == own:
        return Answer(product.pk, asked.quantity, product.list_price, own, True, "list", tax=tax)
    rate = rate_of(currency, day)
    if rate is None:
        return Answer(product.pk, asked.quantity, None, currency, True, "no_rate", tax=tax)
    brought = from_own(product.list_price, rate)
    return Answer(product.pk, asked.quantity, brought, currency, True, "converted", tax=tax)

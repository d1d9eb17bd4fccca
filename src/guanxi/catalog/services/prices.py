"""Writing price books, their prices and exchange rates."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.catalog.models import ExchangeRate, Price, PriceBook
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.services import current_operation, describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access, guards, writing
from guanxi.resource.registry import find
from guanxi.resource.standard import standard
from guanxi.resource.taken import saying_taken

books = saying_taken(
    standard("price_books"), {"price_book_name": ("name", _("There is a price book of this name."))}
)
prices = saying_taken(
    standard("prices"),
    {"price_once": ("from_quantity", _("The book has a price of this product from this quantity on."))},
)
# What follows elsewhere from rates that were written: (actor, the day each begins with, by currency).
RatesWritten = Callable[[Actor, Mapping[str, date]], None]
_followed: list[RatesWritten] = []


def rates_followed_by(follow: RatesWritten) -> None:
    """Say at start-up what follows from written rates, inside their operation."""
    _followed.append(follow)


def _rates_written(actor: Actor, ids: Collection[UUID]) -> None:
    written = current_operation()
    if written is not None:
        follow_written(actor, written.id, ids)


def follow_written(actor: Actor, operation_id: UUID, ids: Collection[UUID] | None = None) -> None:
    """Let follow what follows from the rates that an operation wrote, corrected, moved to another day or deleted.
    Called inside an operation."""
    changes = Change.objects.filter(operation_id=operation_id, table_name=ExchangeRate._meta.db_table)
    if ids is not None:
        changes = changes.filter(row_id__in=list(ids))
    images = list(changes.values_list("row_id", "old", "new"))
    now = ExchangeRate.objects.in_bulk({row for row, _old, _new in images})
    first: dict[str, date] = {}
    for row, old, new in images:
        stands = now.get(row)
        # An update's images hold what it changed; the rest is as it stands.
        for image in filter(None, (old, new)):
            currency = image.get("currency") or (stands and stands.currency)
            day = date.fromisoformat(image["day"]) if image.get("day") else stands and stands.day
            if currency and day:
                first[currency] = min(first.get(currency, day), day)
    for follow in _followed if first else ():
        follow(actor, first)


def rates_restored(actor: Actor, undoing: Operation) -> None:
    """After an undo: sales go by the rates that are there again."""
    follow_written(actor, undoing.id)


rates = saying_taken(
    standard("exchange_rates", _rates_written),
    {"exchange_rate_once": ("day", _("There is a rate of this currency on this day."))},
)


@dataclass(frozen=True, slots=True)
class Line:
    """A price to be in a book: from a quantity on (thousandths), the price and its floor (ten-thousandths)."""

    product_id: UUID
    from_quantity: int
    price: int
    floor: int | None = None


def set_prices(
    actor: Actor, book_id: UUID, *, lines: Sequence[Line], remove: Sequence[UUID] = ()
) -> tuple[int, int, int]:
    """Write prices into a book, those that stand there changed; and take out those with the ids `remove`. One
    operation. Returns how many were made, changed, taken out. Raises NotFound, Forbidden, Refused."""
    resource = find("prices")
    book: PriceBook = access.get(actor, find("price_books"), book_id, verb="edit")
    known = {
        (row.product_id, row.from_quantity): row
        for row in Price.objects.filter(book=book).select_for_update()
    }
    wanted = {(line.product_id, line.from_quantity): line for line in lines}
    fresh = [
        {
            "book_id": book.pk, "product_id": line.product_id, "from_quantity": line.from_quantity,
            "price": line.price, "floor": line.floor,
        }
        for key, line in wanted.items()
        if key not in known
    ]  # fmt: skip
    there = [
        (known[key], {"price": line.price, "floor": line.floor})
        for key, line in wanted.items()
        if key in known and (known[key].price, known[key].floor) != (line.price, line.floor)
    ]
    gone = {row.pk for key, row in known.items() if row.pk in set(remove) and key not in wanted}
    if not (fresh or there or gone):
        return 0, 0, 0
    with operation(actor, resource.act("set"), record_id=book.pk, label=book.name) as opened:
        if fresh:
            guards.check_new(actor, resource, fresh)
            writing.insert_many(resource, fresh)
        if there:
            guards.check_edit(actor, resource, [row for row, _values in there])
            writing.update_each(resource, there)
        if gone:
            guards.check(actor, resource, "delete", gone)
            writing.delete(resource, gone)
        describe(opened, created=len(fresh), updated=len(there), deleted=len(gone))
    return len(fresh), len(there), len(gone)

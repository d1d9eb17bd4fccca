"""A price book as a grid: its prices changed in their places, and rows pasted from a spreadsheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guanxi.catalog.kinds import quantity_text
from guanxi.catalog.models import Price, PriceBook
from guanxi.catalog.services.prices import Line, set_prices
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, tell
from guanxi.kernel.errors import Forbidden
from guanxi.kernel.figures import plain_figure
from guanxi.kernel.prices import PRICE_PLACES
from guanxi.kinds import FieldProblem, Quantity, Show, UnitPrice
from guanxi.resource import access
from guanxi.resource.contributions import Button
from guanxi.resource.registry import find

MOST = 500  # prices on one page
_PASTED = 5_000  # rows pasted at once
_QUANTITY = Quantity(name="from_quantity")


@dataclass(slots=True)
class Row:
    """A price as it stands or was typed, and what is wrong with it."""

    id: UUID
    product_id: UUID
    name: str
    sub: str
    from_quantity: int
    start: str
    price: str
    floor: str
    wrong: str = ""


@require_http_methods(["GET", "POST"])
def price_grid(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """The prices of a book in rows. Raises NotFound, Forbidden, also where a rule keeps prices or floors from him."""
    actor, prices = actor_of(request), find("prices")
    book: PriceBook = access.get(actor, find("price_books"), id, verb="edit")
    if not {"price", "floor"} <= {kind.name for kind in access.writable(actor, prices)}:
        raise Forbidden(prices.permission("edit"))
    rows = _rows(book)
    pasted = ""
    problems: list[str] = []
    if request.method == "POST":
        pasted = request.POST.get("pasted", "")
        price = UnitPrice(name="price", currency=book.currency)
        lines, gone = _typed(request, actor, rows, price)
        more, problems = read_pasted(actor, pasted, price)
        if not problems and not any(row.wrong for row in rows):
            made, changed, removed = set_prices(actor, book.pk, lines=[*lines, *more], remove=gone)
            tell(
                request,
                gettext("%(made)s prices added, %(changed)s changed, %(removed)s taken out")
                % {"made": made, "changed": changed, "removed": removed},
            )
            return HttpResponseRedirect(reverse("price_grid", args=[book.pk]))
    wrong = bool(problems) or any(row.wrong for row in rows)
    context = {
        "book": book,
        "book_url": find("price_books").url("card", id=book.pk),
        "rows": rows,
        "more": Price.objects.filter(book=book).count() - MOST if len(rows) == MOST else 0,
        "all_url": f"{find('prices').url()}?book={book.pk}",
        "pasted": pasted,
        "problems": problems[:20],
        "active": "products",
    }
    return render(request, "catalog/grid.html", context, status=422 if wrong else 200)


def _rows(book: PriceBook) -> list[Row]:
    found = Price.objects.filter(book=book).select_related("product")
    return [
        Row(
            id=one.pk,
            product_id=one.product_id,
            name=one.product.name,
            sub=" · ".join(filter(None, (one.product.code, one.product.specification))),
            from_quantity=one.from_quantity,
            start=quantity_text(one.from_quantity, one.product.unit) if one.from_quantity else "",
            price=_plain(one.price),
            floor="" if one.floor is None else _plain(one.floor),
        )
        for one in found.order_by("product__name_sort", "product_id", "from_quantity")[:MOST]
    ]


def _plain(price: int) -> str:
    return plain_figure(price, places=PRICE_PLACES).rstrip("0").rstrip(".")


def _typed(
    request: HttpRequest, actor: Actor, rows: Sequence[Row], price: UnitPrice
) -> tuple[list[Line], list[UUID]]:
    """What the cells say, of those that were sent; an emptied price is taken out. Marks rows that cannot be read."""
    lines, gone = [], []
    for row in rows:
        if f"price-{row.id}" not in request.POST:
            continue
        before = (row.price, row.floor)
        row.price = request.POST[f"price-{row.id}"].strip()
        row.floor = request.POST.get(f"floor-{row.id}", "").strip()
        if (row.price, row.floor) == before:
            continue
        if not row.price:
            gone.append(row.id)
            continue
        try:
            floor = price.clean(row.floor, actor) if row.floor else None
            lines.append(Line(row.product_id, row.from_quantity, price.clean(row.price, actor), floor))
        except FieldProblem as problem:
            row.wrong = str(problem.message)
    return lines, gone


def read_pasted(actor: Actor, text: str, price: UnitPrice) -> tuple[list[Line], list[str]]:
    """Lines of rows pasted from a spreadsheet (product's code or name, from quantity, price, floor; with two cells the
    product and its price, with three its floor), and what cannot be read of them, in words."""
    products = find("products")
    rows = [
        (number, [cell.strip() for cell in line.split("\t")])
        for number, line in enumerate(text.splitlines(), 1)
    ]
    rows = [(number, cells) for number, cells in rows if any(cells)][:_PASTED]
    meant = products.exact_many(
        access.visible(actor, products), {cells[0] for _number, cells in rows if cells[0]}
    )
    lines, problems = [], []
    for number, cells in rows:
        try:
            lines.append(_line(actor, cells, meant.get(cells[0], []), price))
        except FieldProblem as problem:
            # The head of the sheet that was copied with its rows.
            if number != 1:
                problems.append(
                    gettext("Row %(number)s: %(why)s") % {"number": number, "why": problem.message}
                )
    return lines, problems


def _line(actor: Actor, cells: Sequence[str], found: Sequence[UUID], price: UnitPrice) -> Line:
    start, asked, floor = _parted(cells)
    if len(found) != 1:
        raise FieldProblem("product", _("“%(value)s” is not one product that is here."), value=cells[0])
    return Line(
        found[0],
        _QUANTITY.clean(start, actor) if start else 0,
        price.clean(asked, actor),
        price.clean(floor, actor) if floor else None,
    )


def _parted(cells: Sequence[str]) -> tuple[str, str, str]:
    match cells[1:]:
        case [asked]:
            return "", asked, ""
        case [asked, floor]:
            return "", asked, floor
        case [start, asked, floor, *_rest]:
            return start, asked, floor
    return "", "", ""


def _button(actor: Actor, record: PriceBook, show: Show) -> str:
    return format_html(
        '<a class="btn btn-sm" href="{}">{}</a>',
        reverse("price_grid", args=[record.pk]),
        gettext("Maintain prices"),
    )


GRID_BUTTON = Button("grid", _button, order=5, code="catalog.book.edit")

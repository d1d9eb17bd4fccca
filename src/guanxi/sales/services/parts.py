"""Lines, competitors and shares of sales, and what follows from them for the sale."""

from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from guanxi.catalog.models import Product
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Malformed, Message
from guanxi.kernel.prices import line_total
from guanxi.kernel.text import bare
from guanxi.resource import access, writing
from guanxi.resource.registry import find
from guanxi.resource.standard import standard
from guanxi.sales.choices import AmountBy
from guanxi.sales.models import Line, Opportunity, Share
from guanxi.sales.services import standing

_ALIKE = 0.6  # of two names that sound like one


def _lines_written(actor: Actor, ids: Collection[UUID]) -> None:
    """Each line is worth what it says; a text gets the product it sounds like; a sale whose amount follows its lines,
    or has none yet, is worth their sum. Raises Invalid for a line or a sum beyond all measure."""
    lines = list(Line.objects.filter(pk__in=list(ids)).select_related("opportunity"))
    wanted = []
    products = (
        _products() if any(one.product_id is None and one.suggested_id is None for one in lines) else []
    )
    known: dict[str, UUID | None] = {}
    for one in lines:
        amount = _worth(one)
        asks = one.product_id is None and not one.as_is
        if asks and one.text not in known:
            known[one.text] = sounds_like(one.text, products)
        suggested = (one.suggested_id or known[one.text]) if asks else None
        wanted.append((one, {"amount": amount, "suggested_id": suggested}))
    writing.update_each(find("sale_lines"), wanted)
    sum_up(actor, {one.opportunity_id for one in lines})


def _worth(one: Line) -> int | None:
    try:
        if one.price is None:
            return None
        return line_total(one.quantity, one.price, one.discount, one.opportunity.currency)
    except Malformed as error:
        said = _("Quantity and price together are beyond all measure.")
        raise Invalid({"price": [Message("absurd", said)]}) from error


def sum_up(actor: Actor, ids: Collection[UUID], *, anyway: bool = False) -> None:
    """Let the amounts of sales be the sums of their lines: of those that follow them or have none, or of all."""
    resource = find("opportunities")
    rows = Line.objects.filter(opportunity__in=list(ids), amount__isnull=False).values("opportunity_id")
    sums = dict(rows.annotate(sum=Sum("amount")).values_list("opportunity_id", "sum"))
    wanted: list[tuple[Opportunity, dict[str, Any]]] = []
    for one in Opportunity.objects.filter(pk__in=list(ids)):
        if anyway or one.amount_by == AmountBy.LINES or (one.amount is None and one.pk in sums):
            values = {"amount": sums.get(one.pk), "amount_by": AmountBy.LINES.value}
            wanted.append((one, values))
    writing.update_each(resource, standing.all_changed(wanted))


def other_currency(completed: Sequence[tuple[Opportunity, Mapping[str, Any]]]) -> set[UUID]:
    """Sales that these values bring into another currency. Asked before they are written."""
    return {one.pk for one, values in completed if values.get("currency", one.currency) != one.currency}


def recount(actor: Actor, ids: Collection[UUID]) -> None:
    """Lines of sales in another currency keep their prices: each is worth what these come to in its minor units."""
    if (
        lines := list(Line.objects.filter(opportunity__in=list(ids)).values_list("pk", flat=True))
        if ids
        else []
    ):
        _lines_written(actor, lines)


def _products() -> list[tuple[UUID, str]]:
    rows = Product.objects.filter(state="active").order_by("pk")[:20_000]
    return [(pk, bare(name)) for pk, name in rows.values_list("pk", "name")]


def sounds_like(text: str, products: Sequence[tuple[UUID, str]]) -> UUID | None:
    """The product whose name is nearest to a text, if it is near enough."""
    wanted = bare(text)
    best: tuple[float, UUID | None] = (_ALIKE, None)
    for pk, name in products:
        if name == wanted:
            return pk
        matcher = SequenceMatcher(None, wanted, name, autojunk=False)
        if (
            matcher.real_quick_ratio() > best[0]
            and matcher.quick_ratio() > best[0]
            and matcher.ratio() > best[0]
        ):
            best = (matcher.ratio(), pk)
    return best[1]


_lines = standard("sale_lines", _lines_written)
lines = _lines


def delete_lines(actor: Actor, *, ids: Collection[UUID]) -> int:
    """Delete lines; the sale is worth what is left. Raises NotFound, Forbidden."""
    sales = set(Line.objects.filter(pk__in=list(ids)).values_list("opportunity_id", flat=True))
    with operation(actor, find("sale_lines").act("delete")):
        count = int(_lines.remove_many(actor, ids=ids))
        sum_up(actor, sales)
    return count


def take_suggested(actor: Actor, *, ids: Collection[UUID]) -> int:
    """Make the suggested product the line's own; the text stays. Returns how many. Raises Forbidden."""
    resource = find("sale_lines")
    actor.require(resource.permission("edit"))
    rows = access.visible(actor, resource, "edit").filter(pk__among=ids, suggested__isnull=False)
    found = list(rows.select_for_update(of=("self",)))
    with operation(actor, resource.act("edit")):
        wanted: list[Any] = [(one, {"product_id": one.suggested_id, "suggested_id": None}) for one in found]
        return writing.update_each(resource, wanted)


def by_lines(actor: Actor, opportunity_id: UUID) -> Opportunity:
    """Let the amount of a sale follow its lines from now on. Raises NotFound, Forbidden."""
    resource = find("opportunities")
    one: Opportunity = access.get(actor, resource, opportunity_id, verb="edit", lock=True)
    with operation(actor, resource.act("edit"), record_id=one.pk, label=one.name):
        sum_up(actor, [one.pk], anyway=True)
        one.refresh_from_db()
    return one


def _shares_written(actor: Actor, ids: Collection[UUID]) -> None:
    """Nobody has more of a sale than there is. Raises Invalid."""
    sales = Share.objects.filter(pk__in=list(ids)).values("opportunity_id")
    sums = Share.objects.filter(opportunity__in=sales).values("opportunity_id").annotate(sum=Sum("part"))
    if any(row["sum"] > 10_000 for row in sums):
        raise Invalid(
            {"part": [Message("whole", _("Together more than 100 %: there is not that much of it."))]}
        )


rivals = standard("rivals")
shares = standard("shares", _shares_written)

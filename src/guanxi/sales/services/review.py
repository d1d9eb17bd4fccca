"""Answers to what stands to be cleared up: one for all lines of a text, one for many sales; each an operation of its
own, undone as one."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.resource import access, writing
from guanxi.resource.registry import find
from guanxi.sales.queries.review import customerless, may_answer, suggesting
from guanxi.sales.services.opportunities import edit_opportunities


def answer_text(actor: Actor, *, text: str, suggested: UUID, product: UUID | None) -> int:
    """Let all lines of this text that suggest this product be that of `product`, or, where it is None, stay what they
    are; the text stays. Returns how many. Raises Forbidden, NotFound."""
    resource = find("sale_lines")
    actor.require(resource.permission("edit"))
    if not (may_answer(actor, "sale_lines", "product") and may_answer(actor, "sale_lines", "text")):
        raise NotFound("not_found", {"resource": resource.key})
    if product is not None:
        access.get(actor, find("products"), product)
    rows = suggesting(actor).filter(text=text, suggested=suggested).order_by("pk")
    found = list(rows.select_for_update(of=("self",)))
    values: dict[str, Any] = {"suggested_id": None}
    values |= {"as_is": True} if product is None else {"product_id": product}
    with operation(actor, resource.act("edit"), label=text) as opened:
        count = writing.update_each(resource, [(one, values) for one in found])
        describe(opened, updated=count)
    return count


def answer_customer(actor: Actor, *, ids: Collection[UUID], customer: UUID | None) -> int:
    """Give sales without a customer this one, or, where it is None, let them stay without. Returns how many. Raises
    Forbidden, Invalid, guards.Warned."""
    resource = find("opportunities")
    actor.require(resource.permission("edit"))
    mine = customerless(actor).filter(pk__among=list(ids)).order_by("pk")
    found = list(mine.select_for_update(of=("self",)))
    if not found:
        return 0
    if customer is not None:
        return edit_opportunities(actor, ids=[one.pk for one in found], data={"customer": str(customer)})
    with operation(actor, resource.act("edit")) as opened:
        count = writing.update_each(resource, [(one, {"as_is": True}) for one in found])
        describe(opened, updated=count)
    return count

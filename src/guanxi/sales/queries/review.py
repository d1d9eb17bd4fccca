"""What of sales somebody has to clear up: those without a customer, and lines whose text suggests a product."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Min, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.models import Line, Opportunity


@dataclass(frozen=True, slots=True)
class Said:
    """A text of lines that suggests a product: of how many, and one of their sales."""

    text: str
    suggested: UUID
    lines: int
    sale: UUID


def may_answer(actor: Actor, key: str, field: str) -> bool:
    """Whether the actor sees and may change a field of a resource; what he may not is not counted either."""
    resource = find(key)
    kind = resource.kind(field)
    may = actor.may(resource.permission("view")) and actor.may(resource.permission("edit"))
    return may and access.is_open(actor, kind) and kind in access.writable(actor, resource)


def customerless(actor: Actor) -> QuerySet[Opportunity]:
    """Sales without a customer that the actor may change, and of which nobody has said that they stay so."""
    resource = find("opportunities")
    if not may_answer(actor, "opportunities", "customer"):
        return Opportunity.objects.none()
    rows: QuerySet[Opportunity] = access.visible(actor, resource, "edit").filter(customer=None, as_is=False)
    return rows.order_by()


def suggesting(actor: Actor) -> QuerySet[Line]:
    """Lines that are a text which suggests a product, of sales that the actor may change."""
    resource = find("sale_lines")
    if not (may_answer(actor, "sale_lines", "product") and may_answer(actor, "sale_lines", "text")):
        return Line.objects.none()
    rows: QuerySet[Line] = access.visible(actor, resource, "edit")
    return rows.filter(product=None, suggested__isnull=False, as_is=False).order_by()


def texts(actor: Actor, most: int) -> list[Said]:
    """The texts of these lines with what they suggest, the commonest first."""
    groups = suggesting(actor).values_list("text", "suggested_id")
    found = groups.annotate(n=Count("pk"), sale=Min(Cast("opportunity_id", TextField()))).order_by(
        "-n", "text"
    )[:most]
    return [Said(text, suggested, n, UUID(sale)) for text, suggested, n, sale in found]


def totals(actor: Actor) -> tuple[int, int]:
    """How many sales have no customer, and how many lines suggest a product."""
    return customerless(actor).count(), suggesting(actor).count()


def worth(actor: Actor) -> int | None:
    """What the sales without a customer come to in our own currency; None for whoever may not see amounts."""
    if not access.is_open(actor, find("opportunities").kind("own_amount")):
        return None
    return customerless(actor).aggregate(sum=Sum("own_amount"))["sum"] or 0

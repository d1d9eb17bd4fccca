"""What would be part of itself over others: lines of products, variants, bundles."""

from collections.abc import Callable, Collection, Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.catalog.models import BundlePart, Product, ProductLine
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message

__all__ = ["no_bundle_in_itself", "no_line_in_itself", "no_variant_of_a_variant"]

Edges = Callable[[Collection[UUID]], Iterable[tuple[UUID, UUID | None]]]


def no_line_in_itself(actor: Actor, ids: Collection[UUID]) -> None:
    """After lines were written. Raises Invalid."""

    def above(some: Collection[UUID]) -> Iterable[tuple[UUID, UUID | None]]:
        return ProductLine.objects.filter(pk__among=some, parent__isnull=False).values_list("pk", "parent")

    if _in_a_circle(ids, above):
        text = _("A product line cannot be part of itself, nor of a line below it.")
        raise Invalid({"parent": [Message("circle", text)]})


def no_variant_of_a_variant(actor: Actor, ids: Collection[UUID]) -> None:
    """After products were written: what others are variants of is no variant itself, which leaves no room for circles.
    Raises Invalid."""
    rows = Product.objects.filter(variant_of__variant_of__isnull=False)
    some = list(ids)
    if rows.filter(pk__among=some).exists() or rows.filter(variant_of__among=some).exists():
        text = _("That is a variant itself: name the product that both are variants of.")
        raise Invalid({"variant_of": [Message("circle", text)]})


def no_bundle_in_itself(actor: Actor, ids: Collection[UUID]) -> None:
    """After parts of bundles were written. Raises Invalid."""
    begun = BundlePart.objects.filter(pk__among=list(ids)).values_list("bundle", flat=True)

    def inside(some: Collection[UUID]) -> Iterable[tuple[UUID, UUID | None]]:
        return BundlePart.objects.filter(bundle__among=some).values_list("bundle", "product")

    if _in_a_circle(set(begun), inside):
        text = _("A bundle cannot contain itself, nor a bundle that it is part of.")
        raise Invalid({"product": [Message("circle", text)]})


def _in_a_circle(start: Collection[UUID], edges: Edges) -> bool:
    """Whether one of these, or what they lead to, leads back to itself; one question for each step away from them."""
    leads: dict[UUID, set[UUID]] = {}
    waiting = set(start)
    while waiting:
        found = list(edges(list(waiting)))
        for one in waiting:
            leads[one] = set()
        for one, other in found:
            if other is not None:
                leads[one].add(other)
        waiting = {other for _one, other in found if other is not None} - leads.keys()
    # Take away what leads nowhere any more: what is left then leads round.
    while ends := {one for one, others in leads.items() if not others & leads.keys()}:
        for one in ends:
            del leads[one]
    return bool(leads)

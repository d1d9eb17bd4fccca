"""What bundles and configured machines cost, from what is stored of them."""

from collections.abc import Collection, Mapping
from uuid import UUID

from guanxi.catalog.choices import ProductKind
from guanxi.catalog.models import BundlePart, Option, OptionGroup, Product
from guanxi.catalog.rules.sums import Choice, Configured, Group, bundle_sum, configured
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.registry import find

_DEEP = 5  # bundles within bundles


def costs_of(actor: Actor, ids: Collection[UUID]) -> dict[UUID, int | None]:
    """What one of each product costs us, in ten-thousandths of our own currency: what is said of it, or of a bundle
    without a cost of its own what its parts come to. None where it is not known, or not for the actor to know."""
    if not _is_open(actor, "products", "cost"):
        return dict.fromkeys(ids)
    known: dict[UUID, int | None] = {}
    parts: dict[UUID, list[tuple[UUID, int]]] = {}
    asked = set(ids)
    for _level in range(_DEEP):
        rows = Product.objects.filter(pk__in=asked).values_list("id", "cost", "kind")
        bundles = set()
        for pk, cost, kind in rows:
            known[pk] = cost
            if cost is None and kind == ProductKind.BUNDLE:
                bundles.add(pk)
        asked = set()
        for bundle, product, quantity in BundlePart.objects.filter(bundle_id__in=bundles).values_list(
            "bundle_id", "product_id", "quantity"
        ):
            parts.setdefault(bundle, []).append((product, quantity))
            asked.add(product)
        asked -= known.keys()
        if not asked:
            break
    return {pk: _cost(pk, known, parts, frozenset()) for pk in ids}


def _is_open(actor: Actor, resource: str, field: str) -> bool:
    return access.is_open(actor, find(resource).kind(field))


def _cost(
    pk: UUID,
    known: Mapping[UUID, int | None],
    parts: Mapping[UUID, list[tuple[UUID, int]]],
    above: frozenset[UUID],
) -> int | None:
    if known.get(pk) is not None or pk not in parts or pk in above:
        return known.get(pk)
    inner = above | {pk}
    return bundle_sum((quantity, _cost(part, known, parts, inner)) for part, quantity in parts[pk])


def configure(
    actor: Actor, product_id: UUID, chosen: Collection[UUID], price: int | None = None
) -> Configured:
    """A machine with these options chosen: what it costs (ten-thousandths; on top of `price`, or of its list price) and
    what is wrong with the choice. Figures that are made of what is closed to the actor are None. Raises NotFound,
    Forbidden."""
    product: Product = access.get(actor, find("products"), product_id)
    groups = [Group(row.pk, row.required, row.several) for row in OptionGroup.objects.filter(product=product)]
    options = {
        row.pk: Choice(row.pk, row.group_id, row.price, row.cost, row.excludes_id, row.needs_id)
        for row in Option.objects.filter(group__product=product)
    }
    cost = product.cost if all(_is_open(actor, key, "cost") for key in ("products", "options")) else None
    if price is None and _is_open(actor, "products", "list_price"):
        price = product.list_price
    if not _is_open(actor, "options", "price"):
        price = None
    return configured(price, cost, groups, options, chosen)

"""What becomes of touches and promises where the record they are about goes."""

from collections.abc import Collection
from uuid import UUID

from guanxi.activities.models import Activity, Commitment
from guanxi.resource import writing
from guanxi.resource.registry import find


def let_go(about: str, ids: Collection[UUID]) -> None:
    """These records of the resource with this key are deleted, inside the operation of whoever does it: what was about
    them alone goes too, and what is a customer's as well stays with the customer."""
    for key, model in (("commitments", Commitment), ("activities", Activity)):
        rows = model._default_manager.filter(about=about, about_id__in=list(ids))
        alone = list(rows.filter(customer__isnull=True).values_list("pk", flat=True))
        shared = list(rows.filter(customer__isnull=False).values_list("pk", flat=True))
        if alone:
            writing.delete(find(key), alone)
        if shared:
            writing.update_many(find(key), shared, {"about": "", "about_id": None})

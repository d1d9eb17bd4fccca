"""By what customers and people are found beside their own fields: further numbers, and tax numbers of invoices."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import BillingProfile, ContactPoint
from guanxi.customers.queries.sight import alike
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.keeping import Line
from guanxi.resource.registry import find

_CALLED = frozenset(["phone", "mobile", "fax"])
# What must be open to whoever finds by it: of the rows, and of the record what they may repeat.
_OF_CUSTOMERS = {
    "contact_points": ("customer", "kind", "value"),
    "billing_profiles": ("customer", "tax_number"),
    "customers": ("phone", "credit_code"),
}
_OF_PEOPLE = {"contact_points": ("person", "kind", "value"), "people": ("phone", "email", "wechat")}


class CustomerLines:
    """Numbers and addresses of customers that are not private, and the tax numbers of their billing profiles."""

    def lines(self, ids: Collection[UUID]) -> Mapping[UUID, Sequence[Line]]:
        """Them, by customer."""
        found = _points("customer_id", ids)
        rows = BillingProfile.objects.filter(customer__in=list(ids)).exclude(tax_number="")
        for owner, number in rows.values_list("customer_id", "tax_number"):
            found[owner].append(Line(_("Tax number"), number))
        return found

    def is_open(self, actor: Actor) -> bool:
        """Whether the actor may know all of them."""
        return _open(actor, _OF_CUSTOMERS)


class PersonLines:
    """Numbers and addresses of people that are not private."""

    def lines(self, ids: Collection[UUID]) -> Mapping[UUID, Sequence[Line]]:
        """Them, by person."""
        return _points("person_id", ids)

    def is_open(self, actor: Actor) -> bool:
        """Whether the actor may know all of them: of whoever is seen, not by the right to customers alone."""
        return _open(actor, _OF_PEOPLE) and (actor.is_system or alike(actor, "view"))


def _points(by: str, ids: Collection[UUID]) -> dict[UUID, list[Line]]:
    found: dict[UUID, list[Line]] = defaultdict(list)
    rows = ContactPoint.objects.filter(**{f"{by}__in": list(ids)}, seen_by="all")
    for owner, kind, value, use in rows.values_list(by, "kind", "value", "use"):
        found[owner].append(Line(_("Contact points"), value, kind in _CALLED, kind, use))
    return found


def _open(actor: Actor, needed: Mapping[str, Sequence[str]]) -> bool:
    return all(access.is_open(actor, find(of).kind(name)) for of, names in needed.items() for name in names)

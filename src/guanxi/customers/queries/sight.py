"""Which addresses and contact points are not for everybody who sees the record they hang on."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from guanxi.customers.models import Customer, Person
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.registry import find

# Rows that repeat a field, by the link they hang on: who may not read the field does not read them either.
_REPEATS = (
    ("customer", "customers", "phone", ("phone", "mobile")),
    ("person", "people", "phone", ("phone", "mobile")),
    ("person", "people", "email", ("email",)),
    ("person", "people", "wechat", ("wechat",)),
)


class PointsInSight:
    """Of contact points: a person's only for who sees the person, private ones for who answers for the record and
    superiors (where nobody does, for who may assign it), and none that repeats a field closed to the reader."""

    def q(self, actor: Actor, verb: str) -> Q:
        """The condition that finds those in sight."""
        if actor.is_system:
            return Q()
        people, side = find("people"), "view" if verb in ("view", "export") else "edit"
        found = ~self._closed(actor)
        if not alike(actor, side):
            seen = access.visible(actor, people, side).values("pk")
            found &= Q(person__isnull=True) | Q(person_id__in=seen)
        return found & (Q(seen_by="all") | self._answered_for(actor))

    def shows(self, actor: Actor, record: Any, verb: str) -> bool:
        """Whether this one is in sight."""
        return self.showed(actor, vars(record), verb)

    def showed(self, actor: Actor, image: Mapping[str, Any], verb: str) -> bool:
        """Whether one with these stored values is."""
        if actor.is_system:
            return True
        people, side = find("people"), "view" if verb in ("view", "export") else "edit"
        person, customer = image.get("person_id"), image.get("customer_id")
        by = "person" if person else "customer"
        closed = [kinds for link, of, name, kinds in _REPEATS if link == by and not _is_open(actor, of, name)]
        if any(image.get("kind") in kinds for kinds in closed):
            return False
        if person and not access.visible(actor, people, side).filter(pk=person).exists():
            return False
        if image.get("seen_by") != "owner":
            return True
        model: Any = Person if person else Customer
        owner = model.objects.filter(pk=person or customer).values_list("owner_id", flat=True).first()
        if owner is None:
            return actor.may(f"customers.{by}.assign")
        return owner == actor.member_id or owner in actor.below

    def _closed(self, actor: Actor) -> Q:
        found = Q(pk__in=[])
        for link, of, name, kinds in _REPEATS:
            if not _is_open(actor, of, name):
                found |= Q(**{f"{link}__isnull": False}, kind__in=kinds)
        return found

    def _answered_for(self, actor: Actor) -> Q:
        mine = {*actor.below, *((actor.member_id,) if actor.member_id else ())}
        found = Q(pk__in=[])
        for link, model in (("customer", Customer), ("person", Person)):
            owned = Q(owner_id__in=mine)
            if actor.may(f"customers.{link}.assign"):
                owned |= Q(owner_id__isnull=True)
            found |= Q(**{f"{link}_id__in": model.objects.filter(owned).values("pk")})
        return Q(seen_by="owner") & found


class AddressesInSight:
    """Of addresses: none for who may not read the customer's own."""

    def q(self, actor: Actor, verb: str) -> Q:
        """The condition that finds those in sight."""
        return Q() if _is_open(actor, "customers", "address") else Q(pk__in=[])

    def shows(self, actor: Actor, record: Any, verb: str) -> bool:
        """Whether this one is in sight."""
        return _is_open(actor, "customers", "address")

    def showed(self, actor: Actor, image: Mapping[str, Any], verb: str) -> bool:
        """Whether one that is gone was."""
        return _is_open(actor, "customers", "address")


def alike(actor: Actor, side: str) -> bool:
    """Whether a person's rows reached by the right to customers are those reached by the right to people."""
    code = f"customers.person.{side}"
    return actor.may(code) and actor.members_within(code) == actor.members_within(
        f"customers.customer.{side}"
    )


def _is_open(actor: Actor, of: str, name: str) -> bool:
    return access.is_open(actor, find(of).kind(name))

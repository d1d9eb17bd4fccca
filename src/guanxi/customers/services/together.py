"""A customer and the first people there, made in one act."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer, Person
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.resource import access
from guanxi.resource.registry import find

MOST_PEOPLE = 10


def create_together(
    actor: Actor,
    *,
    customer: Mapping[str, Any] | None,
    existing: UUID | None = None,
    people: Sequence[Mapping[str, Any]] = (),
    allow_duplicate: bool = False,
    duplicate_reason: str = "",
) -> tuple[Customer, list[Person]]:
    """Create a customer, or take an `existing` one, with people who have their main position there: one operation.

    Raises Forbidden, NotFound, Refused("duplicate") as `create_customer` and `create_person` do, and Invalid: a
    field of a person is called "people.0.name".
    """
    if existing is None:
        actor.require("customers.customer.create")
    if people:
        actor.require("customers.person.create")
    if len(people) > MOST_PEOPLE:
        raise Invalid(messages=[Message("too_many", _("At most ten people at once."))])
    verb = "customers.customer.create" if existing is None else "customers.person.create"
    given = customer or {}
    label = str(given.get("name", "")) if existing is None else str((people or [{}])[0].get("name", ""))
    with operation(actor, verb, label=label[:200]):
        if existing is not None:
            made: Customer = access.get(actor, find("customers"), existing)
        else:
            made = create_customer(
                actor, data=given, allow_duplicate=allow_duplicate, duplicate_reason=duplicate_reason
            )
        met = [_met(actor, made, place, data, allow_duplicate) for place, data in enumerate(people)]
    return made, met


def _met(
    actor: Actor, customer: Customer, place: int, data: Mapping[str, Any], allow_duplicate: bool
) -> Person:
    try:
        return create_person(
            actor, data={**data, "customer": str(customer.pk)}, allow_duplicate=allow_duplicate
        )
    except Invalid as error:
        fields = {f"people.{place}.{name}": said for name, said in error.fields.items()}
        raise Invalid(fields, error.messages) from error

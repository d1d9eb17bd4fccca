"""A customer, the first people there and what its invoices say, made in one act."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import BillingProfile, Customer, Person
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.customers.services.ways import billing as profiles
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.resource import access, writing
from guanxi.resource.registry import find

MOST_PEOPLE = 10


def create_together(
    actor: Actor,
    *,
    customer: Mapping[str, Any] | None,
    existing: UUID | None = None,
    people: Sequence[Mapping[str, Any]] = (),
    billing: Mapping[str, Any] | None = None,
    allow_duplicate: bool = False,
    duplicate_reason: str = "",
) -> tuple[Customer, list[Person], BillingProfile | None]:
    """Create a customer, or take an `existing` one, with people who have their main position there and a billing
    profile: one operation. A profile that the customer has already, with this title, number and account, is taken.

    Raises Forbidden, NotFound, Refused("duplicate") as `create_customer` and `create_person` do, and Invalid: a
    field of a person is called "people.0.name", one of the profile "billing.title".
    """
    if existing is None:
        actor.require("customers.customer.create")
    if people:
        actor.require("customers.person.create")
    if billing is not None:
        actor.require(find("billing_profiles").permission("create"))
    if len(people) > MOST_PEOPLE:
        raise Invalid(messages=[Message("too_many", _("At most ten people at once."))])
    if existing is not None and not people and billing is None:
        return access.get(actor, find("customers"), existing), [], None
    if existing is None:
        verb, label = "customers.customer.create", (customer or {}).get("name", "")
    elif people or billing is None:
        verb, label = "customers.person.create", (people or [{}])[0].get("name", "")
    else:
        verb, label = find("billing_profiles").act("create"), billing.get("title", "")
    with operation(actor, verb, label=str(label)[:200]):
        if existing is not None:
            made: Customer = access.get(actor, find("customers"), existing)
        else:
            made = create_customer(
                actor, data=customer or {}, allow_duplicate=allow_duplicate, duplicate_reason=duplicate_reason
            )
        met = [_met(actor, made, place, data, allow_duplicate) for place, data in enumerate(people)]
        profile = _invoiced(actor, made, billing) if billing is not None else None
    return made, met, profile


def billing_there(actor: Actor, customer: UUID, data: Mapping[str, Any]) -> BillingProfile | None:
    """The billing profile of a customer that says the same title, number and account, as far as the actor sees it.
    Raises Invalid."""
    resource = find("billing_profiles")
    compared = ("title", "tax_number", "account")
    if len(access.readable(actor, resource, compared)) < len(compared):
        return None
    values = writing.clean(actor, resource, {**data, "customer": str(customer)})
    same = {name: values.get(name, "") for name in compared}
    found: BillingProfile | None = (
        access.visible(actor, resource).filter(customer_id=customer, **same).first()
    )
    return found


def _invoiced(actor: Actor, customer: Customer, data: Mapping[str, Any]) -> BillingProfile:
    try:
        there = billing_there(actor, customer.pk, data)
        made: BillingProfile = there or profiles.create(actor, data={**data, "customer": str(customer.pk)})
    except Invalid as error:
        fields = {f"billing.{name}": said for name, said in error.fields.items()}
        raise Invalid(fields, error.messages) from error
    return made


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

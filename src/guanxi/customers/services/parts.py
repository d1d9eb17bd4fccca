"""Who has a part in a customer gives none of it on: that stays with who answers for the customer."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Charge, Customer
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.resource import guards
from guanxi.resource.registry import find

_CODE = "customers.part_given_on"
_NOT_YOURS = _("You work on this customer with others. Who else does is decided by its owner.")


def _not_given_on(attempt: guards.Attempt, records: Sequence[Charge]) -> Mapping[UUID, guards.Verdict]:
    """Blocks what concerns customers that the actor may edit as a collaborator only."""
    wanted = {one.pk: {one.customer_id, attempt.values.get("customer_id")} - {None} for one in records}
    asked = {customer for customers in wanted.values() for customer in customers}
    answered = _answered_for(attempt.actor, asked)
    return {pk: guards.block(_CODE, _NOT_YOURS) for pk, customers in wanted.items() if customers - answered}


def answers_for(actor: Actor, customer: Customer) -> bool:
    """Whether the actor, who may edit the customer, is more than a collaborator: he says who else works on it."""
    return bool(_answered_for(actor, {customer.pk}))


def _answered_for(actor: Actor, customers: set[Any]) -> set[UUID]:
    resource = find("customers")
    within = actor.members_within(resource.permission("edit"))
    rows = Customer.objects.filter(pk__among=list(customers))
    if within is not None:
        rows = rows.filter(resource.reach.changing().q(resource, within))
    return set(rows.values_list("pk", flat=True))


def still_answered_for(actor: Actor, ids: Collection[UUID]) -> None:
    """After rows were written: each hangs on a customer that the actor answers for, also where it came from another
    one. Raises Refused."""
    customers = set(Charge.objects.filter(pk__among=list(ids)).values_list("customer_id", flat=True))
    if customers - _answered_for(actor, customers):
        raise Refused(_CODE, _NOT_YOURS)


def register() -> None:
    """Called once at start-up."""
    for verb in ("create", "edit", "delete"):
        guards.guard("charges", verb, order=10, warns=False)(_not_given_on)

"""What tests of registrations begin with."""

# Chinese in code: names in tests

from typing import Any
from uuid import UUID

from django.utils import timezone

from guanxi.customers.models import Customer, Pool
from guanxi.customers.services.customers import create_customer
from guanxi.customers.tests.test_pools import make_pool
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import guards
from guanxi.team.models import Registration
from guanxi.team.queries.registrations import beside, protected
from guanxi.team.services.registrations import register_deal
from guanxi.testing.worlds import World, in_scope


def free_customer(world: World, name: str = "鲁味园食品") -> Customer:
    """A customer that is nobody's, in a pool of everybody's."""
    with in_scope(world.admin):
        pool = Pool.objects.first()
    if pool is None:
        pool = make_pool(world, *world.actors.values())
    data = {"name": name, "relations": "customer", "owner": "", "pool": str(pool.pk)}
    with in_scope(world.admin):
        return create_customer(world.admin, data=data, allow_duplicate=True)


def deal(actor: Actor, customer: Customer, line: str = "灌装线", **more: Any) -> Registration:
    """One registered by the actor in spite of every warning; in the open scope."""
    with guards.accepting([guards.EVERY_WARNING]):
        return register_deal(actor, data={"customer": customer.pk, "line": line, **more})


def age(actor: Actor, one: Registration, **values: Any) -> None:
    """Let its days have gone by."""
    with operation(actor, "tests.thing.change"):
        Registration.objects.filter(pk=one.pk).update(**values)


def fresh(one: Registration) -> Registration:
    return Registration.objects.get(pk=one.pk)


def states(*some: Registration) -> list[str]:
    """How they stand, as they are stored."""
    return [fresh(one).state for one in some]


def side_by_side(*customers: Customer) -> list[tuple[UUID, UUID]]:
    """Pairs that are in force for the same deal today, of some customers or all: there must be none."""
    rows = Registration.objects.filter(protected(timezone.localdate()))
    held = list(rows.filter(customer__in=customers) if customers else rows)
    return [(one.pk, other.pk) for one in held for other in beside(one, held) if one.pk < other.pk]

"""Customers kept out of their pool by their owner, so many a person; one verb each, actor first."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from guanxi.customers.models import Customer, Lock, Pool
from guanxi.customers.queries.locks import locks_held
from guanxi.customers.services.turns import take_turns
from guanxi.foundation.ledger.conflicts import Part
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.ledger.undo import needed_verb
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.resource import access, guards
from guanxi.resource.registry import find

LOCK, UNLOCK = "customers.customer.lock", "customers.customer.unlock"
_TABLE = Lock._meta.db_table


def _resource() -> Any:
    return find("customers")


def lock(actor: Actor, *, ids: Collection[UUID], until: date | None = None) -> int:
    """Keep customers with their owner through a day, or without an end; a lock that stands gets the new end. Those
    beyond reach are left alone; returns how many were locked or got another end.

    The lock is the owner's, whoever sets it. Raises Forbidden, Refused("past") for a day that is over, "no_pool" where
    there is no pool to fall to, and "locks" beyond what one person may lock.
    """
    actor.require(LOCK)
    if until is not None and until < timezone.localdate():
        raise Refused("past", _("This day is over. Choose one to come, or none."))
    with operation(actor, LOCK) as opened:
        found = _owned(actor, ids)
        if bare := next((one for one in found if one.pool_id is None), None):
            raise Refused(
                "no_pool", _("%(name)s belongs to no pool, so it falls to none."), {"name": bare.name}
            )
        guards.check(actor, _resource(), "lock", found, {"until": until})
        standing = {one.customer_id: one for one in _locks(found)}
        changed, fresh = [], []
        for one in found:
            row = standing.get(one.pk)
            if row is None:
                fresh.append(Lock(customer=one, member_id=one.owner_id, until=until))
            elif (row.until, row.member_id) != (until, one.owner_id):
                row.until, row.member_id = until, one.owner_id
                changed.append(row)
        Lock.objects.bulk_create(fresh)
        for row in changed:
            row.save()
        within_limits((one.pool_id, one.owner_id) for one in found)
        count = len(fresh) + len(changed)
        describe(opened, label=found[0].name if len(found) == 1 else None, updated=count)
    return count


def unlock(actor: Actor, *, ids: Collection[UUID]) -> int:
    """Let customers fall again. Those beyond reach are left alone; returns how many were unlocked. Raises Forbidden."""
    actor.require(UNLOCK)
    with operation(actor, UNLOCK) as opened:
        found = _owned(actor, ids, verb="unlock")
        guards.check(actor, _resource(), "unlock", found)
        rows = _locks(found)
        for row in rows:
            row.delete()
        describe(opened, label=found[0].name if len(found) == 1 else None, updated=len(rows))
    return len(rows)


def _owned(actor: Actor, ids: Collection[UUID], verb: str = "lock") -> list[Customer]:
    rows = access.visible(actor, _resource()).filter(
        access.reach_q(actor, _resource(), verb), pk__among=ids, owner__isnull=False
    )
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _locks(customers: Sequence[Customer]) -> list[Lock]:
    return list(Lock.objects.filter(customer__among=[one.pk for one in customers]).order_by("pk"))


def within_limits(held: Iterable[tuple[UUID | None, UUID | None]]) -> None:
    """Raises Refused("locks") where one of these people keeps more customers of a pool locked than it lets one keep."""
    pairs = {(pool, member) for pool, member in held if pool is not None and member is not None}
    pools = Pool.objects.filter(pk__in={pool for pool, _member in pairs}, locks_a_person__isnull=False)
    limits = {pool.pk: pool.locks_a_person or 0 for pool in pools}
    pairs = {one for one in pairs if one[0] in limits}
    if not pairs:
        return
    for member in sorted({member for _pool, member in pairs}):
        take_turns(member)
    counted = locks_held({member for _pool, member in pairs}, limits)
    for pool, member in sorted(pairs):
        if counted.get((pool, member), 0) > limits[pool]:
            said = ngettext_lazy(
                "%(pool)s: one person may keep %(n)s customer locked. Unlock another first.",
                "%(pool)s: one person may keep %(n)s customers locked. Unlock another first.",
                limits[pool],
            )
            raise Refused("locks", said, {"pool": Pool.objects.get(pk=pool).name, "n": limits[pool]})


# Undo


def guard(actor: Actor, found: Operation, part: Part) -> Iterator[tuple[str, UUID]]:
    """Locks that the actor may not set or take away today. Where a customer changed hands its lock goes back with it,
    and its own row is asked about."""
    verb = needed_verb(found).rpartition(".")[2]
    if needed_verb(found) not in (LOCK, UNLOCK):
        return
    for change in part.changes().filter(table_name=_TABLE):
        image = change.old or change.new or {}
        customer, member = image.get("customer_id"), image.get("member_id")
        if customer is None:  # an image of another end holds what changed: the row says the rest
            row = Lock.objects.filter(pk=change.row_id).first()
            customer, member = (row.customer_id, row.member_id) if row is not None else (None, None)
        rows = Customer.objects.filter(access.reach_q(actor, _resource(), verb), owner=member)
        if customer is None or not rows.filter(pk=customer).exists():
            yield (_TABLE, change.row_id)


def follow(actor: Actor, undoing: Operation) -> None:
    """After an undo that brought locks back or moved customers that bear one: nobody has more than he may."""
    rows = Change.objects.filter(operation_id=undoing.id, table_name=_TABLE, action=Change.INSERT)
    back = Lock.objects.filter(pk__in=rows.values("row_id"), member=F("customer__owner"))
    within_limits(back.values_list("customer__pool_id", "member_id"))

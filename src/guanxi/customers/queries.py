"""Reads that are more than a list: duplicates, children."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q

from guanxi.customers.models import Customer
from guanxi.customers.rules import Keys, Verdict, verdict
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.names import normal_key


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A customer that may be the same. One the actor may not see tells only who answers for it, since when."""

    verdict: Verdict
    reason: str
    record: Customer
    visible: bool


def keys_of(name: str, credit_code: str) -> Keys:
    """What a customer with this name and code is compared by."""
    return Keys(credit_code=credit_code, name_key=normal_key(name)[:200] if name else "")


def duplicates_of(
    actor: Actor, keys: Keys, *, beside: UUID | None = None, limit: int = 10
) -> list[Duplicate]:
    """Customers of the whole company that may be the same, certain ones first."""
    wanted = Q()
    if keys.credit_code:
        wanted |= Q(credit_code=keys.credit_code)
    if keys.name_key:
        wanted |= Q(name_key=keys.name_key)
    if not wanted:
        return []
    within = actor.members_within("customers.customer.view")
    found = []
    for customer in Customer.objects.filter(wanted).select_related("owner").exclude(id=beside)[: limit * 2]:
        judged = verdict(keys, Keys(customer.credit_code, customer.name_key))
        if judged:
            seen = within is None or customer.owner_id in within
            reason = "credit_code" if judged == "certain" else "name"
            found.append(Duplicate(judged, reason, customer, seen))
    found.sort(key=lambda duplicate: duplicate.verdict != "certain")
    return found[:limit]


def match_many(keys: Collection[Keys]) -> dict[Keys, tuple[UUID, Verdict]]:
    """For an import: the first customer of the company that each set of keys means."""
    codes = {k.credit_code for k in keys if k.credit_code}
    names = {k.name_key for k in keys if k.name_key}
    by_code: dict[str, Customer] = {}
    by_name: dict[str, list[Customer]] = {}
    rows = Customer.objects.only("id", "credit_code", "name_key")
    for customer in rows.filter(credit_code__in=codes).order_by("id") if codes else ():
        by_code.setdefault(customer.credit_code, customer)
    for customer in rows.filter(name_key__in=names).order_by("id") if names else ():
        by_name.setdefault(customer.name_key, []).append(customer)
    found: dict[Keys, tuple[UUID, Verdict]] = {}
    for key in keys:
        if key.credit_code in by_code and key.credit_code:
            found[key] = (by_code[key.credit_code].id, "certain")
            continue
        for customer in by_name.get(key.name_key, ()):
            judged = verdict(key, Keys(customer.credit_code, customer.name_key))
            if judged:
                found[key] = (customer.id, judged)
                break
    return found


def lock_keys(keys: Iterable[Keys]) -> None:
    """Hold the keys until the transaction ends: of two who create the same customer at once, one waits.

    Sorted, so that two transactions never wait for each other in a circle.
    """
    company = require_scope().tenant_id
    texts = sorted({f"{company}:{text}" for k in keys for text in (k.credit_code, k.name_key) if text})
    with connection.cursor() as cursor:
        for text in texts:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [text])

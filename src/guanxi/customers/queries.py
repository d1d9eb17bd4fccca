"""Reads that are more than a list: duplicates, children."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zlib import crc32

from django.db import connection
from django.db.models import Q, QuerySet

from guanxi.customers.models import Customer
from guanxi.customers.rules import Keys, Verdict, verdict
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.bulk import array_literal
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.names import normal_key

_LOCKS = 256

# Said beside `credit_code IN (…)`: of a long list the planner cannot prove that the partial index has it all.
_CODED = ~Q(credit_code="")


_BY_CODE = (
    "SELECT id, credit_code FROM customers_customer WHERE tenant_id = %s AND credit_code = ANY(%s::text[]) "
    "AND NOT (credit_code = '') ORDER BY id"
)
_BY_NAME = (
    "SELECT id, credit_code, name_key FROM customers_customer WHERE tenant_id = %s AND name_key = ANY(%s::text[]) "
    "ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A customer that may be the same. One the actor may not see tells only who answers for it and since."""

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
    rows = Customer.objects.filter(wanted).select_related("owner")
    if beside is not None:
        rows = rows.exclude(id=beside)
    found = []
    for customer in rows[: limit * 2]:
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
    by_code: dict[str, UUID] = {}
    by_name: dict[str, list[tuple[UUID, str]]] = {}
    # Arrays, not `IN`: five thousand parameters cost more to write down than their rows to find; and written
    # by us, as psycopg asks each of the five thousand for its type.
    company = require_scope().tenant_id
    with connection.cursor() as cursor:
        cursor.execute(_BY_CODE, [company, array_literal(list(codes))])
        for customer_id, code in cursor.fetchall():
            by_code.setdefault(code, customer_id)
        cursor.execute(_BY_NAME, [company, array_literal(list(names))])
        for customer_id, code, name in cursor.fetchall():
            by_name.setdefault(name, []).append((customer_id, code))
    found: dict[Keys, tuple[UUID, Verdict]] = {}
    for key in keys:
        if key.credit_code and key.credit_code in by_code:
            found[key] = (by_code[key.credit_code], "certain")
            continue
        for customer_id, code in by_name.get(key.name_key, ()):
            judged = verdict(key, Keys(code, key.name_key))
            if judged:
                found[key] = (customer_id, judged)
                break
    return found


def lock_keys(keys: Iterable[Keys]) -> None:
    """Hold the keys until the transaction ends: of two who create the same customer at once, one waits.

    Keys share a few hundred locks of the company, since the database has room for some thousands in all. Sorted,
    so that two transactions never wait for each other in a circle.
    """
    company = require_scope().tenant_id
    texts = {text for k in keys for text in (k.credit_code, k.name_key) if text}
    shares = sorted({crc32(text.encode()) % _LOCKS for text in texts})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s), share) FROM unnest(%s::int[]) AS share",
            [f"customers {company}", shares],
        )


class CustomerMatching:
    """Sameness of customers for an import (`resource.matching.Matching`)."""

    def keys(self, values: Mapping[str, Any]) -> Keys | None:
        found = Keys(values.get("credit_code", ""), values.get("name_key", ""))
        return found if found.credit_code or found.name_key else None

    def of_text(self, text: str) -> Keys:
        return keys_of(text, text.upper())

    def shares(self, keys: Keys) -> tuple[str, ...]:
        return tuple(mark + text for mark, text in (("c", keys.credit_code), ("n", keys.name_key)) if text)

    def verdict(self, left: Keys, right: Keys) -> Verdict | None:
        return verdict(left, right)

    def find(self, keys: Collection[Keys]) -> dict[Keys, tuple[UUID, Verdict]]:
        return match_many(keys)

    def lock(self, keys: Collection[Keys]) -> None:
        lock_keys(keys)


def named_exactly(
    rows: QuerySet[Customer], texts: Collection[str], *, by_code: bool = True
) -> dict[str, list[UUID]]:
    """For each text the given customers that bear it as name or (`by_code`) credit code, at most two."""
    wanted = {text: keys_of(text, text.upper()) for text in texts}
    by_mark: dict[str, list[UUID]] = {}
    codes = {k.credit_code for k in wanted.values() if by_code and len(k.credit_code) == 18}
    names = {k.name_key for k in wanted.values() if k.name_key}
    for customer_id, code in rows.filter(_CODED, credit_code__in=codes).values_list("id", "credit_code"):
        by_mark.setdefault("c" + code, []).append(customer_id)
    for customer_id, name in rows.filter(name_key__in=names).values_list("id", "name_key"):
        by_mark.setdefault("n" + name, []).append(customer_id)
    return {
        text: list(dict.fromkeys(by_mark.get("c" + k.credit_code, []) + by_mark.get("n" + k.name_key, [])))[
            :2
        ]
        for text, k in wanted.items()
    }

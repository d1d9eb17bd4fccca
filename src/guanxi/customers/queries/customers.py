"""Reads that are more than a list: duplicates, children."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zlib import crc32

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.customers.rules import Keys, Verdict, judged, verdict
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.bulk import array_literal
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.names import normal_key

_LOCKS = 256

# Why two are taken for the same, in words.
REASONS = {
    "credit_code": _("The credit code is the same."),
    "name": _("The name is the same but for its legal form."),
    "number": _("The number is the same."),
    "reached": _("Name and phone, e-mail or WeChat are the same."),
    "born": _("Name and birthday are the same."),
    "works": _("The name is the same, and both work at the same customer."),
}

_BY_CODE = (
    "SELECT id, credit_code FROM customers_customer WHERE tenant_id = %s AND credit_code = ANY(%s::text[]) "
    "AND NOT (credit_code = '') ORDER BY id"
)
_BY_NUMBER = (
    "SELECT id, number FROM customers_customer WHERE tenant_id = %s AND number = ANY(%s::text[]) "
    "AND NOT (number = '') ORDER BY id"
)
_BY_NAME = (
    "SELECT id, credit_code, name_key, number FROM customers_customer WHERE tenant_id = %s "
    "AND name_key = ANY(%s::text[]) ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A customer or person that may be the same. One the actor may not see tells only who answers for it and since."""

    verdict: Verdict
    reason: str
    record: Any
    visible: bool

    @property
    def why(self) -> Any:
        """The reason in words."""
        return REASONS[self.reason]


def keys_of(name: str, credit_code: str, number: str = "") -> Keys:
    """What a customer with this name, code and number is compared by."""
    return Keys(credit_code, normal_key(name)[:200] if name else "", number)


def duplicates_of(
    actor: Actor, keys: Keys, *, beside: UUID | None = None, limit: int = 10
) -> list[Duplicate]:
    """Customers of the whole company that may be the same, certain ones first."""
    wanted = Q()
    if keys.credit_code:
        wanted |= Q(credit_code=keys.credit_code)
    if keys.name_key:
        wanted |= Q(name_key=keys.name_key)
    if keys.number:
        wanted |= Q(number=keys.number)
    if not wanted:
        return []
    within = actor.members_within("customers.customer.view")
    rows = Customer.objects.filter(wanted).select_related("owner")
    if beside is not None:
        rows = rows.exclude(id=beside)
    found = []
    for customer in rows[: limit * 2]:
        found_to_be, reason = judged(keys, Keys(customer.credit_code, customer.name_key, customer.number))
        if found_to_be:
            seen = within is None or customer.owner_id in within
            found.append(Duplicate(found_to_be, reason, customer, seen))
    found.sort(key=lambda duplicate: duplicate.verdict != "certain")
    return found[:limit]


def match_many(keys: Collection[Keys]) -> dict[Keys, tuple[UUID, Verdict]]:
    """For an import: the first customer of the company that each set of keys means."""
    codes = {k.credit_code for k in keys if k.credit_code}
    names = {k.name_key for k in keys if k.name_key}
    numbers = {k.number for k in keys if k.number}
    by_code: dict[str, UUID] = {}
    by_number: dict[str, UUID] = {}
    by_name: dict[str, list[tuple[UUID, Keys]]] = {}
    # Arrays, not `IN`: five thousand parameters cost more to write down than their rows to find; and written
    # by us, as psycopg asks each of the five thousand for its type.
    company = require_scope().tenant_id
    with connection.cursor() as cursor:
        cursor.execute(_BY_CODE, [company, array_literal(list(codes))])
        for customer_id, code in cursor.fetchall():
            by_code.setdefault(code, customer_id)
        if numbers:
            cursor.execute(_BY_NUMBER, [company, array_literal(list(numbers))])
            for customer_id, number in cursor.fetchall():
                by_number.setdefault(number, customer_id)
        cursor.execute(_BY_NAME, [company, array_literal(list(names))])
        for customer_id, code, name, number in cursor.fetchall():
            by_name.setdefault(name, []).append((customer_id, Keys(code, name, number)))
    found: dict[Keys, tuple[UUID, Verdict]] = {}
    for key in keys:
        if key.credit_code and key.credit_code in by_code:
            found[key] = (by_code[key.credit_code], "certain")
            continue
        if key.number and key.number in by_number:
            found[key] = (by_number[key.number], "certain")
            continue
        for customer_id, theirs in by_name.get(key.name_key, ()):
            alike = verdict(key, theirs)
            if alike:
                found[key] = (customer_id, alike)
                break
    return found


def lock_keys(keys: Iterable[Keys]) -> None:
    """Hold the keys until the transaction ends: of two who create the same customer at once, one waits.

    Keys share a few hundred locks of the company, since the database has room for some thousands in all. Sorted,
    so that two transactions never wait for each other in a circle.
    """
    company = require_scope().tenant_id
    texts = {text for k in keys for text in (k.credit_code, k.name_key, k.number) if text}
    shares = sorted({crc32(text.encode()) % _LOCKS for text in texts})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s), share) FROM unnest(%s::int[]) AS share",
            [f"customers {company}", shares],
        )


class CustomerMatching:
    """Sameness of customers for an import (`resource.matching.Matching`)."""

    def keys(self, values: Mapping[str, Any]) -> Keys | None:
        found = Keys(values.get("credit_code", ""), values.get("name_key", ""), values.get("number", ""))
        return found if found.credit_code or found.name_key or found.number else None

    def of_text(self, text: str) -> Keys:
        return keys_of(text, text.upper(), text)

    def shares(self, keys: Keys) -> tuple[str, ...]:
        return tuple(
            mark + text
            for mark, text in (("c", keys.credit_code), ("#", keys.number), ("n", keys.name_key))
            if text
        )

    def verdict(self, left: Keys, right: Keys) -> Verdict | None:
        return verdict(left, right)

    def find(self, keys: Collection[Keys]) -> dict[Keys, tuple[UUID, Verdict]]:
        return match_many(keys)

    def lock(self, keys: Collection[Keys]) -> None:
        lock_keys(keys)


def named_exactly(
    rows: QuerySet[Customer], texts: Collection[str], *, closed: Collection[str] = ()
) -> dict[str, list[UUID]]:
    """For each text the given customers that bear it as number, credit code or name, at most two.

    By number and code only where these are not `closed`. Who is meant by one is not looked for by the next.
    """
    wanted = {text: keys_of(text, text.upper()) for text in texts if text}
    found: dict[str, list[UUID]] = {}
    for field, mark in (("number", str), ("credit_code", str.upper)):
        marks = {text: mark(text) for text in wanted if text not in found}
        if field in closed or not marks:
            continue
        bearing = rows.filter(~Q(**{field: ""}), **{f"{field}__in": set(marks.values())}).order_by("pk")
        by_mark: dict[str, list[UUID]] = {}
        for customer_id, value in bearing.values_list("id", field):
            by_mark.setdefault(value, []).append(customer_id)
        found |= {text: by_mark[mark] for text, mark in marks.items() if mark in by_mark}
    names = {keys.name_key for text, keys in wanted.items() if keys.name_key and text not in found}
    by_name: dict[str, list[UUID]] = {}
    for customer_id, name in rows.filter(name_key__in=names).order_by("pk").values_list("id", "name_key"):
        by_name.setdefault(name, []).append(customer_id)
    # Nobody bears the name now: who bore it.
    former = rows.filter(~Q(former_key=""), former_key__in=names - by_name.keys()).order_by("pk")
    for customer_id, name in former.values_list("id", "former_key"):
        by_name.setdefault(name, []).append(customer_id)
    return {
        text: (found.get(text) or by_name.get(wanted[text].name_key, []) if text in wanted else [])[:2]
        for text in texts
    }

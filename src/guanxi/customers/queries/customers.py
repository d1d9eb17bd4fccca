"""Which customers a text means."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from guanxi.customers.models import Customer
from guanxi.kernel.names import normal_key


def name_key(name: str) -> str:
    """The normalised name: what two are found by that differ in their legal form alone."""
    return normal_key(name)[:200] if name else ""


def named_exactly(
    rows: QuerySet[Customer], texts: Collection[str], *, closed: Collection[str] = ()
) -> dict[str, list[UUID]]:
    """For each text the given customers that bear it as number, credit code or name, at most two.

    By number and code only where these are not `closed`. Who is meant by one is not looked for by the next.
    """
    wanted = {text: name_key(text) for text in texts if text}
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
    names = {key for text, key in wanted.items() if key and text not in found}
    by_name: dict[str, list[UUID]] = {}
    for customer_id, name in rows.filter(name_key__in=names).order_by("pk").values_list("id", "name_key"):
        by_name.setdefault(name, []).append(customer_id)
    # Nobody bears the name now: who bore it.
    former = rows.filter(~Q(former_key=""), former_key__in=names - by_name.keys()).order_by("pk")
    for customer_id, name in former.values_list("id", "former_key"):
        by_name.setdefault(name, []).append(customer_id)
    return {
        text: (found.get(text) or by_name.get(wanted[text], []) if text in wanted else [])[:2]
        for text in texts
    }

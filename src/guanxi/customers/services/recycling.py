"""The night's work at pools: customers fall to them by their rules, and whoever loses some soon is told."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from guanxi.customers.models import Customer, Pool
from guanxi.customers.queries.falling import due, falling
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.notices.services import notify, wording
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed
from guanxi.kernel.errors import Forbidden
from guanxi.resource import writing
from guanxi.resource.registry import find

RECYCLE = "customers.customer.recycle"
FELL, FALLS_SOON = "customers.fell", "customers.falls_soon"  # the notices
_PART = 10_000  # customers that are looked at together


def recycle_pools(actor: Actor, day: date) -> int:
    """Let customers of every pool fall that are due, tell their former owners, and warn the owners of those that are
    due in so many days as their pool says. Returns how many fell. Raises Forbidden for anybody but the system."""
    count = 0
    for pool in Pool.objects.exclude(terms=[]).order_by("name"):
        fell = recycle(actor, pool, day)
        for owner, ids in fell.items():
            count += len(ids)
            _tell(owner, FELL, pool, ids)
        for owner, ids in _soon(pool, day + timedelta(days=pool.warn_days)).items() if pool.warn_days else ():
            _tell(owner, FALLS_SOON, pool, ids, days=pool.warn_days)
    return count


def _tell(owner: UUID, kind: str, pool: Pool, ids: list[UUID], **more: Any) -> None:
    names = list(
        Customer.objects.filter(pk__among=ids[:3]).order_by("name_sort").values_list("name", flat=True)
    )
    tone = "warn" if kind == FALLS_SOON else ""
    url = (
        find("customers").url("card", id=ids[0])
        if len(ids) == 1
        else f"{find('customers').url()}?pool={pool.pk}"
    )
    notify([owner], kind, url=url, tone=tone, pool=pool.name, n=len(ids), names=names, **more)


def _soon(pool: Pool, day: date) -> dict[UUID, list[UUID]]:
    """By owner the customers that fall on this very day, as things stand."""
    found: dict[UUID, list[UUID]] = {}
    for part in _in_parts(due(pool, day)):
        falls = falling(part)
        for one in part:
            if one.owner_id is not None and one.pk in falls and falls[one.pk].day == day:
                found.setdefault(one.owner_id, []).append(one.pk)
    return found


def recycle(actor: Actor, pool: Pool, day: date) -> dict[UUID, list[UUID]]:
    """Let customers fall that are due on a day or have been before it; by former owner, those that fell. One operation
    for each rule, undone as a whole. Raises Forbidden for anybody but the system itself."""
    if not actor.is_system:
        raise Forbidden(RECYCLE)
    fell: dict[UUID, list[UUID]] = {}
    by_rule: dict[str, list[UUID]] = {}
    for part in _in_parts(due(pool, day)):
        for pk, fall in falling(part).items():
            if fall.day <= day:
                by_rule.setdefault(f"{fall.clock}:{fall.days}", []).append(pk)
    for rule, ids in by_rule.items():
        with operation(actor, RECYCLE, label=pool.name, summary={"reason": rule}) as opened:
            # Whoever did something about one in the meantime keeps it: it is asked anew under its lock.
            rows = due(pool, day).filter(pk__among=ids).select_for_update(of=("self",))
            owners = dict(rows.values_list("pk", "owner_id"))
            writing.update_many(find("customers"), list(owners), {"owner_id": None})
            describe(opened, updated=len(owners))
        for pk, owner in owners.items():
            fell.setdefault(owner, []).append(pk)
    return fell


def _in_parts(rows: QuerySet[Customer]) -> Iterator[list[Customer]]:
    """Rows in parts, by their keys."""
    after: UUID | None = None
    ordered = rows.order_by("pk")
    while part := list((ordered.filter(pk__gt=after) if after else ordered)[:_PART]):
        yield part
        after = part[-1].pk


def register() -> None:
    """How the notices are worded."""
    wording(FELL, _said_fell)
    wording(FALLS_SOON, _said_soon)


def _said_fell(params: Mapping[str, Any]) -> str:
    one, many = (
        gettext("%(names)s fell to the pool %(pool)s."),
        gettext("%(n)s of your customers fell to the pool %(pool)s: %(names)s."),
    )
    return (one if params["n"] == 1 else many) % {**params, "names": _named(params)}


def _said_soon(params: Mapping[str, Any]) -> str:
    one, many = (
        gettext("%(names)s falls to the pool %(pool)s in %(days)s days."),
        gettext("%(n)s of your customers fall to the pool %(pool)s in %(days)s days: %(names)s."),
    )
    return (one if params["n"] == 1 else many) % {**params, "names": _named(params)}


def _named(params: Mapping[str, Any]) -> str:
    names = listed(params["names"])
    return gettext("%(names)s and more") % {"names": names} if params["n"] > len(params["names"]) else names

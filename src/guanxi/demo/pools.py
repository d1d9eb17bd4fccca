"""The demo company's pools: one for each sales department, with what lies in them and when customers fall."""

# Chinese in code: names of the pools

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from guanxi.customers.models import Pool, Transfer
from guanxi.customers.rules.pools import Clock, Term
from guanxi.customers.services.pool_settings import join_pool, set_terms
from guanxi.demo.company import MEMBERS
from guanxi.demo.generator import CustomerSeed
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.registry import find

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_NAMES: Final = {"sales1": "华东华北公海", "sales2": "中西南部与海外公海"}
_DAYS: Final[dict[str, int | None]] = {"A": 90, "B": 180}
_FIRST = frozenset(two for one in MEMBERS if one.department.startswith("sales1") for two in one.territory)


def make_pools(actor: Actor, departments: Mapping[str, UUID], members: Mapping[str, UUID]) -> None:
    """The pools with their members, administrators and rules."""
    resource = find("pools")
    for code, name in _NAMES.items():
        days = {"claims_a_day": "5", "reclaim_days": "14", "arrival_days": "0", "warn_days": "3"}
        pool = resource.create(actor, data={"name": name, "of": "customers", **days})
        join_pool(actor, pool.pk, department=departments[code])
        head = next(one.key for one in MEMBERS if one.department == code)
        join_pool(actor, pool.pk, member=members[head], administers=True)
        set_terms(actor, pool.pk, [Term(Clock.ACTIVITY, None, _DAYS)])


def pools_by_code() -> dict[str, UUID]:
    """The pools that are there, by the code of their department."""
    known = dict(Pool.objects.values_list("name", "pk"))
    return {code: known[name] for code, name in _NAMES.items() if name in known}


def pool_of(seed: CustomerSeed, pools: Mapping[str, UUID]) -> dict[str, Any]:
    """Stored values of a customer's pool, and since when it lies there; nothing for suppliers, banks and our own."""
    if "customer" not in seed.relations or not pools:
        return {}
    if seed.owner is not None:
        code = MEMBERS[seed.owner].department.partition(".")[0]
    else:
        code = "sales1" if seed.region[:2] in _FIRST else "sales2"
    if code not in pools:
        return {}
    return {"pool_id": pools[code], **({"pooled_at": seed.created} if seed.owner is None else {})}


def spread_falls(part: Sequence[CustomerSeed], keys: Mapping[int, UUID], today: date, seed: int) -> None:
    """Since when the owners of these customers answer for them: so long that each day some fall to their pool unless
    somebody does something about them, and not so long that all do in the first night."""
    days: dict[date, list[UUID]] = {}
    for one in part:
        term = _DAYS.get(one.grade)
        if term is None or one.owner is None or "customer" not in one.relations:
            continue
        rng = Random(f"{seed} falls {one.index}")  # noqa: S311  a demo, not a secret
        since = max(one.created.date(), today - timedelta(days=rng.randint(0, term - 2)))
        days.setdefault(since, []).append(keys[one.index])
    for since, ids in days.items():
        at = datetime.combine(since, time(9), _SHANGHAI)
        Transfer.objects.filter(customer__in=ids, owner__isnull=False).update(created_at=at)

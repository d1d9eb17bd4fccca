"""What is measured on: a company with all its customers, and a second one for the walls to keep apart."""

# Chinese in code: names of the companies a bench builds

from collections.abc import Callable
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any

from guanxi.demo.building import PASSWORD, add_customers, build, go_on_adding, members_of
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.services import create_company
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope

SLUG, OTHER = "hengjie", "bench-other"
SEED, _OTHER_SEED = 20261121, 7
_MEMBERS = 40
_RECIPE = 2  # rises where the same parameters build something else


def recipe(customers: int, others: int) -> dict[str, Any]:
    """What `build_all` makes, to be compared with what a database says it holds."""
    return {"recipe": _RECIPE, "customers": customers, "others": others, "seed": SEED}


def build_all(customers: int, others: int) -> float:
    """Build both companies through the product's services, without people; returns the seconds it took."""
    started = perf_counter()
    today = datetime.now(tz=UTC).date()
    build(today, customers=customers, seed=SEED, people=False)
    _add_others(today, others)
    return perf_counter() - started


def build_slowly(
    customers: int, others: int, *, say: Callable[[str], None], begun: Callable[[], None]
) -> float:
    """The same with people, resumed where an earlier call was cut short: some forty gigabytes are not made at a
    sitting. `begun` is called once the company stands; returns the seconds this call took."""
    started = perf_counter()
    tenant = Tenant.objects.filter(slug=SLUG).first()
    if tenant is None:
        tenant = build(datetime.now(tz=UTC).date(), customers=0, seed=SEED)
        begun()
    today = tenant.created_at.date()
    for done in go_on_adding(tenant, members_of(tenant), today, count=customers, seed=SEED, busy=True):
        if done % 50_000 == 0:
            say(f"{done:,} of {customers:,}, {perf_counter() - started:,.0f} s")
    _add_others(today, others)
    return perf_counter() - started


def _add_others(today: date, others: int) -> None:
    if Tenant.objects.filter(slug=OTHER).exists():
        return
    tenant = create_company(
        name="华东另一家机械有限公司",
        admin_name="周远",
        username="bench-other",
        password=PASSWORD,
        slug=OTHER,
    )
    with scope(tenant.id, door="cli"):
        member = Member.objects.get()
    add_customers(tenant, [member.id] * _MEMBERS, today, count=others, seed=_OTHER_SEED, people=False)


def company() -> Tenant:
    """The company that is measured."""
    return Tenant.objects.get(slug=SLUG)

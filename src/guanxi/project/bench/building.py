"""What is measured on: a company with all its customers, and a second one for the walls to keep apart."""

# Chinese in code: names of the companies a bench builds

from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from guanxi.demo.building import PASSWORD, add_customers, build
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.services import create_company
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope

SLUG, OTHER = "hengjie", "bench-other"
_SEED, _OTHER_SEED = 20261121, 7
_MEMBERS = 40
_RECIPE = 2  # rises where the same parameters build something else


def recipe(customers: int, others: int) -> dict[str, Any]:
    """What `build_all` makes, to be compared with what a database says it holds."""
    return {"recipe": _RECIPE, "customers": customers, "others": others, "seed": _SEED}


def build_all(customers: int, others: int, *, people: bool = False) -> float:
    """Build both companies through the product's services, the first with `people` and what was done with them if
    asked; returns the seconds it took."""
    started = perf_counter()
    today = datetime.now(tz=UTC).date()
    build(today, customers=customers, seed=_SEED, people=people, busy=people)
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
    return perf_counter() - started


def company() -> Tenant:
    """The company that is measured."""
    return Tenant.objects.get(slug=SLUG)

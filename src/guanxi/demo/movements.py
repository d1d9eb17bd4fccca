"""What moved in the demo company's pools of late: given up with a reason, and claimed by somebody else."""

# Chinese in code: what salespeople say when they give a customer up

from datetime import datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from guanxi.customers.models import Customer, Transfer
from guanxi.customers.queries.pools import places_of
from guanxi.customers.services.pools import claim, release
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_GIVEN_UP, _MOST = 2, 2  # by each who has any; claimed by each
_OLD = 90  # days that they answered for it by then
_CLAIMED = 0.6
_WHY: Final = (
    ("no_answer", "打了六次都没人接，前台说采购已离职"),
    ("no_need", "今年没有新增产线的计划"),
    ("not_mine", "总部迁到外省，归那边跟"),
    ("no_time", "手上在跟的太多，怕耽误"),
    ("competitor", "已经签了永创，三年内不换"),
)


def move_in_pools(tenant: Tenant, seed: int = 20261121) -> None:
    """Done by the people themselves, each on another day of the last two months."""
    rng = Random(f"{seed} movements")  # noqa: S311  a demo, not a secret
    with scope(tenant.id, door="setup"):
        owned = Customer.objects.filter(grade__in=("C", "D"), pool__isnull=False, owner__isnull=False)
        owners = dict.fromkeys(owned.order_by("owner_id").values_list("owner_id", flat=True))
        members = list(Member.objects.filter(pk__in=list(owners)).order_by("pk"))
    for member in members:
        _gives_up(tenant, member.pk, rng)
    for member in members:
        _claims(tenant, member.pk, rng)


def _gives_up(tenant: Tenant, member: UUID, rng: Random) -> None:
    with scope(tenant.id, actor_id=member, door="setup"):
        long_since = timezone.now() - timedelta(days=_OLD)
        rows = Customer.objects.filter(owner_id=member, grade__in=("C", "D"), pool__isnull=False)
        for one in list(rows.filter(created_at__lt=long_since).order_by("name_sort", "pk")[:_GIVEN_UP]):
            why, note = rng.choice(_WHY)
            Transfer.objects.filter(customer=one.pk).update(created_at=one.created_at)
            release(load_actor(member), ids=[one.pk], why=why, note=note)
            _happened(one.pk, rng.randint(30, 60), rng)


def _claims(tenant: Tenant, member: UUID, rng: Random) -> None:
    with scope(tenant.id, actor_id=member, door="setup"):
        mine = Transfer.objects.filter(former_owner=member).values("customer")
        lying = Customer.objects.filter(owner__isnull=True, pool__in=places_of([member]).claims)
        given_up = lying.filter(pk__in=Transfer.objects.filter(owner__isnull=True).values("customer"))
        for one in list(given_up.exclude(pk__in=mine).order_by("name_sort", "pk")[:_MOST]):
            if rng.random() < _CLAIMED:
                claim(load_actor(member), ids=[one.pk])
                _happened(one.pk, rng.randint(5, 28), rng)


def _happened(customer: UUID, days: int, rng: Random) -> None:
    """The last change of hands of a customer is dated so many days back, but not before the one before it."""
    day = timezone.localdate() - timedelta(days=days)
    at = datetime.combine(day, time(rng.randint(9, 17), rng.randint(0, 59)), _SHANGHAI)
    before, last = list(Transfer.objects.filter(customer=customer).order_by("created_at", "id"))[-2:]
    at = max(at, before.created_at + timedelta(days=1))
    Transfer.objects.filter(pk=last.pk).update(created_at=at)

"""The company of `bench team`: two hundred people share its customers, of which every third was called of late."""

# Chinese in code: what the bench writes

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from guanxi.activities.services.activities import create_activities
from guanxi.activities.services.commitments import create_commitments
from guanxi.customers.models import Customer, Pool
from guanxi.demo.building import PASSWORD, add_customers, build, members_of
from guanxi.demo.company import MEMBERS
from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.permissions.models import Role
from guanxi.foundation.permissions.services import create_member
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.ids import new_id
from guanxi.resource.registry import find

_TEAMS = 5  # of the demo's forty people each: so many times somebody stands where the demo has one
_PART = 5000
_ADDED = "bench.team.build"


def build_team(customers: int, *, seed: int) -> Tenant:
    """The demo company with 200 people, everyone's password PASSWORD, and `customers` spread over all who sell; pools
    without limits; calls and promises of the last half year."""
    today = datetime.now(tz=UTC).date()
    share = customers // _TEAMS
    tenant = build(today, customers=customers - share * (_TEAMS - 1), seed=seed, people=False)
    actor = system_actor(tenant.id)
    first = members_of(tenant)
    for team in range(1, _TEAMS):
        with scope(tenant.id, door="setup"):
            members = _twins(actor, first, team)
        add_customers(tenant, members, today, count=share, seed=seed + team, people=False)
    with scope(tenant.id, door="setup"), operation(actor, _ADDED):
        for pool in Pool.objects.all():
            find("pools").edit(
                actor, pool.pk, data={"claims_a_day": "", "reclaim_days": "0"}, expected_version=None
            )
    _touches(actor, today, Random(seed))  # noqa: S311  measured data, not a secret
    return tenant


def _twins(actor: Actor, first: list[UUID], team: int) -> list[UUID]:
    """For each of the demo's people one more of the same department, superior and roles."""
    known = Member.objects.in_bulk(first)
    roles = {
        one: list(Role.objects.filter(assignments__member=one).values_list("pk", flat=True)) for one in first
    }
    made = []
    with operation(actor, _ADDED):
        for person, model in zip(MEMBERS, first, strict=True):
            twin = create_member(
                actor,
                name=f"{person.name}{team}",
                department_id=known[model].department_id,
                superior_id=known[model].superior_id,
                role_ids=roles[model],
                username=f"{person.key}.{team}",
                password=PASSWORD,
            )
            made.append(twin.pk)
    Account.objects.filter(pk__in=Member.objects.values("account_id")).update(must_change_password=False)
    return made


def _touches(actor: Actor, today: date, chance: Random) -> None:
    """A call with every third customer that is somebody's, and a promise to every fortieth."""
    midnight = datetime.combine(today, datetime.min.time(), UTC)
    with scope(actor.tenant_id, door="setup"):
        for part in _parts():
            calls: list[dict[str, Any]] = []
            promises: list[dict[str, Any]] = []
            for customer, owner in part:
                times = {"customer_id": customer, "owner_id": owner}
                if chance.random() < 1 / 3:
                    at = midnight - timedelta(minutes=chance.randrange(180 * 24 * 60))
                    calls.append(
                        {"id": new_id(), "kind": "call", "state": "done", "at": at, "outcome": "answered",
                         "subject": "回访", "created_at": at, "updated_at": at, **times}
                    )  # fmt: skip
                if chance.random() < 1 / 40:
                    due = today + timedelta(days=chance.randrange(-15, 30))
                    promises.append({"side": "ours", "what": "发报价", "due": due, "first_due": due, **times})
            with operation(actor, _ADDED):
                create_activities(actor, rows=calls)
                create_commitments(actor, rows=promises)


def _parts() -> Iterator[list[tuple[UUID, UUID]]]:
    rows = Customer.objects.filter(owner__isnull=False).order_by("pk")
    after: UUID | None = None
    while part := list((rows.filter(pk__gt=after) if after else rows).values_list("pk", "owner_id")[:_PART]):
        yield part
        after = part[-1][0]

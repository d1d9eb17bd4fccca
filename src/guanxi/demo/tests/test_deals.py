"""The demo company's registrations: some of each kind, no two in force for the same, alike for the same day."""

# Chinese in code: names of the demo's pools

from collections import Counter
from datetime import date
from typing import Any

from django.utils import timezone

from guanxi.customers.models import Customer
from guanxi.demo.building import add_customers
from guanxi.demo.company import MEMBERS
from guanxi.demo.deals import add_deals
from guanxi.foundation.ledger.services import operation
from guanxi.resource.registry import find
from guanxi.team.models import Registration
from guanxi.team.queries.registrations import rivals_of
from guanxi.team.resources.standing import Standing
from guanxi.team.tests.deals import side_by_side
from guanxi.testing.worlds import World, in_scope

SEED = 20261121
_DAYS = {"reclaim_days": "14", "arrival_days": "0", "warn_days": "3"}


def _added(world: World, today: date) -> list[tuple[Any, ...]]:
    """Adds them to a company whose few people bear all names in turn; what there is then, in order."""
    ids = [one.pk for one in world.members.values()]
    members = [ids[place % len(ids)] for place in range(len(MEMBERS))]
    with in_scope(world.admin):
        for name in ("华东华北公海", "中西南部与海外公海"):
            find("pools").create(world.admin, data={"name": name} | _DAYS)
    add_customers(world.tenant, members, today, count=500, seed=SEED, people=False)
    with in_scope(world.system), operation(world.system, "team.registration.import"):
        made = add_deals(world.system, members, today, SEED)
        rows = list(Registration.objects.order_by("created_at", "line", "customer__name"))
        assert len(rows) == made
        names = dict(Customer.objects.values_list("pk", "name"))
    return [
        (names[one.customer_id], one.line, one.project, one.region, one.state, one.until, one.evidence)
        for one in rows
    ]


def test_there_are_some_of_each_kind_and_no_two_in_force_for_the_same(
    world: World, other_world: World
) -> None:
    today = timezone.localdate()
    found = _added(world, today)
    with in_scope(world.system):
        rows = list(Registration.objects.all())
        kind = find("registrations").kind("state")
        assert isinstance(kind, Standing)
        stands = Counter(kind.value(one) for one in rows)
        assert stands.keys() == {"submitted", "in_force", "expired", "won", "refused", "withdrawn"}
        assert 50 <= len(rows) <= 70
        assert side_by_side() == []
        assert rivals_of(rows)
    assert _added(other_world, today) == found

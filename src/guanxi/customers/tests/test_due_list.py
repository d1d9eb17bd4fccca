"""The day a customer falls, in the list: shown for its rows, asked in SQL, the same as the rule says."""

# Chinese in code: names of customers and what pages say

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guanxi.customers.models import Customer
from guanxi.customers.queries.falling import falling
from guanxi.customers.rules.pools import Clock, Term
from guanxi.customers.services.locks import lock
from guanxi.customers.services.pool_settings import set_terms
from guanxi.customers.tests.test_pools import customer_of, make_pool
from guanxi.integrations.api.tests.calling import program_of
from guanxi.kinds import Show
from guanxi.resource import access, listing
from guanxi.resource.links import look_up
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope, writing


def listed(world: World, query: str) -> set[str]:
    with in_scope(world.admin):
        wanted = listing.read(world.admin, find("customers"), QueryDict(query))
        return {row.name for row in wanted.page().rows}


@pytest.mark.parametrize("seed", range(3))
def test_the_filter_finds_what_the_rule_says(world: World, seed: int) -> None:
    chance, today = Random(seed), timezone.localdate()
    first, second = make_pool(world, world.seller), make_pool(world, world.teammate, name="华南公海")
    with in_scope(world.admin):
        set_terms(world.admin, first.pk, [Term(Clock.PURCHASE, 12, {"A": 20, "B": None})])
        set_terms(world.admin, second.pk, [Term(Clock.OPPORTUNITY, 9), Term(Clock.PURCHASE, None, {"A": 7})])
    made = [
        customer_of(
            chance.choice((world.seller, world.teammate)), f"第{number}商行", grade=chance.choice("AB")
        )
        for number in range(24)
    ]
    with writing(world.system):
        for one in made:
            born = timezone.now() - timedelta(days=chance.randint(0, 22))
            Customer.objects.filter(pk=one.pk).update(created_at=born)
    with in_scope(world.seller):
        mine = [one.pk for one in made if one.owner_id == world.seller.member_id]
        lock(world.seller, ids=mine[:2], until=today + timedelta(days=2))
    with in_scope(world.system):
        rows = list(Customer.objects.all())
        days = {pk: max(fall.day, today) for pk, fall in falling(rows).items()}
    names = {one.pk: one.name for one in rows}

    def within(low: int, high: int) -> set[str]:
        lowest, highest = today + timedelta(days=low), today + timedelta(days=high)
        return {names[pk] for pk, day in days.items() if lowest <= day <= highest}

    assert listed(world, "falls_on.next=1") == within(0, 0)
    assert listed(world, "falls_on.next=4") == within(0, 3)
    assert listed(world, "falls_on.within=tomorrow") == within(1, 1)
    assert listed(world, f"falls_on.until={(today + timedelta(days=5)).isoformat()}") == within(0, 5)
    assert listed(world, f"falls_on.since={(today + timedelta(days=3)).isoformat()}") == within(3, 99)
    assert listed(world, "falls_on.within=yesterday") == set()
    assert listed(world, "falls_on.filled=1") == within(0, 999)
    assert listed(world, "falls_on.empty=1") == set(names.values()) - within(0, 999)


def test_the_column_says_in_how_many_days_and_asks_no_more_for_more_rows(
    world: World, client_for: Any
) -> None:
    pool = make_pool(world, world.seller)
    with in_scope(world.admin):
        set_terms(world.admin, pool.pk, [Term(Clock.ACTIVITY, 3)])
    one = customer_of(world.seller, "将要掉落的商行")

    def queries() -> int:
        customers = find("customers")
        with in_scope(world.seller):
            rows = list(access.visible(world.seller, customers))
            with CaptureQueriesContext(connection) as asked:
                look_up([customers.kind("falls_on")], rows, Show(world.seller))
        return len(asked)

    few = queries()
    for number in range(6):
        customer_of(world.seller, f"另外{number}家商行")
    assert queries() == few
    client: Client = client_for(world.members["seller"])
    page = client.get("/customers/?columns=falls_on").content.decode()
    assert "3 天后" in page
    day = (timezone.localdate() + timedelta(days=3)).isoformat()
    assert program_of(world.seller).get(f"/customers/{one.pk}").json()["falls_on"] == day


def test_the_rules_of_a_pool_lead_to_the_list_of_those_who_would_fall(world: World, client_for: Any) -> None:
    pool = make_pool(world, world.seller)
    falls, _stays = customer_of(world.seller, "掉落商行", grade="C"), customer_of(world.seller, "留下商行")
    with writing(world.system):
        Customer.objects.filter(pk=falls.pk).update(created_at=timezone.now() - timedelta(days=60))
    admin: Client = client_for(world.members["admin"])
    url = f"/pools/{pool.pk}/settings/"
    assert "falls_on.next" not in admin.post(url, {"do": "try", "activity-C": "30"}).content.decode()
    admin.post(url, {"do": "keep", "activity-C": "30"})
    page = admin.get(url).content.decode()
    assert f"?pool={pool.pk}&amp;falls_on.next=2" in page
    assert listed(world, f"pool={pool.pk}&falls_on.next=2") == {falls.name}

"""Stuck sales: longer in their stage than most won ones were, said in words, counted as far as one sees."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from random import Random
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services import set_field_rule
from guanxi.sales.models import Move, Opportunity, Stage
from guanxi.sales.pages.stuck import attention, words
from guanxi.sales.queries.stuck import stands, usual
from guanxi.sales.rules.stuck import FEW, is_stuck, usual_days
from guanxi.sales.services.moving import move_opportunity
from guanxi.sales.tests.selling import led, opened, stage
from guanxi.testing.worlds import World, in_scope

pytestmark = pytest.mark.django_db(transaction=True)
ClientFor = Callable[[Member], Client]
URL = "/opportunities/?look=stuck"


@given(st.lists(st.integers(0, 400), max_size=80))
def test_the_usual_stay_is_the_shortest_that_four_fifths_did_not_pass(stays: list[int]) -> None:
    most = usual_days(stays)
    if len(stays) < FEW:
        assert most is None
        return
    assert most is not None
    within = [day for day in range(401) if 5 * sum(one <= day for one in stays) >= 4 * len(stays)]
    assert most == within[0]
    assert 5 * sum(is_stuck(one, most) for one in stays) <= len(stays)


def _recounted() -> dict[UUID, list[int]]:
    """The longest stay of each won sale in each open stage, read line by line."""
    stays: dict[tuple[UUID, UUID], int] = {}
    for sale in Opportunity.objects.filter(state="won"):
        lines = list(Move.objects.filter(opportunity=sale.pk).order_by("created_at", "id"))
        entered = [one for one in lines if one.stage != one.former_stage]
        for one, after in pairwise(entered):
            if one.stage is not None:
                days = (after.created_at - one.created_at).days
                stays[sale.pk, one.stage] = max(days, stays.get((sale.pk, one.stage), 0))
    is_open = set(Stage.objects.filter(kind="open").values_list("pk", flat=True))
    found: dict[UUID, list[int]] = {}
    for (_sale, place), days in stays.items():
        if place in is_open:
            found.setdefault(place, []).append(days)
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_the_database_counts_what_a_recount_finds(world: World, seed: int) -> None:
    chance, now = Random(seed), timezone.now()
    with in_scope(world.system):
        for _number in range(24):
            places = [chance.randrange(5) for _step in range(chance.randint(1, 6))]
            stays = [(place, chance.random() * 30) for place in places]
            led(world.system, world.seller.member_id, stays, now, ends=chance.choice((5, 5, 5, 6)))
        led(world.system, world.seller.member_id, [(0, 90)], now)
        recounted = _recounted()
        found = usual(world.system)
        assert {place: (len(days), usual_days(days)) for place, days in recounted.items()} == {
            place: (one.won, one.most) for place, one in found.items()
        }
        assert any(one.most is not None for one in found.values())


def _world_of_stuck(world: World, won: int = FEW) -> tuple[UUID, UUID]:
    """`won` sales that took 18 days in the third stage, one open since 31 days, one since 18 and a half."""
    now, owner = timezone.now(), world.seller.member_id
    with in_scope(world.system):
        for _number in range(won):
            led(world.system, owner, [(2, 18.2)], now, ends=5)
        late = led(world.system, owner, [(2, 31.1)], now, name="Late one")
        usual_one = led(world.system, owner, [(2, 18.9)], now, name="Usual one")
    return late, usual_one


def test_what_stands_longer_is_told_with_its_reason(world: World, client_for: ClientFor) -> None:
    late, usual_one = _world_of_stuck(world)
    seller = client_for(world.members["seller"])
    page = seller.get(URL).content.decode()
    filtered = seller.get("/opportunities/?look=list&stuck.filled=1&columns=name,stuck").content.decode()
    assert str(late) in page
    assert str(usual_one) not in page
    assert str(late) in filtered
    assert str(usual_one) not in filtered
    with in_scope(world.seller), translation.override("en"):
        said = stands(world.seller, Opportunity.objects.filter(pk=late))[late]
        assert words(said) == "31 days in Proposal, usually at most 18 (80% of 10 won sales)"
    with in_scope(world.manager):
        lines = attention(world.manager, None)
        assert [one.name for one in lines] == ["Late one"]
        assert str(world.members["seller"].name) in lines[0].why
    with in_scope(world.elsewhere):
        assert attention(world.elsewhere, None) == []
    side = client_for(world.members["manager"]).get("/today/side/?of=team").content.decode()
    assert "Late one" in side


def test_of_few_won_sales_nothing_is_said(world: World, client_for: ClientFor) -> None:
    late, _usual = _world_of_stuck(world, FEW - 1)
    page = client_for(world.members["seller"]).get(URL).content.decode()
    assert str(late) not in page
    assert f"{FEW - 1}" in page
    with in_scope(world.seller):
        assert {one.most for one in usual(world.seller).values()} == {None}


def test_only_sales_one_sees_are_counted(world: World) -> None:
    _world_of_stuck(world)
    with in_scope(world.elsewhere):
        opened(world.elsewhere)
        assert usual(world.elsewhere) == {}
    with in_scope(world.manager):
        assert {one.won for one in usual(world.manager).values()} == {FEW}
    with in_scope(world.seller):
        assert stage(2).pk in usual(world.seller)


@pytest.mark.parametrize("field", ["stuck", "stage", "closed_on"])
def test_who_may_not_know_since_when_is_told_nothing(world: World, client_for: ClientFor, field: str) -> None:
    late, _usual = _world_of_stuck(world)
    with in_scope(world.admin):
        role = world.roles["salesperson"].pk
        set_field_rule(world.admin, role, resource="opportunities", field=field, mode="hide")
    page = client_for(world.members["seller"]).get(URL)
    assert page.status_code == 200
    assert str(late) not in page.content.decode()
    with in_scope(world.seller):
        assert usual(load_actor(world.members["seller"].pk)) == {}


def test_a_later_move_takes_it_out(world: World) -> None:
    late, _usual = _world_of_stuck(world)
    with in_scope(world.system):
        assert len(attention(world.system, None)) == 1
    with in_scope(world.seller):
        move_opportunity(world.seller, late, stage=stage(1).pk, reason="Asks again")
    with in_scope(world.system):
        assert attention(world.system, None) == []
        assert timezone.now() - Opportunity.objects.get(pk=late).stage_since < timedelta(minutes=5)

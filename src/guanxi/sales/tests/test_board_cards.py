"""What a card of the board says: its evidence, its next step, and neither where the reader may not know."""

# Chinese in code: what the page says

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guanxi.activities.services.activities import log_activity, plan_activity
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.services import set_field_rule
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity
from guanxi.sales.queries.evidence import gathered
from guanxi.sales.services.defaults import make_defaults
from guanxi.sales.services.planning import plan_next
from guanxi.sales.tests.selling import opened, stage
from guanxi.testing.factories import make
from guanxi.testing.worlds import World, in_scope

pytestmark = pytest.mark.django_db(transaction=True)
ClientFor = Callable[[Member], Client]
VIEW = "activities.activity.view"
URL = "/opportunities/?look=board"


def _board(client_for: ClientFor, world: World, who: str = "seller") -> str:
    return client_for(world.members[who]).get(URL).content.decode()


def test_a_card_says_what_is_planned_and_that_nothing_is(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
    assert "没有下一步" in _board(client_for, world)
    with in_scope(world.seller):
        plan_next(world.seller, one.pk)
    page = _board(client_for, world)
    assert "没有下一步" not in page
    assert 'gx-bad" title' not in page
    with in_scope(world.seller):
        at = (timezone.now() - timedelta(days=2)).isoformat()
        plan_activity(world.seller, data={"kind": "visit", "at": at, "about_id": str(one.pk)})
    assert 'gx-bad" title="拜访"' in _board(client_for, world)


def test_when_the_day_of_a_touch_is_hidden_a_card_tells_nothing_of_it(
    world: World, client_for: ClientFor
) -> None:
    with in_scope(world.seller):
        plan_next(world.seller, opened(world.seller).pk)
        opened(world.seller)
    with in_scope(world.admin):
        make_defaults(world.admin)
        role = world.roles["salesperson"].pk
        set_field_rule(world.admin, role, resource="activities", field="at", mode="hide")
    page = _board(client_for, world)
    assert "没有下一步" not in page
    assert "电话</span>" not in page
    assert 'title="电话"' not in page


def _there(world: World, one: Opportunity) -> list[bool]:
    return [there for _piece, there in gathered(world.seller, [one])[one.pk]]


def test_evidence_grows_with_the_way_and_is_counted(world: World) -> None:
    evidence = find("evidence")
    with in_scope(world.admin):
        make_defaults(world.admin)
        made = {"stage": str(stage(0).pk), "how": "visit", "name": "They were visited"}
        evidence.create(world.admin, data=made)
    with in_scope(world.seller):
        one = opened(world.seller)
        first = _there(world, one)
        assert first == [False] * len(first)
        later = opened(world.seller, stage=str(stage(2).pk), amount="100")
        assert len(_there(world, later)) > len(first)
        assert sum(_there(world, later)) == 1
        visit = {"kind": "visit", "text": "About the line"}
        log_activity(world.seller, data=visit | {"customer": str(one.customer_id)})
        assert sum(_there(world, one)) == 1
        # What nobody met does not count, and of a sale's own touch its customer need not be the same.
        log_activity(world.seller, data=visit | {"about_id": str(later.pk), "outcome": "not_met"})
        assert sum(_there(world, later)) == 1
        log_activity(world.seller, data=visit | {"about_id": str(later.pk)})
        assert sum(_there(world, later)) == 2


def test_evidence_of_a_closed_field_is_no_dot(world: World) -> None:
    with in_scope(world.seller):
        make_defaults(world.system)
        one = opened(world.seller, stage=str(stage(1).pk), amount="100")
        before = len(_there(world, one))
    blind = replace(world.seller, field_rules={("opportunities", "amount"): "hide"})
    with in_scope(blind):
        assert len(gathered(blind, [one])[one.pk]) == before - 1


def test_touches_out_of_sight_are_not_counted(world: World) -> None:
    with in_scope(world.admin):
        make_defaults(world.admin)
        find("evidence").create(
            world.admin, data={"stage": str(stage(0).pk), "how": "call", "name": "They were called"}
        )
    with in_scope(world.seller):
        one = opened(world.seller)
        data = {"kind": "call", "text": "About the line", "about_id": str(one.pk), "outcome": "answered"}
        log_activity(world.seller, data=data)
        assert True in _there(world, one)
    granted = {code: reach for code, reach in world.seller.grants.items() if code != VIEW}
    blind = replace(world.seller, grants=granted)
    with in_scope(blind):
        assert all(not there for _piece, there in gathered(blind, [one])[one.pk])


def test_what_cards_say_costs_the_same_for_many(world: World, client_for: ClientFor) -> None:
    browser = client_for(world.members["seller"])
    with in_scope(world.admin):
        make_defaults(world.admin)
        for how in ("call", "visit", "lines"):
            find("evidence").create(
                world.admin, data={"stage": str(stage(0).pk), "how": how, "name": f"By {how}"}
            )

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(URL).status_code == 200
        return len(found.captured_queries)

    def more(number: int) -> None:
        with in_scope(world.seller):
            for _number in range(number):
                one = opened(world.seller, person=str(make(world.seller, find("people")).pk))
                plan_next(world.seller, one.pk)

    more(1)
    asked()
    few = asked()
    more(6)
    assert asked() == few

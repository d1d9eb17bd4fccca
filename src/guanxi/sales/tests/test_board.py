"""The board: sums that are those of the list, cards that are paged, moves that say what came of them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.services import set_field_rule
from guanxi.kernel.errors import NoScope
from guanxi.resource import listing
from guanxi.resource.registry import find
from guanxi.sales.models import Move, Opportunity
from guanxi.sales.queries import board
from guanxi.sales.services.histories import Stood, entered, tell_histories
from guanxi.sales.services.moving import win_opportunity
from guanxi.sales.tests.selling import opened, stage
from guanxi.testing.worlds import World, in_scope

pytestmark = pytest.mark.django_db(transaction=True)
ClientFor = Callable[[Member], Client]
URL = "/opportunities/?look=board"


def _columns(world: World, query: str = "") -> list[board.Column]:
    wanted = listing.read(world.seller, find("opportunities"), QueryDict(query))
    pipeline = board.pipeline_asked(wanted)
    assert pipeline is not None
    return board.columns(wanted, pipeline)


def test_a_column_counts_what_the_list_finds_in_it(world: World) -> None:
    with in_scope(world.seller):
        opened(world.seller)
        for number in range(5):
            opened(world.seller, amount=str(1000 * (number + 1)), stage=str(stage(number % 2).pk))
        win_opportunity(world.seller, opened(world.seller, amount="7000").pk, reason="Signed")
        first, second, *rest = _columns(world)
        assert (first.count, first.amount, first.weighted, first.unknown) == (4, 900_000, 90_000, 1)
        assert (second.count, second.amount, second.unknown) == (2, 600_000, 0)
        assert [one.count for one in rest] == [0, 0, 0]
        only = _columns(world, "own_amount.least=4000")
        assert [one.count for one in only][:2] == [1, 1]


def test_what_is_found_once_is_what_the_list_finds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with in_scope(world.manager):
        opened(world.manager, name="Of the manager", amount="100")
    with in_scope(world.seller):
        mine = {opened(world.seller, amount="100").pk for _number in range(3)}
        wanted = listing.read(world.seller, find("opportunities"), QueryDict(""))
        once = board.found_once(wanted)
        assert set(once.rows().values_list("pk", flat=True)) == mine
        assert once.among is not None
        assert "customers_customer" not in str(once.rows().query)
        assert {one.pk for one in board.cards(once, stage(0).pk).rows} == mine
        # Of too many the reach is asked each time, with the same answer.
        monkeypatch.setattr(board, "_FEW", 2)
        many = board.found_once(wanted)
        assert many.among is None
        assert set(many.rows().values_list("pk", flat=True)) == mine


def test_the_board_is_the_first_look_of_the_list_and_pages_its_cards(
    world: World, client_for: ClientFor
) -> None:
    with in_scope(world.seller):
        for number in range(board.CARDS + 3):
            opened(world.seller, name=f"Line {number}", amount="100")
        lane = stage(0).pk
    page = client_for(world.members["seller"]).get("/opportunities/").content.decode()
    assert page.count('class="gx-dc"') == board.CARDS
    assert f"{board.CARDS + 3}" in page
    more = f"/opportunities/board/{lane}/cards/?"
    assert more in page
    address = page[page.index('gx-lane-more" href="') + len('gx-lane-more" href="') :].split('"')[0]
    rest = client_for(world.members["seller"]).get(address.replace("&amp;", "&")).content.decode()
    assert rest.count('class="gx-dc"') == 3
    assert "gx-lane-more" not in rest
    table = client_for(world.members["seller"]).get("/opportunities/?look=list").content.decode()
    assert "gx-board" not in table


def test_more_sales_cost_no_more_statements(world: World, client_for: ClientFor) -> None:
    browser = client_for(world.members["seller"])

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(URL).status_code == 200
        return len(found.captured_queries)

    with in_scope(world.seller):
        opened(world.seller)
    asked()
    few = asked()
    with in_scope(world.seller):
        for _number in range(12):
            opened(world.seller)
    assert asked() == few


def _moved(answer: Any) -> dict[str, Any]:
    return dict(json.loads(answer.headers["HX-Trigger"])["gx:moved"])


def test_a_card_is_moved_and_who_saw_it_elsewhere_is_told(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        one = opened(world.seller, amount="100")
        places = [stage(position).pk for position in range(3)]
    seller, manager = client_for(world.members["seller"]), client_for(world.members["manager"])
    url = f"/opportunities/{one.pk}/move/"
    asked = seller.post(url, {"stage": str(places[1]), "from": str(places[0])})
    assert asked.headers["HX-Retarget"] == "#gx-gate"
    assert 'name="reason"' in asked.content.decode()
    assert "gx:moved" not in asked.headers.get("HX-Trigger", "")
    done = seller.post(url, {"stage": str(places[1]), "from": str(places[0]), "reason": "They asked"})
    assert done.status_code == 200, done.content
    assert _moved(done) == {"id": str(one.pk), "stage": str(places[1])}
    late = manager.post(url, {"stage": str(places[2]), "from": str(places[0])})
    assert late.status_code == 409
    assert late.headers["Content-Type"].startswith("text/plain")
    with in_scope(world.seller):
        one.refresh_from_db()
        assert one.stage_id == places[1]
        win_opportunity(world.seller, one.pk, reason="Signed")
    closed = seller.post(url, {"stage": str(places[2]), "from": str(places[1])})
    assert closed.status_code == 409


def test_of_hidden_amounts_the_board_says_no_sum(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        one = opened(world.seller, amount="123456", expected_on=timezone.localdate().isoformat())
    with in_scope(world.admin):
        set_field_rule(
            world.admin,
            world.roles["salesperson"].pk,
            resource="opportunities",
            field="amount",
            mode="hide",
        )
    page = client_for(world.members["seller"]).get(URL).content.decode()
    assert "gx-lane-sum" not in page
    assert "12.35" not in page
    assert "123,456" not in page
    # What follows from the amount is as closed as that: on the card, in the list, in the forecast.
    seller = client_for(world.members["seller"])
    for url in (
        f"/opportunities/{one.pk}/",
        "/opportunities/?look=list&columns=name,own_amount,weighted",
        "/opportunities/?look=calendar",
        "/opportunities/?look=stuck",
    ):
        said = seller.get(url).content.decode()
        assert "12.35" not in said
        assert "123,456" not in said
    assert seller.get("/opportunities/forecast/").status_code == 403


def test_the_past_of_a_sale_is_told_instead_of_the_line_of_today(world: World) -> None:
    began = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with in_scope(world.system):
        with pytest.raises(NoScope):
            tell_histories(world.system, histories={})
        with operation(world.system, "sales.opportunity.import"):
            opened(world.system)
            one = opened(world.system, amount="500", stage=str(stage(1).pk))
            steps = [
                Stood(began, stage(0).pk, 40_000),
                Stood(began + timedelta(days=9), stage(1).pk, 40_000),
                Stood(began + timedelta(days=12), stage(1).pk, 50_000, reason="Second machine"),
            ]
            assert tell_histories(world.system, histories={one.pk: steps}) == 3
        lines = list(Move.objects.filter(opportunity=one.pk).order_by("created_at"))
        assert [line.created_at for line in lines] == [step.at for step in steps]
        assert [(line.former_amount, line.amount) for line in lines] == [
            (None, 40_000),
            (40_000, 40_000),
            (40_000, 50_000),
        ]
        assert lines[2].reason == "Second machine"
        assert entered(steps) == began + timedelta(days=9)
        assert Opportunity.objects.get(pk=one.pk).amount == 50_000

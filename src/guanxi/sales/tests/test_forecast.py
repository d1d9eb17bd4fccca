"""The forecast by month and person, why it moved, and how it stood: the movements are the difference."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.accounts.models import Member
from guanxi.kernel.errors import Forbidden
from guanxi.sales.models import LostReason, Move, Opportunity
from guanxi.sales.queries.forecasting import forecast
from guanxi.sales.queries.movements import Asked, accuracy, forecasts_then, movements
from guanxi.sales.rules.forecast import COUNTED, Standing, counts, movement, value
from guanxi.sales.services.moving import lose_opportunity, win_opportunity
from guanxi.sales.services.opportunities import edit_opportunity
from guanxi.sales.tests.selling import led, opened
from guanxi.testing.worlds import World, in_scope

FIRST, LAST = date(2027, 1, 1), date(2027, 3, 31)
IDS = [None, uuid4(), uuid4()]
STANDINGS = st.none() | st.builds(
    Standing,
    state=st.sampled_from(["open", "won", "lost"]),
    amount=st.integers(0, 10**9),
    expected_on=st.none() | st.dates(date(2026, 11, 1), date(2027, 5, 31)),
    category=st.sampled_from(["commit", "best", "pipeline", "omitted"]),
    owner=st.sampled_from(IDS),
    stage=st.sampled_from(IDS),
)


@given(st.lists(st.tuples(STANDINGS, STANDINGS), max_size=20))
def test_the_sum_of_all_movements_is_the_difference_of_two_forecasts(
    sales: list[tuple[Standing | None, Standing | None]],
) -> None:
    moved = [found for before, after in sales if (found := movement(before, after, FIRST, LAST)) is not None]
    before, after = (sum(value(sale[at], FIRST, LAST) for sale in sales) for at in (0, 1))
    assert sum(one.delta for one in moved) == after - before


@given(STANDINGS, STANDINGS)
def test_every_sale_that_comes_goes_or_changes_has_its_reason(
    before: Standing | None, after: Standing | None
) -> None:
    found = movement(before, after, FIRST, LAST)
    came, left = not counts(before, FIRST, LAST), not counts(after, FIRST, LAST)
    assert (found is None) == ((came and left) or before == after)
    assert found is None or came == (found.reason in _CAME)
    assert found is None or left == (found.reason in _LEFT)


_CAME = {"new", "reopened", "dated", "pulled_in", "slipped_in", "included"}
_LEFT = {"gone", "won", "lost", "undated", "slipped", "earlier", "omitted"}


def _edit(world: World, sale: Opportunity, **values: object) -> None:
    sale.refresh_from_db()
    edit_opportunity(world.seller, sale.pk, data=values, expected_version=sale.version)


def test_what_is_forecast_stands_by_person_and_month(world: World) -> None:
    with in_scope(world.seller):
        opened(world.seller, amount="1000", expected_on="2027-01-10")
        opened(world.seller, amount="500", expected_on="2027-01-20", category="commit")
        opened(world.seller, amount="700", expected_on="2027-06-20")
        opened(world.seller, amount="900", expected_on="2027-02-20", category="omitted")
        found = forecast(world.seller, FIRST, LAST, "owner")
        assert list(found) == [(world.seller.member_id, date(2027, 1, 1))]
        sums = found[world.seller.member_id, date(2027, 1, 1)]
        assert (sums.commit, sums.open, sums.sales) == (50_000, 150_000, 2)
    with in_scope(world.elsewhere):
        assert forecast(world.elsewhere, FIRST, LAST, "owner") == {}


def _open_in(world: World) -> int:
    return sum(one.open for one in forecast(world.manager, FIRST, LAST, "owner").values())


def test_movements_say_why_and_add_up(world: World) -> None:
    with in_scope(world.seller):
        sales = [
            opened(world.seller, name=name, amount="1000", expected_on="2027-01-10", category="pipeline")
            for name in ("up", "slipped", "won", "lost", "stays", "left out")
        ]
    since = timezone.now()
    with in_scope(world.manager):
        before = _open_in(world)
    with in_scope(world.seller):
        _edit(world, sales[0], amount="1500")
        _edit(world, sales[1], expected_on="2027-09-01")
        win_opportunity(world.seller, sales[2].pk, reason="The order came")
        lose_opportunity(world.seller, sales[3].pk, lost_reason=_reason())
        _edit(world, sales[5], category="omitted")
        opened(world.seller, name="new", amount="300", expected_on="2027-02-01")
    with in_scope(world.manager):
        found = movements(world.manager, since, FIRST, LAST)
        assert {one.sale.name: one.movement.reason for one in found.rows} == {
            "up": "up", "slipped": "slipped", "won": "won", "lost": "lost", "left out": "omitted", "new": "new",
        }  # fmt: skip
        assert sum(one.movement.delta for one in found.rows) == found.delta == _open_in(world) - before
        (first, *_rest) = movements(world.manager, since, FIRST, LAST, most=2).rows
        assert abs(first.movement.delta) == max(abs(one.movement.delta) for one in found.rows)
        assert found.count == len(found.rows) == 6
        (then,) = forecasts_then(world.manager, [Asked(since, FIRST, LAST)])
        assert sum(one.open for one in then.values()) == before
        assert sum(one.sales for one in then.values()) == 6
        # As the last line up to that moment says, asked the other way.
        lines = Move.objects.filter(created_at__lte=since).order_by("opportunity", "-created_at", "-id")
        stood = [
            Standing(one.state, one.own_amount or 0, one.expected_on, one.category, one.owner, one.stage)
            for one in lines.distinct("opportunity")
        ]
        assert sum(value(one, FIRST, LAST) for one in stood) == before


def _reason() -> UUID:
    return LostReason.objects.order_by("position").values_list("pk", flat=True)[0]


def test_a_forecast_of_then_is_held_against_what_was_won(world: World) -> None:
    today, before = timezone.localdate(), timezone.now()
    with in_scope(world.seller):
        sale = opened(
            world.seller, amount="1000", expected_on=str(today), category="commit", probability="90"
        )
    then = timezone.now()
    with in_scope(world.seller):
        win_opportunity(world.seller, sale.pk, reason="The order came")
    with in_scope(world.manager):
        (truth,) = accuracy(world.manager, [(today, today, [before, then])])
        told = truth.by_owner[world.seller.member_id]
        assert [(one.commit, one.open, one.weighted, one.sales) for one in told.said] == [
            (0, 0, 0, 0),
            (100_000, 100_000, 90_000, 1),
        ]
        assert (told.won, told.sales, told.is_small) == (100_000, 1, True)
        assert (truth.whole.won, truth.whole.said[1].open) == (100_000, 100_000)
        later = today + timedelta(days=1)
        assert accuracy(world.manager, [(later, later, [then])])[0].by_owner == {}
    blind = replace(world.manager, field_rules={("opportunities", "amount"): "mask"})
    with in_scope(world.manager), pytest.raises(Forbidden):
        accuracy(blind, [(today, today, [then])])


def test_what_was_said_of_several_months_is_as_the_last_line_before_each_moment_says(world: World) -> None:
    """Sales that moved often, over months: asked of the database, and counted here line by line."""
    now = timezone.now()
    with in_scope(world.system):
        owner = world.seller.member_id
        for number in range(6):
            stays = [(place, 5 + number * place) for place in range(1 + number % 4)]
            ends = {0: 5, 1: 6}.get(number % 3)
            led(world.system, owner, [*stays, (4, 3)], now, ends=ends, own_amount=None)
    with in_scope(world.seller):
        for number in range(3):
            sale = opened(world.seller, amount=f"{number}00", expected_on=str(timezone.localdate()))
            _edit(world, sale, expected_on=str(timezone.localdate() + timedelta(days=40)), probability="35")
            _edit(world, sale, amount="5")
    with in_scope(world.manager):
        first, last = timezone.localdate() - timedelta(days=90), timezone.localdate() + timedelta(days=90)
        moments = [now - timedelta(days=days) for days in (60, 30, 10, 2)] + [now, timezone.now()]
        found = forecasts_then(world.manager, [Asked(then, first, last) for then in moments])
        for then, said in zip(moments, found, strict=True):
            lines = Move.objects.filter(created_at__lte=then).order_by("opportunity", "-created_at", "-id")
            stood = [
                one
                for one in lines.distinct("opportunity")
                if one.state == "open"
                and one.category in COUNTED
                and one.expected_on is not None
                and first <= one.expected_on <= last
            ]
            assert sum(one.own_amount or 0 for one in stood) == sum(one.open for one in said.values()), then
            assert len(stood) == sum(one.sales for one in said.values()), then
            sure = sum((one.own_amount or 0) * (one.chance or 0) / 10_000 for one in stood)
            assert abs(sure - sum(one.weighted for one in said.values())) <= len(stood), then


def test_the_page_leads_to_the_sales_behind_each_figure(
    world: World, client_for: Callable[[Member], Client]
) -> None:
    first = timezone.localdate()
    with in_scope(world.seller):
        opened(world.seller, name="Line 3 retrofit", amount="1000", expected_on=str(first))
    client = client_for(world.members["seller"])
    for span in ("month", "quarter"):
        for by in ("owner", "pipeline", "stage"):
            page = client.get(f"/opportunities/forecast/?span={span}&by={by}").content.decode()
            assert "expected_on.between" in page, (span, by)
            assert "Line 3 retrofit" in page
    manager = client_for(world.members["manager"])
    sheet = manager.get("/opportunities/forecast/?format=csv").content.decode("utf-8-sig")
    assert "1000.00" in sheet

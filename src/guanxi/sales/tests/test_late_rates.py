"""A rate that comes later reaches the sales that waited for it; until then their card says what is missing."""

from datetime import date
from typing import Any

import pytest

from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.kinds import Show
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity
from guanxi.sales.pages.card import no_rate
from guanxi.sales.services import rates
from guanxi.sales.services.moving import win_opportunity
from guanxi.sales.tests.selling import opened
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope


def _rate(world: World, day: str, rate: str, currency: str = "USD") -> None:
    with in_scope(world.admin):
        find("exchange_rates").create(world.admin, data={"currency": currency, "day": day, "rate": rate})


def _own() -> dict[str, int | None]:
    return dict(Opportunity.objects.values_list("name", "own_amount"))


def _sales(world: World) -> Opportunity:
    with in_scope(world.seller):
        first = opened(world.seller, name="Open", amount="100", currency="USD")
        second = opened(world.seller, name="Won", amount="100", currency="USD")
        win_opportunity(world.seller, second.pk, closed_on=date(2026, 3, 5), reason="Signed")
        opened(world.seller, name="Euro", amount="100", currency="EUR")
        opened(world.seller, name="Ours", amount="100")
        assert _own() == {"Open": None, "Won": None, "Euro": None, "Ours": 10_000}
    return first


def test_sales_are_brought_over_when_their_rate_comes_and_undo_takes_it_back(world: World) -> None:
    _sales(world)
    _rate(world, "2026-03-01", "7")
    with in_scope(world.seller):
        assert _own() == {"Open": 70_000, "Won": 70_000, "Euro": None, "Ours": 10_000}
    _rate(world, "2026-03-04", "8")
    with in_scope(world.admin):
        assert _own()["Won"] == 80_000
    with in_scope(world.admin):
        find("exchange_rates").create(world.admin, data={"currency": "USD", "day": "2026-03-06", "rate": "9"})
        assert _own()["Won"] == 80_000
        find("exchange_rates").create(world.admin, data={"currency": "EUR", "day": "2026-03-06", "rate": "6"})
        act = last_operation_id()
        assert (act is not None, _own()["Euro"]) == (True, 60_000)
    with in_scope(world.admin):
        undo(world.admin, act)  # type: ignore[arg-type]
        assert _own()["Euro"] is None


def test_many_are_brought_over_by_a_job(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _sales(world)
    monkeypatch.setattr(rates, "AT_ONCE", 1)
    _rate(world, "2026-03-01", "7")
    with in_scope(world.seller):
        assert _own()["Open"] is None
    with in_scope(world.admin):
        (job,) = Job.objects.filter(finished_at=None).values_list("id", flat=True)
    run_job(world.tenant_id, job)
    with in_scope(world.seller):
        assert (_own()["Open"], _own()["Won"]) == (70_000, 70_000)


def test_the_card_says_why_the_figure_is_missing(world: World) -> None:
    sale = _sales(world)

    def said() -> Any:
        with in_scope(world.seller):
            sale.refresh_from_db()
            return no_rate(world.seller, sale, Show(world.seller, "en"))

    tone, words, _url = said()
    assert (tone, "USD" in words) == ("warn", True)
    page = client_for(world.members["seller"]).get(find("opportunities").url("card", id=sale.pk))
    assert str(words) in page.content.decode()
    _rate(world, "2026-03-01", "7")
    assert said() is None

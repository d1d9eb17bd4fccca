"""A rate that comes later, is corrected or goes reaches the sales it concerns; a card says what is missing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guanxi.catalog.models import ExchangeRate
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import system_actor
from guanxi.kinds import Show
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity
from guanxi.sales.pages.card import no_rate
from guanxi.sales.services import rates
from guanxi.sales.services.moving import reopen_opportunity, win_opportunity
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


def test_a_rate_that_is_corrected_moved_or_deleted_values_open_sales_anew(world: World) -> None:
    _sales(world)
    _rate(world, "2026-03-01", "7")
    _rate(world, "2026-03-20", "9")
    rate = find("exchange_rates")
    with in_scope(world.admin):
        # The open one goes by the last, the won one by that of the day it closed.
        assert (_own()["Open"], _own()["Won"]) == (90_000, 70_000)
        late = ExchangeRate.objects.get(day=date(2026, 3, 20))
        late = rate.edit(world.admin, late.pk, data={"rate": "8"}, expected_version=late.version)
        assert (_own()["Open"], _own()["Won"]) == (80_000, 70_000)
        rate.edit(world.admin, late.pk, data={"day": "2026-03-04"}, expected_version=late.version)
        assert (_own()["Open"], _own()["Won"]) == (80_000, 80_000)
        rate.remove_many(world.admin, ids=[late.pk])
        gone = last_operation_id()
        assert (_own()["Open"], _own()["Won"]) == (70_000, 70_000)
    with in_scope(world.admin):
        undo(world.admin, gone)  # type: ignore[arg-type]
        assert (_own()["Open"], _own()["Won"]) == (80_000, 80_000)
        rate.remove_many(world.admin, ids=list(ExchangeRate.objects.values_list("pk", flat=True)))
        assert (_own()["Open"], _own()["Won"]) == (None, None)


def test_a_rate_of_a_day_to_come_is_gone_by_when_that_day_has_come(world: World) -> None:
    _sales(world)
    _rate(world, "2026-03-01", "7")
    today = timezone.localdate()
    _rate(world, str(today + timedelta(days=2)), "9")
    with in_scope(world.admin):
        assert _own()["Open"] == 70_000
    with in_scope(world.admin), operation(world.admin, "catalog.exchange_rate.edit"):
        # The same rate, its day come.
        ExchangeRate.objects.filter(day__gt=today).update(day=today)
    with in_scope(world.admin):
        assert rates.begin_today(system_actor(world.tenant_id), today) == 1
        assert (_own()["Open"], _own()["Won"]) == (90_000, 70_000)
        assert rates.begin_today(system_actor(world.tenant_id), today) == 0


def test_a_sale_that_closes_goes_by_the_rate_of_its_day_and_open_again_by_todays(world: World) -> None:
    _rate(world, "2026-03-01", "7")
    _rate(world, "2026-03-20", "9")
    with in_scope(world.seller):
        one = opened(world.seller, amount="100", currency="USD")
        assert one.own_amount == 90_000
        one = win_opportunity(world.seller, one.pk, closed_on=date(2026, 3, 5), reason="Signed")
        assert one.own_amount == 70_000
    with in_scope(world.admin):
        assert reopen_opportunity(world.admin, one.pk, reason="Not signed after all").own_amount == 90_000


def test_what_follows_from_pipelines_and_rates_is_asked_once_for_many(world: World) -> None:
    _rate(world, "2026-03-01", "7")
    counted = []
    for many in (2, 12):
        with in_scope(world.seller):
            made = [
                opened(world.seller, name=f"{many} {n}", amount="5", currency="USD").pk for n in range(many)
            ]
        with in_scope(world.seller), CaptureQueriesContext(connection) as asked:
            assert find("opportunities").edit_many(world.seller, ids=made, data={"amount": "7"}) == many
        counted.append(len(asked))
    assert counted[0] == counted[1]

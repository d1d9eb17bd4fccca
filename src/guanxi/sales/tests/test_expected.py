"""The calendar of expected dates: sales on their day, the list's sums, another day that can be undone."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.services import set_field_rule
from guanxi.resource import listing
from guanxi.resource.registry import find
from guanxi.sales.queries.expected import SHOWN, beyond, expected_days
from guanxi.sales.services.moving import win_opportunity
from guanxi.sales.tests.selling import opened
from guanxi.testing.worlds import World, in_scope

pytestmark = pytest.mark.django_db(transaction=True)
ClientFor = Callable[[Member], Client]
URL = "/opportunities/?look=calendar&month=2027-01"
FIRST, LAST = date(2027, 1, 1), date(2027, 1, 31)


def _wanted(world: World, query: str = "") -> listing.Listing:
    return listing.read(world.seller, find("opportunities"), QueryDict(query))


def test_a_day_holds_what_the_list_finds_on_it(world: World) -> None:
    with in_scope(world.seller):
        for number in range(SHOWN + 2):
            opened(world.seller, amount=str(100 * (number + 1)), expected_on="2027-01-12")
        opened(world.seller, expected_on="2027-01-13")
        opened(world.seller, amount="500", expected_on="2027-02-01")
        sold = opened(world.seller, amount="900", expected_on="2027-01-12")
        win_opportunity(world.seller, sold.pk, reason="The order came")
        found = expected_days(_wanted(world), FIRST, LAST)
        assert set(found) == {date(2027, 1, 12), date(2027, 1, 13)}
        day = found[date(2027, 1, 12)]
        assert (day.count, day.amount, day.unknown) == (SHOWN + 2, 210_000, 0)
        assert [one.own_amount for one in day.sales] == [60_000, 50_000, 40_000, 30_000]
        assert (found[date(2027, 1, 13)].count, found[date(2027, 1, 13)].unknown) == (1, 1)
        only = expected_days(_wanted(world, "own_amount.least=500"), FIRST, LAST)
        assert only[date(2027, 1, 12)].count == 2
    with in_scope(world.elsewhere):
        assert expected_days(listing.read(world.elsewhere, find("opportunities"), {}), FIRST, LAST) == {}


def test_overdue_and_undated_ones_are_told(world: World, client_for: ClientFor) -> None:
    today = timezone.localdate()
    with in_scope(world.seller):
        opened(world.seller, amount="100", expected_on=str(today - timedelta(days=1)))
        opened(world.seller, amount="200")
        opened(world.seller, amount="400", expected_on=str(today))
        late, undated = beyond(_wanted(world), today)
        assert (late.count, late.amount) == (1, 10_000)
        assert (undated.count, undated.amount) == (1, 20_000)
    page = client_for(world.members["seller"]).get("/opportunities/?look=calendar").content.decode()
    assert "expected_on.until" in page
    assert "expected_on.empty=1" in page


def test_the_page_shows_its_month_and_leads_to_the_list(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        one = opened(world.seller, name="Line 3 retrofit", amount="1000", expected_on="2027-01-12")
    seller = client_for(world.members["seller"])
    page = seller.get(URL).content.decode()
    assert f'data-id="{one.pk}"' in page
    assert "month=2026-12" in page
    assert "month=2027-02" in page
    listed = seller.get("/opportunities/?look=list&state=open&expected_on.between=2027-01-12,2027-01-12")
    assert str(one.pk) in listed.content.decode()
    assert str(one.pk) not in seller.get("/opportunities/?look=calendar&month=2027-03").content.decode()
    for odd in ("2027-13", "1-1", "x", "99999-1"):
        assert seller.get(f"/opportunities/?look=calendar&month={odd}").status_code == 200


def test_more_sales_cost_no_more_statements(world: World, client_for: ClientFor) -> None:
    browser = client_for(world.members["seller"])

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert browser.get(URL).status_code == 200
        return len(found.captured_queries)

    with in_scope(world.seller):
        opened(world.seller, expected_on="2027-01-12")
    asked()
    few = asked()
    with in_scope(world.seller):
        for number in range(12):
            opened(world.seller, expected_on=f"2027-01-{number + 10}")
    assert asked() == few


def test_another_day_is_undone(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        one = opened(world.seller, expected_on="2027-01-12")
    url, seller = f"/opportunities/{one.pk}/day/", client_for(world.members["seller"])
    assert 'data-gx-to-day="2027-01-31"' in seller.get(url).content.decode()
    done = seller.post(url, {"day": "2027-01-31"}, headers={"HX-Request": "true"})
    assert done.status_code == 200
    said = json.loads(done.headers["HX-Trigger"])
    assert said["gx:dayed"] == {"id": str(one.pk)}
    with in_scope(world.seller):
        one.refresh_from_db()
        assert (one.expected_on, one.date_moves) == (date(2027, 1, 31), 1)
    seller.post(said["gx:toast"]["undo"])
    with in_scope(world.seller):
        one.refresh_from_db()
        assert (one.expected_on, one.date_moves) == (date(2027, 1, 12), 0)
    assert seller.post(url, {"day": ""}).status_code in (400, 422)
    assert seller.post(url, {"day": "someday"}).status_code in (400, 422)
    assert client_for(world.members["elsewhere"]).post(url, {"day": "2027-01-31"}).status_code == 404


def test_to_whom_amounts_are_closed_no_sum_is_told(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        small = opened(world.seller, amount="100", expected_on="2027-01-12")
        large = opened(world.seller, amount="123456", expected_on="2027-01-12")
    with in_scope(world.admin):
        role = world.roles["salesperson"].pk
        set_field_rule(world.admin, role, resource="opportunities", field="amount", mode="hide")
    page = client_for(world.members["seller"]).get(URL).content.decode()
    assert "123,456" not in page
    assert "12.35" not in page
    # Nor is the larger one known by its place.
    first = min(small.pk, large.pk)
    assert page.index(str(first)) < page.index(str(large.pk if first == small.pk else small.pk))


def test_whose_dates_are_closed_sees_no_calendar(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        one = opened(world.seller, expected_on="2027-01-12")
    with in_scope(world.admin):
        role = world.roles["salesperson"].pk
        set_field_rule(world.admin, role, resource="opportunities", field="expected_on", mode="read_only")
    seller = client_for(world.members["seller"])
    assert "data-move" not in seller.get(URL).content.decode()
    assert seller.post(f"/opportunities/{one.pk}/day/", {"day": "2027-01-31"}).status_code in (403, 422)
    with in_scope(world.admin):
        set_field_rule(world.admin, role, resource="opportunities", field="expected_on", mode="hide")
    assert str(one.pk) not in seller.get(URL).content.decode()

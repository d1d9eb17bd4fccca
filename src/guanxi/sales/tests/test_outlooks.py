"""What a manager expects of a month: beside the figure that is worked out, with who, when and why; taken back, undone;
nobody's who may not see the sales it is about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid, NotFound
from guanxi.sales.choices import EXPECT
from guanxi.sales.models import Outlook
from guanxi.sales.queries.outlooks import outlooks, whose
from guanxi.sales.services.outlooks import say_outlook, withdraw_outlook
from guanxi.sales.tests.selling import caller, opened
from guanxi.testing.worlds import World, in_scope

JANUARY, DECEMBER = date(2027, 1, 1), date(2027, 12, 31)


def _say(actor: Actor, **more: Any) -> Outlook:
    values: dict[str, Any] = {"month": date(2027, 1, 20), "amount": 500_000, "reason": "Budget is cut"} | more
    return say_outlook(actor, **values)


def _last() -> Operation:
    return Operation.objects.filter(verb=EXPECT).latest("at")


def test_the_last_word_holds_and_undo_brings_back_the_one_before(world: World) -> None:
    member = world.seller.member_id
    with in_scope(world.manager):
        first = _say(world.manager, member=member)
        assert (first.month, first.by_id) == (JANUARY, world.manager.member_id)
        _say(world.manager, member=member, amount=700_000, reason="It came back")
        (one,) = outlooks(world.manager, JANUARY, DECEMBER)
        assert (one.pk, one.amount, one.reason) == (first.pk, 700_000, "It came back")
        undo(world.manager, _last().pk)
        (one,) = outlooks(world.manager, JANUARY, DECEMBER)
        assert (one.amount, one.reason) == (500_000, "Budget is cut")
        withdraw_outlook(world.manager, one.pk)
        assert outlooks(world.manager, JANUARY, DECEMBER) == []
        undo(world.manager, _last().pk)
        assert [each.amount for each in outlooks(world.manager, JANUARY, DECEMBER)] == [500_000]


def test_a_month_has_one_of_each_person_and_department(world: World) -> None:
    with in_scope(world.manager):
        _say(world.manager, member=world.seller.member_id)
        _say(world.manager, member=world.teammate.member_id)
        _say(world.manager, department=world.departments["east"].pk)
        _say(world.manager, member=world.seller.member_id, month=date(2027, 2, 1))
        assert len(outlooks(world.manager, JANUARY, DECEMBER)) == 4
        assert len(outlooks(world.manager, JANUARY, date(2027, 1, 31))) == 3


def test_what_is_no_expectation_is_refused_beside_its_field(world: World) -> None:
    member, east = world.seller.member_id, world.departments["east"].pk
    wrong: tuple[tuple[str, dict[str, Any]], ...] = (
        ("amount", {"member": member, "amount": None}),
        ("amount", {"member": member, "amount": -1}),
        ("amount", {"member": member, "amount": 10**15}),
        ("reason", {"member": member, "reason": " \u200b"}),
        ("whose", {}),
        ("whose", {"member": member, "department": east}),
    )
    with in_scope(world.manager):
        for name, values in wrong:
            with pytest.raises(Invalid) as caught:
                _say(world.manager, **values)
            assert name in caught.value.fields, values
        assert not Outlook.objects.exists()


def test_it_is_said_of_those_below_and_read_by_whom_it_is_about(world: World) -> None:
    with in_scope(world.manager):
        said = _say(world.manager, member=world.seller.member_id)
        team = _say(world.manager, department=world.departments["east"].pk)
        with pytest.raises(Forbidden):
            _say(world.manager, member=world.admin.member_id)
        with pytest.raises(Forbidden):
            _say(world.manager, department=world.departments["office"].pk)
        members, departments = whose(world.manager)
        assert world.admin.member_id not in {one.pk for one in members}
        assert world.departments["office"] not in departments
    with in_scope(world.seller):
        assert outlooks(world.seller, JANUARY, DECEMBER) == [said]
        with pytest.raises(Forbidden):
            _say(world.seller, member=world.seller.member_id)
        with pytest.raises(Forbidden):
            withdraw_outlook(world.seller, said.pk)
        with pytest.raises(NotFound):
            withdraw_outlook(world.seller, team.pk)
    with in_scope(world.elsewhere):
        assert outlooks(world.elsewhere, JANUARY, DECEMBER) == []
    blind = replace(world.manager, field_rules={("opportunities", "amount"): "mask"})
    with in_scope(world.manager):
        for act in (
            lambda: outlooks(blind, JANUARY, DECEMBER),
            lambda: _say(blind, member=world.seller.member_id),
            lambda: withdraw_outlook(blind, said.pk),
        ):
            with pytest.raises(Forbidden):
                act()


def test_the_page_says_it_beside_the_figure(world: World, client_for: Callable[[Member], Client]) -> None:
    today = timezone.localdate()
    with in_scope(world.seller):
        opened(world.seller, amount="1000", expected_on=str(today), probability="50")
    client, address = client_for(world.members["manager"]), "/opportunities/forecast/"
    given = {
        "whose": f"owner:{world.seller.member_id}",
        "month": str(today.replace(day=1)),
        "amount": "777",
        "reason": "They wait for the budget",
    }
    assert client.post(address, given).status_code == 302
    page = client.get(address, headers={"accept-language": "zh"}).content.decode()
    assert "They wait for the budget" in page
    assert world.members["manager"].name in page
    assert page.count("777") >= 2
    assert "500" in page
    refused = client.post(address, given | {"reason": ""})
    assert refused.status_code == 422
    with in_scope(world.manager):
        (one,) = outlooks(world.manager, today.replace(day=1), today)
    assert client.post(address, {"act": "withdraw", "outlook": str(one.pk)}).status_code == 302
    assert "They wait for the budget" not in client.get(address).content.decode()
    assert client_for(world.members["seller"]).post(address, given).status_code == 403


def test_the_api_says_reads_and_takes_it_back(world: World) -> None:
    client, address = caller(world.manager), "/api/v1/outlooks"
    body = {
        "month": "2027-01-15",
        "amount": "1234.5",
        "reason": "As agreed",
        "member": str(world.seller.member_id),
    }
    made = client.post(address, body, content_type="application/json")
    assert made.status_code == 201, made.content
    assert (made.json()["month"], made.json()["amount"]) == ("2027-01-01", "1234.50")
    listed = client.get(f"{address}?first=2027-01-01&last=2027-12-31").json()["items"]
    assert [one["id"] for one in listed] == [made.json()["id"]]
    assert client.post(address, body | {"amount": "x"}, content_type="application/json").status_code == 422
    assert (
        client.post(address, body | {"month": "2027-13-01"}, content_type="application/json").status_code
        == 422
    )
    assert client.delete(f"{address}/{made.json()['id']}").status_code == 204
    assert client.get(f"{address}?first=2027-01-01&last=2027-12-31").json()["items"] == []

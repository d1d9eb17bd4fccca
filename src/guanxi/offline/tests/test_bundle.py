"""What a phone keeps: for whom, how much, and nothing that a card would not show."""

# Chinese in code: names of customers and people in tests

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guanxi.activities.services.activities import log_activity, plan_activity
from guanxi.activities.services.commitments import create_commitment, keep
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.services.members import close_member
from guanxi.foundation.permissions.web import whose
from guanxi.kernel.distances import Point
from guanxi.kernel.errors import Forbidden
from guanxi.offline.queries import picking
from guanxi.offline.queries.bundle import bundle
from guanxi.resource.registry import find
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope

SUZHOU = Point(31_298_900, 120_585_300)


def customer_of(actor: Actor, name: str, **more: Any) -> Any:
    with in_scope(actor):
        return create_customer(
            actor, data={"name": name, "relations": "customer", **more}, allow_duplicate=True
        )


def planned(actor: Actor, customer: Any, days: int = 1, kind: str = "call") -> None:
    at = timezone.now() + timedelta(days=days)
    with in_scope(actor):
        plan_activity(actor, data={"kind": kind, "customer": str(customer.pk), "at": at.isoformat()})


def kept(actor: Actor, place: Point | None = None) -> dict[str, Any]:
    with in_scope(actor):
        return bundle(actor, place)


def names(actor: Actor, place: Point | None = None) -> list[str]:
    return [one["name"] for one in kept(actor, place)["customers"]]


def test_a_customer_comes_with_its_people_the_last_touches_and_what_is_promised(world: World) -> None:
    customer = customer_of(world.seller, "苏州鼎盛食品", phone="0512-68012288", grade="A")
    today = timezone.localdate()
    with in_scope(world.seller):
        create_person(
            world.seller, data={"name": "马德胜", "customer": str(customer.pk), "phone": "13800138000"}
        )
        for hours in range(7):
            at = timezone.now() - timedelta(hours=hours)
            log_activity(
                world.seller,
                data={
                    "kind": "note", "text": f"第{hours}句", "customer": str(customer.pk), "at": at.isoformat()
                },
            )  # fmt: skip
        first, second = (
            create_commitment(world.seller, data={"customer": customer.pk, "what": what, "due": str(today)})
            for what in ("发报价", "寄样品")
        )
        keep(world.seller, ids=[second.pk])
    (one,) = kept(world.seller)["customers"]
    assert (one["name"], one["why"], one["grade"]) == ("苏州鼎盛食品", "promised", "A 重点")
    assert one["calls"] == [{"text": "0512-68012288", "url": "tel:+8651268012288"}]
    assert [(person["name"], person["calls"][0]["url"]) for person in one["people"]] == [
        ("马德胜", "tel:+8613800138000")
    ]
    assert [touch["text"] for touch in one["touches"]] == [f"第{hours}句" for hours in range(5)]
    assert [(promise["what"], promise["keep"]) for promise in one["promises"]] == [
        ("发报价", reverse("commitment_keep", args=[first.pk]))
    ]


def test_everybody_keeps_what_is_theirs_of_the_week(world: World) -> None:
    mine = customer_of(world.seller, "我的客户")
    customer_of(world.seller, "我的，没动静")
    theirs = customer_of(world.teammate, "同事的客户")
    planned(world.seller, mine)
    planned(world.seller, customer_of(world.seller, "下个月才去"), days=20)
    planned(world.teammate, theirs)
    assert names(world.seller) == ["我的客户"]
    assert names(world.teammate) == ["同事的客户"]
    assert names(world.manager) == []
    planned(world.manager, mine)
    assert names(world.manager) == ["我的客户"]
    assert names(world.elsewhere) == []


def test_who_works_on_it_keeps_it_as_long_as_he_does(world: World) -> None:
    customer = customer_of(world.seller, "协作的客户")
    data = {"customer": str(customer.pk), "member": str(world.elsewhere.member_id), "power": "write"}
    with in_scope(world.seller):
        charge = find("charges").create(world.seller, data=data)
    planned(world.elsewhere, customer)
    assert names(world.elsewhere) == ["协作的客户"]
    with in_scope(world.seller):
        find("charges").edit(
            world.seller,
            charge.pk,
            data={"until": str(timezone.localdate() - timedelta(days=1))},
            expected_version=None,
        )
    assert names(world.elsewhere) == []


@pytest.mark.parametrize("mode", ["mask", "hide"])
def test_phones_that_a_role_masks_are_not_in_it(world: World, mode: str) -> None:
    customer = customer_of(world.seller, "有电话的客户", phone="0512-68012288")
    planned(world.seller, customer)
    rules = {("customers", "phone"): mode}
    found = kept(replace(world.seller, field_rules=rules))
    assert [(one["name"], one["calls"]) for one in found["customers"]] == [("有电话的客户", [])]
    assert "68012288" not in str(found)


def test_nearby_ones_come_with_their_distance_from_the_phone_or_the_next_visit(world: World) -> None:
    near, far, next_one = (customer_of(world.seller, name) for name in ("近的", "远的", "要去的"))
    with in_scope(world.seller):
        for customer, north in ((near, "31.3079"), (far, "34"), (next_one, "31.2989")):
            data = {"customer": str(customer.pk), "street": "路", "latitude": north, "longitude": "120.5853"}
            find("addresses").create(world.seller, data=data)
    assert names(world.seller) == []
    around = {one["name"]: one["metres"] for one in kept(world.seller, SUZHOU)["customers"]}
    assert set(around) == {"近的", "要去的"}
    assert 900 < around["近的"] < 1_100
    planned(world.seller, next_one, kind="visit")
    assert names(world.seller) == ["要去的", "近的"]


def test_it_is_bounded_and_costs_the_same_however_many_there_are(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def statements() -> int:
        with in_scope(world.seller), CaptureQueriesContext(connection) as asked:
            bundle(world.seller, None)
        return len(asked)

    for number in range(3):
        planned(world.seller, customer_of(world.seller, f"客户{number}"), days=number)
    few = statements()
    for number in range(3, 9):
        planned(world.seller, customer_of(world.seller, f"客户{number}"), days=number - 3)
    assert statements() == few
    monkeypatch.setattr(picking, "MOST", 5)
    found = kept(world.seller)
    assert len(found["customers"]) == 5
    assert found["more"] is True


def test_the_page_gives_it_to_whom_it_was_kept_for_and_to_nobody_else(world: World) -> None:
    planned(world.seller, customer_of(world.seller, "我的客户"))
    client, url = client_for(world.members["seller"]), reverse("offline_customers")
    answer = client.get(f"{url}?at=31.2989,120.5853", headers={"Gx-Who": whose(world.seller)})
    assert [one["name"] for one in answer.json()["customers"]] == ["我的客户"]
    assert answer["Cache-Control"] == "no-store"
    assert client.get(url, headers={"Gx-Who": whose(world.manager)}).status_code == 401
    assert Client().get(url, headers={"Accept": "application/json"}).status_code == 401
    for place in ("nowhere", "91,0", "nan,nan", "1"):
        assert client.get(url, {"at": place}).status_code == 200
    # The account is closed: its session brings nothing, and the phone lets go of what it has.
    with in_scope(world.admin):
        close_member(world.admin, world.members["seller"].pk)
    left = client.get(url, headers={"Accept": "application/json", "Gx-Who": whose(world.seller)})
    assert left.status_code in (401, 403)


def test_who_looks_through_the_eyes_of_another_keeps_nothing_of_his(world: World) -> None:
    planned(world.seller, customer_of(world.seller, "我的客户"))
    client, url = client_for(world.members["admin"]), reverse("offline_customers")
    headers = {"Accept": "application/json"}
    assert client.get(url, headers=headers).status_code == 200
    assert client.post(reverse("see_as", args=[world.members["seller"].pk])).status_code == 302
    refused = client.get(url, headers=headers)
    assert refused.status_code == 403
    assert "我的客户" not in refused.content.decode()


def test_who_sees_no_customers_keeps_none(world: World) -> None:
    nobody = replace(world.seller, grants={})
    with pytest.raises(Forbidden), in_scope(world.seller):
        bundle(nobody, None)

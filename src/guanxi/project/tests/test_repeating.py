"""A form that a phone sends more than once: one act, the first answer again, nobody else's session."""

# Chinese in code: what a person types

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guanxi.activities.models import Activity, Commitment
from guanxi.activities.services.commitments import create_commitment
from guanxi.customers.services.customers import create_customer
from guanxi.foundation.accounts.models import Account
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import whose
from guanxi.integrations.api import replays
from guanxi.integrations.models import KeptAnswer
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope, writing


@pytest.fixture
def customer(world: World) -> Any:
    with in_scope(world.seller):
        found = create_customer(world.seller, data={"name": "苏州鼎盛食品有限公司", "relations": "customer"})
    made_ago(world, found, 30)
    return found


def made_ago(world: World, record: Any, days: int) -> None:
    """As if it had been made so many days ago."""
    made = timezone.now() - timedelta(days=days)
    with writing(world.system):
        type(record)._base_manager.filter(pk=record.pk).update(created_at=made)


@pytest.fixture
def seller(world: World) -> Client:
    return client_for(world.members["seller"])


def queued(actor: Actor, key: str, **more: str) -> dict[str, str]:
    return {"Idempotency-Key": key, "Gx-Who": whose(actor), "Gx-Queue": "1", "HX-Request": "true", **more}


def log(client: Client, customer: Any, headers: dict[str, str], **fields: str) -> Any:
    url = reverse("timeline", args=["customers", customer.pk])
    return client.post(url, {"kind": "note", "text": "样品寄到了", **fields}, headers=headers)


def test_the_same_form_twice_is_one_act_and_the_first_answer(
    world: World, customer: Any, seller: Client
) -> None:
    headers = queued(world.seller, uuid4().hex)
    first, second = (log(seller, customer, headers, csrfmiddlewaretoken=token) for token in "ab")
    assert (first.status_code, second.status_code) == (200, 204)
    assert first["Gx-Done"] == second["Gx-Done"] == "1"
    assert second["Idempotent-Replayed"] == "true"
    assert "gx:toast" in first["HX-Trigger"]
    assert first["HX-Trigger"] == second["HX-Trigger"]
    with in_scope(world.seller):
        assert Activity.objects.filter(customer=customer).count() == 1
        assert KeptAnswer.objects.get().body == ""


def test_another_form_under_the_same_key_is_refused(world: World, customer: Any, seller: Client) -> None:
    headers = queued(world.seller, uuid4().hex)
    log(seller, customer, headers)
    other = log(seller, customer, headers, text="另一句话")
    assert other.status_code == 409
    assert "Gx-Done" not in other
    with in_scope(world.seller):
        assert Activity.objects.filter(customer=customer).count() == 1


def test_what_was_refused_may_be_tried_again_with_the_same_key(
    world: World, customer: Any, seller: Client
) -> None:
    headers = queued(world.seller, uuid4().hex)
    refused = log(seller, customer, headers, text="")
    assert refused.status_code == 422
    assert "Gx-Done" not in refused
    assert log(seller, customer, headers).status_code == 200


def test_visits_that_cannot_be_planned_are_not_said_to_be(
    world: World, customer: Any, seller: Client
) -> None:
    headers, url = queued(world.seller, uuid4().hex), reverse("visits_plan")
    sent = {"customers": [str(customer.pk)], "day": str(timezone.localdate() - timedelta(days=1))}
    refused = seller.post(url, sent, headers=headers)
    assert refused.status_code == 422
    assert "Gx-Done" not in refused
    assert refused.content.decode() == "请选择今天或一年内的日期。"
    with in_scope(world.seller):
        assert not KeptAnswer.objects.exists()
    # Without a phone's queue the page says so.
    assert seller.post(url, sent).status_code == 302


def test_a_key_is_its_members_own(world: World, customer: Any, seller: Client) -> None:
    key, manager = uuid4().hex, client_for(world.members["manager"])
    log(seller, customer, queued(world.seller, key))
    assert log(manager, customer, queued(world.manager, key), text="经理也记一笔").status_code == 200
    with in_scope(world.seller):
        assert Activity.objects.filter(customer=customer).count() == 2


def test_nobody_sends_what_somebody_else_has_filled_in(world: World, customer: Any, seller: Client) -> None:
    answer = log(seller, customer, queued(world.manager, uuid4().hex))
    assert answer.status_code == 401
    assert "Gx-Done" not in answer
    assert log(Client(), customer, queued(world.manager, uuid4().hex)).status_code == 401
    with in_scope(world.seller):
        assert not Activity.objects.filter(customer=customer).exists()


def test_what_was_done_hours_ago_is_told_as_of_then(world: World, customer: Any, seller: Client) -> None:
    ago = timedelta(hours=30)
    shown = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    late = queued(world.seller, uuid4().hex, **{"Gx-Done-Ago": str(int(ago.total_seconds()))})
    log(seller, customer, late, kind="call", at=shown, at_was=shown)
    with in_scope(world.seller):
        made = Activity.objects.get(customer=customer)
    assert made.state == "done"
    assert abs(made.at - (timezone.now() - ago)) < timedelta(minutes=5)


def test_a_promise_was_kept_on_the_day_it_was_ticked_off(world: World, customer: Any, seller: Client) -> None:
    today = timezone.localdate()
    with in_scope(world.seller):
        promise = create_commitment(
            world.seller, data={"customer": customer.pk, "what": "发报价", "due": str(today)}
        )
    made_ago(world, promise, 5)
    url, key = reverse("commitment_keep", args=[promise.pk]), uuid4().hex
    late = queued(world.seller, key, **{"Gx-Done-Ago": str(2 * 24 * 3600)})
    del late["HX-Request"]
    answers = [seller.post(url, {}, headers=late) for _ in range(2)]
    assert [one.status_code for one in answers] == [204, 204]
    assert answers[0]["Gx-Location"] == answers[1]["Gx-Location"] != ""
    with in_scope(world.seller):
        assert Commitment.objects.get(pk=promise.pk).settled_on == today - timedelta(days=2)


@pytest.mark.parametrize(
    ("made", "ago", "key", "expected"),
    [(20, 2, True, 2), (20, 2, False, 0), (20, 8, True, 0), (1, 2, True, 1)],
    ids=["kept on a phone", "of no queue", "older than a week", "before it was made"],
)
def test_nobody_keeps_a_promise_in_time_by_saying_so(
    world: World, customer: Any, seller: Client, made: int, ago: int, key: bool, expected: int
) -> None:
    today = timezone.localdate()
    with in_scope(world.seller):
        promise = create_commitment(
            world.seller, data={"customer": customer.pk, "what": "发报价", "due": str(today)}
        )
    made_ago(world, promise, made)
    headers = queued(world.seller, uuid4().hex, **{"Gx-Done-Ago": str(ago * 24 * 3600)})
    if not key:
        del headers["Idempotency-Key"]
    assert seller.post(reverse("commitment_keep", args=[promise.pk]), {}, headers=headers).status_code == 200
    with in_scope(world.seller):
        assert Commitment.objects.get(pk=promise.pk).settled_on == today - timedelta(days=expected)


def test_nothing_was_done_before_the_customer_was_there(world: World, customer: Any, seller: Client) -> None:
    made_ago(world, customer, 1)
    log(seller, customer, queued(world.seller, uuid4().hex, **{"Gx-Done-Ago": str(5 * 24 * 3600)}))
    with in_scope(world.seller):
        assert timezone.now() - Activity.objects.get(customer=customer).at < timedelta(days=2)


def test_a_phone_is_told_that_its_token_has_changed(world: World, customer: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(Account.objects.get(pk=world.members["seller"].account_id))
    answer = log(strict, customer, queued(world.seller, uuid4().hex))
    assert (answer.status_code, answer["Gx-Stale"]) == (403, "1")


def test_a_phone_waits_for_whoever_has_to_choose_a_password(
    world: World, customer: Any, seller: Client
) -> None:
    Account.objects.filter(pk=world.members["seller"].account_id).update(must_change_password=True)
    hello = seller.get(reverse("offline_hello"), headers={"Accept": "application/json"})
    sent = log(seller, customer, queued(world.seller, uuid4().hex))
    assert (hello.status_code, sent.status_code) == (401, 401)


@pytest.mark.parametrize("ago", ["", "-1", "soon", str(31 * 24 * 3600)])
def test_a_watch_that_makes_no_sense_says_now(world: World, customer: Any, seller: Client, ago: str) -> None:
    log(seller, customer, queued(world.seller, uuid4().hex, **{"Gx-Done-Ago": ago}))
    with in_scope(world.seller):
        assert timezone.now() - Activity.objects.get(customer=customer).at < timedelta(minutes=5)


def test_keys_of_forms_outlive_a_month_and_no_more(world: World, customer: Any, seller: Client) -> None:
    key = uuid4().hex
    log(seller, customer, queued(world.seller, key))
    with in_scope(world.seller):
        for days, left in ((29, 1), (31, 0)):
            KeptAnswer.objects.update(created_at=timezone.now() - timedelta(days=days))
            replays.sweep()
            assert KeptAnswer.objects.filter(key=key).count() == left

"""Handing over: everything, to whom the plan says, in one operation; accepted; undone to the last row."""

# Chinese in code: names in tests

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from guanxi.activities.models import Activity, Commitment
from guanxi.activities.services.activities import log_activity, plan_activity
from guanxi.activities.services.commitments import create_commitment, keep
from guanxi.customers.models import Customer, Person, Transfer
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused
from guanxi.team.models import Handover, Share, Taken
from guanxi.team.pages import handover as pages
from guanxi.team.queries.handovers import find_handover
from guanxi.team.queries.held import held_by, split_of
from guanxi.team.rules import Plan, kin
from guanxi.team.services.handover import accept, decline, hand_over
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


def _id(actor: Actor) -> UUID:
    assert actor.member_id is not None
    return actor.member_id


def _customer(actor: Actor, name: str, **more: Any) -> Customer:
    made: Customer = create_customer(
        actor, data={"name": name, "relations": "customer", **more}, allow_duplicate=True
    )
    return made


def _lot(world: World) -> dict[str, Any]:
    """Two customers of the seller's with all that hangs on them, and something that hangs on none."""
    actor, tomorrow = world.seller, (timezone.now() + timedelta(days=1)).isoformat()
    with in_scope(actor):
        a = _customer(actor, "甲食品", grade="A", region="320500")
        b = _customer(actor, "乙食品", grade="B", region="370200")
        person = create_person(actor, data={"name": "马德胜", "customer": str(a.pk)}, allow_duplicate=True)
        alone = create_person(actor, data={"name": "无单位"}, allow_duplicate=True)
        call = plan_activity(actor, data={"kind": "call", "at": tomorrow, "customer": str(a.pk)})
        task = plan_activity(actor, data={"kind": "task", "subject": "整理", "at": tomorrow})
        done = log_activity(actor, data={"kind": "call", "text": "谈过", "customer": str(a.pk)})
        due = timezone.localdate().isoformat()
        promise = create_commitment(actor, data={"what": "报价", "customer": str(b.pk), "due": due})
        kept = create_commitment(actor, data={"what": "样品", "customer": str(b.pk), "due": due})
        keep(actor, ids=[kept.pk])
    return {
        "a": a, "b": b, "person": person, "alone": alone, "call": call, "task": task, "done": done,
        "promise": promise, "kept": kept,
    }  # fmt: skip


def _owners(lot: dict[str, Any]) -> dict[str, UUID | None]:
    return {name: type(one)._default_manager.get(pk=one.pk).owner_id for name, one in lot.items()}


def test_everything_goes_with_its_customer_and_what_is_done_stays(world: World) -> None:
    lot = _lot(world)
    manager, mate, other = world.manager, _id(world.teammate), _id(world.elsewhere)
    with in_scope(manager):
        assert {one.resource.key: one.count for one in held_by(_id(world.seller))} == {
            "customers": 2, "people": 2, "activities": 2, "commitments": 1, "registrations": 0,
            "leads": 0, "opportunities": 0,
        }  # fmt: skip
        plan = Plan(mate, "grade", {"B": other})
        made = hand_over(manager, _id(world.seller), plan=plan, reason="调到华北")
        seller = world.seller.member_id
        assert _owners(lot) == {
            "a": mate, "b": other, "person": mate, "alone": mate, "call": mate, "task": mate, "done": seller,
            "promise": other, "kept": seller,
        }  # fmt: skip
        assert made.counts == {"customers": 2, "people": 2, "activities": 2, "commitments": 1}
        shares = {share.successor_id: share for share in Share.objects.filter(handover=made)}
        assert shares[mate].counts == {"activities": 2, "people": 2, "customers": 1}
        assert shares[other].counts == {"commitments": 1, "customers": 1}
        assert set(Taken.objects.filter(share=shares[mate]).values_list("customer_id", flat=True)) == {
            lot["a"].pk
        }
        told = Notice.objects.filter(kind="team.handover.given").values_list("member_id", flat=True)
        assert set(told) == {mate, other}
        line = Transfer.objects.filter(customer=lot["a"].pk).latest("created_at")
        assert (line.verb, line.reason, line.owner) == ("team.handover.run", "调到华北", mate)


_LIVING = ("_state", "version", "updated_at")


def _rows(world: World, lot: dict[str, Any]) -> dict[str, Any]:
    with in_scope(world.admin):
        found = {name: type(one)._default_manager.get(pk=one.pk) for name, one in lot.items()}
    return {name: {k: v for k, v in vars(one).items() if k not in _LIVING} for name, one in found.items()}


def test_it_is_undone_as_one_to_the_last_row(world: World) -> None:
    lot = _lot(world)
    before = _rows(world, lot)
    with in_scope(world.admin):
        hand_over(world.admin, _id(world.seller), plan=Plan(_id(world.teammate)), close=True)
        done = last_operation_id()
        assert Member.objects.get(pk=_id(world.seller)).left_on is not None
    assert _rows(world, lot) != before
    with in_scope(world.admin):
        assert done is not None
        undo(world.admin, done)
        assert not Handover.objects.exists()
        assert not Share.objects.exists()
        assert not Taken.objects.exists()
        assert Member.objects.get(pk=_id(world.seller)).left_on is None
    assert _rows(world, lot) == before


def test_successors_hear_that_it_was_taken_back_and_that_it_stands_again(
    world: World, client_for: ClientFor
) -> None:
    lot = _lot(world)
    with in_scope(world.admin):
        made = hand_over(world.admin, _id(world.seller), plan=Plan(_id(world.teammate)))
        done = last_operation_id()
        other = hand_over(world.admin, _id(world.teammate), plan=Plan(_id(world.seller)))
        whole = last_operation_id()
        assert done is not None
        assert whole is not None
        undo(world.admin, whole)
        # Of a part that goes back nobody is told anything again.
        undo(world.admin, done, only=[lot["a"].pk])
        assert Notice.objects.filter(member=_id(world.teammate), kind="team.handover.given").count() == 1
        assert not Handover.objects.filter(pk=other.pk).exists()
        undo(world.admin, last_operation_id() or done)
        way = reverse("undo", args=[done])

    def told() -> list[str]:
        with in_scope(world.admin):
            rows = Notice.objects.filter(member=_id(world.teammate), kind__startswith="team.handover")
            return list(rows.values_list("kind", flat=True))

    admin = client_for(world.members["admin"])
    page = reverse("handover_done", args=[made.pk])
    assert told() == ["team.handover.given"]
    assert f'<form method="post" action="{way}">' in admin.get(page).content.decode()
    assert admin.post(way, {"next": reverse("handovers")}).status_code == 302
    assert told() == ["team.handover.taken_back"]
    assert client_for(world.members["teammate"]).get(page).status_code == 404
    with in_scope(world.admin):
        undo(world.admin, Operation.objects.latest("at").pk)
    assert told() == ["team.handover.given"]


def test_who_leaves_is_signed_out_and_cannot_come_back(world: World, client_for: ClientFor) -> None:
    _lot(world)
    leaver = client_for(world.members["seller"])
    assert leaver.get(reverse("today")).status_code == 200
    with in_scope(world.admin):
        hand_over(world.admin, _id(world.seller), plan=Plan(_id(world.teammate)), close=True)
    assert leaver.get(reverse("today")).status_code in (302, 401, 403)
    assert not Session.objects.filter(session_key=leaver.session.session_key or "-").exists()


def test_nobody_hands_over_beyond_his_right(world: World) -> None:
    lot = _lot(world)
    seller, mate = _id(world.seller), _id(world.teammate)
    with in_scope(world.seller), pytest.raises(Forbidden):
        hand_over(world.seller, seller, plan=Plan(mate))
    with in_scope(world.manager):
        with pytest.raises(Forbidden):
            hand_over(world.manager, _id(world.admin), plan=Plan(mate))
        with pytest.raises(Forbidden):  # to somebody he may not assign to
            hand_over(world.manager, seller, plan=Plan(_id(world.admin)))
        assert _owners(lot)["a"] == seller
        with pytest.raises(Invalid):
            hand_over(world.manager, seller, plan=Plan(seller))
        with pytest.raises(NotFound):
            hand_over(world.manager, lot["a"].pk, plan=Plan(mate))
    with in_scope(world.elsewhere), pytest.raises(Refused):
        # Nothing is held by whoever got nothing; the right is asked first.
        hand_over(world.admin, _id(world.elsewhere), plan=Plan(mate))


def test_of_two_who_hand_over_the_same_at_once_the_second_finds_nothing(world: World) -> None:
    _lot(world)
    gate = Barrier(2)

    def try_it(to: Actor) -> str:
        gate.wait()
        try:
            with in_scope(world.manager):
                hand_over(world.manager, _id(world.seller), plan=Plan(_id(to)))
            return "done"
        except Refused as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(try_it, (world.teammate, world.elsewhere))) == ["done", "nothing_held"]
    with in_scope(world.manager):
        assert Handover.objects.count() == 1
        assert Share.objects.count() == 1


def test_nobody_splits_by_what_he_may_not_read(world: World) -> None:
    _lot(world)
    ruled = replace(world.manager, field_rules={("customers", "grade"): "hide"})
    with in_scope(ruled), pytest.raises(Invalid):
        hand_over(ruled, _id(world.seller), plan=Plan(_id(world.teammate), "grade"))


def test_a_successor_accepts_or_says_why_not(world: World) -> None:
    _lot(world)
    mate, other = world.teammate, world.elsewhere
    with in_scope(world.manager):
        made = hand_over(world.manager, _id(world.seller), plan=Plan(_id(mate), "grade", {"B": _id(other)}))
        shares = {one.successor_id: one.pk for one in Share.objects.filter(handover=made)}
    with in_scope(mate):
        with pytest.raises(NotFound):
            accept(mate, shares[_id(other)])
        accept(mate, shares[_id(mate)])
        with pytest.raises(Refused):
            accept(mate, shares[_id(mate)])
    with in_scope(other):
        with pytest.raises(Invalid):
            decline(other, shares[_id(other)], why=" ")
        decline(other, shares[_id(other)], why="不熟悉这个行业")
    with in_scope(world.manager):
        told = Notice.objects.filter(member=world.members["manager"]).values_list("kind", flat=True)
        assert {"team.handover.accepted", "team.handover.declined"} <= set(told)
        share = Share.objects.get(pk=shares[_id(other)])
        assert (share.accepted_at, share.declined) == (None, "不熟悉这个行业")
    with in_scope(world.seller), pytest.raises(NotFound):
        find_handover(world.seller, made.pk)


def test_the_page_shows_the_split_before_it_is_done(world: World, client_for: ClientFor) -> None:
    lot = _lot(world)
    client, seller = client_for(world.members["manager"]), world.seller.member_id
    url = reverse("handover", args=[seller])
    mate, other = str(world.teammate.member_id), str(world.elsewhere.member_id)
    assert "甲食品" not in client.get(url, {"by": "region"}).content.decode()
    bad = client.post(url, {"act": "show", "by": "region"})
    assert bad.status_code == 422
    typed = {
        "by": "region",
        "rest": mate,
        "of-370000": other,
        "of-370000__text": "某人",
        "rest__text": "某人",
        "reason": "离职",
    }
    shown = client.post(url, {**typed, "act": "show"}).content.decode()
    assert "甲食品" in shown
    assert (
        f'name="hand-{lot["a"].pk}"><option value="" selected>' in shown
    )  # it follows the rule until told otherwise
    with in_scope(world.manager):
        assert _owners(lot)["b"] == seller
    done = client.post(url, {**typed, "act": "do", f"hand-{lot['a'].pk}": other})
    assert done.status_code == 302
    with in_scope(world.manager):
        assert (_owners(lot)["a"], _owners(lot)["b"]) == (UUID(other), UUID(other))
        made = Handover.objects.get()
    page = (
        client_for(world.members["elsewhere"]).get(reverse("handover_done", args=[made.pk])).content.decode()
    )
    assert "马德胜，您好" in page
    assert reverse("brief", args=["customers", lot["a"].pk]) in page
    assert (
        client_for(world.members["seller"]).get(reverse("handover_done", args=[made.pk])).status_code == 404
    )


def test_a_large_one_is_a_job(world: World, client_for: ClientFor) -> None:
    _lot(world)
    client = client_for(world.members["manager"])
    url = reverse("handover", args=[world.seller.member_id])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "AT_ONCE", 1)
        answer = client.post(url, {"act": "do", "rest": str(world.teammate.member_id)})
    assert answer.status_code == 302
    with in_scope(world.manager):
        asked = Job.objects.get(kind="team.handover")
    run_job(world.tenant_id, asked.pk)
    with in_scope(world.manager):
        row = Job.objects.get(pk=asked.pk)
        assert row.state == Job.State.DONE
        assert not Customer.objects.filter(owner_id=world.seller.member_id).exists()
        assert not Person.objects.filter(owner_id=world.seller.member_id).exists()
        assert not Activity.objects.filter(owner_id=world.seller.member_id, state="planned").exists()
        assert not Commitment.objects.filter(owner_id=world.seller.member_id, state="open").exists()
        assert row.operation_id is not None
        undo(world.manager, row.operation_id)
        assert Customer.objects.filter(owner_id=world.seller.member_id).count() == 2


@pytest.mark.parametrize(
    ("by", "value", "found"),
    [("region", "320500", "320000"), ("region", "VN", "VN"), ("region", "", ""), ("grade", "A", "A")],
    ids=["province", "abroad", "unknown", "grade"],
)
def test_what_a_value_is_split_by(by: str, value: str, found: str) -> None:
    assert kin(by, value) == found


def test_regions_are_split_by_their_province(world: World) -> None:
    _lot(world)
    with in_scope(world.manager):
        assert dict(split_of(_id(world.seller), "region")) == {"320000": 1, "370000": 1}


_IDS = st.uuids()


@given(
    _IDS,
    st.dictionaries(st.sampled_from("ABCD"), _IDS),
    st.dictionaries(_IDS, _IDS),
    _IDS,
    st.sampled_from("ABCD "),
)
def test_by_hand_goes_before_the_rule_and_the_rule_before_the_rest(
    rest: UUID, of: dict[str, UUID], hand: dict[UUID, UUID], customer: UUID, grade: str
) -> None:
    plan = Plan(rest, "grade", of, hand)
    found = plan.successor(customer, grade.strip())
    assert found == (hand.get(customer) or of.get(grade.strip()) or rest)
    assert found in plan.successors

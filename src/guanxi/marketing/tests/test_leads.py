"""Leads: taken down, claimed, qualified, discarded, revived; what speaks for one; who hears that it is known."""

# Chinese in code: names and texts in tests

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.activities.models import Activity, Commitment
from guanxi.activities.services.activities import log_activity, plan_activity
from guanxi.customers.choices import Pooled, ReleaseReason
from guanxi.customers.models import Pool, PoolMember
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, NotFound, Refused
from guanxi.kinds import Show
from guanxi.marketing.choices import DiscardReason, Standing, State
from guanxi.marketing.models import Lead, LeadTransfer
from guanxi.marketing.queries.pasted import read_lead
from guanxi.marketing.queries.standing import standing_is, standings
from guanxi.marketing.services.leads import (
    create_lead,
    delete_leads,
    discard_leads,
    edit_lead,
    qualify,
    revive_leads,
)
from guanxi.marketing.services.pools import claim, release
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


def _lead(actor: Actor, name: str = "恒达食品", **more: Any) -> Lead:
    return create_lead(actor, data={"name": name, **more})


def _pool(world: World, **terms: Any) -> Pool:
    with in_scope(world.owner), operation(world.owner, "customers.pool.create"):
        pool = Pool.objects.create(name="线索池", of=Pooled.LEADS, **terms)
        for one in (world.seller, world.teammate):
            PoolMember.objects.create(pool=pool, member_id=one.member_id)
    return pool


def test_a_line_that_was_pasted_is_taken_apart(world: World) -> None:
    with in_scope(world.seller):
        show = Show(actor=world.seller)
        found = read_lead(world.seller, "张经理 恒达食品有限公司 13812345678 想要枕包机", show)
        said = {one.field: one.said for one in found.fields}
    assert said["name"] == "恒达食品有限公司"
    assert said["person"].startswith("张")
    assert "1234" in said["phone"]
    assert "枕包机" in said["need"]


def test_what_is_known_already_is_said_at_the_door(world: World) -> None:
    with in_scope(world.elsewhere):
        create_customer(
            world.elsewhere,
            data={"name": "苏州恒达食品有限公司", "relations": "customer", "phone": "0512-65430022"},
        )
        create_person(world.elsewhere, data={"name": "张大山", "phone": "13812345678"})
    with in_scope(world.seller):
        first = _lead(world.seller, "无锡宏业包装有限公司", phone="13912340000")
        for data, of in (
            ({"name": "苏州恒达食品有限公司"}, "customers"),
            ({"name": "张大山", "person": "张大山", "phone": "13812345678"}, "people"),
            ({"name": "无锡宏业包装有限公司"}, "leads"),
        ):
            with pytest.raises(Refused) as refused:
                create_lead(world.seller, data=data)
            found: Any = refused.value.params["duplicates"]
            assert find(of).model in {type(one.record) for one in found}, data
        made = create_lead(world.seller, data={"name": "苏州恒达食品有限公司"}, allow_duplicate=True)
        assert made.twin_id is not None
        assert standings(world.seller, [made.pk, first.pk]) == {
            made.pk: Standing.KNOWN,
            first.pk: Standing.UNTOUCHED,
        }


def test_what_speaks_for_a_lead_follows_from_what_was_done(world: World) -> None:
    with in_scope(world.seller):
        lead = _lead(world.seller, phone="13812345678")

        def stands() -> str:
            found = standings(world.seller, [lead.pk])[lead.pk]
            assert Lead.objects.filter(standing_is([found]), pk=lead.pk).exists()
            return found

        def call(outcome: str) -> None:
            data = {"kind": "call", "about_id": lead.pk, "outcome": outcome, "text": "打了电话"}
            log_activity(world.seller, data=data)

        assert (stands(), lead.state) == (Standing.UNTOUCHED, State.NEW)
        call("not_answered")
        assert stands() == Standing.TRIED
        assert Lead.objects.get(pk=lead.pk).state == State.WORKING
        edit_lead(world.seller, lead.pk, data={"need": "枕包机", "budget": "20 万"}, expected_version=None)
        assert stands() == Standing.ASKS
        call("answered")
        assert stands() == Standing.READY


def test_the_touch_that_takes_a_lead_up_is_undone_with_it(world: World) -> None:
    with in_scope(world.seller):
        lead = _lead(world.seller)
        log_activity(world.seller, data={"kind": "note", "about_id": lead.pk, "text": "加了微信"})
        undo(world.seller, Operation.objects.latest("id").pk)
        assert Lead.objects.get(pk=lead.pk).state == State.NEW


def test_qualified_discarded_revived(world: World) -> None:
    with in_scope(world.seller):
        lead = _lead(world.seller)
        with pytest.raises(Invalid):
            qualify(world.seller, lead.pk, budget="20 万")
        qualify(world.seller, lead.pk, need="枕包机两台", decider="王总")
        lead.refresh_from_db()
        assert (lead.state, lead.decider) == (State.QUALIFIED, "王总")
        with pytest.raises(Refused):
            qualify(world.seller, lead.pk)
        assert discard_leads(world.seller, ids=[lead.pk], why=DiscardReason.NO_BUDGET, note="明年再说") == 1
        lead.refresh_from_db()
        assert (lead.state, lead.discard_reason, lead.discard_note) == (
            State.DISCARDED,
            "no_budget",
            "明年再说",
        )
        assert revive_leads(world.seller, ids=[lead.pk]) == 1
        assert Lead.objects.get(pk=lead.pk).state == State.WORKING


def test_a_lead_is_claimed_once_within_the_rules_of_its_pool(world: World) -> None:
    pool = _pool(world, claims_a_day=1, reclaim_days=3)
    with in_scope(world.seller):
        first, second = _lead(world.seller, "甲食品厂"), _lead(world.seller, "乙包装厂")
        assert first.pool_id == pool.pk
        release(world.seller, ids=[first.pk, second.pk], why=ReleaseReason.values[0])
        with pytest.raises(Refused) as said:
            claim(world.seller, ids=[first.pk])
        assert said.value.code == "waits"
    with in_scope(world.teammate):
        assert access.visible(world.teammate, find("leads")).filter(pk=first.pk).exists()
        claim(world.teammate, ids=[first.pk])
        with pytest.raises(Refused) as said:
            claim(world.teammate, ids=[second.pk])
        assert said.value.code == "quota"
    with in_scope(world.seller):
        with pytest.raises(Refused) as said:
            claim(world.seller, ids=[first.pk])
        assert said.value.code == "claimed"
        assert LeadTransfer.objects.filter(lead=first.pk).count() == 2
    with in_scope(world.elsewhere), pytest.raises(NotFound):
        claim(world.elsewhere, ids=[second.pk])


def test_a_customer_goes_to_no_pool_of_leads(world: World) -> None:
    _pool(world)
    with in_scope(world.seller):
        customer = create_customer(world.seller, data={"name": "甲食品厂", "relations": "customer"})
        assert customer.pool_id is None


def test_the_card_has_the_timeline_and_asks_for_the_next_step(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        lead = _lead(world.seller)
        qualify(world.seller, lead.pk, need="枕包机")
    client = client_for(world.members["seller"])
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert "data-gx-composer" in page
    assert "还没有安排下一步" in page
    with in_scope(world.seller):
        plan_activity(world.seller, data={"kind": "call", "about_id": lead.pk, "at": "2027-01-04T09:00"})
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert "还没有安排下一步" not in page


def test_a_new_lead_that_nobody_answered_stands_on_today(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        lead = _lead(world.seller, "无人回应的食品厂")
    for who, seen in (("seller", True), ("teammate", False)):
        page = client_for(world.members[who]).get("/today/side/?of=mine").content.decode()
        assert (lead.name in page) == seen, who
    with in_scope(world.seller):
        log_activity(world.seller, data={"kind": "note", "about_id": lead.pk, "text": "回了"})
    assert lead.name not in client_for(world.members["seller"]).get("/today/side/?of=mine").content.decode()


def test_what_was_done_about_a_lead_goes_and_comes_with_it(world: World) -> None:
    with in_scope(world.owner):
        lead = _lead(world.owner)
        log_activity(
            world.owner,
            data={"kind": "note", "about_id": lead.pk, "text": "加了微信"},
            promises=[{"side": "ours", "what": "寄样本", "due": "2027-01-04"}],
        )
        delete_leads(world.owner, ids=[lead.pk])
        assert not Activity.objects.exists()
        assert not Commitment.objects.exists()
        undo(world.owner, Operation.objects.latest("id").pk)
        assert Activity.objects.get().about_id == Commitment.objects.get().about_id == lead.pk

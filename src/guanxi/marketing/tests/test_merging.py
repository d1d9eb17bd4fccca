"""Leads that are the same are found at night and made one; nothing is lost, and undo takes them apart."""

# Chinese in code: names of leads in tests

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.activities.models import Activity
from guanxi.activities.services.activities import log_activity
from guanxi.customers.choices import Answer
from guanxi.customers.models import Pair
from guanxi.customers.services.scanning import scan
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services import set_field_rule
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.marketing.choices import State
from guanxi.marketing.models import Lead
from guanxi.marketing.services.leads import create_lead, qualify
from guanxi.marketing.services.merging import merge_leads
from guanxi.resource import writing
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def _lead(actor: Actor, name: str, **more: Any) -> Lead:
    return create_lead(actor, data={"name": name, **more}, allow_duplicate=True)


def _twins(world: World) -> tuple[Lead, Lead]:
    with in_scope(world.seller):
        first = _lead(world.seller, "恒达食品", person="张经理", phone="13812345678", need="枕包机")
        second = _lead(
            world.seller, "恒达食品厂", person="张总", phone="13812345678", wechat="hengda", budget="20 万"
        )
        log_activity(world.seller, data={"kind": "call", "about_id": second.pk, "text": "聊了产能"})
        qualify(world.seller, second.pk, need="两台")
    return first, second


def test_leads_become_one_without_losing_anything(world: World) -> None:
    first, second = _twins(world)
    with in_scope(world.seller), pytest.raises(Forbidden):
        merge_leads(world.seller, ids=[first.pk, second.pk])
    with in_scope(world.manager):
        kept = merge_leads(world.manager, ids=[first.pk, second.pk])
        assert (kept.pk, kept.state, kept.wechat, kept.budget) == (
            first.pk,
            State.QUALIFIED,
            "hengda",
            "20 万",
        )
        assert kept.need.split("\n") == ["枕包机", "两台"]
        assert "张总" in kept.remarks
        assert "恒达食品厂" in kept.remarks
        assert Activity.objects.get().about_id == first.pk
        done = last_operation_id()
        assert done is not None
        undo(world.manager, done)
        assert Lead.objects.count() == 2
        assert Activity.objects.get().about_id == second.pk
        assert Lead.objects.get(pk=first.pk).remarks == ""


def test_what_was_converted_or_differs_out_of_sight_is_not_merged(world: World) -> None:
    first, second = _twins(world)
    with in_scope(world.admin):
        role = world.roles["sales_manager"].pk
        set_field_rule(world.admin, role, resource="leads", field="person", mode="hide")
    with in_scope(world.manager):
        manager = load_actor(world.members["manager"].pk)
        with pytest.raises(Refused) as said:
            merge_leads(manager, ids=[first.pk, second.pk])
        assert said.value.code == "closed"
    with in_scope(world.admin):
        other = _lead(world.admin, "另一家")
        with operation(world.admin, "tests.lead.convert"):
            writing.update(find("leads"), other, {"state": State.CONVERTED.value}, expected_version=None)
        with pytest.raises(Refused) as said:
            merge_leads(world.admin, ids=[first.pk, other.pk])
        assert said.value.code == "converted"


def test_a_night_finds_leads_that_are_the_same(world: World, client_for: Callable[[Member], Client]) -> None:
    first, second = _twins(world)
    with in_scope(world.system):
        assert not Pair.objects.exists()
        looked, found, onward = scan(world.system, "leads")
        assert (looked, found, onward) == (2, 1, None)
    page = client_for(world.members["manager"]).get("/duplicates/?of=leads")
    assert page.status_code == 200
    assert "恒达食品厂" in page.content.decode()
    with in_scope(world.manager):
        pair = Pair.objects.get(resource="leads")
        assert {pair.first, pair.second} == {first.pk, second.pk}
        merge_leads(world.manager, ids=[first.pk, second.pk])
        pair.refresh_from_db()
        assert pair.answer == Answer.MERGED

"""What a pool hides of its leads until they are claimed stays hidden on every door."""

# Chinese in code: names of leads in tests

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.activities.services.activities import log_activity
from guanxi.collaboration.services.comments import add_comment
from guanxi.customers.choices import Pooled, ReleaseReason
from guanxi.customers.models import Pool, PoolMember
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.integrations.api.tests.calling import program_of
from guanxi.marketing.models import Lead
from guanxi.marketing.services.leads import create_lead
from guanxi.marketing.services.pools import claim, release
from guanxi.privacy.models import Reveal
from guanxi.privacy.services.revealing import reveal
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

FIELDS = {
    "person": "薛宝钗",
    "phone": "13987650123",
    "email": "xue@hengda.example",
    "wechat": "hengda_xue",
    "remarks": "老板姓薛",
}
SECRETS = (*FIELDS.values(), "聊了产能", "只认价格")


@pytest.fixture
def lead(world: World) -> Lead:
    """One in a pool of the seller's that hides all it can and lets look at one phone a day."""
    with in_scope(world.owner), operation(world.owner, "customers.pool.create"):
        pool = Pool.objects.create(
            name="线索池", of=Pooled.LEADS, hides="contacts,addresses,records", looks_a_day=1
        )
        PoolMember.objects.create(pool=pool, member_id=world.seller.member_id)
    with in_scope(world.elsewhere):
        made = create_lead(world.elsewhere, data={"name": "恒达食品", "source": "exhibition", **FIELDS})
        log_activity(world.elsewhere, data={"kind": "call", "about_id": made.pk, "text": "聊了产能"})
        add_comment(world.elsewhere, resource="leads", record_id=made.pk, text="只认价格")
        release(world.elsewhere, ids=[made.pk], why=ReleaseReason.values[0], into=pool.pk)
    return made


def _leaks(text: str) -> list[str]:
    return [one for one in SECRETS if one in text.replace(" ", "")]


def test_pages_and_the_api_show_masks_until_it_is_claimed(
    world: World, lead: Lead, client_for: Callable[[Member], Client]
) -> None:
    browser, program = client_for(world.members["seller"]), program_of(world.seller)
    columns = "name,person,phone,email,wechat,remarks"
    addresses = (
        find("leads").url("card", id=lead.pk),
        f"/leads/?owner.empty=1&pool.filled=1&columns={columns}",
        f"/leads/{lead.pk}/panel/timeline/",
    )
    for address in addresses:
        assert not _leaks(browser.get(address).content.decode()), address
    assert "恒达食品" in browser.get(addresses[1]).content.decode()
    for path in (f"/leads/{lead.pk}", "/leads?owner.empty=1&pool.filled=1", "/activities"):
        assert not _leaks(program.get(path).content.decode()), path
    with in_scope(world.seller):
        for text in ("13987650123", "薛宝钗"):
            assert access.search(world.seller, find("leads"), text) == []
        claim(world.seller, ids=[lead.pk])
    shown: Any = browser.get(addresses[0]).content.decode().replace(" ", "")
    assert "13987650123" in shown


def test_a_look_at_a_hidden_phone_is_written_down(world: World, lead: Lead) -> None:
    with in_scope(world.seller):
        record, kind = reveal(world.seller, resource="leads", record_id=lead.pk, field="phone")
        assert "13987650123" in str(kind.value(record)).replace(" ", "")
    with in_scope(world.system):
        assert Reveal.objects.get().resource == "leads"

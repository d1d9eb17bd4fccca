"""Two at once: one lead is claimed by one of them."""

# Chinese in code: names in tests

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from guanxi.customers.choices import Pooled, ReleaseReason
from guanxi.customers.models import Pool, PoolMember
from guanxi.foundation.ledger.services import operation
from guanxi.kernel.errors import Refused
from guanxi.marketing.models import Lead, LeadTransfer
from guanxi.marketing.services.leads import create_lead
from guanxi.marketing.services.pools import claim, release
from guanxi.testing.worlds import World, in_scope


def test_of_many_who_claim_a_lead_at_once_one_wins(world: World) -> None:
    people = [world.seller, world.teammate, world.elsewhere]
    with in_scope(world.owner), operation(world.owner, "customers.pool.create"):
        pool = Pool.objects.create(name="线索池", of=Pooled.LEADS, reclaim_days=0)
        for one in (*people, world.owner):
            PoolMember.objects.create(pool=pool, member_id=one.member_id)
    with in_scope(world.owner):
        lead = create_lead(world.owner, data={"name": "抢手的食品厂"})
        release(world.owner, ids=[lead.pk], why=ReleaseReason.values[0])
    gate = Barrier(2 * len(people))

    def attempt(number: int) -> str:
        actor = people[number % len(people)]
        try:
            gate.wait(30)
            with in_scope(actor):
                claim(actor, ids=[lead.pk])
            return actor.name
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2 * len(people)) as threads:
        ends = list(threads.map(attempt, range(2 * len(people))))
    won = [end for end in ends if end != "claimed"]
    assert len(won) == 1
    with in_scope(world.system):
        kept = Lead.objects.select_related("owner").get(pk=lead.pk)
        assert kept.owner is not None
        assert kept.owner.name == won[0]
        assert LeadTransfer.objects.filter(lead=lead.pk, verb="marketing.lead.claim").count() == 1

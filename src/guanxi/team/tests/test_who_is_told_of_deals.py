"""Who is told of registrations, and what of them: nobody who has left, nothing that one may not see."""

from datetime import timedelta

from django.utils import timezone

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import words
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.team.services import telling
from guanxi.team.services.deciding import accept
from guanxi.team.tests.deals import age, deal, free_customer
from guanxi.testing.worlds import World, in_scope


def test_a_superior_who_may_not_decide_is_not_asked_to(world: World) -> None:
    customer = free_customer(world)
    with in_scope(world.admin), operation(world.admin, "tests.thing.change"):
        Member.objects.filter(pk=world.seller.member_id or "").update(superior=world.teammate.member_id)
    with in_scope(world.seller):
        deal(world.seller, customer)
        told = set(Notice.objects.filter(kind=telling.SUBMITTED).values_list("member_id", flat=True))
    assert world.teammate.member_id not in told
    assert world.owner.member_id in told


def test_who_has_left_is_told_nothing_and_the_customer_is_named_to_who_sees_it(world: World) -> None:
    customer, today = free_customer(world), timezone.localdate()
    with in_scope(world.teammate):
        other = deal(world.teammate, customer)
    with in_scope(world.admin), operation(world.admin, "tests.thing.change"):
        Member.objects.filter(pk=world.teammate.member_id or "").update(left_on=today)
    with in_scope(world.seller):
        one = deal(world.seller, customer, region="370000")
        told = {notice.member_id: words(notice) for notice in Notice.objects.filter(kind=telling.COLLIDES)}
        assert told.keys() == {world.seller.member_id}
        assert customer.name in told[one.owner_id]
    with in_scope(world.manager):
        accept(world.manager, ids=[one.pk])
    with in_scope(world.admin):
        age(world.admin, other, state="in_force", until=today, line="X", line_key="x")
        with operation(world.admin, "tests.thing.change"):
            Customer.objects.filter(pk=customer.pk).update(owner=world.elsewhere.member_id, pool=None)
    with in_scope(world.seller):
        assert not access.visible(world.seller, find("customers")).filter(pk=customer.pk).exists()
        assert telling.tell_running_out(today + timedelta(days=85)) == 1
        assert telling.tell_running_out(today - timedelta(days=1)) == 1
        notice = Notice.objects.get(kind=telling.RUNS_OUT)
        assert notice.member_id == world.seller.member_id
        assert customer.name not in words(notice)
        assert one.line in words(notice)

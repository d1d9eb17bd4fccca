"""A lead becomes a customer, a person and an opportunity: nothing is lost, and it is undone as one."""

# Chinese in code: names and texts in tests

from typing import Any

import pytest

from guanxi.activities.models import Activity, Commitment
from guanxi.activities.services.activities import log_activity
from guanxi.collaboration.models import Comment
from guanxi.collaboration.services.comments import add_comment
from guanxi.customers.models import Customer, Person
from guanxi.customers.services.customers import create_customer, edit_customer
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Conflict, Forbidden, NotFound, Refused
from guanxi.marketing.choices import State
from guanxi.marketing.models import Lead
from guanxi.marketing.services.leads import create_lead
from guanxi.sales.models import Opportunity
from guanxi.sales.services.converting import convert_lead
from guanxi.sales.services.defaults import make_for_opened_company
from guanxi.testing.worlds import World, in_scope


@pytest.fixture(autouse=True)
def pipelines(world: World) -> None:
    # They are there before the first sale, as in every company that was opened.
    with in_scope(world.owner), operation(world.owner, "sales.pipeline.create"):
        make_for_opened_company()


FIELDS = {
    "name": "苏州恒达食品有限公司",
    "person": "张经理",
    "post": "采购经理",
    "phone": "13812345678",
    "email": "zhang@hengda.example",
    "wechat": "hengda_zhang",
    "region": "320500",
    "source": "exhibition",
    "source_detail": "上海包装展",
    "need": "枕包机两台",
    "budget": "二十万以内",
    "decider": "王总",
    "timing": "春节前",
    "number": "L-77",
    "remarks": "展台上聊了半小时",
}


def _lead(actor: Actor, **more: Any) -> Lead:
    return create_lead(actor, data={**FIELDS, **more})


def _worked_on(world: World) -> Lead:
    lead = _lead(world.seller)
    log_activity(
        world.seller,
        data={"kind": "call", "about_id": lead.pk, "text": "聊了产能", "outcome": "answered"},
        promises=[{"side": "ours", "what": "寄样机视频", "due": "2027-01-04"}],
    )
    add_comment(world.seller, resource="leads", record_id=lead.pk, text="老板认识他")
    return lead


def _everything() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Customer, Person, Opportunity))


def test_nothing_that_is_known_of_a_lead_is_lost(world: World) -> None:
    with in_scope(world.seller):
        lead = _worked_on(world)
        made = convert_lead(world.seller, lead.pk, opportunity={})
        assert made.person is not None
        assert made.opportunity is not None
        records = (made.customer, made.person, made.opportunity)
        said = "\n".join(
            str(value) for one in records for value in vars(type(one).objects.get(pk=one.pk)).values()
        )
        for name, value in FIELDS.items():
            assert value in said or (name == "phone" and "138" in said), name
        lead.refresh_from_db()
        assert (lead.state, lead.customer_id, lead.contact_id) == (
            State.CONVERTED,
            made.customer.pk,
            made.person.pk,
        )
        opportunity = Opportunity.objects.get(pk=made.opportunity.pk)
        assert (opportunity.lead, opportunity.customer_id) == (lead.pk, made.customer.pk)
        for model in (Activity, Commitment):
            (one,) = model.objects.all()
            assert one.customer_id == made.customer.pk
        (comment,) = Comment.objects.all()
        assert comment.record_id == opportunity.pk


def test_converting_is_undone_as_one(world: World) -> None:
    with in_scope(world.seller):
        lead = _worked_on(world)
        before = _everything()
        convert_lead(world.seller, lead.pk, opportunity={})
        assert _everything() == tuple(number + 1 for number in before)
        undo(world.seller, Operation.objects.latest("id").pk)
        assert _everything() == before
        assert Lead.objects.get(pk=lead.pk).state != State.CONVERTED
        (call,) = Activity.objects.all()
        assert (call.about, call.about_id, call.customer_id) == ("leads", lead.pk, None)
        assert Comment.objects.get().record_id == lead.pk


def test_work_done_on_what_became_of_it_stands_in_the_way_of_undo(world: World) -> None:
    with in_scope(world.seller):
        lead = _lead(world.seller)
        made = convert_lead(world.seller, lead.pk, opportunity={})
        converting = Operation.objects.latest("id").pk
        edit_customer(world.seller, made.customer.pk, data={"grade": "A"}, expected_version=None)
        with pytest.raises(Conflict):
            undo(world.seller, converting)
        assert Customer.objects.filter(pk=made.customer.pk).exists()


def test_a_lead_is_added_to_a_customer_that_exists(world: World) -> None:
    with in_scope(world.seller):
        there = create_customer(world.seller, data={"name": FIELDS["name"], "relations": "customer"})
        lead = create_lead(world.seller, data=FIELDS, allow_duplicate=True)
        with pytest.raises(Refused) as said:
            convert_lead(world.seller, lead.pk)
        assert said.value.code == "duplicate"
        assert lead.twin_id == there.pk
        made = convert_lead(world.seller, lead.pk, customer=there.pk)
        assert (made.customer.pk, made.opportunity) == (there.pk, None)
        # Without an opportunity what has no field stands as a note at the customer.
        assert FIELDS["budget"] in Activity.objects.get(customer=there, kind="note").text
        with pytest.raises(Refused) as again:
            convert_lead(world.seller, lead.pk, customer=there.pk)
        assert again.value.code == "converted"


def test_nobody_converts_what_he_may_not_edit_or_into_what_he_does_not_see(world: World) -> None:
    with in_scope(world.elsewhere):
        theirs = create_customer(world.elsewhere, data={"name": "别家包装厂", "relations": "customer"})
    with in_scope(world.seller):
        lead = _lead(world.seller)
    with in_scope(world.teammate), pytest.raises((NotFound, Forbidden)):
        convert_lead(world.teammate, lead.pk)
    with in_scope(world.seller):
        with pytest.raises(NotFound):
            convert_lead(world.seller, lead.pk, customer=theirs.pk)
        assert Lead.objects.get(pk=lead.pk).state == State.NEW

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.activities.models import Activity, Commitment
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.kernel.errors import Refused
from guanxi.resource.registry import find
from guanxi.sales.models import Answer, Evidence, Opportunity, Planned, Stage
from guanxi.sales.queries.steps import plan_of
from guanxi.sales.services.arranging import new_pipeline, order_stages, remove_stage
from guanxi.sales.services.defaults import make_defaults
from guanxi.sales.services.planning import answer, plan_stage
from guanxi.sales.tests.selling import opened, stage
from guanxi.testing.factories import make
from guanxi.testing.worlds import World, in_scope

pytestmark = pytest.mark.django_db(transaction=True)
ClientFor = Callable[[Member], Client]


def test_the_card_says_what_is_asked_and_that_nothing_is_planned_until_one_tap(
    world: World, client_for: ClientFor
) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
    client = client_for(world.members["seller"])
    url = reverse("opportunities:card", args=[one.pk])
    text = client.get(url, headers={"Accept-Language": "en"}).content.decode()
    assert reverse("opportunity_next", args=[one.pk]) in text
    assert client.post(reverse("opportunity_next", args=[one.pk])).status_code == 302
    with in_scope(world.seller):
        planned = Activity.objects.get(about_id=one.pk)
        assert (planned.state, planned.customer_id) == ("planned", one.customer_id)
    text = client.get(url).content.decode()
    assert reverse("opportunity_next", args=[one.pk]) not in text
    assert reverse("activities:card", args=[planned.pk]) in text


def test_a_stage_is_entered_on_its_page_with_what_is_missing_said_or_a_reason(
    world: World, client_for: ClientFor
) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
        won, signed = stage(5), Evidence.objects.get(stage=stage(5))
    client = client_for(world.members["seller"])
    url = reverse("opportunity_move", args=[one.pk])
    assert client.post(url, {"stage": str(won.pk)}).status_code == 422
    there = {f"there-{signed.pk}": "1", f"note-{signed.pk}": "Order 7"}
    assert client.post(url, {"stage": str(won.pk), **there}).status_code == 302
    with in_scope(world.seller):
        assert Opportunity.objects.get(pk=one.pk).state == "won"


def test_the_page_of_stages_opens_on_the_next_one_and_wants_a_reason_only_where_one_is_needed(
    world: World, client_for: ClientFor
) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
        now, after = stage(0), stage(1)
    client = client_for(world.members["seller"])
    url = reverse("opportunity_move", args=[one.pk])
    page = client.get(url, headers={"Accept-Language": "en"}).content.decode()
    assert f'<option value="{after.pk}" selected' in page
    assert client.post(url, {"stage": str(after.pk), "reason": "A call"}).status_code == 302
    stays = client.get(url, {"stage": str(after.pk)}).content.decode()
    assert 'name="reason"' not in stays
    back = client.get(url, {"stage": str(now.pk)}).content.decode()
    assert 'name="reason"' in back


def test_the_plan_of_a_stage_is_made_at_once_and_compared_with_what_was_done(world: World) -> None:
    steps = find("plan_steps")
    with in_scope(world.admin):
        make_defaults(world.admin)
        for place, subject in enumerate(("Ask for drawings", "Visit the plant")):
            data = {"stage": str(stage(0).pk), "subject": subject, "kind": "call", "position": str(place)}
            steps.create(world.admin, data=data)
    with in_scope(world.seller):
        one = opened(world.seller)
        assert plan_stage(world.seller, one.pk) == 2
        assert Planned.objects.filter(opportunity=one).count() == 2
        with pytest.raises(Refused):
            plan_stage(world.seller, one.pk)
        assert {each.tone for each in plan_of(world.seller, one, stage(0))} == {""}


def test_answers_become_fields_and_promises(world: World) -> None:
    questions = find("questions")
    with in_scope(world.admin):
        make_defaults(world.admin)
        budget, sample, story = (
            questions.create(world.admin, data={"stage": str(stage(0).pk), "text": text, **more})
            for text, more in (
                ("What is the budget?", {"goes_to": "field", "field": "amount"}),
                ("What will they send us?", {"goes_to": "promise"}),
                ("Why now?", {}),
            )
        )
    with in_scope(world.seller):
        one = opened(world.seller)
        said = {budget.pk: "120000", sample.pk: "The drawings", story.pk: "A new hall"}
        assert answer(world.seller, one.pk, answers=said) == 3
        one.refresh_from_db()
        assert one.amount == 12_000_000
        assert Commitment.objects.get(about_id=one.pk).what == "The drawings"
        assert answer(world.seller, one.pk, answers=said) == 0
        undo(world.seller, last_operation_id() or one.pk)
        assert not Answer.objects.exists()


def test_the_sales_of_a_stage_that_goes_stand_in_another(world: World) -> None:
    with in_scope(world.admin):
        one = opened(world.admin, amount="100")
        first, second = stage(0), stage(1)
        with pytest.raises(Refused):
            remove_stage(world.admin, first.pk, into=None)
        with pytest.raises(Refused):
            remove_stage(world.admin, stage(5).pk, into=first.pk)
        assert remove_stage(world.admin, first.pk, into=second.pk) == 1
        one.refresh_from_db()
        assert (one.stage, one.weighted) == (second, 3_000)
        undo(world.admin, last_operation_id() or one.pk)
        one.refresh_from_db()
        assert one.stage == first


def test_stages_change_places_and_a_new_pipeline_has_them_all(world: World) -> None:
    with in_scope(world.admin):
        make_defaults(world.admin)
        first, second = stage(0), stage(1)
        order_stages(world.admin, first.pipeline_id, order=[second.pk, first.pk])
        assert [stage(0), stage(1)] == [second, first]
        ends = [stage(5), stage(6)]
        order_stages(world.admin, first.pipeline_id, order=[ends[0].pk, first.pk])
        assert stage(0) == first
        assert [stage(5), stage(6)] == ends
        made = new_pipeline(world.admin, name="Spare parts")
        assert Stage.objects.filter(pipeline=made).count() == 7


def test_the_settings_say_whose_a_pipeline_is_and_what_a_stage_asks_for(
    world: World, client_for: Callable[[Member], Client]
) -> None:
    with in_scope(world.admin):
        make_defaults(world.admin)
        first, second = stage(0), stage(1)
    client, url = client_for(world.members["admin"]), "/settings/pipelines/"
    east = world.departments["east"].pk
    client.post(url, {"act": "department", "pipeline": first.pipeline_id, "department": east})
    client.post(url, {"act": "required", "stage": second.pk, "required": ["source", "expected_on"]})
    assert (
        client.post(url, {"act": "required", "stage": second.pk, "required": "nonsense"}).status_code == 422
    )
    given = {"act": "order", "pipeline": first.pipeline_id, "order": [second.pk, first.pk]}
    assert "gx:toast" in client.post(url, given, headers={"HX-Request": "true"}).headers["HX-Trigger"]
    with in_scope(world.admin):
        assert Stage.objects.get(pk=second.pk).required == ["expected_on", "source"]
        assert Stage.objects.get(pk=second.pk).pipeline.department_id == east
        assert stage(0) == second
    assert f'<option value="{east}" selected>' in client.get(url).content.decode()
    assert client_for(world.members["seller"]).post(url, given).status_code == 403
    with in_scope(world.seller):
        assert opened(world.seller).pipeline_id == first.pipeline_id


def test_the_people_of_the_customer_stand_on_the_card_the_main_contact_first(
    world: World, client_for: ClientFor
) -> None:
    with in_scope(world.seller):
        customer = make(world.seller, find("customers"))
        people = [
            find("people").create(world.seller, data={"name": name, "customer": str(customer.pk)})
            for name in ("Anna", "Boris")
        ]
        one = opened(world.seller, customer=str(customer.pk), person=str(people[1].pk))
    url = reverse("opportunities:panel", args=[one.pk, "people"])
    text = client_for(world.members["seller"]).get(url).content.decode()
    assert 0 < text.index("Boris") < text.index("Anna")
    assert reverse("ties", args=["people", people[1].pk]) in text
    # Who has a share in the sale and does not see the customer reads nothing of its people.
    with in_scope(world.seller):
        shared = {"opportunity": str(one.pk), "member": str(world.elsewhere.member_id), "part": "10"}
        find("shares").create(world.seller, data=shared)
    there = client_for(world.members["elsewhere"]).get(url)
    assert there.status_code == 200
    assert "Boris" not in there.content.decode()

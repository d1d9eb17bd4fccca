"""What is closed to somebody of a sale cannot be got at by any door of selling."""

# Chinese in code: names and texts in tests

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guanxi.activities.services.activities import log_activity
from guanxi.customers.services.customers import create_customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.queries import changes_of
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services import set_field_rule
from guanxi.kernel.errors import Conflict, Forbidden, Refused
from guanxi.kinds import Show
from guanxi.marketing.services.leads import create_lead
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.choices import GoesTo
from guanxi.sales.models import Answer, Opportunity, Question
from guanxi.sales.pages.card import answers_panel, history_panel
from guanxi.sales.queries.evidence import asked_of
from guanxi.sales.queries.sending import candidates
from guanxi.sales.services.converting import convert_lead
from guanxi.sales.services.moving import move_opportunity
from guanxi.sales.services.opportunities import edit_opportunity
from guanxi.sales.services.planning import answer
from guanxi.sales.tests.selling import opened, stage
from guanxi.testing.worlds import World, in_scope

pytestmark = pytest.mark.django_db(transaction=True)
ClientFor = Callable[[Member], Client]
BOARD = "/opportunities/?look=board"


def close(world: World, resource: str, field: str, *, mode: str = "hide", role: str = "salesperson") -> None:
    with in_scope(world.admin):
        set_field_rule(world.admin, world.roles[role].pk, resource=resource, field=field, mode=mode)


def actor_now(world: World, who: str) -> Actor:
    return load_actor(world.members[who].pk)


def test_a_board_without_amounts_has_them_in_no_mark_either(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        opened(world.seller, amount="123456")
    close(world, "opportunities", "amount")
    seller = client_for(world.members["seller"])
    page = seller.get(BOARD).content.decode()
    assert "12345600" not in page
    address = page[page.index('data-sums="') + len('data-sums="') :].split('"')[0].replace("&amp;", "&")
    assert "12345600" not in seller.get(address).content.decode()


def test_a_hidden_probability_is_not_told_by_what_follows_from_it(
    world: World, client_for: ClientFor
) -> None:
    with in_scope(world.seller):
        one = opened(world.seller, amount="1000", probability="37")
    close(world, "opportunities", "probability")
    seller = client_for(world.members["seller"])
    for url in (BOARD, f"/opportunities/{one.pk}/", "/opportunities/?look=list&columns=name,chance,weighted"):
        page = seller.get(url).content.decode()
        assert "37%" not in page
        assert "37 %" not in page
        assert "370" not in page.replace("370300", ""), url


def test_lines_are_worth_nothing_to_whom_the_amount_is_closed(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
        lines = find("sale_lines")
        data = {"opportunity": str(one.pk), "text": "枕包机", "quantity": "2", "price": "61728"}
        lines.create(world.seller, data=data)
    close(world, "opportunities", "amount")
    with in_scope(world.seller):
        seller = actor_now(world, "seller")
        assert not access.is_open(seller, lines.kind("price"))
        assert not access.is_open(seller, lines.kind("amount"))
        assert access.is_open(seller, lines.kind("quantity"))
    page = client_for(world.members["seller"]).get(find("sale_lines").url()).content.decode()
    assert "枕包机" in page
    assert "61,728" not in page
    assert "123,456" not in page


@pytest.mark.parametrize("field", ["stage", "pipeline"])
def test_there_is_no_board_of_what_is_hidden(world: World, client_for: ClientFor, field: str) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
        move_opportunity(world.seller, one.pk, stage=stage(1).pk, reason="He told me about it")
        lane = stage(1).pk
    close(world, "opportunities", field)
    seller = client_for(world.members["seller"])
    page = seller.get(BOARD)
    assert page.status_code == 200
    assert "gx-board" not in page.content.decode()
    assert seller.get(f"/opportunities/board/{lane}/cards/").status_code == 403
    assert seller.get(f"/opportunities/{one.pk}/places/").status_code == 403


def test_hidden_stages_have_no_history(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
        move_opportunity(world.seller, one.pk, stage=stage(1).pk, reason="He told me about it")
        assert history_panel(world.seller, one, Show(actor=world.seller)).rows
    close(world, "opportunities", "stage")
    with in_scope(world.seller):
        seller = actor_now(world, "seller")
        assert not history_panel(seller, one, Show(actor=seller)).rows


@pytest.mark.parametrize("field", ["amount", "expected_on", "category", "owner", "stage"])
def test_no_forecast_is_made_of_what_is_hidden(world: World, client_for: ClientFor, field: str) -> None:
    with in_scope(world.seller):
        opened(world.seller, amount="1000", expected_on=timezone.localdate().isoformat())
    seller = client_for(world.members["seller"])
    assert seller.get("/opportunities/forecast/").status_code == 200
    close(world, "opportunities", field)
    assert seller.get("/opportunities/forecast/").status_code == 403
    assert "/opportunities/forecast/" not in seller.get("/opportunities/?look=list").content.decode()


def test_the_table_of_a_forecast_leaves_with_the_right_to_export_only(
    world: World, client_for: ClientFor
) -> None:
    url = "/opportunities/forecast/?format=csv"
    assert client_for(world.members["seller"]).get(url).status_code == 403
    assert client_for(world.members["manager"]).get(url).status_code == 200
    assert "format=csv" not in client_for(world.members["seller"]).get(url[:24]).content.decode()


def test_an_answer_that_became_a_hidden_field_is_hidden_too(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
    with in_scope(world.manager):
        guide = find("questions")
        here = {"stage": str(one.stage_id)}
        field = {"text": "Who is in the way?", "goes_to": GoesTo.FIELD.value, "field": "remarks"}
        asked = guide.create(world.manager, data=here | field)
        plain = guide.create(world.manager, data=here | {"text": "How many lines?"})
    with in_scope(world.seller):
        answer(world.seller, one.pk, answers={asked.pk: "The old partner", plain.pk: "Three"})
        assert Question.objects.count() == 2
    close(world, "opportunities", "remarks")
    with in_scope(world.seller):
        seller = actor_now(world, "seller")
        said = [row.sub for row in answers_panel(seller, one, Show(actor=seller)).rows]
        assert said == ["Three"]
    page = client_for(world.members["seller"]).get(f"/opportunities/{one.pk}/interview/").content.decode()
    assert "The old partner" not in page
    assert "Three" in page


def _evidence(world: World, one: Opportunity, how: str) -> None:
    data = {"stage": str(one.stage_id), "name": f"Shown by {how}", "how": how}
    with in_scope(world.manager):
        find("evidence").create(world.manager, data=data)


def test_evidence_is_there_for_everybody_and_shown_as_far_as_its_touch_is_seen(world: World) -> None:
    with in_scope(world.elsewhere):
        theirs = create_customer(world.elsewhere, data={"name": "Theirs", "relations": "customer"})
    with in_scope(world.system):
        one = opened(world.system, customer=str(theirs.pk), owner=str(world.seller.member_id))
    _evidence(world, one, "visit")
    with in_scope(world.elsewhere):
        at = (timezone.now() - timedelta(hours=1)).isoformat()
        log_activity(
            world.elsewhere, data={"kind": "visit", "customer": theirs.pk, "at": at, "outcome": "met"}
        )
    for reader, is_shown in ((world.seller, False), (world.manager, True)):
        with in_scope(reader):
            assert access.visible(reader, find("opportunities")).filter(pk=one.pk).exists()
            (asked,) = asked_of(one, [stage(0)], reader)[one.stage_id]
            assert asked.there
            assert bool(asked.shown) is is_shown


def test_a_proof_is_told_without_the_activity_one_does_not_see(world: World) -> None:
    with in_scope(world.elsewhere):
        theirs = create_customer(world.elsewhere, data={"name": "Theirs", "relations": "customer"})
        call = log_activity(
            world.elsewhere, data={"kind": "call", "customer": theirs.pk, "subject": "Their secret wish"}
        )
    with in_scope(world.seller):
        one = opened(world.seller)
    _evidence(world, one, "hand")
    with in_scope(world.manager):
        found = asked_of(one, [stage(0)])[one.stage_id][0].evidence
        data = {
            "opportunity": str(one.pk),
            "evidence": str(found.pk),
            "note": "By phone",
            "activity": str(call.pk),
        }
        find("proofs").create(world.manager, data=data)
    with in_scope(world.seller):
        (asked,) = asked_of(one, [stage(0)], world.seller)[one.stage_id]
        assert "By phone" in asked.shown
        assert "secret" not in asked.shown
    close(world, "proofs", "activity", role="sales_manager")
    with in_scope(world.manager):
        assert "secret" in asked_of(one, [stage(0)], world.manager)[one.stage_id][0].shown
        (asked,) = asked_of(one, [stage(0)], actor_now(world, "manager"))[one.stage_id]
        assert asked.there
        assert "secret" not in asked.shown


def test_whom_to_send_says_nothing_of_a_customer_one_does_not_know(world: World) -> None:
    with in_scope(world.admin):
        theirs = create_customer(world.admin, data={"name": "Theirs", "relations": "customer", "size": "100"})
        assert theirs.owner_id == world.admin.member_id
    with in_scope(world.system):
        one = opened(world.system, customer=str(theirs.pk), owner=str(world.seller.member_id))
    with in_scope(world.manager):
        assert not access.visible(world.manager, find("customers")).filter(pk=theirs.pk).exists()
        facts = [found[1] for found in candidates(world.manager, one)]
        assert all(fact.size is None and not fact.has_customer and not fact.touches for fact in facts)


def test_whom_to_send_does_not_use_fields_that_are_closed(world: World) -> None:
    with in_scope(world.seller):
        ours = create_customer(
            world.seller, data={"name": "Ours", "relations": "customer", "region": "370300"}
        )
        one = opened(world.seller, customer=str(ours.pk))
    close(world, "customers", "region", role="sales_manager")
    close(world, "customers", "owner", role="sales_manager")
    with in_scope(world.manager):
        facts = [found[1] for found in candidates(actor_now(world, "manager"), one)]
        assert facts
        assert all(fact.region is None and not fact.has_customer for fact in facts)
    close(world, "opportunities", "owner", role="sales_manager")
    with in_scope(world.manager), pytest.raises(Forbidden):
        candidates(actor_now(world, "manager"), one)


def test_what_is_closed_on_a_lead_is_not_read_by_converting_it(world: World) -> None:
    data = {
        "name": "苏州恒达食品有限公司",
        "person": "张经理",
        "phone": "13812345678",
        "budget": "二十万以内",
    }
    with in_scope(world.seller):
        lead = create_lead(world.seller, data=data)
    close(world, "leads", "phone", mode="mask")
    close(world, "leads", "budget")
    with in_scope(world.seller):
        made = convert_lead(actor_now(world, "seller"), lead.pk, opportunity={})
        assert made.person is not None
        assert made.opportunity is not None
        made.opportunity.refresh_from_db()
        assert "二十万" not in made.opportunity.remarks
        assert made.person.phone == ""
        lead.refresh_from_db()
        assert (lead.phone, lead.budget) != ("", "")


def test_a_lead_is_not_put_to_a_customer_that_is_not_ones_to_change(world: World) -> None:
    with in_scope(world.elsewhere):
        theirs = create_customer(world.elsewhere, data={"name": "Theirs", "relations": "customer"})
        data = {"customer": str(theirs.pk), "member": str(world.seller.member_id)}
        find("charges").create(world.elsewhere, data=data)
    with in_scope(world.seller):
        lead = create_lead(world.seller, data={"name": "Another firm"})
        assert access.visible(world.seller, find("customers")).filter(pk=theirs.pk).exists()
        with pytest.raises(Forbidden):
            convert_lead(world.seller, lead.pk, customer=theirs.pk)


def test_answers_about_a_sale_that_was_given_away_are_not_taken_back(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
    with in_scope(world.manager):
        asked = find("questions").create(
            world.manager, data={"stage": str(one.stage_id), "text": "How many?"}
        )
    with in_scope(world.seller):
        answer(world.seller, one.pk, answers={asked.pk: "Three"})
        said = last_operation_id()
        assert said is not None
        shown = [row.name + str(row.columns) for row in changes_of(world.manager, said)[0]]
        assert "Three" in "".join(shown)
    with in_scope(world.system):
        theirs = create_customer(
            world.system,
            data={"name": "Theirs", "relations": "customer", "owner": str(world.admin.member_id)},
        )
        data = {"owner": str(world.admin.member_id), "customer": str(theirs.pk)}
        edit_opportunity(world.system, one.pk, data=data, expected_version=None)
    with in_scope(world.seller):
        with pytest.raises((Conflict, Refused)):
            undo(world.seller, said)
        assert Answer.objects.get().text == "Three"
        assert "Three" not in str([row.columns for row in changes_of(world.manager, said)[0]])


def test_the_change_log_names_no_record_that_its_reader_does_not_see(world: World) -> None:
    with in_scope(world.admin):
        theirs = create_customer(world.admin, data={"name": "Theirs alone", "relations": "customer"})
    with in_scope(world.system), operation(world.system, "tests.sale.open") as done:
        opened(world.system, customer=str(theirs.pk), owner=str(world.seller.member_id))
    for reader, is_named in ((world.manager, False), (world.admin, True)):
        with in_scope(reader):
            said = str([row.columns for row in changes_of(reader, done.id)[0]])
            assert world.members["seller"].name in said
            assert ("Theirs alone" in said) is is_named


def test_the_settings_of_pipelines_count_the_sales_that_their_reader_sees(
    world: World, client_for: ClientFor
) -> None:
    with in_scope(world.admin):
        opened(world.admin)
        opened(world.admin)
    with in_scope(world.seller):
        opened(world.seller)
        key = stage(0).pk
    for who, count in (("manager", 1), ("admin", 3)):
        page = client_for(world.members[who]).get(reverse("pipeline_settings"))
        found = {one.stage.pk: one.count for _way, lines, _ends in page.context["pipelines"] for one in lines}
        assert found[key] == count

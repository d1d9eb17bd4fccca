"""What becomes of a lead, on its page: recognised ones are filled in, questions are asked, answers go along."""

# Chinese in code: names and texts in tests

from typing import Any

import pytest

from guanxi.customers.models import Customer, Person
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.kernel.errors import Invalid
from guanxi.marketing.choices import State
from guanxi.marketing.models import Lead
from guanxi.marketing.services.leads import create_lead, qualify
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity
from guanxi.sales.services.converting import convert_lead
from guanxi.sales.services.defaults import make_for_opened_company
from guanxi.tailoring.services import fields
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope

_LEAD = {"name": "苏州恒达食品有限公司", "person": "张经理", "phone": "13812345678", "need": "枕包机两台"}


@pytest.fixture(autouse=True)
def pipelines(world: World) -> None:
    with in_scope(world.owner), operation(world.owner, "sales.pipeline.create"):
        make_for_opened_company()


def _lead(world: World, **more: Any) -> Lead:
    with in_scope(world.seller):
        return create_lead(world.seller, data={**_LEAD, **more}, allow_duplicate=True)


def _question(world: World, resource: str, label: str, kind: str = "text", **more: Any) -> str:
    with in_scope(world.admin):
        return str(
            fields.add_field(world.admin, resource=resource, kind=kind, data={"label_zh": label, **more}).name
        )


def test_the_page_is_filled_in_and_converts_by_one_press_and_one_undo(world: World) -> None:
    lead = _lead(world)
    seller = client_for(world.members["seller"])
    page = seller.get(f"/leads/{lead.pk}/convert/").content.decode()
    assert page.count("checked") >= 3
    assert "苏州恒达食品有限公司 枕包机两台" in page
    # The card and the menu lead here, too.
    assert f"/leads/{lead.pk}/convert/" in seller.get(f"/leads/{lead.pk}/").content.decode()
    assert seller.get(f"/leads/{lead.pk}/act/convert/").headers["Location"] == f"/leads/{lead.pk}/convert/"
    sent = {"customer_is": "new", "person_is": "new", "sale": "1", "name": "两台枕包机", "amount": "12万",
            "expected_on": "2027-03-31"}  # fmt: skip
    answer = seller.post(f"/leads/{lead.pk}/convert/", sent)
    assert answer.status_code == 302, answer.content.decode()
    with in_scope(world.seller):
        sale = Opportunity.objects.get(lead=lead.pk)
        assert (sale.name, sale.amount, str(sale.expected_on)) == ("两台枕包机", 12_000_000, "2027-03-31")
        assert (sale.customer.name, sale.person.name) == (lead.name, lead.person)


def test_a_recognised_customer_and_person_are_offered_and_chosen(world: World) -> None:
    with in_scope(world.seller):
        firm = create_customer(world.seller, data={"name": "苏州恒达食品有限公司", "relations": "customer"})
        person = create_person(
            world.seller, data={"name": "张经理", "phone": "13812345678", "customer": str(firm.pk)}
        )
    lead = _lead(world)
    seller = client_for(world.members["seller"])
    page = seller.get(f"/leads/{lead.pk}/convert/").content.decode()
    for one in (firm, person):
        assert f'value="{one.pk}" checked' in page
    assert (
        seller.post(
            f"/leads/{lead.pk}/convert/",
            {"customer_is": str(firm.pk), "person_is": str(person.pk), "sale": "0"},
        ).status_code
        == 302
    )
    with in_scope(world.seller):
        lead.refresh_from_db()
        assert (lead.customer_id, lead.contact_id, Opportunity.objects.count()) == (firm.pk, person.pk, 0)
        assert (Customer.objects.count(), Person.objects.count()) == (1, 1)


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(world: World) -> None:
    lead = _lead(world)
    seller = client_for(world.members["seller"])
    sent = {"customer_is": "other", "person_is": "none", "sale": "1", "name": "留着", "amount": "12.345"}
    answer = seller.post(f"/leads/{lead.pk}/convert/", sent)
    assert (answer.status_code, "留着" in answer.content.decode()) == (422, True)
    answer = seller.post(f"/leads/{lead.pk}/convert/", {**sent, "customer_is": "new"})
    assert (answer.status_code, "12.345" in answer.content.decode()) == (422, True)
    with in_scope(world.seller):
        assert (Customer.objects.count(), Lead.objects.get(pk=lead.pk).state) == (0, State.NEW)


def test_without_a_person_his_numbers_are_told(world: World) -> None:
    lead = _lead(world)
    with in_scope(world.seller):
        made = convert_lead(world.seller, lead.pk, without_person=True, opportunity={})
        assert made.person is None
        assert "13812345678" in made.opportunity.remarks.replace(" ", "")  # type: ignore[union-attr]
        assert "张经理" in made.opportunity.remarks  # type: ignore[union-attr]


def test_a_company_s_questions_are_asked_needed_and_carried_over(world: World) -> None:
    speed = _question(world, "leads", "产线速度", "number", unit="包/分", needed=True)
    rival = _question(world, "leads", "现用品牌", asked=True)
    theirs = _question(world, "opportunities", "产线速度", "number", unit="包/分")
    lead = _lead(world)
    seller = client_for(world.members["seller"])
    card = seller.get(f"/leads/{lead.pk}/", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    assert "产线速度" in card
    form = seller.get(f"/leads/{lead.pk}/act/qualify/").content.decode()
    assert f'name="{speed}"' in form
    assert f'name="{rival}"' in form
    with in_scope(world.seller):
        with pytest.raises(Invalid) as refused:
            convert_lead(world.seller, lead.pk, opportunity={})
        assert list(refused.value.fields) == [speed]
        assert Lead.objects.get(pk=lead.pk).state == State.NEW
        qualify(world.seller, lead.pk, expected_version=None, **{rival: "松川"})
    page = seller.get(f"/leads/{lead.pk}/convert/").content.decode()
    assert (f'name="{speed}"' in page, f'name="{rival}"' in page) == (True, False)
    sent = {"customer_is": "new", "person_is": "new", "sale": "1", "name": "枕包机"}
    assert seller.post(f"/leads/{lead.pk}/convert/", sent).status_code == 422
    assert seller.post(f"/leads/{lead.pk}/convert/", {**sent, speed: "120"}).status_code == 302
    with in_scope(world.seller):
        sale = Opportunity.objects.get(lead=lead.pk)
        # The number has a field of its own there; what has none is told.
        assert find("opportunities").kind(theirs).value(sale) == 120
        assert "松川" in sale.remarks
        assert "120" not in sale.remarks
        lead.refresh_from_db()
        assert lead.own == {speed: 120, rival: "松川"}


def test_the_undo_of_a_conversion_brings_the_answers_back_as_they_were(world: World) -> None:
    speed = _question(world, "leads", "产线速度", "number", needed=True)
    lead = _lead(world, **{speed: "80"})
    with in_scope(world.seller):
        convert_lead(world.seller, lead.pk, opportunity={}, answers={speed: "90"})
        done = last_operation_id()
        assert Lead.objects.get(pk=lead.pk).own == {speed: 90}
    with in_scope(world.seller):
        undo(world.seller, done)  # type: ignore[arg-type]
        back = Lead.objects.get(pk=lead.pk)
        assert (back.own, back.state, Opportunity.objects.count()) == ({speed: 80}, State.NEW, 0)


def test_only_records_with_such_an_act_have_questions(world: World) -> None:
    with in_scope(world.admin), pytest.raises(Invalid):
        fields.add_field(
            world.admin, resource="customers", kind="text", data={"label_zh": "问", "needed": True}
        )

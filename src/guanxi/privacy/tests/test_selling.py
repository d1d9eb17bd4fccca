"""What selling knows of a person: leads, sales, mail. It is told of, and erased with the rest."""

# Chinese in code: names of people in tests

from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from django.utils import timezone

from guanxi.activities.services.activities import log_activity
from guanxi.channels.models import Mention, Message
from guanxi.customers.services.people import edit_person
from guanxi.foundation.permissions.actor import Actor
from guanxi.marketing.models import Lead
from guanxi.marketing.queries.alike import alike
from guanxi.marketing.services.leads import create_lead, edit_lead
from guanxi.privacy.queries.answers import everything_of
from guanxi.privacy.services.answering import answer
from guanxi.privacy.services.erasing import erase_person
from guanxi.privacy.services.standing import person_of_lead
from guanxi.resource.registry import find
from guanxi.sales.models import Answer, Opportunity
from guanxi.sales.services import planning
from guanxi.sales.services.converting import convert_lead
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope

NAME, MAIL, WECHAT = "慕容柒捌玖", "murong78@zq9.test", "zq9murong_wx"
FIRST, SECOND, THIRD = "13987651111", "13987652222", "13987653333"
SPELLED = "mu'rong'qi'ba'jiu"
MARKERS = (NAME, FIRST, SECOND, THIRD, MAIL, WECHAT, SPELLED)


def _everywhere(world: World) -> list[str]:
    """Rows of the company in which a marker stands."""
    found = []
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' "
            "AND n.nspname = 'public' AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid "
            "AND a.attname = 'tenant_id' AND NOT a.attisdropped)"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT left(t::text, 600) FROM "{table}" t WHERE tenant_id = %s AND t::text ILIKE ANY(%s) LIMIT 3',
                [str(world.tenant_id), [f"%{marker}%" for marker in MARKERS]],
            )
            found += [f"{table}: {row[0]}" for row in cursor.fetchall()]
    return found


def _message(world: World, person: UUID) -> Message:
    member = world.members["admin"]
    made = Message.objects.create(
        member=member, ref="1@zq9.test", thread="1@zq9.test", direction="in", sender=MAIL, sender_name=NAME,
        recipients=[{"name": "我们", "mail": "us@ours.test", "as": "to"}], subject=f"{NAME} 问价", at=timezone.now(),
        text=f"我是 {NAME}，电话 139 8765 1111", signature=NAME,
    )  # fmt: skip
    Mention.objects.create(message=made, address=MAIL, resource="people", record_id=person)
    return made


@pytest.fixture
def person(world: World) -> Any:
    """Somebody who was a lead, with other numbers then, is the main contact of a sale and writes mail."""
    admin = world.admin
    with in_scope(admin):
        data = {
            "name": "恒达食品",
            "person": NAME,
            "phone": FIRST,
            "wechat": WECHAT,
            "need": f"{NAME} 要枕包机",
        }
        lead = create_lead(admin, data=data)
        edit_lead(admin, lead.pk, data={"phone": SECOND}, expected_version=None)
        log_activity(admin, data={"kind": "call", "about_id": lead.pk, "text": f"{NAME} 嫌贵"})
        made = convert_lead(admin, lead.pk, opportunity={})
        assert made.person is not None
        assert made.opportunity is not None
        stage = str(made.opportunity.stage_id)
        asked = find("questions").create(admin, data={"stage": stage, "text": "谁说了算?"})
        planning.answer(admin, made.opportunity.pk, answers={asked.pk: f"{NAME} 说了算"})
        line = {"opportunity": str(made.opportunity.pk), "text": f"{NAME} 要的样机"}
        find("sale_lines").create(admin, data=line)
    with in_scope(admin):
        data = {"phone": THIRD, "email": MAIL}
        edit_person(admin, made.person.pk, data=data, expected_version=None)
        # The same person at another fair, never converted; and somebody else who has this number alone.
        create_lead(admin, data={"name": NAME, "person": NAME, "phone": THIRD}, allow_duplicate=True)
        log_activity(
            admin, data={"kind": "call", "about_id": Lead.objects.get(name=NAME).pk, "text": f"{NAME} 不在"}
        )
        _message(world, made.person.pk)
    return made.person


def _tables(actor: Actor, person: Any) -> set[str]:
    found = everything_of(person, "en")
    return {line.table for group in (*found.own, *found.named) for line in group.lines}


def test_the_answer_names_leads_sales_and_mail(world: World, person: Any) -> None:
    with in_scope(world.admin):
        told = _tables(world.admin, person)
        assert {
            "marketing_lead",
            "sales_opportunity",
            "sales_answer",
            "sales_line",
            "channels_message",
        } <= told
        whole = everything_of(person, "en")
        leads = [group for group in whole.named if group.lines and group.lines[0].table == "marketing_lead"]
        assert [group.many for group in leads] == [2]
        assert answer(world.admin, person.pk, ground="request").files == []


def test_nothing_of_it_is_left_after_erasing(world: World, person: Any) -> None:
    assert _everywhere(world)
    with in_scope(world.admin):
        erase_person(world.admin, person.pk, ground="request")
    assert _everywhere(world) == []
    with in_scope(world.admin):
        # The facts stay, without the person.
        assert Lead.objects.filter(name="恒达食品").exists()
        assert Opportunity.objects.filter(person=None).exists()
        assert "说了算" in Answer.objects.get().text
        assert alike(world.admin, {"name": "x", "person": "y", "phone": SECOND}) == []


def test_a_number_of_somebody_else_s_lead_stays_there(world: World, person: Any) -> None:
    with in_scope(world.admin):
        other = create_lead(
            world.admin, data={"name": "别家厂", "person": "钱七", "wechat": WECHAT}, allow_duplicate=True
        )
    with in_scope(world.admin):
        erase_person(world.admin, person.pk, ground="request")
        other.refresh_from_db()
        assert (other.person, other.wechat) == ("钱七", WECHAT)


def test_a_lead_that_is_nobodys_is_erased_alone(world: World) -> None:
    with in_scope(world.admin):
        data = {
            "name": "恒达食品",
            "person": NAME,
            "phone": FIRST,
            "wechat": WECHAT,
            "need": f"{NAME} 要枕包机",
        }
        lead = create_lead(world.admin, data=data)
        log_activity(world.admin, data={"kind": "call", "about_id": lead.pk, "text": f"{NAME} 不在"})
    admin, page = client_for(world.members["admin"]), f"/leads/{lead.pk}/personal-data/"
    assert page in admin.get(f"/leads/{lead.pk}/").content.decode()
    assert NAME not in admin.get(page).content.decode()
    led = admin.post(page)
    with in_scope(world.admin):
        lead.refresh_from_db()
        assert led.headers["Location"] == f"/people/{lead.contact_id}/personal-data/"
        # It is a lead as before, and asked again it is the same person.
        assert (lead.state, person_of_lead(world.admin, lead.pk).pk) == ("working", lead.contact_id)
    assert admin.get(page).headers["Location"] == led.headers["Location"]
    with in_scope(world.admin):
        erase_person(world.admin, lead.contact_id, ground="request")
    assert _everywhere(world) == []
    with in_scope(world.admin):
        kept = Lead.objects.get(pk=lead.pk)
        assert (kept.name, kept.contact_id, FIRST in kept.phone) == ("恒达食品", None, False)

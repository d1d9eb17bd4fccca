"""Telephone numbers are masked until somebody asks for one, and asking leaves a trace."""

# Chinese in code: names of people in tests

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.customers.services.people import create_person, edit_person
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.integrations.api.tokens import create_token
from guanxi.kernel.errors import Forbidden, NotFound, Refused
from guanxi.marketing.services.leads import create_lead
from guanxi.privacy.models import Reveal
from guanxi.privacy.queries.guarding import Guarding, guarding
from guanxi.privacy.services.revealing import change_guarding, reveal
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope

PHONE, SHOWN = "13987650123", "0123"


@pytest.fixture
def people(world: World) -> list[UUID]:
    """Three people of the seller's, in a company that masks until asked, two a day, the superior told of two."""
    with in_scope(world.seller):
        made = [
            create_person(world.seller, data={"name": f"张{n}", "phone": f"1398765{n}123"}).pk
            for n in range(3)
        ]
    with in_scope(world.admin):
        change_guarding(world.admin, Guarding(veiled=True, a_day=2, alert_at=2))
    return made


def now(world: World, who: str = "seller") -> Actor:
    with in_scope(world.system):
        return load_actor(world.members[who].pk)


def ask(actor: Actor, person: UUID) -> str:
    with in_scope(actor):
        record, kind = reveal(actor, resource="people", record_id=person, field="phone", ip="10.0.0.9")
        return str(kind.value(record))


def test_lists_cards_forms_exports_and_the_api_show_masks(world: World, people: list[UUID]) -> None:
    browser = client_for(world.members["seller"])
    card = find("people").url("card", id=people[0])
    for address in ("/people/", card, find("people").url("edit", id=people[0])):
        page = browser.get(address).content.decode()
        assert "13987650123" not in page.replace(" ", ""), address
    assert reverse("reveal", args=["people", people[0], "phone"]) in browser.get(card).content.decode()
    field = f"{card}field/phone/"
    assert browser.get(field, headers={"HX-Request": "true"}).status_code in (403, 404)
    with in_scope(world.seller):
        key = {"Authorization": f"Bearer {create_token(world.seller, name='x', may_write=True)[1]}"}
    told = Client().get(f"/api/v1/people/{people[0]}", headers=key).json()
    assert "987650" not in told["phone"].replace(" ", "")
    asked = Client().post(
        f"/api/v1/personal-data/{people[0]}/reveal",
        {"resource": "people", "field": "phone"},
        content_type="application/json",
        headers=key,
    )
    assert "0123" in asked.json()["value"]
    with in_scope(world.system):
        assert Reveal.objects.get().door == "api"


def test_telephones_of_leads_are_masked_like_others_and_a_look_at_one_is_written_down(
    world: World, people: list[UUID]
) -> None:
    with in_scope(world.seller):
        lead = create_lead(world.seller, data={"name": "恒达", "person": "张经理", "phone": PHONE})
        key = {"Authorization": f"Bearer {create_token(world.seller, name='x', may_write=False)[1]}"}
    browser, card = client_for(world.members["seller"]), find("leads").url("card", id=lead.pk)
    for address in ("/leads/", "/leads/?columns=name,phone", card, find("leads").url("edit", id=lead.pk)):
        assert PHONE not in browser.get(address).content.decode().replace(" ", ""), address
    assert "987650" not in Client().get(f"/api/v1/leads/{lead.pk}", headers=key).json()["phone"].replace(
        " ", ""
    )
    seller = now(world)
    with in_scope(world.seller):
        assert access.search(seller, find("leads"), "87650") == []
    shown = browser.post(reverse("reveal", args=["leads", lead.pk, "phone"])).content.decode()
    assert PHONE in shown.replace(" ", "")
    with in_scope(world.system):
        assert Reveal.objects.get().resource == "leads"


def test_a_click_shows_the_number_and_is_written_down(world: World, people: list[UUID]) -> None:
    browser = client_for(world.members["seller"])
    shown = browser.post(reverse("reveal", args=["people", people[0], "phone"])).content.decode()
    assert shown.replace(" ", "").count("139876501") + shown.replace(" ", "").count("0123") >= 1
    with in_scope(world.system):
        one = Reveal.objects.get()
        assert (one.member_id, one.record_id, one.field, one.door) == (
            world.members["seller"].pk, people[0], "phone", "web",
        )  # fmt: skip
    page = client_for(world.members["admin"]).get(reverse("data_security")).content.decode()
    assert "张0" in page


def test_only_so_many_a_day_and_the_superior_hears_of_it(world: World, people: list[UUID]) -> None:
    actor = now(world)
    ask(actor, people[0])
    ask(actor, people[0])
    with in_scope(world.system):
        assert not Notice.objects.filter(kind="privacy.reveals.many").exists()
    ask(actor, people[1])
    with in_scope(world.system):
        told = Notice.objects.get(kind="privacy.reveals.many")
        assert told.member_id == world.members["manager"].pk
    with pytest.raises(Refused):
        ask(actor, people[2])
    ask(actor, people[1])


def test_what_a_rule_masks_is_shown_to_nobody_and_borrowed_eyes_see_nothing(
    world: World, people: list[UUID]
) -> None:
    actor = now(world)
    ruled = replace(actor, field_rules={("people", "phone"): "mask"})
    with pytest.raises(Forbidden):
        ask(ruled, people[0])
    with pytest.raises(Forbidden):
        ask(replace(actor, observer_id=world.members["admin"].pk), people[0])
    with pytest.raises(NotFound):
        ask(now(world, "elsewhere"), people[0])


def test_numbers_are_entered_as_before_and_come_back_with_the_setting(
    world: World, people: list[UUID]
) -> None:
    actor = now(world)
    with in_scope(actor):
        made = create_person(actor, data={"name": "新人", "phone": "13900001111"})
        edit_person(actor, made.pk, data={"phone": "13900002222"}, expected_version=None)
        assert access.is_masked(actor, find("people").kind("phone"))
    with in_scope(world.admin):
        change_guarding(world.admin, replace(guarding(), veiled=False))
    with in_scope(world.seller):
        assert not access.is_masked(now_in(world), find("people").kind("phone"))


def now_in(world: World) -> Any:
    return load_actor(world.members["seller"].pk)


def test_only_who_manages_the_company_sets_it(world: World) -> None:
    with in_scope(world.manager), pytest.raises(Forbidden):
        change_guarding(world.manager, Guarding(veiled=True))
    browser = client_for(world.members["admin"])
    assert (
        browser.post(reverse("data_security"), {"veiled": "1", "a_day": "x", "alert_at": "5"}).status_code
        == 422
    )
    answered = browser.post(reverse("data_security"), {"veiled": "1", "a_day": "20", "alert_at": "5"})
    assert answered.status_code == 302
    with in_scope(world.system):
        assert guarding() == Guarding(veiled=True, a_day=20, alert_at=5)
    assert "gx-watermark" not in browser.get("/people/").content.decode()
    browser.post(reverse("data_security"), {"veiled": "0", "a_day": "20", "alert_at": "5", "watermark": "1"})
    page = browser.get("/people/").content.decode()
    assert f"<span>{world.members['admin'].name} " in page

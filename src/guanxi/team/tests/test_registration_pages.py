"""Registrations on pages and through the API: the buttons of whoever decides, the setting, a collision settled."""

# Chinese in code: names in tests

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.foundation.accounts.models import Member
from guanxi.integrations.api.tests.calling import program_of
from guanxi.resource.registry import find
from guanxi.team.queries.registrations import days_protected
from guanxi.team.tests.deals import deal, free_customer, fresh, states
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


def test_who_decides_finds_the_buttons_on_the_card(world: World, client_for: ClientFor) -> None:
    customer = free_customer(world)
    resource = find("registrations")
    with in_scope(world.seller):
        one = deal(world.seller, customer)
    card, accept = resource.url("card", id=one.pk), resource.url("act", id=one.pk, key="accept")
    manager, seller = client_for(world.members["manager"]), client_for(world.members["seller"])
    assert f'hx-post="{accept}"' in manager.get(card).content.decode()
    assert accept not in seller.get(card).content.decode()
    assert seller.post(accept, {"save": "1"}).status_code == 403
    assert manager.post(accept, {"save": "1"}).status_code == 302
    with in_scope(world.manager):
        assert states(one) == ["in_force"]
    assert accept not in manager.get(card).content.decode()


def test_a_collision_is_settled_from_its_card(world: World, client_for: ClientFor) -> None:
    customer = free_customer(world)
    resource = find("registrations")
    with in_scope(world.seller):
        one = deal(world.seller, customer)
    with in_scope(world.teammate):
        other = deal(world.teammate, customer)
    manager = client_for(world.members["manager"])
    url = resource.url("act", id=other.pk, key="settle")
    card = manager.get(resource.url("card", id=other.pk)).content.decode()
    assert f'class="btn btn-sm btn-primary" href="{url}"' in card
    assert resource.url("act", id=other.pk, key="accept") in card  # in the menu
    assert manager.get(url).status_code == 200
    assert manager.post(url, {"save": "1", "why": ""}).status_code == 422
    assert manager.post(url, {"save": "1", "why": "先跟进"}).status_code == 302
    with in_scope(world.manager):
        assert states(one, other) == ["refused", "in_force"]
    for name, mine in (("seller", one), ("teammate", other)):
        assert (
            "先跟进" in client_for(world.members[name]).get(resource.url("card", id=mine.pk)).content.decode()
        )


def test_the_api_offers_the_same_acts(world: World) -> None:
    customer = free_customer(world)
    with in_scope(world.seller):
        one = deal(world.seller, customer)
    with in_scope(world.teammate):
        other = deal(world.teammate, customer)
    program = program_of(world.manager)
    path = f"/registrations/{one.pk}/actions"
    assert program.post(f"{path}/settle", {"inputs": {}}).status_code == 422
    assert program.post(f"{path}/settle", {"inputs": {"why": "先跟进"}}).status_code == 200
    assert program.post(f"{path}/settle", {"inputs": {"why": "再来"}}).status_code == 409
    assert program.post(f"{path}/extend", {"inputs": {"proof": "已试机"}}).status_code == 200
    found = program.get(f"/registrations/{one.pk}").json()
    assert (found["state"], found["extensions"], found["progress"]) == ("in_force", 1, "已试机")
    with in_scope(world.manager):
        assert fresh(other).reason == "先跟进"


@pytest.mark.parametrize(("typed", "status"), [("30", 302), ("0", 422), ("x", 422), ("", 422)])
def test_the_days_of_protection_are_set_on_their_page(
    world: World, client_for: ClientFor, typed: str, status: int
) -> None:
    url = reverse("registration_settings")
    assert client_for(world.members["seller"]).get(url).status_code == 403
    admin = client_for(world.members["admin"])
    assert 'value="90"' in admin.get(url).content.decode()
    assert admin.post(url, {"days": typed}).status_code == status
    with in_scope(world.admin):
        assert days_protected() == (30 if status == 302 else 90)

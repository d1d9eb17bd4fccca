"""Who finds a customer on which door: whoever answers for it, who helps with it, who is above them, and nobody else."""

# Chinese in code: the names that are looked for

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guanxi.activities.services.activities import log_activity, plan_activity
from guanxi.activities.services.commitments import create_commitment
from guanxi.activities.services.feeds import make_feed
from guanxi.collaboration.services.comments import add_comment
from guanxi.customers.models import Charge
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.customers.services.ways import addresses, charges
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services import close_member
from guanxi.integrations.api.tests.calling import program_of
from guanxi.marketing.services.leads import create_lead
from guanxi.resource.registry import find
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope, make_world

FIRM, PERSON, WORD = "鼎盛味园", "欧阳采薇", "封口不良"
TRACES = (FIRM, PERSON, WORD)
# Who sees what belongs to the seller. `former` helped until yesterday.
SEEING = ("seller", "manager", "helper")
BLIND = ("teammate", "former", "stranger")
Door = Callable[[Client, Actor, "Found"], str]


class Found:
    """The customer that is looked for."""

    def __init__(self, customer: UUID, person: UUID) -> None:
        self.customer, self.person = customer, person


@pytest.fixture
def found(world: World) -> Found:
    """A customer of the seller's with a person, a touch, a plan, a promise, a comment, a place and a registration."""
    actor, now = world.seller, timezone.now()
    with in_scope(actor):
        customer = create_customer(actor, data={"name": FIRM, "relations": "customer", "grade": "A"})
        person = create_person(actor, data={"name": PERSON, "customer": str(customer.pk)})
        data = {"customer": str(customer.pk), "kind": "call", "text": WORD}
        log_activity(actor, data=data | {"outcome": "answered"})
        plan_activity(
            actor,
            data={"customer": str(customer.pk), "kind": "call", "subject": WORD, "at": now.isoformat()},
        )
        create_commitment(
            actor, data={"what": WORD, "customer": str(customer.pk), "due": now.date().isoformat()}
        )
        add_comment(actor, resource="customers", record_id=customer.pk, text=WORD)
        addresses.create(
            actor,
            data={
                "customer": str(customer.pk),
                "street": "漕湖大道1号",
                "latitude": "31.2",
                "longitude": "121.5",
            },
        )
        # A lead is seen by whoever answers for it and those above, whatever customer they help with.
        create_lead(actor, data={"name": "吉祥如意糕点铺", "need": WORD})
        find("registrations").create(actor, data={"customer": str(customer.pk), "line": WORD})
        charges.create(
            actor,
            data={"customer": str(customer.pk), "member": str(world.elsewhere.member_id), "power": "read"},
        )
    return Found(customer.pk, person.pk)


def _page(path: str, **headers: str) -> Door:
    def ask(client: Client, actor: Actor, found: Found) -> str:
        answer: Any = client.get(path.format(customer=found.customer, person=found.person), headers=headers)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return bytes(body).decode(errors="replace")

    return ask


def _api(path: str) -> Door:
    def ask(client: Client, actor: Actor, found: Found) -> str:
        answer = program_of(actor).get(path.format(customer=found.customer, person=found.person))
        return str(answer.json())

    return ask


def _feed(client: Client, actor: Actor, found: Found) -> str:
    with in_scope(actor):
        secret = make_feed(actor)
    answer = Client().get(reverse("calendar_file"), {"key": secret})
    return answer.content.decode().replace("\r\n ", "")


HTMX = {"HX-Request": "true"}
DOORS: dict[str, Door] = {
    "list of customers": _page("/customers/"),
    "list of people": _page("/people/"),
    "list of activities": _page("/activities/"),
    "list of commitments": _page("/commitments/"),
    "card": _page("/customers/{customer}/"),
    "preview": _page("/customers/{customer}/preview/", **HTMX),
    "card of a person": _page("/people/{person}/"),
    "timeline": _page("/timeline/customers/{customer}/"),
    "brief": _page("/brief/customers/{customer}/"),
    # By their initials: what was looked for is said again where nothing is found.
    "search": _page("/search/?q=dswy", **HTMX),
    "search for a person": _page("/search/?q=oycw", **HTMX),
    "nearby": _page("/nearby/?latitude=31.2&longitude=121.5&whose=all"),
    "API, customers": _api("/customers"),
    "API, one": _api("/customers/{customer}"),
    "API, people": _api("/people"),
    "API, activities": _api("/activities"),
    "API, commitments": _api("/commitments"),
    "API, nearby": _api("/nearby?latitude=31.2&longitude=121.5&whose=all"),
}
# Doors that show one's own, or one's team's, beside what one may see.
OWN: dict[str, tuple[Door, tuple[str, ...]]] = {
    # Others' registrations are seen by those above them, not by whoever helps with the customer.
    "list of registrations": (_page("/registrations/"), ("seller", "manager")),
    "API, registrations": (_api("/registrations"), ("seller", "manager")),
    "list of leads": (_page("/leads/"), ("seller", "manager")),
    "API, leads": (_api("/leads"), ("seller", "manager")),
    "what a phone keeps": (_page("/offline/customers/"), ("seller",)),
    "today": (_page("/today/?of=mine"), ("seller",)),
    "today of the team": (_page("/today/?of=team"), ("seller", "manager")),
    "calendar": (_page("/calendar/"), ("seller",)),
    "calendar feed": (_feed, ("seller",)),
    "report": (_page("/reports/new/"), ("seller",)),
    "export": (_page("/customers/export/?format=csv"), ("manager",)),
}


def _reader(world: World, who: str) -> tuple[Client, Actor]:
    if who == "stranger":
        other = make_world()
        return client_for(other.members["owner"]), other.owner
    name = {"helper": "elsewhere", "former": "elsewhere"}.get(who, who)
    with in_scope(world.system):
        actor = load_actor(world.members[name].pk)
    return client_for(world.members[name]), actor


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", [*SEEING, *BLIND])
def test_a_customer_is_found_by_whoever_sees_it_and_by_nobody_else(
    world: World, found: Found, door: str, who: str
) -> None:
    if who == "former":
        _ended(world)
    text = DOORS[door](*_reader(world, who), found)
    seen = [trace for trace in TRACES if trace in text]
    assert bool(seen) is (who in SEEING), (door, who, seen)


@pytest.mark.parametrize("door", OWN)
@pytest.mark.parametrize("who", [*SEEING, *BLIND])
def test_what_is_ones_own_or_ones_teams_shows_no_other(
    world: World, found: Found, door: str, who: str
) -> None:
    if who == "former":
        _ended(world)
    ask, seeing = OWN[door]
    seen = [trace for trace in TRACES if trace in ask(*_reader(world, who), found)]
    assert bool(seen) is (who in seeing), (door, who, seen)


@pytest.mark.parametrize("door", [*DOORS, *OWN])
def test_whoever_left_finds_nothing_on_any_door(world: World, found: Found, door: str) -> None:
    client, actor = client_for(world.members["seller"]), world.seller
    program = program_of(actor)
    with in_scope(world.seller):
        secret = make_feed(world.seller)
    with in_scope(world.admin):
        close_member(world.admin, world.members["seller"].pk)
    if door.startswith("API"):
        assert program.get("/customers").status_code in (401, 403)
    elif door == "calendar feed":
        assert Client().get(reverse("calendar_file"), {"key": secret}).status_code == 404
    else:
        text = {**DOORS, **{name: ask for name, (ask, _seeing) in OWN.items()}}[door](client, actor, found)
        assert not [trace for trace in TRACES if trace in text]


def _ended(world: World) -> None:
    """The help of the one from elsewhere ended yesterday."""
    with in_scope(world.seller):
        charge = Charge.objects.get(member=world.elsewhere.member_id)
        charges.edit(
            world.seller,
            charge.pk,
            data={"until": (timezone.localdate() - timedelta(days=1)).isoformat()},
            expected_version=None,
        )

"""Who looks after a part of a customer sees it, and what hangs on it; to change it stays with who answers for it."""

# Chinese in code: names of customers and people in tests

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guanxi.customers.services.customers import create_customer, edit_customer
from guanxi.customers.services.people import create_person, positions
from guanxi.customers.services.ways import addresses, charges
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tests.calling import program_of
from guanxi.kernel.errors import Forbidden, Invalid, NotFound
from guanxi.resource import access, listing
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

NAME = "苏州鼎盛食品有限公司"


def _customer(actor: Actor, name: str = NAME, **more: Any) -> Any:
    with in_scope(actor):
        return create_customer(
            actor, data={"name": name, "relations": "customer", **more}, allow_duplicate=True
        )


def _charge(by: Actor, customer: Any, to: Actor, **more: Any) -> Any:
    data = {"customer": str(customer.pk), "member": str(to.member_id), "unit": "食品事业部", **more}
    with in_scope(by):
        return charges.create(by, data=data)


def _sees(actor: Actor, key: str, record: Any, verb: str = "view") -> bool:
    with in_scope(actor):
        return access.visible(actor, find(key), verb).filter(pk=record.pk).exists()


def _listed(actor: Actor, query: str = "") -> list[str]:
    customers = find("customers")
    with in_scope(actor):
        return [one.name for one in listing.read(actor, customers, QueryDict(query)).page().rows]


def _queries(actor: Actor) -> tuple[list[str], list[str]]:
    """What a list asked for three times sends to the database, and a search."""
    customers = find("customers")
    with in_scope(actor):
        with CaptureQueriesContext(connection) as listed:
            for _ in range(3):
                listing.read(actor, customers, QueryDict("")).page(customers.columns)
        with CaptureQueriesContext(connection) as searched:
            access.search(actor, customers, "鼎盛")
    return [one["sql"] for one in listed.captured_queries], [one["sql"] for one in searched.captured_queries]


def test_who_is_in_charge_of_a_part_sees_the_customer_and_what_hangs_on_it(world: World) -> None:
    customer = _customer(world.seller, phone="0512-65430000")
    other = _customer(world.seller, "苏州别家机械有限公司")
    with in_scope(world.seller):
        person = create_person(world.seller, data={"name": "王小明", "customer": str(customer.pk)})
        address = addresses.create(
            world.seller, data={"customer": str(customer.pk), "use": "delivery", "street": "人民路 1 号"}
        )
        post = find("affiliations").model._default_manager.get(person=person.pk)
    held = (("customers", customer), ("people", person), ("affiliations", post), ("addresses", address))
    assert not any(_sees(world.elsewhere, key, one) for key, one in held)
    row = _charge(world.seller, customer, world.elsewhere)
    assert all(_sees(world.elsewhere, key, one) for key, one in (*held, ("charges", row)))
    assert not _sees(world.elsewhere, "customers", other)
    # Whoever is above him sees what he sees; who is not, does not.
    assert not any(_sees(world.teammate, key, one) for key, one in held)
    assert _listed(world.elsewhere) == [NAME]
    assert _listed(world.elsewhere, f"owner={world.seller.member_id}") == [NAME]
    assert _listed(world.teammate) == []


def test_who_is_in_charge_of_a_part_finds_the_customer_and_nobody_is_told_what_he_sees(world: World) -> None:
    customer = _customer(world.seller, phone="0512-65430000")
    customers = find("customers")
    with in_scope(world.elsewhere):
        assert access.search(world.elsewhere, customers, "鼎盛") == []
        assert [one.pk for one in access.told(world.elsewhere, customers, "鼎盛")] == [customer.pk]
    _charge(world.seller, customer, world.elsewhere)
    with in_scope(world.elsewhere):
        for typed in ("鼎盛", "szds", "65430000", "0000"):
            assert [hit.title for hit in access.search(world.elsewhere, customers, typed)] == [NAME], typed
        assert access.told(world.elsewhere, customers, "鼎盛") == []
    with in_scope(world.teammate):
        assert access.search(world.teammate, customers, "鼎盛") == []
        assert [one.pk for one in access.told(world.teammate, customers, "鼎盛")] == [customer.pk]


def test_sight_of_a_part_changes_gives_and_deletes_nothing(world: World) -> None:
    customer = _customer(world.seller)
    with in_scope(world.seller):
        person = create_person(world.seller, data={"name": "王小明", "customer": str(customer.pk)})
        address = addresses.create(
            world.seller, data={"customer": str(customer.pk), "use": "delivery", "street": "人民路 1 号"}
        )
        post = find("affiliations").model._default_manager.get(person=person.pk)
    row = _charge(world.seller, customer, world.elsewhere)
    held = (
        ("customers", customer), ("people", person), ("affiliations", post), ("addresses", address), ("charges", row),
    )  # fmt: skip
    actor = world.elsewhere
    for key, one in held:
        assert not _sees(actor, key, one, "edit"), key
        with in_scope(actor):
            assert not access.allows(actor, find(key), one, "edit"), key
            with pytest.raises((NotFound, Forbidden)):
                access.get(actor, find(key), one.pk, verb="edit")
    with in_scope(actor), pytest.raises(Forbidden):
        edit_customer(actor, customer.pk, data={"grade": "A"}, expected_version=None)
    # Nor does he prolong what he was given, or give it on.
    with in_scope(actor), pytest.raises((NotFound, Forbidden)):
        charges.edit(actor, row.pk, data={"until": ""}, expected_version=None)
    with in_scope(actor), pytest.raises(Invalid):
        charges.create(
            actor, data={"customer": str(customer.pk), "member": str(world.teammate.member_id), "unit": "x"}
        )
    with in_scope(actor), pytest.raises(Invalid):
        positions.create(actor, data={"person": str(person.pk), "customer": str(customer.pk)})


def test_the_superior_of_who_is_in_charge_reads_too_and_takes_nothing_over(world: World) -> None:
    customer = _customer(world.owner)  # nobody of the manager's
    assert not _sees(world.manager, "customers", customer)
    _charge(world.owner, customer, world.seller)
    assert _sees(world.manager, "customers", customer)
    for verb in ("edit", "assign", "delete", "merge"):
        assert not _sees(world.manager, "customers", customer, verb), verb


@pytest.mark.parametrize(
    ("since", "until", "seen"),
    [(None, 0, True), (None, -1, False), (0, None, True), (1, None, False), (-9, 9, True)],
    ids=["last-day", "over", "first-day", "to-come", "within"],
)
def test_sight_begins_and_ends_with_the_days_of_the_charge(
    world: World, since: int | None, until: int | None, seen: bool
) -> None:
    customer, today = _customer(world.seller), timezone.localdate()
    days = {
        name: (today + timedelta(days=off)).isoformat()
        for name, off in (("since", since), ("until", until))
        if off is not None
    }
    _charge(world.seller, customer, world.elsewhere, **days)
    assert _sees(world.elsewhere, "customers", customer) is seen
    assert (_listed(world.elsewhere) == [NAME]) is seen
    with in_scope(world.elsewhere):
        assert bool(access.search(world.elsewhere, find("customers"), "鼎盛")) is seen
        assert access.allows(world.elsewhere, find("customers"), customer, "view") is seen


def test_what_is_written_is_seen_at_once_and_undo_takes_the_sight_back(world: World) -> None:
    customer = _customer(world.seller)
    customers = find("customers")

    def sees() -> bool:
        return access.visible(world.elsewhere, customers).filter(pk=customer.pk).exists()

    with in_scope(world.system):  # one scope: what was asked before it was written is asked again
        assert not sees()
        charges.create(
            world.system,
            data={
                "customer": str(customer.pk),
                "member": str(world.elsewhere.member_id),
                "unit": "食品事业部",
            },
        )
        given = last_operation_id()
        assert sees()
        assert given is not None
        undo(world.system, given)
        assert not sees()


def test_without_a_part_in_anything_a_list_asks_what_it_asked_and_with_one_no_more(world: World) -> None:
    customer = _customer(world.seller)
    _customer(world.elsewhere, "无锡甲机械有限公司")
    lists, searches = _queries(world.elsewhere)
    table = find("charges").model._meta.db_table
    assert sum(table in sql for sql in (*lists, *searches)) == 1  # asked once, however often it is needed
    assert not any(" OR " in sql for sql in lists if 'FROM "customers_customer"' in sql)
    _charge(world.seller, customer, world.elsewhere)
    more_lists, more_searches = _queries(world.elsewhere)
    assert len(more_lists) == len(lists)
    assert len(more_searches) == len(searches) + 1  # the entries of what he has a part in


def test_many_parts_are_the_same_as_few(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guanxi.resource.following._FEW", 1)
    mine = [_customer(world.seller, f"第{number}机械有限公司") for number in range(3)]
    for one in mine:
        _charge(world.seller, one, world.elsewhere)
    _customer(world.seller, "别处机械有限公司")
    with in_scope(world.elsewhere):
        seen = access.visible(world.elsewhere, find("customers"))
        assert set(seen.values_list("pk", flat=True)) == {one.pk for one in mine}
        hits = access.search(world.elsewhere, find("customers"), "机械")
        assert {hit.id for hit in hits} == {one.pk for one in mine}


def test_card_and_api_open_for_who_is_in_charge_and_for_nobody_else(
    world: World, client_for: Callable[[Member], Client]
) -> None:
    customer = _customer(world.seller)
    _charge(world.seller, customer, world.elsewhere)
    url = find("customers").url("card", id=customer.pk)
    card = client_for(world.members["elsewhere"]).get(url)
    assert NAME in card.content.decode()
    assert client_for(world.members["teammate"]).get(url).status_code == 404
    program = program_of(world.elsewhere)
    assert program.get(f"/customers/{customer.pk}").json()["name"] == NAME
    assert [one["name"] for one in program.get("/customers").json()["items"]] == [NAME]
    refused = program.patch(f"/customers/{customer.pk}", {"grade": "A"})
    assert refused.status_code == 403
    stranger = program_of(world.teammate)
    assert stranger.get(f"/customers/{customer.pk}").status_code == 404
    assert stranger.get("/customers").json()["items"] == []

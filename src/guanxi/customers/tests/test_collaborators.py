"""Collaborators: who reads, who writes, until when, and that nobody gives on what was given to him."""

# Chinese in code: names of customers, people and parts in tests

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from guanxi.customers.models import Charge, Customer
from guanxi.customers.services.customers import (
    create_customer,
    delete_customers,
    edit_customer,
    edit_customers,
    edit_each,
    update_imported,
)
from guanxi.customers.services.locks import lock
from guanxi.customers.services.merging import merge_customers
from guanxi.customers.services.people import create_person, edit_person
from guanxi.customers.services.pools import move, release
from guanxi.customers.services.ways import addresses, charges
from guanxi.customers.tests.test_pools import make_pool, owner_of, put
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tests.calling import program_of
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused
from guanxi.resource import access, listing
from guanxi.resource.registry import find
from guanxi.testing.customers import make_customers
from guanxi.testing.worlds import World, in_scope, writing

NAME = "苏州鼎盛食品有限公司"


def customer_of(actor: Actor, name: str = NAME) -> Customer:
    with in_scope(actor):
        return create_customer(
            actor,
            data={"name": name, "relations": "customer", "phone": "0512-65430000"},
            allow_duplicate=True,
        )


def let(by: Actor, customer: Customer, to: Actor, power: str = "write", **more: str) -> Charge:
    data = {"customer": str(customer.pk), "member": str(to.member_id), "power": power, **more}
    with in_scope(by):
        made: Charge = charges.create(by, data=data)
    return made


def sees(actor: Actor, record: Any, verb: str = "view", key: str = "customers") -> bool:
    with in_scope(actor):
        found = access.visible(actor, find(key), verb).filter(pk=record.pk).exists()
        record = find(key).model._default_manager.get(pk=record.pk)
        assert access.allows(actor, find(key), record, verb) is found
    return found


def test_who_may_write_changes_the_customer_and_what_hangs_on_it(world: World) -> None:
    customer = customer_of(world.seller)
    with in_scope(world.seller):
        person = create_person(world.seller, data={"name": "王小明", "customer": str(customer.pk)})
    let(world.seller, customer, world.elsewhere)
    actor = world.elsewhere
    with in_scope(actor):
        edit_customer(actor, customer.pk, data={"grade": "A"}, expected_version=None)
        assert edit_customers(actor, ids=[customer.pk], data={"size": "20"}) == 1
        assert update_imported(actor, changes=[(customer.pk, {"remarks": "改过"})]) == 1
        edit_person(actor, person.pk, data={"post": "采购经理"}, expected_version=None)
        create_person(actor, data={"name": "李小红", "customer": str(customer.pk)})
        addresses.create(
            actor, data={"customer": str(customer.pk), "use": "delivery", "street": "人民路 1 号"}
        )
    with in_scope(world.system):
        kept = Customer.objects.get(pk=customer.pk)
        assert (kept.grade, kept.size, kept.remarks, kept.owner_id) == (
            "A", "20", "改过", world.seller.member_id,
        )  # fmt: skip


@pytest.mark.parametrize("power", ["read", "write"])
def test_a_collaborator_gives_takes_and_deletes_nothing(world: World, power: str) -> None:
    """A manager of another house: he holds every right there is within his reach, and has a part in this customer."""
    customer = customer_of(world.owner)
    other = customer_of(world.seller, "无锡别家机械有限公司")
    pool = make_pool(world, world.seller)
    actor = world.manager
    let(world.owner, customer, actor, power)
    assert sees(actor, customer)
    assert sees(actor, customer, "edit") is (power == "write")
    for verb in ("assign", "delete", "merge", "release", "move", "lock", "unlock"):
        assert not sees(actor, customer, verb), verb
    mine = str(world.seller.member_id)
    with in_scope(actor):
        with pytest.raises(Forbidden):
            edit_customer(actor, customer.pk, data={"owner": mine}, expected_version=None)
        with pytest.raises(Forbidden):
            edit_customer(actor, customer.pk, data={"pool": str(pool.pk)}, expected_version=None)
        assert edit_customers(actor, ids=[customer.pk], data={"owner": mine}) == 0
        with pytest.raises((Forbidden, NotFound)):
            edit_each(actor, changes=[(customer.pk, {"owner_id": world.seller.member_id})])
        assert update_imported(actor, changes=[(customer.pk, {"owner_id": world.seller.member_id})]) == 0
        assert release(actor, ids=[customer.pk], why="no_time", into=pool.pk) == 0
        assert move(actor, ids=[customer.pk], into=pool.pk) == 0
        assert lock(actor, ids=[customer.pk]) == 0
        with pytest.raises(Forbidden):
            delete_customers(actor, ids=[customer.pk])
        with pytest.raises(Forbidden):
            merge_customers(actor, ids=[customer.pk, other.pk])
    assert owner_of(world, customer) == world.owner.member_id


def test_a_part_is_not_given_on(world: World) -> None:
    customer = customer_of(world.seller)
    row = let(world.seller, customer, world.elsewhere)
    mine = customer_of(world.elsewhere, "无锡自家机械有限公司")
    own = let(world.elsewhere, mine, world.teammate)
    actor = world.elsewhere
    data = {"customer": str(customer.pk), "member": str(world.teammate.member_id), "power": "read"}
    with in_scope(actor):
        with pytest.raises(Refused, match="part_given_on"):
            charges.create(actor, data=data)
        with pytest.raises(Refused, match="part_given_on"):
            charges.edit(actor, row.pk, data={"until": "2031-01-01"}, expected_version=None)
        with pytest.raises(Refused, match="part_given_on"):
            charges.edit(actor, own.pk, data={"customer": str(customer.pk)}, expected_version=None)
        with pytest.raises(Refused, match="part_given_on"):
            charges.edit_each(actor, changes=[(own.pk, {"customer_id": customer.pk})])
        with pytest.raises(Refused, match="part_given_on"):
            charges.remove_many(actor, ids=[row.pk])
        charges.edit(actor, own.pk, data={"reason": "一起跟"}, expected_version=None)
    let(world.manager, customer, world.teammate)  # a superior of the owner may


def test_a_reader_reads_only(world: World) -> None:
    customer = customer_of(world.seller)
    let(world.seller, customer, world.elsewhere, "read")
    assert sees(world.elsewhere, customer)
    assert not sees(world.elsewhere, customer, "edit")
    with in_scope(world.elsewhere), pytest.raises(Forbidden):
        edit_customer(world.elsewhere, customer.pk, data={"grade": "A"}, expected_version=None)
    with in_scope(world.elsewhere), pytest.raises(Invalid):
        addresses.create(
            world.elsewhere, data={"customer": str(customer.pk), "use": "delivery", "street": "人民路 1 号"}
        )


@pytest.mark.parametrize(
    ("power", "until", "reads", "edits"),
    [
        ("read", 1, True, False),
        ("write", 0, True, True),
        ("write", -1, False, False),
        ("read", -1, False, False),
    ],
    ids=["read", "write", "write-ended", "read-ended"],
)
def test_every_door_obeys_power_and_end(
    world: World, client_for: Callable[[Member], Client], power: str, until: int, reads: bool, edits: bool
) -> None:
    customer = customer_of(world.seller)
    with in_scope(world.seller):
        person = create_person(world.seller, data={"name": "王小明", "customer": str(customer.pk)})
    day = (timezone.localdate() + timedelta(days=until)).isoformat()
    let(world.seller, customer, world.elsewhere, power, until=day)
    customers = find("customers")
    for actor, may_read, may_edit in (
        (world.elsewhere, reads, edits), (world.teammate, False, False), (world.seller, True, True),
    ):  # fmt: skip
        assert sees(actor, customer) is may_read
        assert sees(actor, customer, "edit") is may_edit
        assert sees(actor, person, key="people") is may_read
        assert sees(actor, person, "edit", key="people") is may_edit
        with in_scope(actor):
            rows = listing.read(actor, customers, QueryDict("")).page().rows
            assert (customer.pk in {row.pk for row in rows}) is may_read
            assert bool(access.search(actor, customers, "鼎盛")) is may_read
            assert bool(access.search(actor, find("people"), "王小明")) is may_read
        program = program_of(actor)
        assert program.get(f"/customers/{customer.pk}").status_code == (200 if may_read else 404)
        told = program.patch(f"/customers/{customer.pk}", {"remarks": "试试"})
        assert told.status_code == (200 if may_edit else 403 if may_read else 404)
    browser = client_for(world.members["elsewhere"])
    assert browser.get(f"/customers/{customer.pk}/").status_code == (200 if reads else 404)
    assert browser.get(f"/customers/{customer.pk}/edit/").status_code == (
        200 if edits else 403 if reads else 404
    )


def test_export_holds_what_a_collaborator_sees_and_no_more(world: World, client_for: Any) -> None:
    customer, other = customer_of(world.owner), customer_of(world.owner, "无锡不可见机械有限公司")
    let(world.owner, customer, world.manager, "read")  # a salesperson exports nothing at all
    client: Client = client_for(world.members["manager"])
    answer: Any = client.get("/customers/export/?format=csv")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert customer.name in body
    assert other.name not in body


def test_the_card_names_them_and_the_owner_stays(world: World, client_for: Any) -> None:
    customer = customer_of(world.seller)
    row = let(world.seller, customer, world.elsewhere, unit="注塑机", reason="懂这条产品线")
    with in_scope(world.system):
        assert Customer.objects.get(pk=customer.pk).owner_id == world.seller.member_id
    panel = (
        client_for(world.members["seller"]).get(f"/customers/{customer.pk}/panel/charges/").content.decode()
    )
    for said in (world.elsewhere.name, "注塑机", "可读写"):
        assert said in panel, said
    new = f"/charges/new/?customer={customer.pk}"
    assert new in panel
    theirs = (
        client_for(world.members["elsewhere"])
        .get(f"/customers/{customer.pk}/panel/charges/")
        .content.decode()
    )
    assert world.elsewhere.name in theirs
    assert new not in theirs  # he gives it to nobody
    card = client_for(world.members["elsewhere"]).get(f"/charges/{row.pk}/").content.decode()
    assert "懂这条产品线" in card
    told = program_of(world.seller).get(f"/charges?customer={customer.pk}").json()["items"]
    assert [(one["power"], one["unit"]) for one in told] == [("write", "注塑机")]


def test_what_was_given_is_taken_back_by_undo(world: World) -> None:
    customer = customer_of(world.seller)
    let(world.seller, customer, world.elsewhere)
    with in_scope(world.system):
        given = Charge.objects.get()
    with in_scope(world.seller):
        charges.edit(world.seller, given.pk, data={"power": "read"}, expected_version=None)
        done = last_operation_id()
    assert not sees(world.elsewhere, customer, "edit")
    with in_scope(world.seller):
        undo(world.seller, done)  # type: ignore[arg-type]
    assert sees(world.elsewhere, customer, "edit")


def test_they_stay_where_the_customer_falls_to_a_pool(world: World) -> None:
    pool = make_pool(world, world.teammate)
    customer = customer_of(world.seller)
    let(world.seller, customer, world.elsewhere)
    put(world.seller, pool, customer)
    assert sees(world.elsewhere, customer, "edit")
    assert not sees(world.seller, customer)


def test_collaborators_come_in_by_a_file_each_once(world: World, tmp_path: Path) -> None:
    customer = customer_of(world.seller)
    path = tmp_path / "collaborators.csv"
    path.write_text(
        f"客户,协作人,权限,产品线,结束\n{NAME},{world.elsewhere.name},可读写,,2030-01-01\n", encoding="utf-8"
    )
    for expected in ((1, 0), (0, 1)):
        with in_scope(world.admin):
            table = open_table(path)
            columns = map_columns(world.admin, find("charges"), table.headers)
            outcome = run_import(
                world.admin, resource=find("charges"), table=table, columns=columns, options=Options("skip")
            )
        assert (outcome.created, outcome.skipped) == expected
    assert sees(world.elsewhere, customer, "edit")


def test_a_list_keeps_its_index_where_somebody_works_on_many(world: World) -> None:
    """Twenty thousand customers, of which he owns some and works on five: each way is read by an index of its own."""
    with writing(world.system):
        made = make_customers(400, owner_id=world.teammate.member_id)
        Charge.objects.bulk_create(
            Charge(customer=one, member=world.members["elsewhere"], power="write") for one in made[:5]
        )
    with in_scope(world.elsewhere):
        wanted = listing.read(world.elsewhere, find("customers"), QueryDict(""))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            sql, params = wanted.ordered().query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql} LIMIT 51", params)
            plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "customers_charge" not in plan  # whose they are was asked before, and is named
    assert "Seq Scan" not in plan

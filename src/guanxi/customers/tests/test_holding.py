"""Nobody holds more customers of a pool than it allows, whatever is done in whatever order."""

# Chinese in code: names of customers

from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from guanxi.customers.models import Customer, Pool
from guanxi.customers.queries.holding import counted_q, counting_of, held
from guanxi.customers.services.customers import create_customer, edit_customer
from guanxi.customers.services.locks import lock
from guanxi.customers.services.merging import merge_customers
from guanxi.customers.services.pools import claim, move, release
from guanxi.customers.tests.test_pools import customer_of, lying, make_pool, owner_of, put
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tests.calling import program_of
from guanxi.integrations.imports.heads import head_of
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.integrations.imports.tests.test_pages import run_jobs, upload
from guanxi.kernel.errors import Conflict, Forbidden, NotFound, Refused
from guanxi.resource import guards
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def assign(actor: Actor, customer: Customer, to: Actor) -> int:
    service = next(one for one in find("customers").actions if one.key == "assign").service
    with in_scope(actor):
        return int(service(actor, ids=[customer.pk], owner=to.member_id))


def holds(world: World, pool: Pool, actor: Actor) -> int:
    with in_scope(world.system):
        pool.refresh_from_db()
        assert actor.member_id is not None
        return held([pool], [actor.member_id]).get((pool.pk, actor.member_id), 0)


def test_who_holds_enough_claims_and_creates_no_more(world: World) -> None:
    pool = make_pool(world, world.seller, holds_a_person="2")
    first, second, third = lying(world, pool, 3)
    with in_scope(world.seller):
        assert claim(world.seller, ids=[first.pk]) == 1
        with pytest.raises(Refused, match="holding") as refused:
            claim(world.seller, ids=[second.pk, third.pk])
    assert "华东公海" in refused.value.words
    mine = customer_of(world.seller, "自己找到的商行")
    with in_scope(world.seller), pytest.raises(Refused, match="holds_enough"):
        create_customer(world.seller, data={"name": "再来一个商行", "relations": "customer"})
    with in_scope(world.seller):
        bank = create_customer(world.seller, data={"name": "某某银行", "relations": "bank"})
        assert bank.pool_id is None  # what falls to no pool counts in none
    put(world.seller, pool, mine)
    with in_scope(world.seller):
        assert claim(world.seller, ids=[second.pk]) == 1
    assert holds(world, pool, world.seller) == 2


def test_whoever_may_give_is_warned_and_may_go_on(world: World) -> None:
    pool = make_pool(world, world.seller, holds_a_person="1")
    customer_of(world.seller, "头一个商行")
    (one,) = lying(world, pool, 1)
    with pytest.raises(guards.Warned) as warned:
        assign(world.admin, one, world.seller)
    assert world.seller.name in str(warned.value.warnings[0].reason)
    assert owner_of(world, one) is None
    with guards.accepting(["customers.holds_enough"]):
        assert assign(world.admin, one, world.seller) == 1
    assert holds(world, pool, world.seller) == 2
    # What is his already is no other one.
    assert assign(world.admin, one, world.seller) == 0


def test_what_does_not_count_is_said_by_the_pool(world: World) -> None:
    pool = make_pool(
        world, world.seller, holds_a_person="1", uncounted_grades="D", uncounted_categories="trader",
        uncounted_registrations="deregistered", uncounted_locked=True,
    )  # fmt: skip
    for more in ({"grade": "D"}, {"category": "trader"}, {"registration": "deregistered"}):
        customer_of(world.seller, f"不算数的{next(iter(more.values()))}商行", **more)
    assert holds(world, pool, world.seller) == 0
    mine = customer_of(world.seller, "算数的商行", grade="A")
    assert holds(world, pool, world.seller) == 1
    with in_scope(world.seller):
        lock(world.seller, ids=[mine.pk])
    assert holds(world, pool, world.seller) == 0
    customer_of(world.seller, "又一个算数的商行")
    with in_scope(world.seller), pytest.raises(Refused):
        create_customer(world.seller, data={"name": "多出来的商行", "relations": "customer"})


def test_the_rule_and_the_statement_count_alike(world: World) -> None:
    chance = Random(7)
    pool = make_pool(world, world.seller)
    with in_scope(world.seller):
        for number in range(24):
            create_customer(
                world.seller,
                data={
                    "name": f"随机{number}号商行", "relations": "customer", "grade": chance.choice(("", "A", "D")),
                    "category": chance.choice(("", "oem", "trader")),
                    "registration": chance.choice(("", "active", "revoked")),
                },
                allow_duplicate=True,
            )  # fmt: skip
    for grades, categories, registrations in (("", "", ""), ("A,D", "", "revoked"), ("D", "oem,trader", "")):
        with in_scope(world.admin):
            data = {
                "uncounted_grades": grades, "uncounted_categories": categories,
                "uncounted_registrations": registrations,
            }  # fmt: skip
            find("pools").edit(world.admin, pool.pk, data=data, expected_version=None)
        with in_scope(world.system):
            pool.refresh_from_db()
            counting = counting_of(pool)
            for one in Customer.objects.filter(pool=pool):
                found = Customer.objects.filter(counted_q(counting), pk=one.pk).exists()
                assert counting.counts(one.grade, one.category, one.registration) is found


def test_rows_of_a_file_beyond_the_limit_are_rejected_with_the_reason(
    world: World, client_for: Any, settings: Any, tmp_path: Path
) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    pool = make_pool(world, world.seller, holds_a_person="2")
    client: Client = client_for(world.members["admin"])
    name = world.seller.name
    url = upload(
        client, f"公司,负责人\n甲乙商行,{name}\n丙丁商行,{name}\n戊己商行,{name}\n庚辛商行,\n".encode()
    )
    client.post(url, {"do": "import"})
    (job,) = run_jobs(world)
    assert (job.result["created"], job.result["rejected"]) == (3, 1)
    assert holds(world, pool, world.seller) == 2
    # A file that gives what is there to somebody is asked row by row, too.
    path = tmp_path / "given.csv"
    path.write_text(f"客户名称,负责人\n庚辛商行,{name}\n", encoding="utf-8")
    customers: Any = find("customers")
    with in_scope(world.admin):
        free = Customer.objects.get(name="庚辛商行")
        move(world.admin, ids=[free.pk], into=pool.pk)
        table = open_table(path, head_of=lambda first: head_of(customers, first))
        columns = map_columns(world.admin, customers, table.headers)
        outcome = run_import(
            world.admin, resource=customers, table=table, columns=columns, options=Options("overwrite", {}),
            dry_run=False, report_to=tmp_path,
        )  # fmt: skip
    assert (outcome.updated, outcome.rejected) == (0, 1)
    assert holds(world, pool, world.seller) == 2


def test_moving_a_customer_into_a_pool_counts_there(world: World) -> None:
    make_pool(world, world.seller)
    mine = customer_of(world.seller, "要挪走的商行")
    full = make_pool(world, name="满了的公海", holds_a_person="0")
    with in_scope(world.admin), pytest.raises(guards.Warned):
        move(world.admin, ids=[mine.pk], into=full.pk)
    with in_scope(world.admin), pytest.raises(guards.Warned):
        edit_customer(world.admin, mine.pk, data={"pool": str(full.pk)}, expected_version=None)


def test_an_undo_gives_nobody_too_many(world: World) -> None:
    pool = make_pool(world, world.seller, holds_a_person="1")
    first = customer_of(world.seller, "放弃了的商行")
    released = put(world.seller, pool, first)
    (second,) = lying(world, pool, 1)
    with in_scope(world.seller):
        claim(world.seller, ids=[second.pk])
    with in_scope(world.seller), pytest.raises(Refused, match="holding"):
        undo(world.seller, released)
    assert owner_of(world, first) is None
    with in_scope(world.admin):
        undo(world.admin, released)  # who may give may also give back
    assert holds(world, pool, world.seller) == 2


def test_the_api_says_why(world: World) -> None:
    make_pool(world, world.seller, holds_a_person="0")
    answer = program_of(world.seller).post("/customers", {"name": "超出的商行", "relations": ["customer"]})
    assert answer.status_code == 409
    assert "customers.holds_enough" in answer.content.decode()


@pytest.mark.parametrize("seed", range(5))
def test_no_order_of_acts_beats_the_limit(world: World, seed: int) -> None:
    """Whatever is claimed, created, released, given, merged and undone: nobody gets more than the pool allows."""
    chance, limit = Random(seed), 3
    pool = make_pool(world, world.seller, world.teammate, holds_a_person=str(limit), uncounted_grades="D")
    customers = [one.pk for one in lying(world, pool, 7)]
    people = (world.seller, world.teammate)
    done: list[tuple[Actor, UUID]] = []
    for step in range(60):
        act = chance.choice(
            ("claim", "claim", "claim", "create", "release", "assign", "undo", "undo", "undo", "merge")
        )
        actor = world.admin if act in ("assign", "merge") else chance.choice(people)
        one, other = chance.sample(customers, 2)
        before = last_operation_id()
        with in_scope(actor):
            try:
                if act == "claim":
                    claim(actor, ids=chance.choice(([one], [one, other])))
                elif act == "create":
                    data = {
                        "name": f"第{step}家{seed}号商行",
                        "relations": "customer",
                        "grade": chance.choice("AD"),
                    }
                    customers.append(create_customer(actor, data=data, allow_duplicate=True).pk)
                elif act == "release":
                    release(actor, ids=[one], why="no_time", into=pool.pk)
                elif act == "assign":
                    service = next(each for each in find("customers").actions if each.key == "assign").service
                    service(actor, ids=[one], owner=chance.choice(people).member_id)
                elif act == "merge":
                    merge_customers(actor, ids=[one, other], keep=one)
                elif done:
                    who, which = done.pop(chance.randrange(len(done)))
                    if who is actor:
                        undo(actor, which)
            except (Refused, Conflict, NotFound, Forbidden):
                continue
            after = last_operation_id()
        if actor is not world.admin and after is not None and after != before:
            done.append((actor, after))
        for person in people:
            assert holds(world, pool, person) <= limit, (step, act)

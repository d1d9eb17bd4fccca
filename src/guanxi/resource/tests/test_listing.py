"""A list's order, pages, totals and limits: each row once, in order, whatever happens meanwhile; what is closed is
nowhere; what takes too long is told, and nothing is lost by it."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.customers.models import Customer
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import FieldRule
from guanxi.foundation.permissions.queries import load_actor
from guanxi.integrations.api.tests.calling import program_of
from guanxi.kernel.errors import Invalid
from guanxi.resource import listing
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
SORTS = ("name", "grade", "created_at", "updated_at")


def fill(actor: Actor, number: int, *, seed: int = 1, **more: Any) -> None:
    """Customers of the actor whose grades and moments repeat."""
    dice = random.Random(seed)
    services.create_customers(
        actor,
        rows=[
            {
                "name": f"客户{dice.randrange(number):03} {place}",
                "relations": "customer",
                "grade": dice.choice("ABCD") if dice.random() < 0.8 else "",
                "size": dice.choice(("1", "20", "100")),
                "owner_id": actor.member_id,
                **more,
            }
            for place in range(number)
        ],
    )
    with operation(actor, "customers.customer.edit"):
        Customer.objects.update(created_at=F("updated_at"))


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def pages(
    actor: Actor, query: str, size: int, between: Callable[[], None] = lambda: None
) -> Iterator[list[Any]]:
    wanted, after = listing.read(actor, find("customers"), QueryDict(query)), ""
    while True:
        page = wanted.page(after=after, size=size)
        yield list(page.rows)
        if page.after is None:
            return
        after = page.after
        between()


_sorts = st.lists(st.sampled_from(SORTS), min_size=1, max_size=4, unique=True).flatmap(
    lambda keys: st.tuples(*(st.sampled_from((key, f"-{key}")) for key in keys)).map(",".join)
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sort=_sorts, size=st.integers(3, 17))
def test_every_row_comes_once_and_in_order_by_several_sorts(filled: World, sort: str, size: int) -> None:
    with in_scope(filled.seller):
        rows = [row for page in pages(filled.seller, f"sort={sort}", size) for row in page]
        wanted = listing.read(filled.seller, find("customers"), QueryDict(f"sort={sort}"))
        assert [row.pk for row in rows] == [row.pk for row in wanted.ordered()]
    assert len({row.pk for row in rows}) == len(rows) == 60
    for one, next_one in pairwise(rows):
        assert stands_before(one, next_one, sort.split(","))


def stands_before(one: Customer, other: Customer, sorts: list[str]) -> bool:
    columns = {
        "name": "name_sort",
        "grade": "grade_order",
        "created_at": "created_at",
        "updated_at": "updated_at",
    }
    for sort in sorts:
        column = columns[sort.removeprefix("-")]
        this, that = getattr(one, column), getattr(other, column)
        if this != that:
            return bool(this > that) if sort.startswith("-") else bool(this < that)
    return True


@pytest.fixture
def filled(world: World) -> World:
    with in_scope(world.seller):
        fill(world.seller, 60)
    return world


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sort=_sorts, seed=st.integers(0, 10_000))
def test_rows_that_nobody_touched_come_once_while_others_change_between_the_pages(
    filled: World, sort: str, seed: int
) -> None:
    dice = random.Random(seed)
    touched: set[UUID] = set()

    def meddle() -> None:
        standing = list(Customer.objects.values_list("pk", flat=True))
        for pk in dice.sample(standing, 3):
            touched.add(pk)
            row = Customer.objects.filter(pk=pk)
            if dice.random() < 0.3:
                row.delete()
            else:
                row.update(grade=dice.choice(("A", "D", "")), name_sort=str(dice.random()))
        fill_one(dice)

    def fill_one(dice: random.Random) -> None:
        made = services.create_customer(
            filled.seller,
            data={"name": f"新客户{dice.random()}", "relations": "customer"},
            allow_duplicate=True,
        )
        touched.add(made.pk)

    with in_scope(filled.seller), undone():
        before = set(Customer.objects.values_list("pk", flat=True))
        with operation(filled.seller, "customers.customer.edit"):
            seen = [row.pk for page in pages(filled.seller, f"sort={sort}", 7, meddle) for row in page]
        quiet = before - touched
        assert all(seen.count(pk) == 1 for pk in quiet)


def test_a_page_that_begins_behind_a_row_that_went_meanwhile_goes_on_where_it_stood(filled: World) -> None:
    with in_scope(filled.seller), undone():
        wanted = listing.read(filled.seller, find("customers"), QueryDict("sort=name"))
        every = [row.pk for row in wanted.ordered()]
        first = wanted.page(size=10)
        services.delete_customers(filled.manager, ids=[first.rows[-1].pk])
        assert [row.pk for row in wanted.page(after=first.after or "", size=10).rows] == every[10:20]


@pytest.mark.parametrize(
    ("made_for", "asked_of"),
    [("sort=name", "sort=-name"), ("sort=grade,name", "sort=name,grade"), ("sort=grade", "sort=grade,name")],
    ids=range(3),
)
def test_a_place_in_one_order_is_no_place_in_another(filled: World, made_for: str, asked_of: str) -> None:
    with in_scope(filled.seller):
        customers = find("customers")
        after = listing.read(filled.seller, customers, QueryDict(made_for)).page(size=5).after or ""
        with pytest.raises(Invalid):
            listing.read(filled.seller, customers, QueryDict(asked_of)).page(after=after)


@pytest.mark.parametrize(
    "sort", ["nonsense", "name,nonsense", "name,-name", "name,name", "--name", "relevance", "name,relevance"]
)
def test_an_order_that_is_not_declared_is_refused_in_words(filled: World, sort: str) -> None:
    with in_scope(filled.seller), pytest.raises(Invalid) as caught:
        listing.read(filled.seller, find("customers"), QueryDict(f"sort={sort}"))
    assert str(caught.value.fields["sort"][0])


# Totals and time


def test_a_total_that_takes_too_long_is_told_as_at_least_so_many(filled: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(listing, "COUNTED", 20)
    monkeypatch.setattr(listing, "_EXACT_WITHIN_MS", 1)
    with in_scope(filled.seller):
        wanted = listing.read(filled.seller, find("customers"), QueryDict(""))
        slow = wanted.rows().extra(where=["pg_sleep(0.001) IS NOT NULL"])
        total = _with_rows(wanted, slow).total()
        assert (total.count, total.exact) == (20, False)
        assert wanted.total(exact=True) == listing.Total(60, True)


def _with_rows(wanted: listing.Listing, rows: Any) -> listing.Listing:
    class Slow(listing.Listing):
        def rows(self, verb: str = "view") -> Any:
            return rows

    return Slow(wanted.actor, wanted.resource, wanted.filter, wanted.condition, wanted.orders)


def test_a_filter_nobody_declared_ends_in_time_and_the_transaction_goes_on(
    world: World, monkeypatch: Any
) -> None:
    with in_scope(world.seller):
        fill(world.seller, 300, remarks="很长的备注。" * 2000)
        customers = find("customers")
        monkeypatch.setattr(listing, "WITHIN_MS", 1)
        wanted = listing.read(world.seller, customers, QueryDict("remarks.contains=没有"))
        assert not wanted.promised
        with pytest.raises(listing.TooSlow) as caught:
            wanted.page()
        assert str(caught.value.fields["filter"][0])
        assert wanted.total() == listing.Total(0, False)
        # The transaction lives, with the limit gone; what was declared knows none.
        assert listing.read(world.seller, customers, QueryDict("grade=A")).promised
        assert listing.read(world.seller, customers, QueryDict("")).total().count == 300
        services.create_customer(world.seller, data={"name": "后来", "relations": "customer"})
    with in_scope(world.seller):
        assert Customer.objects.filter(name="后来").exists()


def test_a_list_that_takes_too_long_says_what_would_help_and_keeps_its_filter(
    world: World, client_for: ClientFor, monkeypatch: Any
) -> None:
    with in_scope(world.seller):
        fill(world.seller, 300, remarks="很长的备注。" * 2000)
    monkeypatch.setattr(listing, "WITHIN_MS", 1)
    answer = client_for(world.members["seller"]).get("/customers/?remarks.contains=没有&grade=A,B,C,D")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "建立索引" in page
    assert "备注包含" in page
    total = client_for(world.members["seller"]).get("/customers/total/?remarks.contains=没有&shown=50")
    assert 'data-gx-total="50+"' in total.content.decode()
    assert "没有" in page
    program = program_of(world.seller)
    refused = program.get("/customers?remarks.contains=没有")
    assert refused.status_code == 422
    assert "index the field" in refused.content.decode()


@pytest.mark.parametrize(
    "query", ["", "?sort=grade,-updated_at", "?grade=A&columns=name,owner,parent,region"]
)
def test_a_page_takes_the_same_number_of_statements_however_many_rows_there_are(
    world: World, client_for: ClientFor, query: str
) -> None:
    client = client_for(world.members["seller"])

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/customers/{query}").status_code == 200
        return len(caught)

    client.get(f"/customers/{query}")
    with in_scope(world.seller):
        fill(world.seller, 2)
    few = statements()
    with in_scope(world.seller):
        fill(world.seller, 48, seed=2)
    assert statements() == few


# What is closed is nowhere


@pytest.fixture
def ruled(filled: World) -> World:
    with in_scope(filled.admin), operation(filled.admin, "permissions.role.restrict"):
        FieldRule(role=filled.roles["salesperson"], resource="customers", field="grade", mode="hide").save(
            force_insert=True
        )
    return filled


@pytest.mark.parametrize(
    "query",
    [
        "grade=A",
        "grade.not=A",
        "grade.empty=",
        "sort=grade",
        "sort=name,-grade",
        "columns=name,grade",
        'filter={"any":[{"field":"grade","values":["A"]},{"field":"size","values":["20"]}]}',
    ],
    ids=range(7),
)
def test_a_closed_column_is_as_unknown_as_one_that_never_was(
    ruled: World, client_for: ClientFor, query: str
) -> None:
    never = query.replace("grade", "gradx")
    with in_scope(ruled.seller):
        seller = load_actor(ruled.members["seller"].id)
        told = []
        for one in (query, never):
            with pytest.raises(Invalid) as caught:
                listing.read(seller, find("customers"), QueryDict(one))
            told.append(
                {
                    name.replace("gradx", "grade"): [m.code for m in said]
                    for name, said in caught.value.fields.items()
                }
            )
        assert told[0] == told[1]
    client, program = client_for(ruled.members["seller"]), program_of(ruled.seller)
    for one in (query, never):
        answer = client.get(f"/customers/?{one}")
        assert answer.status_code == 400
        assert "级别" not in answer.content.decode()
        assert "columns" in one or program.get(f"/customers?{one}").status_code == 422


def test_a_closed_column_is_in_no_editor_no_head_and_no_popover(ruled: World, client_for: ClientFor) -> None:
    client = client_for(ruled.members["seller"])
    for url in ("", "filter/", "sort/", "columns/"):
        assert "级别" not in client.get(f"/customers/{url}").content.decode(), url
    assert client.get("/customers/filter/grade/").status_code == 404


@pytest.mark.parametrize(
    "after",
    [
        "AAAA",
        "e30",
        "bnVsbA",
        "W10",
        "WyJuYW1lIl0",
        "WyJuYW1lIixudWxsLG51bGxd",
        "WyJuYW1lIixbXSwie30iXQ",
        "🙂",
        "%00",
    ],
)
def test_a_cursor_nobody_made_is_refused(filled: World, after: str) -> None:
    with in_scope(filled.seller), pytest.raises(Invalid):
        listing.read(filled.seller, find("customers"), QueryDict("sort=name")).page(after=after)

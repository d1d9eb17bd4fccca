"""Sorted by grade the ungraded come last, whatever wrote the grade."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.queries import changes_of
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.resource import listing
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def _make(world: World, **grades: str) -> dict[str, UUID]:
    rows = [
        {"name": name, "relations": "customer", "grade": grade, "owner_id": world.seller.member_id}
        for name, grade in grades.items()
    ]
    with in_scope(world.seller):
        ids = services.create_customers(world.seller, rows=rows)
    return dict(zip(grades, ids, strict=True))


def _listed(world: World, sort: str, size: int = 50) -> list[str]:
    with in_scope(world.seller):
        wanted = listing.read(world.seller, find("customers"), {"sort": sort})
        names, after = [], ""
        while True:
            page = wanted.page(after=after, size=size)
            names += [row.name for row in page.rows]
            if page.after is None:
                return names
            after = page.after


@pytest.mark.parametrize("size", [1, 2, 50])
def test_the_ungraded_come_after_d_page_by_page(world: World, size: int) -> None:
    _make(world, e="", d="D", a="A", f="", c="C", b="B")
    assert _listed(world, "grade", size) == ["a", "b", "c", "d", "e", "f"]
    assert _listed(world, "-grade", size) == ["f", "e", "d", "c", "b", "a"]


def test_edits_of_one_of_many_and_their_undo_move_it(world: World) -> None:
    ids = _make(world, a="A", b="B", c="")
    with in_scope(world.seller):
        services.edit_customer(world.seller, ids["a"], data={"grade": ""}, expected_version=None)
    assert _listed(world, "grade") == ["b", "a", "c"]
    with in_scope(world.seller):
        services.edit_customers(world.seller, ids=[ids["c"]], data={"grade": "A"})
        done = last_operation_id()
    assert _listed(world, "grade") == ["c", "b", "a"]
    with in_scope(world.seller):
        services.update_imported(world.seller, changes=[(ids["b"], {"grade": "D"})])
    assert _listed(world, "grade") == ["c", "b", "a"]
    assert done is not None
    with in_scope(world.seller):
        undo(world.seller, done)
    assert _listed(world, "grade") == ["b", "a", "c"]
    with in_scope(world.system):
        assert set(Customer.objects.values_list("name", "grade_order")) == {
            ("a", "ZZ"),
            ("b", "D"),
            ("c", "ZZ"),
        }


def test_a_grade_from_before_the_column_was_there_comes_back_with_its_place(world: World) -> None:
    """An image of an older shape knows the grade only; its place follows from it."""
    ids = _make(world, a="A", b="B", c="")
    with in_scope(world.manager):
        services.delete_customers(world.manager, ids=[ids["a"]])
        done = last_operation_id()
        assert done is not None
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE ledger_change SET old = old - 'grade_order' WHERE operation_id = %s", [done])
    connections["owner"].close()
    with in_scope(world.manager):
        undo(world.manager, done)
    assert _listed(world, "grade") == ["a", "b", "c"]


def test_the_log_shows_the_grade_and_not_what_follows_from_it(world: World) -> None:
    ids = _make(world, a="A")
    with in_scope(world.seller):
        services.edit_customer(world.seller, ids["a"], data={"grade": "B"}, expected_version=None)
        done = last_operation_id()
        assert done is not None
        ((change,), _more) = changes_of(world.seller, done)
    assert [column.label for column in change.columns] == ["级别"]


def test_a_filter_by_the_beginning_of_a_credit_code_takes_less_than_a_whole_one(
    world: World, client_for: Callable[[Member], Client]
) -> None:
    from guanxi.kernel.codes import make_credit_code

    code = make_credit_code(12345678)
    with in_scope(world.seller):
        services.create_customer(
            world.seller, data={"name": "甲", "relations": "customer", "credit_code": code}
        )
    client = client_for(world.members["seller"])
    for start, found in ((code[:6], True), (f" {code[:8].lower()} ", True), ("99", False)):
        answer = client.get("/customers/", {"credit_code.starts": start})
        assert answer.status_code == 200
        assert (b"gx-nm" in answer.content) is found

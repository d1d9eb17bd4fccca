"""Two at once, and what goes away while somebody works on it."""

# Chinese in code: names in tests

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.merging import merge_customers
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Conflict, GuanxiError, Invalid, NotFound, Refused
from guanxi.resource.registry import find
from guanxi.sales.models import Move, Opportunity, Stage
from guanxi.sales.services.arranging import remove_stage
from guanxi.sales.services.moving import move_opportunity, win_opportunity
from guanxi.sales.services.opportunities import edit_opportunity
from guanxi.sales.tests.selling import opened, stage
from guanxi.testing.worlds import World, in_scope

pytestmark = pytest.mark.django_db(transaction=True)
Work = tuple[Actor, Callable[[Actor], object]]
_ROUNDS = 5


def at_once(*works: Work) -> list[GuanxiError | None]:
    """Do all of it in the same moment, each on a connection of its own; what each was refused with."""
    gate = Barrier(len(works))

    def attempt(work: Work) -> GuanxiError | None:
        actor, act = work
        try:
            gate.wait(30)
            with in_scope(actor):
                act(actor)
        except GuanxiError as error:
            return error
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(attempt, works))


def test_of_two_who_win_a_sale_at_once_one_wins_and_the_other_hears_who(world: World) -> None:
    for _round in range(_ROUNDS):
        with in_scope(world.seller):
            one = opened(world.seller)

        def win(actor: Actor, pk: Any = one.pk) -> object:
            return win_opportunity(actor, pk, reason="The order came")

        ends = at_once((world.seller, win), (world.manager, win))
        (told,) = [end for end in ends if end is not None]
        assert isinstance(told, Refused)
        assert told.code == "closed"
        winner = (world.manager, world.seller)[ends.index(told) == 1]
        assert winner.name in str(told.words)
        with in_scope(world.system):
            assert Move.objects.filter(opportunity=one.pk, state="won").count() == 1


def test_a_stage_that_goes_takes_no_sale_along_that_enters_it_meanwhile(world: World) -> None:
    for number in range(_ROUNDS):
        with in_scope(world.seller):
            one = opened(world.seller)
            first = stage(0)
        with in_scope(world.manager):
            data = {
                "pipeline": str(first.pipeline_id),
                "name": f"Test {number}",
                "kind": "open",
                "position": "1",
            }
            gone = find("stages").create(world.manager, data=data)

        def move(actor: Actor, pk: Any = one.pk, to: Any = gone.pk) -> object:
            return move_opportunity(actor, pk, stage=to, reason="They asked")

        def remove(actor: Actor, pk: Any = gone.pk, into: Any = first.pk) -> object:
            return remove_stage(actor, pk, into=into)

        late, kept = at_once((world.seller, move), (world.manager, remove))
        assert kept is None
        assert late is None or isinstance(late, Invalid)
        with in_scope(world.seller):
            assert not Stage.objects.filter(pk=gone.pk).exists()
            assert Opportunity.objects.get(pk=one.pk).stage_id == first.pk


def test_a_sale_is_not_opened_in_a_stage_that_went(world: World) -> None:
    with in_scope(world.seller):
        first = opened(world.seller).stage_id
    with in_scope(world.manager):
        data = {"pipeline": str(stage(0).pipeline_id), "name": "Test", "kind": "open", "position": "1"}
        gone = find("stages").create(world.manager, data=data)

    def enter(actor: Actor) -> object:
        return opened(actor, stage=str(gone.pk))

    def remove(actor: Actor) -> object:
        return remove_stage(actor, gone.pk, into=first)

    *late, kept = at_once((world.seller, enter), (world.teammate, enter), (world.manager, remove))
    assert kept is None
    assert all(one is None or isinstance(one, Invalid) for one in late)
    with in_scope(world.system):
        assert not Stage.objects.filter(pk=gone.pk).exists()


def test_a_stage_in_use_is_not_deleted_by_any_other_door(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
    with in_scope(world.manager):
        with pytest.raises(Refused):
            find("stages").remove_many(world.manager, ids=[one.stage_id])
        assert Stage.objects.filter(pk=one.stage_id).exists()


def test_a_sale_moves_while_its_customers_become_one(world: World) -> None:
    for number in range(_ROUNDS):
        with in_scope(world.admin):
            kept, gone = (
                create_customer(
                    world.admin,
                    data={"name": f"苏谷{number}号{word}厂", "relations": "customer"},
                    allow_duplicate=True,
                )
                for word in ("南", "北")
            )
            one = opened(world.admin, customer=str(gone.pk))

        def move(actor: Actor, pk: Any = one.pk) -> object:
            return move_opportunity(actor, pk, stage=stage(1).pk, reason="They asked")

        def merge(actor: Actor, ids: Any = (kept.pk, gone.pk), keep: Any = kept.pk) -> object:
            return merge_customers(actor, ids=ids, keep=keep)

        def open_one(actor: Actor, pk: Any = gone.pk) -> object:
            return opened(actor, customer=str(pk))

        moved, merged, late = at_once((world.owner, move), (world.admin, merge), (world.owner, open_one))
        assert (moved, merged) == (None, None)
        assert late is None or isinstance(late, Invalid | NotFound | Conflict | Refused)
        with in_scope(world.system):
            one.refresh_from_db()
            assert (one.customer_id, one.stage_id) == (kept.pk, stage(1).pk)
            assert not Opportunity.objects.filter(customer=gone.pk).exists()


def test_a_sale_moves_while_it_is_given_to_somebody_else(world: World) -> None:
    for _round in range(_ROUNDS):
        with in_scope(world.seller):
            one = opened(world.seller)

        def move(actor: Actor, pk: Any = one.pk) -> object:
            return move_opportunity(actor, pk, stage=stage(1).pk, reason="They asked")

        def give(actor: Actor, pk: Any = one.pk) -> object:
            data = {"owner": str(world.teammate.member_id)}
            return edit_opportunity(actor, pk, data=data, expected_version=None)

        moved, given = at_once((world.seller, move), (world.manager, give))
        assert (moved, given) == (None, None)
        with in_scope(world.manager):
            one.refresh_from_db()
            assert (one.owner_id, one.stage_id) == (world.teammate.member_id, stage(1).pk)


@pytest.mark.parametrize(
    ("quantity", "price"), [("999999999999", "999999999999"), ("-1", "5"), ("1", "-5"), ("1e400", "1")]
)
def test_absurd_lines_are_refused_and_the_sale_stays_as_it_was(
    world: World, quantity: str, price: str
) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
        data = {"opportunity": str(one.pk), "text": "Machine", "quantity": quantity, "price": price}
        with pytest.raises(Invalid):
            find("sale_lines").create(world.seller, data=data)
    with in_scope(world.seller):
        one.refresh_from_db()
        assert (one.amount, one.lines.count()) == (None, 0)

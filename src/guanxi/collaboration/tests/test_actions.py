"""Tags and following as actions: the same for the list, the API and whoever comes later."""

from uuid import uuid4

import pytest

from guanxi.collaboration.models import Follow, Tag
from guanxi.collaboration.queries.tags import tags_of
from guanxi.collaboration.services.tags import create_tag
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.resource import acting
from guanxi.resource.acting import Selection, Tally
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def make(actor: Actor) -> Customer:
    with in_scope(actor):
        return create_customer(
            actor, data={"name": f"泰州泵阀有限公司{uuid4().hex[:6]}", "relations": "customer"}
        )


def do(actor: Actor, key: str, *customers: Customer, **inputs: str) -> Tally:
    resource = find("customers")
    with in_scope(actor):
        action = acting.find(actor, resource, key, form="set")
        chosen = Selection(tuple(one.id for one in customers))
        return acting.act_on_many(actor, resource, action, chosen, inputs)


def names(actor: Actor, customer: Customer) -> list[str]:
    with in_scope(actor):
        return [one.name for one in tags_of(find("customers"), [customer.id]).get(customer.id, ())]


def test_a_tag_is_given_to_many_made_on_the_spot_and_all_of_it_undone(world: World) -> None:
    first, second, hidden = make(world.seller), make(world.seller), make(world.elsewhere)
    tally = do(world.seller, "tag", first, second, hidden, tag="new:春季展会")
    assert (tally.done, tally.total) == (2, 3)
    assert names(world.seller, first) == names(world.seller, second) == ["春季展会"]
    assert names(world.elsewhere, hidden) == []
    with in_scope(world.seller):
        assert tally.operation_id is not None
        undo(world.seller, tally.operation_id)
        assert not Tag.objects.exists()


def test_a_tag_is_taken_from_many_by_its_name(world: World) -> None:
    first, second = make(world.seller), make(world.seller)
    do(world.seller, "tag", first, tag="new:甲")
    assert do(world.seller, "untag", first, second, tag="甲").done == 1
    assert names(world.seller, first) == []


def test_a_tag_that_is_not_there_is_refused_before_anything_is_done(world: World, other_world: World) -> None:
    customer = make(world.seller)
    with in_scope(other_world.seller):
        foreign = create_tag(other_world.seller, name="别家的")
    for value in ("没有", str(foreign.id), ""):
        with pytest.raises(Invalid):
            do(world.seller, "untag", customer, tag=value)


def test_many_are_followed_and_let_go(world: World) -> None:
    first, second = make(world.seller), make(world.seller)
    assert do(world.manager, "follow", first, second).done == 2
    with in_scope(world.manager):
        assert Follow.objects.filter(on=True).count() == 2
    do(world.manager, "unfollow", first, second)
    with in_scope(world.manager):
        assert not Follow.objects.filter(on=True).exists()


def test_what_is_out_of_sight_is_acted_on_by_nobody(world: World) -> None:
    customer = make(world.seller)
    resource = find("customers")
    with in_scope(world.elsewhere), pytest.raises(NotFound):
        acting.act(
            world.elsewhere, resource, acting.find(world.elsewhere, resource, "follow"), customer.id, {}
        )

"""What stands around a record goes when the record can no longer come back, and not a moment before."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections

from guanxi.collaboration import jobs
from guanxi.collaboration.jobs import sweep
from guanxi.collaboration.models import Comment, Follow, Tagging
from guanxi.collaboration.services.comments import add_comment
from guanxi.collaboration.services.following import follow
from guanxi.collaboration.services.sweeping import SWEEP, sweep_remains
from guanxi.collaboration.services.tags import create_tag, tag_records
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer, delete_customers
from guanxi.foundation.jobs.registry import nightly_work
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.testing.worlds import World, in_scope

KINDS: tuple[Any, ...] = (Comment, Tagging, Follow)


def surrounded(actor: Actor, name: str) -> Customer:
    """A customer with a comment, a tag and somebody who follows it."""
    with in_scope(actor):
        made = create_customer(actor, data={"name": name, "relations": "customer"}, allow_duplicate=True)
        add_comment(actor, resource="customers", record_id=made.id, text="价格再谈一次")
        tag = create_tag(actor, name="展会")
        tag_records(actor, resource="customers", ids=[made.id], add=[tag.id])
        follow(actor, resource="customers", ids=[made.id])
    return made


def around(world: World, customer: Customer) -> list[int]:
    with in_scope(world.admin):
        return [kind.objects.filter(record_id=customer.pk).count() for kind in KINDS]


def forget(world: World, customer: Customer) -> None:
    """As the retention of the ledger does it, when its time has come."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "DELETE FROM ledger_change WHERE tenant_id = %s AND row_id = %s",
            [world.tenant.id, customer.pk],
        )


def delete(world: World, customer: Customer) -> Any:
    with in_scope(world.admin):
        delete_customers(world.admin, ids=[customer.pk])
        return last_operation_id()


def test_what_can_still_be_restored_keeps_everything_around_it(world: World) -> None:
    customer, there = surrounded(world.admin, "甲"), surrounded(world.admin, "乙")
    deleted = delete(world, customer)
    with in_scope(world.admin):
        assert sweep_remains() == 0
    assert around(world, customer) == around(world, there) == [1, 1, 1]
    with in_scope(world.admin):
        undo(world.admin, deleted)
        assert sweep_remains() == 0
    assert around(world, customer) == [1, 1, 1]


def test_what_is_gone_for_good_leaves_nothing_behind_and_the_rest_as_it_is(
    world: World, other_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The companies of this test: a night passes all those of the other tests too.
    both = [world.tenant_id, other_world.tenant_id]
    monkeypatch.setattr(
        jobs, "Tenant", SimpleNamespace(objects=SimpleNamespace(values_list=lambda *_, flat: both))
    )
    customer, there = surrounded(world.admin, "甲"), surrounded(world.admin, "乙")
    foreign = surrounded(other_world.admin, "甲")
    delete(world, customer)
    forget(world, customer)
    forget(world, there)  # what is there needs no image to be there
    sweep(datetime.now(UTC))
    assert around(world, customer) == [0, 0, 0]
    assert around(world, there) == [1, 1, 1]
    assert around(other_world, foreign) == [1, 1, 1]
    with in_scope(world.admin):
        found = Operation.objects.get(verb=SWEEP)
        assert (found.actor_id, found.summary) == (None, {"swept": 3})
        assert sweep_remains() == 0
        assert Operation.objects.filter(verb=SWEEP).count() == 1  # nothing to do, nothing said
        assert Change.objects.filter(operation_id=found.id, action=Change.DELETE).count() == 2


def test_a_night_takes_so_many_and_the_next_one_the_rest(world: World) -> None:
    gone = [surrounded(world.admin, name) for name in ("甲", "乙", "丙")]
    for one in gone:
        delete(world, one)
        forget(world, one)
    with in_scope(world.admin):
        assert [sweep_remains(most=2) for _ in range(3)] == [6, 3, 0]
    assert [around(world, one) for one in gone] == [[0, 0, 0]] * 3


def test_it_is_the_work_of_every_night() -> None:
    assert nightly_work()["remains"] is sweep

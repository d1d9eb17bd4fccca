"""Who hears of what others did as it happens, in which words, and who must not."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from guanxi.collaboration.models import Follow
from guanxi.collaboration.queries import news
from guanxi.collaboration.queries.following import is_following
from guanxi.collaboration.queries.news import MANY, Heard, heard
from guanxi.collaboration.services.comments import add_comment
from guanxi.collaboration.services.following import follow, save_settings
from guanxi.collaboration.services.pulse import beat, settled_until
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import (
    create_customer,
    delete_customers,
    edit_customer,
    edit_customers,
)
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import words
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import FieldRule
from guanxi.foundation.permissions.services import close_member
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.errors import Forbidden, Invalid, NotFound
from guanxi.resource.registry import every, find
from guanxi.testing.worlds import NAMES, World, in_scope, writing

ClientFor = Callable[[Member], Client]


def make(actor: Actor, **data: object) -> Customer:
    given = {"name": f"宁波港机有限公司{uuid4().hex[:6]}", "relations": "customer", **data}
    with in_scope(actor):
        return create_customer(actor, data=given, allow_duplicate=True)


def change(actor: Actor, customer: Customer, **data: object) -> None:
    with in_scope(actor):
        edit_customer(actor, customer.id, data=data, expected_version=None)


def nobody(member_id: UUID, day: date, what: Heard) -> None:
    """No mail is sent."""


def pulse(world: World, send: Any = nobody, *, now: datetime | None = None) -> int:
    with scope(world.tenant_id, door="job"):
        return beat(send, now=now or timezone.now())


def told(actor: Actor, language: str = "zh-hans") -> list[str]:
    with in_scope(actor), override(language):
        rows = Notice.objects.filter(member=actor.member_id or uuid4()).order_by("created_at", "id")
        return [words(one) for one in rows]


@pytest.fixture
def listening(world: World) -> World:
    """A company whose followers are told from now on."""
    pulse(world)
    return world


def follows(actor: Actor, *customers: Customer, on: bool = True) -> None:
    with in_scope(actor):
        follow(actor, resource="customers", ids=[one.id for one in customers], on=on)


def test_who_answers_for_a_record_follows_it_and_hears_what_others_changed(listening: World) -> None:
    customer = make(listening.seller)
    change(listening.manager, customer, grade="A", phone="0532-1")
    assert pulse(listening) == 1
    (said,) = told(listening.seller)
    assert NAMES["manager"] in said
    assert customer.name in said
    assert "A" in said
    assert told(listening.manager) == []


def test_the_reader_reads_it_in_his_language(listening: World) -> None:
    customer = make(listening.seller)
    change(listening.manager, customer, grade="A")
    pulse(listening)
    assert "changed" in told(listening.seller, "en")[0]
    assert "changed" not in told(listening.seller, "zh-hans")[0]


def test_nobody_hears_of_what_he_did_himself(listening: World) -> None:
    change(listening.seller, make(listening.seller), grade="B")
    assert pulse(listening) == 0


def test_several_changes_within_a_quarter_of_an_hour_are_one_notice(listening: World) -> None:
    customer = make(listening.seller)
    change(listening.manager, customer, grade="A")
    pulse(listening)
    change(listening.admin, customer, phone="0532-2")
    pulse(listening)
    (said,) = told(listening.seller)
    assert NAMES["admin"] in said
    assert NAMES["manager"] in said


def test_what_was_changed_and_changed_back_is_not_told_any_more(listening: World) -> None:
    customer = make(listening.seller, grade="B")
    change(listening.manager, customer, grade="A")
    pulse(listening)
    change(listening.manager, customer, grade="B")
    pulse(listening)
    assert told(listening.seller) == []


def test_a_read_notice_stays_and_a_later_change_is_a_new_one(listening: World) -> None:
    customer = make(listening.seller)
    change(listening.manager, customer, grade="A")
    pulse(listening)
    with in_scope(listening.seller):
        Notice.objects.update(read_at=timezone.now())
    change(listening.manager, customer, phone="0532-100001")
    pulse(listening)
    assert len(told(listening.seller)) == 2


def test_at_most_three_fields_are_named(listening: World) -> None:
    customer = make(listening.seller)
    change(
        listening.manager,
        customer,
        grade="A",
        phone="0532-100001",
        address="某路",
        remarks="某事",
        short_name="简",
    )
    pulse(listening)
    assert "2" in told(listening.seller, "en")[0]
    assert told(listening.seller, "en")[0].count("→") == 3


def test_a_field_hidden_from_the_follower_is_not_told(listening: World) -> None:
    with writing(listening.admin):
        role = listening.roles["salesperson"]
        FieldRule(role_id=role.id, resource="customers", field="remarks", mode="hide").save(force_insert=True)
    customer = make(listening.seller)
    change(listening.manager, customer, remarks="绝密")
    assert pulse(listening) == 0
    change(listening.manager, customer, remarks="更密", grade="A")
    pulse(listening)
    (said,) = told(listening.seller)
    assert "密" not in said
    assert "密" not in str(params_of(listening.seller))


def params_of(actor: Actor) -> list[Any]:
    with in_scope(actor):
        return [one.params for one in Notice.objects.filter(member=actor.member_id or uuid4())]


def test_whoever_lost_sight_of_the_record_hears_no_more_of_it(listening: World) -> None:
    customer = make(listening.seller)
    follows(listening.seller, customer)
    change(listening.admin, customer, owner=str(listening.elsewhere.member_id))
    change(listening.admin, customer, grade="A")
    pulse(listening)
    assert told(listening.seller) == []
    assert len(told(listening.elsewhere)) == 1


def test_who_left_hears_nothing(listening: World) -> None:
    customer = make(listening.seller)
    with in_scope(listening.admin):
        assert listening.seller.member_id is not None
        close_member(listening.admin, listening.seller.member_id)
    change(listening.manager, customer, grade="A")
    assert pulse(listening) == 0


def test_a_record_can_be_followed_and_left_alone(listening: World) -> None:
    customer = make(listening.seller)
    follows(listening.manager, customer)
    change(listening.seller, customer, grade="A")
    pulse(listening)
    assert len(told(listening.manager)) == 1
    follows(listening.manager, customer, on=False)
    change(listening.seller, customer, grade="B")
    pulse(listening)
    assert len(told(listening.manager)) == 1


def test_the_owner_may_say_he_does_not_want_to_hear_of_one_or_of_any(listening: World) -> None:
    one, two = make(listening.seller), make(listening.seller)
    follows(listening.seller, one, on=False)
    change(listening.manager, one, grade="A")
    assert pulse(listening) == 0
    with in_scope(listening.seller):
        save_settings(listening.seller, telling="at_once", mail=False, own=False)
        assert not is_following(listening.seller, find("customers"), two)
    change(listening.manager, two, grade="A")
    assert pulse(listening) == 0


def test_what_is_not_seen_cannot_be_followed(listening: World) -> None:
    customer = make(listening.seller)
    with in_scope(listening.elsewhere):
        with pytest.raises(NotFound):
            follow(listening.elsewhere, resource="customers", ids=[customer.id])
        other = uuid4()
        assert follow(listening.elsewhere, resource="customers", ids=[customer.id, other]) == 0
        assert not Follow.objects.exists()


def test_the_system_follows_nothing(listening: World) -> None:
    with in_scope(listening.system), pytest.raises(Forbidden):
        follow(listening.system, resource="customers", ids=[uuid4()])


def test_an_act_on_many_records_is_told_as_one(listening: World) -> None:
    customers = [make(listening.seller) for _ in range(MANY + 2)]
    with in_scope(listening.manager):
        edit_customers(listening.manager, ids=[one.id for one in customers], data={"grade": "C"})
    assert pulse(listening) == 1
    (said,) = told(listening.seller)
    assert str(MANY + 2) in said


def test_a_very_large_act_is_counted_for_each_by_the_database(
    listening: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "_LARGE", 3)
    mine = [make(listening.seller) for _ in range(4)]
    theirs = [make(listening.teammate) for _ in range(2)]
    follows(listening.seller, mine[0], on=False)
    follows(listening.manager, *mine, *theirs)
    pulse(listening)
    with in_scope(listening.system):
        Notice.objects.all().delete()
    with in_scope(listening.admin):
        edit_customers(listening.admin, ids=[one.id for one in (*mine, *theirs)], data={"grade": "C"})
    assert pulse(listening) == 3
    assert "3" in told(listening.seller, "en")[0]
    assert "2" in told(listening.teammate, "en")[0]
    assert "6" in told(listening.manager, "en")[0]
    with in_scope(listening.admin):
        delete_customers(listening.admin, ids=[one.id for one in (*mine, *theirs)])
    assert pulse(listening) == 3
    assert "4" in told(listening.seller, "en")[1]


def test_of_an_act_on_many_only_those_in_sight_are_counted(listening: World) -> None:
    customers = [make(listening.seller) for _ in range(MANY)]
    follows(listening.seller, *customers)
    with in_scope(listening.admin):
        given = {"owner": str(listening.elsewhere.member_id)}
        edit_customers(listening.admin, ids=[one.id for one in customers], data=given)
    pulse(listening)
    assert told(listening.seller) == []
    assert str(MANY) in told(listening.elsewhere)[-1]


def test_a_deleted_record_is_told_to_who_saw_it_and_its_return_too(listening: World) -> None:
    customer = make(listening.seller)
    follows(listening.seller, customer)
    with in_scope(listening.manager):
        delete_customers(listening.manager, ids=[customer.id])
        done = last_operation_id()
        assert done is not None
    pulse(listening)
    (said,) = told(listening.seller, "en")
    assert "deleted" in said
    assert customer.name in said
    with in_scope(listening.seller):
        Notice.objects.update(read_at=timezone.now())
    with in_scope(listening.manager):
        undo(listening.manager, done)
    pulse(listening)
    assert "back" in told(listening.seller, "en")[1]


def test_a_deleted_record_out_of_sight_is_not_told(listening: World) -> None:
    customer = make(listening.seller)
    follows(listening.seller, customer)
    change(listening.admin, customer, owner=str(listening.elsewhere.member_id))
    pulse(listening)
    with in_scope(listening.admin):
        delete_customers(listening.admin, ids=[customer.id])
    pulse(listening)
    assert told(listening.seller) == []


def test_a_new_record_given_to_somebody_is_told(listening: World) -> None:
    make(listening.manager, owner=str(listening.seller.member_id))
    pulse(listening)
    assert "created" in told(listening.seller, "en")[0]


def test_what_was_before_anybody_listened_is_not_told(world: World) -> None:
    change(world.manager, make(world.seller), grade="A")
    assert pulse(world) == 0
    assert pulse(world) == 0


def test_nothing_is_told_twice(listening: World) -> None:
    change(listening.manager, make(listening.seller), grade="A")
    assert pulse(listening) == 1
    assert pulse(listening) == 0


def test_who_wants_only_the_summary_is_not_told_at_once(listening: World) -> None:
    customer = make(listening.seller)
    with in_scope(listening.seller):
        save_settings(listening.seller, telling="digest", mail=False, own=True)
    change(listening.manager, customer, grade="A")
    assert pulse(listening) == 0
    with in_scope(listening.manager):
        add_comment(listening.manager, resource="customers", record_id=customer.id, text="一句")
    assert told(listening.seller) == []


def test_a_setting_that_does_not_exist_is_refused(world: World) -> None:
    with in_scope(world.seller), pytest.raises(Invalid):
        save_settings(world.seller, telling="sometimes", mail=False, own=True)


def test_a_walk_over_many_rows_costs_a_few_statements(listening: World) -> None:
    customers = [make(listening.seller) for _ in range(12)]
    start = timezone.now()
    with in_scope(listening.manager):
        edit_customers(listening.manager, ids=[one.id for one in customers], data={"grade": "C"})
    with in_scope(listening.system), CaptureQueriesContext(connection) as queries:
        found = heard(start, timezone.now())
        # However many rows: some for the walk, and two for each kind of record.
        assert len(queries) <= 6 + 2 * len(list(every()))
    assert listening.seller.member_id is not None
    assert [one.count for one in found[listening.seller.member_id].masses] == [12]


def test_what_an_open_transaction_may_still_commit_is_waited_for(world: World) -> None:
    with in_scope(world.system):
        assert settled_until() < timezone.now()

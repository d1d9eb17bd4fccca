"""Relationships: between two that fit, once, said from both sides, seen by whoever sees both, and merged with them."""

# Chinese in code: names of customers and people

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from guanxi.customers.choices import MEANINGS, MUTUAL, TieKind, strength_word
from guanxi.customers.models import Customer, Person, Relationship
from guanxi.customers.queries.graph import around
from guanxi.customers.resources.relationships import _ties_of
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.merging import merge_customers, merge_people
from guanxi.customers.services.people import create_person
from guanxi.customers.services.relationships import create_tie, edit_tie, remove_ties
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid, NotFound
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ODD = "<img src=x onerror=alert(1)>"


def _customer(actor: Actor, name: str, **data: Any) -> Customer:
    with in_scope(actor):
        return create_customer(
            actor, data={"name": name, "relations": "customer", **data}, allow_duplicate=True
        )


def _person(actor: Actor, name: str, **data: Any) -> Person:
    with in_scope(actor):
        return create_person(actor, data={"name": name, **data}, allow_duplicate=True)


def _tie(actor: Actor, kind: str, **data: Any) -> Relationship:
    with in_scope(actor):
        return create_tie(actor, data={"kind": kind, **{name: str(value) for name, value in data.items()}})


def _rows() -> list[dict[str, Any]]:
    beside = ("version", "updated_at")
    found = Relationship.objects.order_by("pk").values()
    return [{k: v for k, v in row.items() if k not in beside} for row in found]


def _show(actor: Actor) -> Show:
    return Show(actor=actor, language="zh-hans")


def test_the_database_takes_only_two_ends_that_fit_the_kind_and_each_kind_once(world: World) -> None:
    one, two = _person(world.seller, "王建国"), _person(world.seller, "李敏")
    company = _customer(world.seller, "常州苏谷豆制品有限公司")
    wrong: list[dict[str, Any]] = [
        {"kind": "friend", "from_person": one},
        {"kind": "friend", "from_person": one, "to_customer": company},
        {"kind": "sells_to", "from_person": one, "to_person": two},
        {"kind": "friend", "from_person": one, "to_person": one},
        {"kind": "friend", "from_person": one, "to_person": two, "to_customer": company},
        {"kind": "knows", "from_person": one, "to_person": two},
        {"kind": "friend", "from_person": one, "to_person": two, "strength": 101},
    ]
    with in_scope(world.system), operation(world.system, "customers.relationship.create"):
        for values in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                Relationship.objects.create(**values)
        Relationship.objects.create(kind="friend", from_person=one, to_person=two)
        Relationship.objects.create(kind="trusts", from_person=one, to_person=two)
        Relationship.objects.create(kind="trusts", from_person=two, to_person=one)
        for first, second in ((one, two), (two, one)):
            with pytest.raises(IntegrityError), transaction.atomic():
                Relationship.objects.create(kind="friend", from_person=first, to_person=second)
        with pytest.raises(IntegrityError), transaction.atomic():
            Relationship.objects.create(kind="trusts", from_person=one, to_person=two)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        pytest.param({"kind": "sells_to", "to_person": "two"}, "from_person", id="people-sell"),
        pytest.param({"kind": "friend"}, "to_person", id="nobody"),
        pytest.param({"kind": "friend", "to_person": "one"}, "to_person", id="oneself"),
        pytest.param({"kind": "knows", "to_person": "two"}, "from_person", id="knows-is-ours"),
        pytest.param({"kind": "friend", "to_person": "two", "strength": "101"}, "strength", id="too-strong"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(world: World, data: dict[str, str], field: str) -> None:
    people = {"one": _person(world.seller, "王建国"), "two": _person(world.seller, "李敏")}
    given = {name: str(people[value].pk) if value in people else value for name, value in data.items()}
    with in_scope(world.seller), pytest.raises(Invalid) as refused:
        create_tie(world.seller, data={"from_person": str(people["one"].pk), **given})
    assert field in refused.value.fields


def test_the_same_is_not_there_twice_whichever_way_round(world: World) -> None:
    one, two = _person(world.seller, "王建国"), _person(world.seller, "李敏")
    _tie(world.seller, "classmate", from_person=one.pk, to_person=two.pk)
    with pytest.raises(Invalid):
        _tie(world.seller, "classmate", from_person=two.pk, to_person=one.pk)
    trusts = _tie(world.seller, "trusts", from_person=one.pk, to_person=two.pk)
    with in_scope(world.seller):
        with pytest.raises(Invalid):
            edit_tie(world.seller, trusts.pk, data={"kind": "classmate"}, expected_version=None)
        assert edit_tie(world.seller, trusts.pk, data={"strength": ""}, expected_version=None).strength == 50
        assert (
            edit_tie(world.seller, trusts.pk, data={"strength": "90"}, expected_version=None).strength == 90
        )


def test_each_side_is_called_by_its_own_word(world: World) -> None:
    chief, clerk = _person(world.seller, "王建国"), _person(world.seller, "李敏")
    _tie(world.seller, "reports_to", from_person=clerk.pk, to_person=chief.pk, strength="80")
    _tie(world.seller, "classmate", from_person=clerk.pk, to_person=chief.pk)
    with in_scope(world.seller), override("zh-hans"):
        sides = {
            one.name: {
                called: [row.title for row in rows]
                for called, _note, rows in _ties_of(world.seller, one, _show(world.seller)).context["groups"]
            }
            for one in (chief, clerk)
        }
    assert sides == {
        "王建国": {"下级": ["李敏"], "同学": ["李敏"]},
        "李敏": {"上级": ["王建国"], "同学": ["王建国"]},
    }


def test_every_kind_has_words_for_its_sides_and_mutual_ones_the_same() -> None:
    for language in ("en", "zh-hans"):
        with override(language):
            for kind in TieKind:
                second, first = (str(MEANINGS[kind].called(of_first=side)) for side in (True, False))
                assert second
                assert first
                assert (second == first) == (kind in MUTUAL), kind
            assert len({str(strength_word(one)) for one in (0, 33, 34, 66, 67, 100)}) == 3


def test_who_does_not_see_both_ends_sees_nothing_of_it(world: World) -> None:
    mine, theirs = _person(world.seller, "王建国"), _person(world.elsewhere, "李敏")
    both = _tie(world.admin, "friend", from_person=mine.pk, to_person=theirs.pk)
    own = _tie(world.seller, "knows", from_member=world.elsewhere.member_id, to_person=mine.pk)
    ties = find("relationships")
    for actor, seen in ((world.seller, {own.pk}), (world.elsewhere, set()), (world.admin, {own.pk, both.pk})):
        with in_scope(actor):
            assert set(access.visible(actor, ties).values_list("pk", flat=True)) == seen
    with in_scope(world.seller):
        content = _ties_of(world.seller, mine, _show(world.seller))
        assert content.count == 1
        drawn = around(world.seller, "people", mine, _show(world.seller))
        assert {one.name for one in drawn.nodes} == {world.members["elsewhere"].name}
        assert drawn.more == 0
        for act in (
            lambda: edit_tie(world.seller, both.pk, data={"strength": "1"}, expected_version=None),
            lambda: remove_ties(world.seller, ids=[both.pk]),
        ):
            with pytest.raises(NotFound):
                act()
        with pytest.raises(Invalid):
            create_tie(
                world.seller,
                data={"kind": "trusts", "from_person": str(mine.pk), "to_person": str(theirs.pk)},
            )


def test_who_sees_both_but_may_change_neither_adds_nothing(world: World) -> None:
    one, two = _person(world.seller, "王建国"), _person(world.seller, "李敏")
    tie = _tie(world.seller, "friend", from_person=one.pk, to_person=two.pk)
    readers = [
        actor
        for actor in world.actors.values()
        if actor.tenant_id == world.tenant_id
        and actor.may("customers.customer.edit")
        and actor.members_within("customers.person.view") is None
        and actor.members_within("customers.person.edit") is not None
        and world.seller.member_id not in (actor.members_within("customers.person.edit") or ())
    ]
    for actor in readers:
        with in_scope(actor):
            assert access.get(actor, find("relationships"), tie.pk).pk == tie.pk
            with pytest.raises(Forbidden):
                edit_tie(actor, tie.pk, data={"strength": "1"}, expected_version=None)
            with pytest.raises(Forbidden):
                create_tie(
                    actor, data={"kind": "trusts", "from_person": str(one.pk), "to_person": str(two.pk)}
                )


def test_adding_changing_and_removing_are_undone(world: World) -> None:
    one, two = _person(world.seller, "王建国"), _person(world.seller, "李敏")
    tie = _tie(world.seller, "friend", from_person=one.pk, to_person=two.pk)
    with in_scope(world.seller):
        before = _rows()
        for act in (
            lambda: create_tie(
                world.seller, data={"kind": "trusts", "from_person": str(one.pk), "to_person": str(two.pk)}
            ),
            lambda: edit_tie(world.seller, tie.pk, data={"strength": "99"}, expected_version=None),
            lambda: remove_ties(world.seller, ids=[tie.pk]),
        ):
            act()
            done = last_operation_id()
            assert done is not None
            assert _rows() != before
            undo(world.seller, done)
            assert _rows() == before


def test_of_two_people_made_one_with_ties_to_the_same_third_one_stays_and_undo_brings_both_back(
    world: World,
) -> None:
    kept, double, third = (_person(world.admin, name) for name in ("王建国", "王建国", "李敏"))
    _tie(world.admin, "friend", from_person=third.pk, to_person=kept.pk, strength="80")
    _tie(world.admin, "friend", from_person=double.pk, to_person=third.pk, strength="20")
    _tie(world.admin, "trusts", from_person=double.pk, to_person=third.pk)
    _tie(world.admin, "worked_with", from_person=double.pk, to_person=kept.pk)
    _tie(world.admin, "knows", from_member=world.admin.member_id, to_person=double.pk)
    with in_scope(world.admin):
        before = _rows()
        merge_people(world.admin, ids=[double.pk], keep=kept.pk)
        done = last_operation_id()
        assert {(row["kind"], row["strength"]) for row in _rows()} == {
            ("friend", 80),
            ("trusts", 50),
            ("knows", 50),
        }
        assert done is not None
        undo(world.admin, done)
        assert _rows() == before


def test_of_two_customers_made_one_the_ties_follow(world: World) -> None:
    kept, double, third = (
        _customer(world.admin, name)
        for name in ("常州苏谷豆制品有限公司", "苏谷豆制品", "无锡江南机械有限公司")
    )
    _tie(world.admin, "sells_to", from_customer=double.pk, to_customer=third.pk)
    _tie(world.admin, "competes", from_customer=double.pk, to_customer=kept.pk)
    with in_scope(world.admin):
        before = _rows()
        merge_customers(world.admin, ids=[double.pk], keep=kept.pk)
        done = last_operation_id()
        (row,) = _rows()
        assert (row["from_customer_id"], row["to_customer_id"]) == (kept.pk, third.pk)
        assert done is not None
        undo(world.admin, done)
        assert _rows() == before


def test_a_deleted_person_takes_the_ties_along_and_undo_brings_them_back(world: World) -> None:
    one, two = _person(world.manager, "王建国"), _person(world.manager, "李敏")
    _tie(world.manager, "friend", from_person=one.pk, to_person=two.pk)
    with in_scope(world.manager):
        before = _rows()
        find("people").remove_many(world.manager, ids=[one.pk])
        done = last_operation_id()
        assert _rows() == []
        assert done is not None
        undo(world.manager, done)
        assert _rows() == before


@pytest.mark.parametrize(
    ("now", "said", "stored"),
    [(None, "强", 80), (None, "weak", 20), (None, "45", 45), (45, "45", 45)],
    ids=["a word", "an English one", "a number", "left as it was"],
)
def test_how_strong_is_chosen_by_its_word(world: World, now: int | None, said: str, stored: int) -> None:
    kind = find("relationships").kind("strength")
    drawn = kind.editor(now, Show(actor=world.seller, language="zh-hans"))
    assert drawn.kind == "select"
    assert [str(one.label) for one in drawn.options if one.value] == ["弱", "中", "强"]
    assert [one.value for one in drawn.options if one.selected] == ([str(now)] if now else [""])
    assert kind.clean(said, world.seller) == stored

"""Actions: on one record and on many, from every door, all or nothing, undone as one, and what they leave alone."""

# Chinese in code: names of customers in tests

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.customers.models import Customer
from guanxi.customers.resources.customers import Customers
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, GuanxiError, Invalid, NotFound, Refused
from guanxi.kernel.ids import new_id
from guanxi.kinds import Text
from guanxi.resource import access, acting, writing
from guanxi.resource.acting import Selection
from guanxi.resource.actions import Action
from guanxi.testing.contributing import contributing
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
REMARKS = Text(name="why", label=_("Remarks"), required=True)


def make(world: World, count: int = 3, owner: str = "seller", **data: Any) -> list[UUID]:
    actor: Actor = getattr(world, owner)
    rows = [
        {
            "name": f"{owner}客户{i:04}",
            "relations": "customer",
            "owner_id": actor.member_id,
            "grade": "C",
            **data,
        }
        for i in range(count)
    ]
    with in_scope(actor):
        return services.create_customers(actor, rows=rows)


def grades(world: World) -> dict[str, int]:
    with in_scope(world.admin):
        found = list(Customer.objects.values_list("grade", flat=True))
    return {grade: found.count(grade) for grade in sorted(set(found))}


def owners(world: World, ids: Sequence[UUID]) -> set[UUID | None]:
    with in_scope(world.admin):
        return set(Customer.objects.filter(id__in=ids).values_list("owner_id", flat=True))


def edited(actor: Actor, selection: Selection, **values: Any) -> acting.Tally:
    with in_scope(actor):
        action = acting.find(actor, Customers, "edit", form="set")
        return acting.act_on_many(actor, Customers, action, selection, values)


def say_why(actor: Actor, record_id: UUID, *, why: str) -> None:
    """A service of an upper context, on one record."""
    customer = access.get(actor, Customers, record_id, verb="edit", lock=True)
    with operation(actor, "customers.customer.edit", record_id=record_id):
        writing.update(Customers, customer, {"remarks": why}, expected_version=None)


NOTE = Action(
    key="note", label=_("Remarks"), service=say_why, verb="edit", inputs=(REMARKS,), form="row", icon="pencil",
    when=lambda record: record.grade == "C",
)  # fmt: skip


# Many at once


def test_of_a_selection_what_is_beyond_reach_is_left_alone_and_counted(world: World) -> None:
    mine, theirs = make(world, 3), make(world, 2, "elsewhere")
    gone = new_id()
    tally = edited(world.seller, Selection((*mine, *theirs, gone)), grade="A")
    assert (tally.total, tally.done) == (6, 3)
    assert dict(tally.left) == {str(acting.GONE): 3}
    assert grades(world) == {"A": 3, "C": 2}


def test_what_one_sees_but_may_not_change_is_said_as_such(world: World) -> None:
    seen, mine = make(world, 2), make(world, 1, "teammate")
    looking = replace(world.teammate, grants={**world.teammate.grants, "customers.customer.view": "all"})
    tally = edited(looking, Selection(query="grade=C"), grade="B")
    assert (tally.total, tally.done) == (3, 1)
    assert dict(tally.left) == {str(acting.NO_RIGHT): 2}
    with in_scope(world.admin):
        assert set(Customer.objects.filter(grade="B").values_list("id", flat=True)) == set(mine)
        assert set(Customer.objects.filter(grade="C").values_list("id", flat=True)) == set(seen)


def test_all_that_match_are_those_that_matched_before_anything_changed(world: World) -> None:
    make(world, 5, grade="B")
    make(world, 4, grade="A")
    tally = edited(world.seller, Selection(query="grade=A,B"), grade="B")
    assert (tally.total, tally.done, dict(tally.left)) == (9, 4, {str(acting.SAME): 5})
    assert grades(world) == {"B": 9}


def test_it_is_one_operation_that_undoes_as_one(world: World) -> None:
    make(world, 4)
    tally = edited(world.seller, Selection(query="grade=C"), grade="A")
    with in_scope(world.seller):
        done = Operation.objects.get(id=str(tally.operation_id))
        assert (done.verb, done.summary["updated"]) == ("customers.customer.edit", 4)
        undo(world.seller, done.id)
    assert grades(world) == {"C": 4}


def test_an_act_that_did_nothing_leaves_no_operation(world: World) -> None:
    make(world, 2)
    with in_scope(world.admin):
        before = Operation.objects.count()
    tally = edited(world.seller, Selection(query="grade=C"), grade="C")
    assert (tally.done, tally.operation_id) == (0, None)
    with in_scope(world.admin):
        assert Operation.objects.count() == before


def test_parents_are_deleted_after_what_belongs_to_them_in_whatever_order(world: World) -> None:
    top = make(world, 1, "manager")[0]
    middle = make(world, 1, "manager", parent_id=top)[0]
    leaf = make(world, 1, "manager", parent_id=middle)[0]
    with in_scope(world.manager):
        action = acting.find(world.manager, Customers, "delete", form="set")
        tally = acting.act_on_many(world.manager, Customers, action, Selection((top, middle, leaf)), {})
    assert (tally.total, tally.done, dict(tally.left)) == (3, 3, {})


def test_a_parent_whose_subsidiary_stays_is_left_alone_with_the_reason(world: World) -> None:
    top, other = make(world, 2, "manager")
    make(world, 1, "elsewhere", parent_id=top)
    with in_scope(world.manager), override("en"):
        action = acting.find(world.manager, Customers, "delete", form="set")
        tally = acting.act_on_many(world.manager, Customers, action, Selection((top, other)), {})
    assert tally.done == 1
    assert list(tally.left.values()) == [1]
    assert "Subsidiaries" in next(iter(tally.left))


def test_where_a_service_refuses_some_it_is_told_of_each_and_the_others_are_done(world: World) -> None:
    ids = make(world, 7)
    bad = set(ids[2:4])

    def strict(actor: Actor, *, ids: Sequence[UUID]) -> int:
        if bad & set(ids):
            raise Refused("tests.no", "Not these.")
        with operation(actor, "customers.customer.edit"):
            return writing.update_many(Customers, ids, {"grade": "A"})

    action = Action(key="strict", label=_("Remarks"), service=strict, verb="edit")
    with contributing("customers", actions=(action,)), in_scope(world.seller):
        found = acting.find(world.seller, Customers, "strict")
        tally = acting.act_on_many(world.seller, Customers, found, Selection(tuple(ids)), {})
    assert (tally.done, dict(tally.left)) == (5, {"Not these.": 2})
    assert grades(world) == {"A": 5, "C": 2}


def test_an_error_in_the_middle_takes_everything_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acting, "BATCH", 2)
    ids = make(world, 6)
    calls = []

    def falls(actor: Actor, *, ids: Sequence[UUID]) -> int:
        calls.append(ids)
        with operation(actor, "customers.customer.edit"):
            writing.update_many(Customers, ids, {"grade": "A"})
        if len(calls) == 2:
            raise RuntimeError("in the middle")
        return len(ids)

    action = Action(key="falls", label=_("Remarks"), service=falls, verb="edit")
    chosen = Selection(tuple(ids))
    with pytest.raises(RuntimeError), in_scope(world.seller):
        acting.act_on_many(world.seller, Customers, action, chosen, {})
    assert grades(world) == {"C": 6}


# Assigning


def test_assigning_is_its_own_right_within_its_reach(world: World) -> None:
    ids = make(world, 3)
    with in_scope(world.manager):
        action = acting.find(world.manager, Customers, "assign")
        to = {"owner": str(world.teammate.member_id)}
        tally = acting.act_on_many(world.manager, Customers, action, Selection(tuple(ids)), to)
    assert tally.done == 3
    assert owners(world, ids) == {world.teammate.member_id}
    with in_scope(world.admin):
        assert Operation.objects.get(id=str(tally.operation_id)).verb == "customers.customer.assign"
    with in_scope(world.manager):
        undo(world.manager, tally.operation_id)  # type: ignore[arg-type]
    assert owners(world, ids) == {world.seller.member_id}


def test_whoever_may_assign_and_not_edit_takes_his_own_assignment_back(world: World) -> None:
    (pk,) = make(world, 1)
    grants = {
        code: reach for code, reach in world.manager.grants.items() if code != "customers.customer.edit"
    }
    dispatcher = replace(world.manager, grants=grants)
    with in_scope(world.manager):
        action = acting.find(dispatcher, Customers, "assign")
        acting.act(dispatcher, Customers, action, pk, {"owner": str(world.teammate.member_id)})
        done = last_operation_id()
        assert done is not None
        undo(dispatcher, done)
    assert owners(world, [pk]) == {world.seller.member_id}


def test_whoever_assigns_within_his_reach_gives_to_nobody_beyond_it(world: World) -> None:
    ids = make(world, 1)
    with in_scope(world.manager):
        action = acting.find(world.manager, Customers, "assign")
        with pytest.raises(Forbidden):
            acting.act(world.manager, Customers, action, ids[0], {"owner": str(world.admin.member_id)})
    assert owners(world, ids) == {world.seller.member_id}


def test_an_input_that_names_a_field_obeys_the_fields_rules(world: World) -> None:
    ids = make(world, 1)
    ruled = replace(world.manager, field_rules={("customers", "owner"): "hide"})
    with in_scope(world.manager):
        assert "assign" not in {one.key for one in acting.offered(ruled, Customers)}
        with pytest.raises(Forbidden):
            acting.find(ruled, Customers, "assign")
    assert owners(world, ids) == {world.seller.member_id}


_RAW = st.fixed_dictionaries(
    {},
    optional={
        "owner": st.sampled_from(["", "me", "x", "\x00", str(new_id()), "A" * 300])
        | st.integers()
        | st.lists(st.text()),
        "nothing": st.text(max_size=3),
    },
)


def _state(world: World) -> Any:
    with in_scope(world.admin):
        rows = list(Customer.objects.order_by("id").values())
        return rows, Change.objects.count(), Operation.objects.count()


def _try(actor: Actor, key: str, pk: UUID, raw: dict[str, Any]) -> None:
    with in_scope(actor):
        acting.act(actor, Customers, acting.find(actor, Customers, key), pk, raw)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    raw=_RAW,
    who=st.sampled_from(["seller", "teammate", "elsewhere", "manager"]),
    key=st.sampled_from(["assign", "edit", "delete"]),
)
def test_an_act_that_is_denied_or_refused_changes_nothing(
    world: World, raw: dict[str, Any], who: str, key: str
) -> None:
    (pk,) = make(world, 1, "admin")
    before = _state(world)
    with pytest.raises(GuanxiError):
        _try(getattr(world, who), key, pk, raw)
    assert _state(world) == before


# What is offered


def test_a_card_shows_what_its_record_and_its_reader_allow(world: World) -> None:
    c, a = make(world, 1)[0], make(world, 1, grade="A")[0]
    with contributing("customers", actions=(NOTE,)), in_scope(world.manager):

        def offered(actor: Actor, pk: UUID) -> list[str]:
            found = acting.offered(actor, Customers, Customer.objects.get(id=pk))
            return [one.key for one in found if one.key in ("edit", "assign", "note", "delete")]

        assert offered(world.manager, c) == ["assign", "note", "delete"]
        assert offered(world.manager, a) == ["assign", "delete"]
        assert offered(world.seller, c) == ["note"]
        many = [one.key for one in acting.offered(world.manager, Customers)]
        assert (many[:2], many[-1]) == (["edit", "assign"], "delete")


def test_an_action_nobody_declared_is_not_there(world: World) -> None:
    with in_scope(world.admin), pytest.raises(NotFound):
        acting.find(world.admin, Customers, "fly")


def test_a_row_action_is_none_for_many(world: World) -> None:
    with contributing("customers", actions=(NOTE,)), in_scope(world.admin), pytest.raises(NotFound):
        acting.find(world.admin, Customers, "note", form="set")


def test_inputs_are_cleaned_once_and_said_by_field(world: World) -> None:
    with contributing("customers", actions=(NOTE,)), in_scope(world.seller):
        action = acting.find(world.seller, Customers, "note")
        with pytest.raises(Invalid) as wrong:
            acting.cleaned(world.seller, Customers, action, {"why": "  ", "else": "x"})
        assert set(wrong.value.fields) == {"else"}
        assert acting.cleaned(world.seller, Customers, action, {"why": " 要 求 "}) == {"why": "要 求"}

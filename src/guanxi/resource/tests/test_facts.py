"""Facts: an upper context states what a list of a lower one filters by and shows, undone and deleted with its cause."""

# Chinese in code: names of customers in tests

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils.translation import gettext_lazy as _

from guanxi.customers.resources.customers import Customers
from guanxi.customers.services import customers as services
from guanxi.foundation.ledger.models import Change
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tokens import create_token
from guanxi.integrations.exports.services import csv_lines
from guanxi.kernel.errors import Invalid, NoScope, NotFound
from guanxi.kernel.ids import new_id
from guanxi.kinds import Show, Text
from guanxi.kinds.choice import YesNo
from guanxi.kinds.days import Date, Moment
from guanxi.kinds.figures import Money
from guanxi.resource import access, listing
from guanxi.resource.facts import fact, state_facts
from guanxi.resource.links import look_up
from guanxi.resource.models import Fact
from guanxi.testing.worlds import World, in_scope

BY, VERB = "orders", "orders.contract.sign"


@pytest.fixture(autouse=True)
def facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """What customers would declare once there are contracts."""
    kinds = (
        fact("customers", Date(name="under_contract_until", label=_("Date"))),
        fact("customers", Money(name="owed", label=_("Money"))),
        fact("customers", Moment(name="called_at", label=_("Time"))),
        fact("customers", Text(name="contract", label=_("Text"))),
    )
    declared = dict(Customers.declared)
    for kind in kinds:
        kind.bind(Customers)  # type: ignore[arg-type]
        declared[kind.name] = kind
    monkeypatch.setattr(Customers, "declared", declared)
    monkeypatch.setattr(Customers, "filters", (*Customers.filters, *(kind.name for kind in kinds)))


def make(world: World, name: str) -> UUID:
    with in_scope(world.seller):
        made = services.create_customer(
            world.seller, data={"name": name, "relations": "customer"}, allow_duplicate=True
        )
        return UUID(str(made.id))


def state(actor: Actor, name: str, values: dict[UUID, Any]) -> int:
    with in_scope(actor), operation(actor, VERB):
        return state_facts(actor, "customers", name, values, by=BY)


def found(actor: Actor, **query: str) -> set[UUID]:
    with in_scope(actor):
        return {row.id for row in listing.read(actor, Customers, query).page().rows}


def test_a_list_is_filtered_by_what_was_stated(world: World) -> None:
    soon, late, never = make(world, "甲"), make(world, "乙"), make(world, "丙")
    # Whoever signs the contract need not be able to change the customer.
    state(world.elsewhere, "under_contract_until", {soon: date(2026, 12, 1), late: date(2027, 6, 1)})
    state(world.elsewhere, "owed", {soon: 120_000, late: 5_000_000})
    assert found(world.seller, **{"under_contract_until.until": "2026-12-31"}) == {soon}
    assert found(world.seller, **{"under_contract_until.since": "2026-12-31"}) == {late}
    assert found(world.seller, **{"under_contract_until.empty": "1"}) == {never}
    assert found(world.seller, **{"under_contract_until.filled": "1"}) == {soon, late}
    assert found(world.seller, **{"owed.least": "10000"}) == {late}
    assert found(world.seller, **{"owed.least": "1000", "under_contract_until": "2026-12-01"}) == {soon}


def test_every_column_of_facts_brings_its_value_back(world: World) -> None:
    pk = make(world, "甲")
    moment = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    wanted = {
        "under_contract_until": date(2026, 12, 1), "owed": 123_456, "called_at": moment, "contract": "HT-2026-1",
    }  # fmt: skip
    for name, value in wanted.items():
        state(world.seller, name, {pk: value})
    with in_scope(world.seller):
        record = access.get(world.seller, Customers, pk)
        kinds = [Customers.declared[name] for name in wanted]
        look_up(kinds, [record], Show(world.seller))
        assert {kind.name: kind.value(record) for kind in kinds} == wanted
        assert kinds[1].json(record, Show(world.seller)) == "1234.56"


def test_stating_the_same_again_writes_nothing(world: World) -> None:
    pk = make(world, "甲")
    assert state(world.seller, "contract", {pk: "HT-1"}) == 1
    with in_scope(world.admin):
        before = Change.objects.count()
    assert state(world.seller, "contract", {pk: "HT-1"}) == 0
    with in_scope(world.admin):
        assert Change.objects.count() == before
    assert state(world.seller, "contract", {pk: "HT-2"}) == 1
    assert state(world.seller, "contract", {pk: None}) == 1
    assert state(world.seller, "contract", {pk: None}) == 0
    with in_scope(world.admin):
        assert not Fact.objects.exists()


def test_a_fact_is_undone_with_the_act_it_follows_from(world: World) -> None:
    pk = make(world, "甲")
    state(world.seller, "contract", {pk: "HT-1"})
    with in_scope(world.seller):
        with operation(world.seller, VERB) as opened:
            state_facts(world.seller, "customers", "contract", {pk: "HT-2"}, by=BY)
        undo(world.seller, opened.id)
    assert found(world.seller, contract="HT-1") == {pk}
    assert found(world.seller, contract="HT-2") == set()


def test_facts_go_with_their_record_and_come_back_with_it(world: World) -> None:
    pk = make(world, "甲")
    state(world.seller, "contract", {pk: "HT-1"})
    with in_scope(world.manager):
        services.delete_customers(world.manager, ids=[pk])
        done = last_operation_id()
    with in_scope(world.admin):
        assert not Fact.objects.exists()
    assert done is not None
    with in_scope(world.manager):
        undo(world.manager, done)
    assert found(world.seller, contract="HT-1") == {pk}


def test_a_fact_is_stated_inside_an_act_of_a_record_that_is_there(world: World, other_world: World) -> None:
    pk, theirs = make(world, "甲"), make(other_world, "乙")
    with in_scope(world.seller), pytest.raises(NoScope):
        state_facts(world.seller, "customers", "contract", {pk: "HT-1"}, by=BY)
    for absent in (new_id(), theirs):
        with pytest.raises(NotFound):
            state(world.seller, "contract", {absent: "HT-1"})
    with pytest.raises(LookupError):
        state(world.seller, "grade", {pk: "A"})
    with in_scope(world.admin):
        assert not Fact.objects.exists()


def test_a_fact_is_no_field_to_be_set(world: World) -> None:
    pk = make(world, "甲")
    with in_scope(world.seller), pytest.raises(Invalid):
        services.edit_customer(world.seller, pk, data={"contract": "HT-9"}, expected_version=None)


def test_another_company_states_and_sees_nothing_of_ours(world: World, other_world: World) -> None:
    pk = make(world, "甲")
    state(world.seller, "contract", {pk: "HT-1"})
    assert found(other_world.admin, contract="HT-1") == set()
    with in_scope(other_world.admin):
        assert not Fact.objects.exists()


def test_facts_are_in_exports_and_answers_of_the_api(world: World, client: Client) -> None:
    pk = make(world, "甲")
    state(world.seller, "contract", {pk: "HT-2026-1"})
    with in_scope(world.manager):
        wanted = listing.read(world.manager, Customers, {"columns": "name,contract"})
        assert "HT-2026-1" in "".join(csv_lines(wanted, Show(world.manager)))
        secret = create_token(world.manager, name="test", may_write=False)[1]
    answer = client.get(
        "/api/v1/customers?contract=HT-2026-1&fields=contract", headers={"Authorization": f"Bearer {secret}"}
    )
    assert [item["contract"] for item in answer.json()["items"]] == ["HT-2026-1"]


def test_many_facts_are_stated_and_read_in_few_statements(world: World) -> None:
    with in_scope(world.seller):
        ids = services.create_customers(
            world.seller,
            rows=[
                {"name": f"客户{i}", "relations": "customer", "owner_id": world.seller.member_id}
                for i in range(300)
            ],
        )
    with in_scope(world.seller), operation(world.seller, VERB):
        count = _queries(lambda: state_facts(world.seller, "customers", "owed", dict.fromkeys(ids, 5), by=BY))
        assert count <= 6
    with in_scope(world.seller):
        rows = list(access.visible(world.seller, Customers))
        kind = Customers.declared["owed"]
        assert _queries(lambda: look_up([kind], rows, Show(world.seller))) == 1
        assert {kind.value(row) for row in rows} == {5}


def test_what_no_column_holds_is_no_fact() -> None:
    with pytest.raises(ValueError, match="yes or no"):
        fact("customers", YesNo(name="is_key", label=_("Text")))


def _queries(work: Callable[[], Any]) -> int:
    count = 0

    def counting(execute: Any, *args: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*args)

    with connection.execute_wrapper(counting):
        work()
    return count

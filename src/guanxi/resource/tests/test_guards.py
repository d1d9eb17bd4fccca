"""Guards: an upper context warns of a lower one's verb or forbids it, at every door, on one record and on many."""

# Chinese in code: names of customers and reasons in tests

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.customers.resources.customers import Customers
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.models import Operation
from guanxi.integrations.api.tokens import create_token
from guanxi.kernel.errors import Refused
from guanxi.resource import acting, guards
from guanxi.resource.acting import Selection
from guanxi.resource.guards import Attempt, Verdict, Warned
from guanxi.testing.guarding import guarding
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
WARNING, BLOCK = "有未关闭的投诉。", "合同生效期间不能改。"
HTMX = {"HX-Request": "true"}


def says(verdict: Verdict, about: Callable[[Any], bool] = lambda record: True) -> guards.Guard:
    def speak(attempt: Attempt, records: Sequence[Any]) -> Mapping[UUID, Verdict]:
        return {record.pk: verdict for record in records if about(record)}

    return speak


WARN, STOP = guards.warn("service.complaint", WARNING), guards.block("orders.contract", BLOCK)


def make(world: World, name: str = "北斗", owner: str = "manager", **data: Any) -> Customer:
    actor = getattr(world, owner)
    with in_scope(actor):
        return services.create_customer(actor, data={"name": name, "relations": "customer", **data})


def rename(world: World, customer: Customer, name: str = "天枢") -> None:
    services.edit_customer(world.manager, customer.id, data={"name": name}, expected_version=None)


def names(world: World) -> set[str]:
    with in_scope(world.admin):
        return set(Customer.objects.values_list("name", flat=True))


def test_a_block_stands_whatever_is_accepted(world: World) -> None:
    made = make(world)
    with guarding("edit", says(STOP)), in_scope(world.manager), guards.accepting(["*", "orders.contract"]):
        with pytest.raises(Refused) as refused:
            rename(world, made)
        assert (refused.value.code, refused.value.words) == ("orders.contract", BLOCK)
    assert names(world) == {"北斗"}


def test_a_warning_is_passed_by_its_code_and_noted_on_the_operation(world: World) -> None:
    made = make(world)
    with guarding("edit", says(WARN)), in_scope(world.manager):
        with pytest.raises(Warned) as warned:
            rename(world, made)
        assert guards.codes_of(warned.value) == "service.complaint"
        with guards.accepting(["other.warning"]), pytest.raises(Warned):
            rename(world, made)
        assert Customer.objects.get(id=made.id).name == "北斗"
        with guards.accepting([guards.codes_of(warned.value)]):
            rename(world, made)
    with in_scope(world.admin):
        last = Operation.objects.get(verb="customers.customer.edit")
        assert last.summary[guards.NOTED] == ["service.complaint"]


def test_what_one_accepted_passes_no_other_warning(world: World) -> None:
    made, second = make(world), guards.warn("finance.overdue", "有逾期应收。")
    with guarding("edit", says(WARN)), guarding("edit", says(second)), in_scope(world.manager):
        with guards.accepting(["service.complaint"]), pytest.raises(Warned) as warned:
            rename(world, made)
        assert [one.code for one in warned.value.warnings] == ["finance.overdue"]


def test_guards_are_asked_in_order_and_not_about_what_is_blocked_already(world: World) -> None:
    made = make(world)
    asked: list[Any] = []

    def late(attempt: Attempt, records: Sequence[Any]) -> Mapping[UUID, Verdict]:
        asked.extend(records)
        return {}

    with (
        guarding("edit", late, order=90),
        guarding("edit", says(STOP), order=10),
        in_scope(world.manager),
        pytest.raises(Refused),
    ):
        rename(world, made)
    assert asked == []


def test_a_guard_sees_the_new_values_and_the_draft_of_what_is_created(world: World) -> None:
    def no_grade_a(attempt: Attempt, records: Sequence[Any]) -> Mapping[UUID, Verdict]:
        return {one.pk: STOP for one in records if one.grade == "A" or attempt.values.get("grade") == "A"}

    with guarding("create", no_grade_a), guarding("edit", no_grade_a):
        made = make(world)
        with pytest.raises(Refused):
            make(world, "天枢", grade="A")
        with in_scope(world.manager), pytest.raises(Refused):
            services.edit_customer(world.manager, made.id, data={"grade": "A"}, expected_version=None)
    assert names(world) == {"北斗"}


def test_giving_a_customer_away_asks_the_guards_of_assigning_too(world: World) -> None:
    made = make(world)
    with guarding("assign", says(STOP)), in_scope(world.manager):
        rename(world, made)
        with pytest.raises(Refused):
            services.edit_customer(
                world.manager, made.id, data={"owner": str(world.seller.member_id)}, expected_version=None
            )


def test_of_many_those_spoken_against_are_left_alone_and_counted(world: World) -> None:
    for name in ("甲", "乙", "丙", "丁"):
        make(world, name)
    with (
        guarding("edit", says(WARN, lambda one: one.name == "甲")),
        guarding("edit", says(STOP, lambda one: one.name in ("乙", "丙"))),
        in_scope(world.manager),
    ):
        edit = acting.find(world.manager, Customers, "edit")
        tally = acting.act_on_many(
            world.manager, Customers, edit, Selection(query="owner=me"), {"grade": "A"}
        )
        assert (tally.total, tally.done, dict(tally.left)) == (4, 1, {WARNING: 1, BLOCK: 2})
        with guards.accepting(["*"]):
            again = acting.act_on_many(
                world.manager, Customers, edit, Selection(query="owner=me"), {"grade": "B"}
            )
        assert (again.done, dict(again.left)) == (2, {BLOCK: 2})
        noted = Operation.objects.get(id=str(again.operation_id)).summary
        assert noted[guards.NOTED] == ["service.complaint"]


def test_a_guard_is_asked_once_for_all_of_a_batch(world: World) -> None:
    for number in range(6):
        make(world, f"客户{number}")
    asked: list[int] = []

    def count(attempt: Attempt, records: Sequence[Any]) -> Mapping[UUID, Verdict]:
        asked.append(len(records))
        return {}

    with guarding("edit", count), in_scope(world.manager):
        edit = acting.find(world.manager, Customers, "edit")
        acting.act_on_many(world.manager, Customers, edit, Selection(query="owner=me"), {"grade": "A"})
    assert asked == [6]


# On pages


@pytest.fixture
def manager(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["manager"])


def test_a_form_shows_the_warning_keeps_what_was_typed_and_goes_on(world: World, manager: Client) -> None:
    made = make(world)
    typed = {"name": "天枢", "version": str(made.version)}
    with guarding("edit", says(WARN)):
        asked = manager.post(f"/customers/{made.id}/edit/", typed)
        body = asked.content.decode()
        assert asked.status_code == 409
        assert WARNING in body
        assert 'value="service.complaint"' in body
        assert 'value="天枢"' in body
        assert names(world) == {"北斗"}
        done = manager.post(f"/customers/{made.id}/edit/", typed | {"accept_warnings": "service.complaint"})
    assert done.status_code == 302
    assert names(world) == {"天枢"}


def test_a_new_record_is_warned_of_too(world: World, manager: Client) -> None:
    typed = {"name": "天枢", "relations": "customer"}
    with guarding("create", says(WARN)):
        assert manager.post("/customers/new/", typed).status_code == 409
        assert (
            manager.post("/customers/new/", typed | {"accept_warnings": "service.complaint"}).status_code
            == 302
        )
    assert names(world) == {"天枢"}


def test_a_field_edited_in_its_place_is_warned_of_there(world: World, manager: Client) -> None:
    made = make(world)
    url, typed = f"/customers/{made.id}/field/grade/", {"grade": "A", "version": str(made.version)}
    with guarding("edit", says(WARN)):
        asked = manager.post(url, typed, headers=HTMX)
        assert asked.status_code == 409
        assert 'value="service.complaint"' in asked.content.decode()
        typed["accept_warnings"] = "service.complaint"
        assert manager.post(url, typed, headers=HTMX).status_code == 200
    with in_scope(world.admin):
        assert Customer.objects.get(id=made.id).grade == "A"


def test_a_card_whose_deletion_is_warned_of_asks_first(world: World, manager: Client) -> None:
    made = make(world)
    with guarding("delete", says(WARN)):
        asked = manager.post(f"/customers/{made.id}/delete/")
        assert asked.status_code == 409
        assert WARNING in asked.content.decode()
        assert names(world) == {"北斗"}
        done = manager.post(
            f"/customers/{made.id}/delete/", {"save": "1", "accept_warnings": "service.complaint"}
        )
    assert done.status_code == 302
    assert names(world) == set()


def test_a_blocked_act_says_why_on_its_page(world: World, manager: Client) -> None:
    made = make(world)
    with guarding("delete", says(STOP)):
        refused = manager.post(f"/customers/{made.id}/delete/")
    assert refused.status_code == 409
    assert BLOCK in refused.content.decode()
    assert names(world) == {"北斗"}


def test_of_rows_some_of_which_are_warned_of_nothing_happens_before_it_is_decided(
    world: World, manager: Client
) -> None:
    for name in ("甲", "乙"):
        make(world, name)
    with in_scope(world.admin):
        ids = [str(one) for one in Customer.objects.values_list("id", flat=True)]
    form = {"ids": ids, "field": "grade", "grade": "A", "save": "1"}
    with guarding("edit", says(WARN, lambda one: one.name == "甲")):
        asked = manager.post("/customers/bulk/edit/", form)
        assert asked.status_code == 409
        assert WARNING in asked.content.decode()
        with in_scope(world.admin):
            assert not Customer.objects.filter(grade="A").exists()
        assert manager.post("/customers/bulk/edit/", form | {"leave": "1"}).status_code == 302
        with in_scope(world.admin):
            assert [one.name for one in Customer.objects.filter(grade="A")] == ["乙"]
        accepted = form | {"grade": "B", "accept_warnings": "service.complaint"}
        assert manager.post("/customers/bulk/edit/", accepted).status_code == 302
    with in_scope(world.admin):
        assert Customer.objects.filter(grade="B").count() == 2


# At the API


def call(client: Client, world: World, method: str, url: str, data: Any = None) -> Any:
    with in_scope(world.manager):
        secret = create_token(world.manager, name="test", may_write=True)[1]
    headers = {"Authorization": f"Bearer {secret}"}
    send = getattr(client, method)
    return send(f"/api/v1/{url}", data=data, content_type="application/json", headers=headers)


def test_the_api_answers_a_warning_with_409_and_takes_its_codes(world: World, client: Client) -> None:
    made = make(world)
    with guarding("edit", says(WARN)):
        asked = call(client, world, "patch", f"customers/{made.id}", {"name": "天枢"})
        assert (asked.status_code, asked.json()["code"]) == (409, "warned")
        assert asked.json()["warnings"] == [{"code": "service.complaint", "message": WARNING}]
        url = f"customers/{made.id}?accept_warnings=service.complaint"
        assert call(client, world, "patch", url, {"name": "天枢"}).status_code == 200
    with guarding("delete", says(STOP)):
        refused = call(client, world, "delete", f"customers/{made.id}")
        assert (refused.status_code, refused.json()["reason"]) == (409, "orders.contract")
    assert names(world) == {"天枢"}

"""Actions on pages: the card's, the list's for many, and what becomes a job."""

# Chinese in code: names of customers in tests

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.customers.resources.customers import Customers
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import FieldRule
from guanxi.kinds import Text
from guanxi.resource import access, jobs, writing
from guanxi.resource.actions import Action
from guanxi.testing.contributing import contributing
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


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


def say_why(actor: Actor, record_id: UUID, *, why: str) -> None:
    """A service of an upper context, on one record."""
    customer = access.get(actor, Customers, record_id, verb="edit", lock=True)
    with operation(actor, "customers.customer.edit", record_id=record_id):
        writing.update(Customers, customer, {"remarks": why}, expected_version=None)


NOTE = Action(
    key="note",
    label=_("Remarks"),
    service=say_why,
    verb="edit",
    inputs=(Text(name="why", label=_("Remarks"), required=True),),
    form="row",
    icon="pencil",
)


# On the page


@pytest.fixture
def seller(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["seller"])


@pytest.fixture
def manager(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["manager"])


def test_a_card_leads_to_the_form_of_an_action_that_keeps_what_was_typed(
    world: World, seller: Client
) -> None:
    pk = make(world, 1)[0]
    with contributing("customers", actions=(NOTE,)):
        assert f"/customers/{pk}/act/note/" in seller.get(f"/customers/{pk}/").content.decode()
        assert 'name="why"' in seller.get(f"/customers/{pk}/act/note/").content.decode()
        refused = seller.post(f"/customers/{pk}/act/note/", {"save": "1", "why": ""})
        assert refused.status_code == 422
        long = "要" * 20001
        kept = seller.post(f"/customers/{pk}/act/note/", {"save": "1", "why": long[:100]})
        assert kept.status_code == 302
    with in_scope(world.admin):
        assert Customer.objects.get(id=pk).remarks == "要" * 100


def test_the_picker_of_an_input_is_asked_of_its_action(world: World, manager: Client, seller: Client) -> None:
    answer = manager.get("/customers/act/assign/owner/?q=单晓")
    assert "单晓梅" in answer.content.decode()
    assert seller.get("/customers/act/assign/owner/?q=单晓").status_code == 403
    assert manager.get("/customers/act/assign/name/").status_code == 404
    assert manager.get("/customers/act/fly/owner/").status_code == 404


def test_many_are_assigned_from_the_list_and_undone_from_its_toast(world: World, manager: Client) -> None:
    ids = make(world, 3)
    page = manager.post("/customers/bulk/assign/", {"ids": [str(one) for one in ids]})
    assert page.status_code == 200
    assert page.content.decode().count('name="ids"') == 3
    form = {"ids": [str(one) for one in ids], "save": "1", "owner": str(world.teammate.member_id)}
    done = manager.post("/customers/bulk/assign/", form)
    assert done.status_code == 302
    assert owners(world, ids) == {world.teammate.member_id}
    with in_scope(world.admin):
        last = Operation.objects.latest("at")
    assert f"/undo/{last.id}" in manager.get("/customers/").content.decode()
    assert "3 条记录" in manager.get("/settings/audit/").content.decode()  # the log says of how many


def test_an_assignment_to_nobody_says_so_beside_the_field(world: World, manager: Client) -> None:
    ids = make(world, 1)
    refused = manager.post(
        "/customers/bulk/assign/", {"ids": [str(ids[0])], "save": "1", "owner": "", "owner__text": "无此人"}
    )
    assert refused.status_code == 422
    assert owners(world, ids) == {world.seller.member_id}


def test_a_list_that_is_deleted_entirely_says_what_stayed(world: World, manager: Client) -> None:
    top, _other = make(world, 2, "manager")
    make(world, 1, "elsewhere", parent_id=top)
    assert manager.post("/customers/bulk/delete/", {"all": "1", "query": "owner=me"}).status_code == 302
    said = manager.get("/customers/").content.decode()
    with in_scope(world.admin):
        assert Customer.objects.filter(id=top).exists()
    assert "(1)" in said or "（1）" in said


def test_deleting_the_open_record_leads_to_the_list(world: World, manager: Client) -> None:
    pk = make(world, 1, "manager")[0]
    done = manager.post(f"/customers/{pk}/delete/")
    assert (done.status_code, done["Location"]) == (302, "/customers/")


# As a job


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from guanxi.screens import acts

    monkeypatch.setattr(acts, "AT_ONCE", 2)


def test_more_than_a_request_may_do_shows_the_count_then_becomes_a_job(
    world: World, seller: Client, few_at_once: None
) -> None:
    make(world, 5)
    query = {"all": "1", "query": "grade=C", "field": "grade"}
    page = seller.post("/customers/bulk/edit/", query).content.decode()
    assert "5" in page.split("<h1>")[1].split("</h1>")[0]
    assert grades(world) == {"C": 5}
    asked = seller.post("/customers/bulk/edit/", {**query, "grade": "A", "save": "1"})
    assert asked.status_code == 302
    assert asked["Location"].startswith("/jobs/")
    assert grades(world) == {"C": 5}
    with in_scope(world.admin):
        job = Job.objects.get(kind=jobs.KIND)
    run_job(world.tenant_id, job.id)
    assert grades(world) == {"A": 5}
    result = seller.get(asked["Location"]).content.decode()
    with in_scope(world.admin):
        job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 5, 5)
    assert f"/undo/{job.operation_id}" in result
    assert seller.post(f"/undo/{job.operation_id}/").status_code == 302
    assert grades(world) == {"C": 5}


def test_even_what_needs_no_form_shows_its_count_before_many_are_touched(
    world: World, manager: Client, few_at_once: None
) -> None:
    make(world, 4, "manager")
    asked = manager.post("/customers/bulk/delete/", {"all": "1", "query": "owner=me"})
    assert asked.status_code == 200
    assert 'name="accept_warnings"' not in asked.content.decode()  # who guards it only blocks
    with in_scope(world.admin):
        assert Customer.objects.count() == 4
    assert (
        manager.post("/customers/bulk/delete/", {"all": "1", "query": "owner=me", "save": "1"}).status_code
        == 302
    )


def test_wrong_values_are_said_before_a_job_is_asked_for(
    world: World, seller: Client, few_at_once: None
) -> None:
    make(world, 4)
    wrong = {"all": "1", "query": "grade=C", "field": "grade", "grade": "Q", "save": "1"}
    assert seller.post("/customers/bulk/edit/", wrong).status_code == 422
    with in_scope(world.admin):
        assert not Job.objects.filter(kind=jobs.KIND).exists()


def test_a_job_whose_asker_has_lost_the_right_does_nothing_and_says_so(
    world: World, seller: Client, few_at_once: None
) -> None:
    make(world, 4)
    seller.post(
        "/customers/bulk/edit/", {"all": "1", "query": "grade=C", "field": "grade", "grade": "A", "save": "1"}
    )
    with in_scope(world.admin), operation(world.admin, "permissions.role.restrict"):
        role = world.roles["salesperson"]
        FieldRule.objects.create(role=role, resource="customers", field="grade", mode="read_only")
        job = Job.objects.get(kind=jobs.KIND)
    run_job(world.tenant_id, job.id)
    with in_scope(world.admin):
        job.refresh_from_db()
    assert job.state == "failed"
    assert grades(world) == {"C": 4}
    assert job.error in ("forbidden", "invalid")


def test_a_field_of_many_is_emptied_only_when_that_is_meant(world: World, seller: Client) -> None:
    ids = [str(one) for one in make(world, 2)]
    form = {"ids": ids, "field": "grade", "grade": "", "save": "1"}
    asked = seller.post("/customers/bulk/edit/", form)
    assert asked.status_code == 422
    assert 'name="empty"' in asked.content.decode()
    assert grades(world) == {"C": 2}
    assert seller.post("/customers/bulk/edit/", form | {"empty": "1"}).status_code == 302
    assert grades(world) == {"": 2}

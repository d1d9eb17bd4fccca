"""Actions at the API: on one record, on ids, on all that match; beyond 500 as a job that can be read and stopped."""

# Chinese in code: names of customers in tests

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.customers.services import customers as services
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api import actions
from guanxi.integrations.api.tokens import create_token
from guanxi.kernel.ids import new_id
from guanxi.testing.worlds import World, in_scope

Call = Callable[..., Any]


@pytest.fixture
def call(world: World, client: Client) -> Call:
    secrets: dict[str, str] = {}

    def send(method: str, url: str, data: Any = None, *, who: str = "manager", **headers: str) -> Any:
        if who not in secrets:
            actor: Actor = getattr(world, who)
            with in_scope(actor):
                secrets[who] = create_token(actor, name="test", may_write=True)[1]
        bearer = {"Authorization": f"Bearer {secrets[who]}", **headers}
        return getattr(client, method)(
            f"/api/v1/{url}", data=data, content_type="application/json", headers=bearer
        )

    return send


def make(world: World, count: int = 3, owner: str = "seller", **data: Any) -> list[str]:
    actor: Actor = getattr(world, owner)
    rows = [
        {
            "name": f"{owner}客户{i:03}",
            "relations": "customer",
            "owner_id": actor.member_id,
            "grade": "C",
            **data,
        }
        for i in range(count)
    ]
    with in_scope(actor):
        return [str(one) for one in services.create_customers(actor, rows=rows)]


def owners(world: World) -> set[UUID | None]:
    with in_scope(world.admin):
        return set(Customer.objects.values_list("owner_id", flat=True))


def test_one_record_is_assigned_and_its_operation_undoes_it(world: World, call: Call) -> None:
    (pk,) = make(world, 1)
    to = {"inputs": {"owner": str(world.teammate.member_id)}}
    answer = call("post", f"customers/{pk}/actions/assign", to)
    assert answer.status_code == 200
    assert (answer.json()["done"], answer.json()["left"]) == (1, [])
    assert owners(world) == {world.teammate.member_id}
    assert call("post", f"operations/{answer.headers['Operation-Id']}/undo").status_code == 200
    assert owners(world) == {world.seller.member_id}


def test_many_by_their_ids_are_told_what_was_left_alone_and_why(world: World, call: Call) -> None:
    ids = [*make(world, 2), str(new_id())]
    answer = call("post", "customers/actions/delete", {"ids": ids}).json()
    assert (answer["total"], answer["done"]) == (3, 2)
    assert [one["count"] for one in answer["left"]] == [1]
    with in_scope(world.manager):
        undo(world.manager, UUID(answer["operation"]))
        assert Customer.objects.count() == 2


def test_all_that_match_a_filter_are_changed(world: World, call: Call) -> None:
    make(world, 3)
    make(world, 2, "teammate", grade="B")
    body = {"filter": {"field": "grade", "values": ["C"]}, "inputs": {"grade": "A"}}
    assert call("post", "customers/actions/edit", body).json()["done"] == 3
    with in_scope(world.admin):
        assert Customer.objects.filter(grade="A").count() == 3


def test_more_than_a_request_may_do_is_a_job_to_be_read(
    world: World, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    make(world, 4)
    body = {"filter": {"all": []}, "inputs": {"grade": "A"}}
    asked = call("post", "customers/actions/edit", body)
    assert asked.status_code == 202
    job = asked.json()["job"]
    assert asked.headers["Location"] == f"/api/v1/jobs/{job}"
    assert call("get", f"jobs/{job}").json()["state"] == "queued"
    run_job(world.tenant_id, UUID(job))
    done = call("get", f"jobs/{job}").json()
    assert (done["state"], done["done"], done["total"]) == ("done", 4, 4)
    assert call("get", f"jobs/{job}", who="seller").status_code == 404
    with in_scope(world.admin):
        assert Operation.objects.get(id=done["operation"]).summary["updated"] == 4


def test_a_job_is_stopped_before_it_began(world: World, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    make(world, 4)
    body = {"filter": {"all": []}, "inputs": {"grade": "A"}}
    job = call("post", "customers/actions/edit", body).json()["job"]
    assert call("post", f"jobs/{job}/stop").json()["state"] == "cancelled"
    assert call("post", f"jobs/{job}/stop").status_code == 409
    run_job(world.tenant_id, UUID(job))
    with in_scope(world.admin):
        assert not Customer.objects.filter(grade="A").exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({"inputs": {"grade": "A"}}, "ids", id="neither"),
        pytest.param({"ids": [str(UUID(int=1))], "filter": {"all": []}, "inputs": {}}, "ids", id="both"),
        pytest.param({"ids": [], "inputs": {"grade": "A"}}, "ids", id="no-ids"),
        pytest.param({"filter": {"all": []}, "inputs": {}}, "", id="nothing-to-change"),
        pytest.param({"filter": {"all": []}, "inputs": {"grade": "Q"}}, "grade", id="no-such-grade"),
        pytest.param({"filter": {"all": []}, "inputs": {"name": "X"}}, "name", id="not-for-many"),
        pytest.param(
            {"filter": {"field": "nothing"}, "inputs": {"grade": "A"}}, "nothing", id="no-such-field"
        ),
        pytest.param({"filter": {"all": [1]}, "inputs": {"grade": "A"}}, "filter", id="no-filter"),
        pytest.param({"filter": {"all": []}, "inputs": [], "grade": "A"}, "inputs", id="wrong-shape"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(
    world: World, call: Call, body: dict[str, Any], field: str
) -> None:
    make(world, 2)
    answer = call("post", "customers/actions/edit", body)
    assert answer.status_code == 422
    assert field in {error["field"].split(".")[0] for error in answer.json()["errors"]}
    with in_scope(world.admin):
        assert set(Customer.objects.values_list("grade", flat=True)) == {"C"}


def test_the_same_key_sent_twice_acts_once(world: World, call: Call) -> None:
    make(world, 2)
    body = {"filter": {"all": []}, "inputs": {"grade": "A"}}
    first, second = (
        call("post", "customers/actions/edit", body, **{"Idempotency-Key": "once"}) for _ in range(2)
    )
    assert first.json() == second.json()
    with in_scope(world.admin):
        assert Operation.objects.filter(verb="customers.customer.edit").count() == 1

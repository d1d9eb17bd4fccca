"""Requests nobody would write, made from the OpenAPI document: no server error, no undocumented answer."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings as django_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks

from guanxi.foundation.jobs.models import Job
from guanxi.foundation.ledger.models import Change
from guanxi.foundation.notices.services import notify
from guanxi.foundation.permissions.services import create_department, create_member, create_role
from guanxi.integrations.api import authentication
from guanxi.integrations.api.document import build
from guanxi.integrations.api.tests.calling import secret_of
from guanxi.kernel.ids import new_id
from guanxi.project.wsgi import application
from guanxi.resource.attachments import attach
from guanxi.resource.registry import every, find_by_key
from guanxi.sales.services.defaults import make_defaults
from guanxi.tailoring.models import SavedView
from guanxi.tailoring.services.views import create_view
from guanxi.testing.customers import make_customers
from guanxi.testing.factories import make
from guanxi.testing.worlds import World, in_scope, make_world, writing

# Whether valid input is accepted is a matter of the record (a duplicate, an unknown owner), not of the schema.
LOOKED_FOR = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
OPERATIONS = sorted(
    operation["operationId"]
    for methods in build().get_openapi_schema()["paths"].values()
    for operation in methods.values()
)

# What every entity gets by the same code is tried on a few of them in each run, on all in the long search; what depends
# on an entity's own fields is tried on all in both.
WHOLE = ("customers", "activities", "vehicles")
BY_FIELDS = ("list", "create", "create_many", "change", "change_many", "act_many_edit")


def _is_tried(name: str) -> bool:
    of = next((one.key for one in every() if name.startswith(f"{one.key}_")), "")
    return not of or of in WHOLE or name.removeprefix(f"{of}_") in BY_FIELDS


TRIED = [name for name in OPERATIONS if _is_tried(name)]


@pytest.fixture
def stage(database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[World, str]:
    """Somebody who may do everything, with a token, in a company of its own: requests take away what others need."""
    monkeypatch.setattr(django_settings, "FILES_ROOT", tmp_path)
    monkeypatch.setattr(authentication, "PER_MINUTE", 10**9)
    world = make_world()
    with in_scope(world.system):
        make_defaults(world.system)
    return world, secret_of(world.admin)


@pytest.fixture(scope="module")
def schema(database: None) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


def samples(world: World, tag: str) -> list[dict[str, str]]:
    """Values of parameters that lead to something: an operation, records of the kind with a file, and so on."""
    actor = world.admin
    found: list[dict[str, str]] = []
    resource = find_by_key(tag) or find_by_key("customers")
    assert resource is not None
    with writing(actor) as operation_id:
        records = make_customers(10, owner_id=actor.member_id)
    found += [{"id": str(operation_id)}] * 3
    with in_scope(actor):
        if resource.key != "customers":
            records = [make(actor, resource) for _ in range(10)]
        attached = attach(actor, resource, records[0].pk, name="a.txt", chunks=[b"text"])
        # One for all: a person may have so many views of a list and no more.
        mine = SavedView.objects.filter(resource=resource.key, owner_id=actor.member_id).first()
        view = mine or create_view(actor, resource=resource.key, name=new_id().hex, query="")
        assert actor.member_id is not None
        notify([actor.member_id], "tests.notice")
        jobs = [
            Job(kind="events.handle", actor_id=actor.member_id, state=state) for state in ("queued", "failed")
        ]
        for job in jobs:
            job.save(force_insert=True)
    with in_scope(actor):
        resource.remove_many(actor, ids=[records[-1].pk])
        deleted = Change.objects.filter(row_id=records[-1].pk, action=Change.DELETE).get()
        made: dict[str, Callable[[], Any]] = {
            "people": lambda: create_member(actor, name="某人"),
            "departments": lambda: create_department(actor, name=new_id().hex),
            "roles": lambda: create_role(actor, name=new_id().hex),
        }
        found += [{"id": str(made[tag]().id)} for _ in range(10) if tag in made]
    more = {"view": str(view.pk), "deleted_id": str(deleted.id), "name": "a.csv"}
    found += [{"id": str(record.pk), "file_id": str(attached.id), **more} for record in records]
    return found + [{"id": str(job.id)} for job in jobs if tag == "jobs"] * 5


def search(schema: Any, stage: tuple[World, str], name: str, examples: int, *, fixed: bool) -> None:
    """Send so many requests of each kind, right and wrong ones, and look at every answer."""
    world, secret = stage
    operation = schema.find_operation_by_id(name)
    headers = {"Authorization": f"Bearer {secret}"}
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        known = samples(world, operation.tags[0])

        @settings(
            max_examples=examples,
            derandomize=fixed,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), known=st.sampled_from([{}, *known]))
        def look(case: Any, known: dict[str, str]) -> None:
            for part in (case.path_parameters, case.query):
                for key in known.keys() & (part or {}).keys():
                    part[key] = known[key]
            case.call_and_validate(headers=headers, checks=LOOKED_FOR)

        look()


@pytest.mark.slow
@pytest.mark.parametrize("name", TRIED)
def test_no_request_brings_a_server_error_or_an_undocumented_answer(
    schema: Any, stage: Any, name: str
) -> None:
    search(schema, stage, name, 6, fixed=True)


@pytest.mark.soak
@pytest.mark.parametrize("name", OPERATIONS)
def test_no_request_of_a_long_search_does_either(schema: Any, stage: Any, name: str) -> None:
    search(schema, stage, name, 400, fixed=False)

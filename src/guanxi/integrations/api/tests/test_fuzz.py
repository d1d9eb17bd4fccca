"""Requests nobody would write, made from the OpenAPI document: no server error, no undocumented answer."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks

from guanxi.integrations.api import authentication
from guanxi.integrations.api.document import build
from guanxi.integrations.api.tests.calling import secret_of
from guanxi.project.wsgi import application
from guanxi.testing.customers import make_customers
from guanxi.testing.worlds import World, make_world, writing

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


@pytest.fixture(scope="module")
def stage(database: None) -> Iterator[tuple[World, str]]:
    """Somebody who may do everything, with a token."""
    patch = pytest.MonkeyPatch()
    patch.setattr(authentication, "PER_MINUTE", 10**9)
    world = make_world()
    yield world, secret_of(world.admin)
    patch.undo()


@pytest.fixture(scope="module")
def schema(database: None) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


def search(schema: Any, stage: tuple[World, str], name: str, examples: int, *, fixed: bool) -> None:
    """Send so many requests of each kind, right and wrong ones, and look at every answer."""
    world, secret = stage
    operation = schema.find_operation_by_id(name)
    headers = {"Authorization": f"Bearer {secret}"}
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        with writing(world.admin) as operation_id:
            customers = make_customers(10, owner_id=world.admin.member_id)
        ids = [str(operation_id)] * 3 + [str(customer.id) for customer in customers]

        @settings(
            max_examples=examples,
            derandomize=fixed,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), known=st.sampled_from(["", *ids]))
        def look(case: Any, known: str) -> None:
            if known and case.path_parameters and "id" in case.path_parameters:
                case.path_parameters["id"] = known
            case.call_and_validate(headers=headers, checks=LOOKED_FOR)

        look()


@pytest.mark.slow
@pytest.mark.parametrize("name", OPERATIONS)
def test_no_request_brings_a_server_error_or_an_undocumented_answer(
    schema: Any, stage: Any, name: str
) -> None:
    search(schema, stage, name, 25, fixed=True)


@pytest.mark.soak
@pytest.mark.parametrize("name", OPERATIONS)
def test_no_request_of_a_long_search_does_either(schema: Any, stage: Any, name: str) -> None:
    search(schema, stage, name, 400, fixed=False)

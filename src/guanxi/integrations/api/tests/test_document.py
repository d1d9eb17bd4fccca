"""openapi.json: the snapshot in docs, and that it is whole."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from guanxi.integrations.api.document import build, openapi
from guanxi.integrations.api.problems import KINDS, MEDIA_TYPE
from guanxi.resource.links import Link
from guanxi.resource.registry import every

SNAPSHOT = Path(__file__).parents[5] / "docs" / "openapi.json"
RENEW = "The API has changed. If that is meant, write it down: ./run manage openapi docs/openapi.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi(build())


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_api_is_the_one_that_was_written_down() -> None:
    # Tests have sample entities beside the product's own.
    own = [resource for resource in every() if not resource.__module__.startswith("guanxi.testing.")]
    assert orjson.loads(SNAPSHOT.read_bytes()) == openapi(build(own)), RENEW


def test_every_resource_has_its_operations(document: dict[str, Any]) -> None:
    for resource in every():
        path = f"/api/v1/{resource.key}"
        assert set(document["paths"][path]) == {"get", "post"}
        assert set(document["paths"][path + "/{id}"]) == {"get", "patch", "delete"}
        assert set(document["paths"][path + "/bulk"]) == {"post", "patch"}
        names = {parameter["name"] for parameter in document["paths"][path]["get"]["parameters"]}
        assert set(resource.filters) <= names | {
            kind.name for kind in resource.declared.values() if "is" not in kind.operators
        }
        linked = any(isinstance(kind, Link) for kind in resource.fields().values())
        assert {"fields", "after", "limit", "total", "filter", "q"} <= names
        assert ("expand" in names) == linked
        assert set(document["paths"][path + "/bulk/delete"]) == {"post"}


def test_every_operation_says_what_it_answers(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _path, _method, operation in operations(document)]
    assert len(names) == len(set(names))
    for path, method, operation in operations(document):
        statuses = {int(status) for status in operation["responses"]}
        assert {400, 401, 403, 406, 429, 500, 503} <= statuses, (path, method)
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == [MEDIA_TYPE]
        assert operation["summary"]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if "$ref" in node:
                yield node["$ref"]
            for child in node.values():
                yield from references(child)
        elif isinstance(node, list):
            for child in node:
                yield from references(child)

    schemas = document["components"]["schemas"]
    assert {reference.rpartition("/")[2] for reference in references(document)} <= set(schemas)


def test_links_lead_to_the_records_they_name_and_companies_may_have_fields_of_their_own(
    document: dict[str, Any],
) -> None:
    schemas = document["components"]["schemas"]
    links = schemas["Customer"]["properties"]["expanded"]["properties"]
    assert links["parent"]["anyOf"][0] == {"$ref": "#/components/schemas/Customer"}
    assert links["owner"]["anyOf"][0] == {"$ref": "#/components/schemas/MemberCard"}
    for name in ("Customer", "NewCustomer", "ChangedCustomer", "ChangedCustomerItem"):
        assert list(schemas[name]["patternProperties"]) == ["^x_"], name
        assert schemas[name]["additionalProperties"] is False
    assert schemas["NewCustomer"]["required"] == ["name"]


def test_every_kind_of_problem_has_a_status_and_words() -> None:
    for status, title in KINDS.values():
        assert 400 <= status < 600
        assert str(title)


def test_the_page_and_the_document_have_addresses_of_their_own() -> None:
    assert reverse("api_docs") == "/api/docs/"
    assert reverse("api_document") == "/api/v1/openapi.json"
    with pytest.raises(NoReverseMatch):
        reverse("ninja:openapi-json")


def test_the_document_is_the_same_whoever_asks_first(document: dict[str, Any]) -> None:
    with override("zh-hans"):
        assert openapi(build()) == document

"""The NinjaAPI object and the OpenAPI 3.1 document it writes."""

from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from guanxi.integrations.api import contributed, directory, jobs, notices, operations, recycling
from guanxi.integrations.api.bodies import REFERS, name_of
from guanxi.integrations.api.endpoints import router_of
from guanxi.integrations.api.parsing import StrictParser
from guanxi.integrations.api.problems import MEDIA_TYPE, from_error
from guanxi.kernel.errors import GuanxiError
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import every

PREFIX = "/api/v1"
_DESCRIPTION = (
    "Every record of Guanxi, with the rights of the member who owns the token. Errors are problem details"
    " (RFC 9457) with a stable `code`. Writes can be sent again safely with an `Idempotency-Key`, guarded"
    " against lost updates with `If-Match`, and undone with the `Operation-Id` they answer with."
)


class _Document(OpenAPISchema):
    """As Ninja writes it, but what many operations answer (each problem, a record) is described only once."""

    def __init__(self, api: NinjaAPI, path_prefix: str) -> None:
        self._answers: dict[Any, tuple[dict[str, Any], bool]] = {}
        super().__init__(api, path_prefix)

    def _create_schema_from_model(
        self, model: Any, by_alias: bool = True, remove_level: bool = True, mode: Any = "validation"
    ) -> tuple[dict[str, Any], bool]:
        fields = model.model_fields
        if mode != "serialization" or set(fields) != {"response"}:
            return super()._create_schema_from_model(model, by_alias, remove_level, mode)
        key = (fields["response"].annotation, by_alias, remove_level)
        if key not in self._answers:
            self._answers[key] = super()._create_schema_from_model(model, by_alias, remove_level, mode)
        schema, required = self._answers[key]
        return deepcopy(schema), required


class Api(NinjaAPI):
    """Routes, bodies and documentation. Who calls, scope and replays are the door's."""

    def get_openapi_schema(self, **_more: Any) -> OpenAPISchema:
        """The document, with problems under their own media type."""
        document = _Document(self, PREFIX.lstrip("/"))
        for path in document["paths"].values():
            for operation in path.values():
                operation["security"] = [{"token": []}, {"session": []}]
                for status, response in operation["responses"].items():
                    content = response.get("content", {})
                    if int(status) >= 400 and "application/json" in content:
                        response["content"] = {MEDIA_TYPE: content["application/json"]}
        names = {resource.key: name_of(resource) for resource in every()} | {"members": "MemberCard"}
        _refer(document["components"]["schemas"], names)
        document["components"]["securitySchemes"] = {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "A personal or application token, gx_…",
            },
            "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        }
        return document


def _refer(node: Any, names: dict[str, str]) -> None:
    """Put references where a schema means another one by its resource's key."""
    if isinstance(node, dict):
        if REFERS in node:
            node["$ref"] = f"#/components/schemas/{names[node.pop(REFERS)]}"
        for child in node.values():
            _refer(child, names)
    elif isinstance(node, list):
        for child in node:
            _refer(child, names)


@override("en")  # whoever asks first: the document is in one language for all
def build(resources: Iterable[type[Resource]] | None = None) -> Api:
    """The API over these resources; over every registered one where none are named."""
    api = Api(
        title="Guanxi",
        version="1",
        description=_DESCRIPTION,
        urls_namespace="api",
        openapi_url="",
        docs_url="",
        parser=StrictParser(),
    )
    for prefix, router in (
        *operations.routers(), *recycling.routers(), *directory.routers(), *jobs.routers(), *notices.routers(),
        *contributed.routers(),
    ):  # fmt: skip
        api.add_router(prefix, router)
    for resource in every() if resources is None else resources:
        api.add_router(f"/{resource.key}", router_of(resource))
    for kind in (GuanxiError, HttpError, ValidationError, Exception):
        api.add_exception_handler(kind, _problem)
    return api


def _problem(request: HttpRequest, error: Any) -> HttpResponse:
    return from_error(request, error)


@cache
@override("en")
def openapi(api: Api) -> dict[str, Any]:
    """The OpenAPI document as plain data, made once."""
    found: dict[str, Any] = orjson.loads(
        orjson.dumps(dict(api.get_openapi_schema()), option=orjson.OPT_NON_STR_KEYS)
    )
    return found

"""The OpenAPI document as the documentation page draws it, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from guanxi.integrations.api.problems import KINDS
from guanxi.resource import registry


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter, or a field of a body."""

    name: str
    kind: str
    required: bool
    words: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation."""

    anchor: str
    method: str
    path: str
    summary: str
    words: str
    parameters: list[Value]
    body: list[Value]
    answers: list[Value]
    statuses: list[int]


@dataclass(slots=True)
class Group:
    """The operations of one resource."""

    title: str
    endpoints: list[Endpoint] = field(default_factory=list)


def groups(document: Mapping[str, Any]) -> list[Group]:
    """Operations by resource, in the order of the addresses."""
    found: dict[str, Group] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = operation.get("tags", [""])[0]
            found.setdefault(tag, Group(_title(tag))).endpoints.append(
                _endpoint(document, path, method, operation)
            )
    return list(found.values())


def problems() -> list[tuple[str, int, str]]:
    """Code, status and title of every kind of problem."""
    return [(code, status, str(title)) for code, (status, title) in KINDS.items()]


def _title(tag: str) -> str:
    titles = {"operations": _("Operations and undo"), "me": _("The caller")}
    try:
        return titles.get(tag) or str(registry.find(tag).words().get("list_title", tag))
    except LookupError:
        return tag


def _endpoint(document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> Endpoint:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    good: Mapping[str, Any] = next((r for s, r in operation["responses"].items() if int(s) < 300), {})
    shown = good.get("content", {}).get("application/json", {}).get("schema", {})
    return Endpoint(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=_(operation["summary"]),
        words=_(operation["description"]) if operation.get("description") else "",
        parameters=[
            Value(
                one["name"],
                kind_of(document, one["schema"]),
                bool(one.get("required")),
                one.get("description", ""),
            )
            for one in operation["parameters"]
        ],
        body=_fields(document, body),
        answers=_fields(document, shown),
        statuses=sorted(int(status) for status in operation["responses"]),
    )


def _fields(document: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Value]:
    schema = _resolved(document, schema)
    needed = schema.get("required", ())
    return [
        Value(name, kind_of(document, one), name in needed, one.get("description", ""))
        for name, one in schema.get("properties", {}).items()
    ]


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    for one in schema.get("anyOf", ()):
        if one.get("type") != "null":
            return _resolved(document, one)
    if "$ref" in schema:
        found: Mapping[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def kind_of(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """A type in a few characters: `string(uuid)`, `A | B`, `[Customer]`."""
    if "anyOf" in schema:
        return " | ".join(kind_of(document, one) for one in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if schema.get("type") == "array":
        return f"[{kind_of(document, schema.get('items', {}))}]"
    if "enum" in schema:
        return " | ".join("null" if value is None else str(value) or '""' for value in schema["enum"])
    kinds = schema.get("type", "")
    text = " | ".join(kinds) if isinstance(kinds, list) else str(kinds)
    return f"{text}({schema['format']})" if "format" in schema else text

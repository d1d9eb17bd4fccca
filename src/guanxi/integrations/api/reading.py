"""The OpenAPI document as the documentation page draws it, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.integrations.api.problems import KINDS
from guanxi.resource import registry
from guanxi.resource.operations import area_words


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter, or a field of a body."""

    name: str
    kind: str
    required: bool
    words: SafeString


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation."""

    anchor: str
    method: str
    path: str
    summary: str
    words: SafeString
    parameters: list[Value]
    body: list[Value]
    answers: list[Value]
    statuses: list[int]


@dataclass(slots=True)
class Group:
    """The operations of one resource, or of what stands beside them."""

    key: str
    title: str
    endpoints: list[Endpoint] = field(default_factory=list)


def groups(document: Mapping[str, Any]) -> list[Group]:
    """Operations by resource, in the order of the addresses."""
    found: dict[str, Group] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tag = operation.get("tags", [""])[0]
            found.setdefault(tag, Group(tag, _title(tag))).endpoints.append(
                _endpoint(document, path, method, operation)
            )
    return list(found.values())


def problems() -> list[tuple[str, int, SafeString]]:
    """Code, status and title of every kind of problem."""
    return [(code, status, marked(str(title))) for code, (status, title) in KINDS.items()]


def _title(tag: str) -> str:
    titles = {
        "operations": _("Operations and undo"),
        "me": _("The caller"),
        "members": _("People of the company"),
        "search": _("Search"),
        "jobs": _("Long work"),
        "notices": _("Notices"),
        "recycle_bin": _("Recycle bin"),
    }
    try:
        return (
            titles.get(tag) or str(area_words(tag)) or str(registry.find(tag).words().get("list_title", tag))
        )
    except LookupError:
        return tag


def _labels(tag: str) -> dict[str, str]:
    """What a resource's fields are called on screen."""
    try:
        return {kind.name: str(kind.label) for kind in registry.find(tag).declared.values()}
    except LookupError:
        return {}


def _endpoint(document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> Endpoint:
    labels = _labels(operation.get("tags", [""])[0])
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    good: Mapping[str, Any] = next((r for s, r in operation["responses"].items() if int(s) < 300), {})
    shown = good.get("content", {}).get("application/json", {}).get("schema", {})
    return Endpoint(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=_summary(operation["summary"]),
        words=marked(_(operation["description"]) if operation.get("description") else ""),
        parameters=[
            Value(
                one["name"],
                kind_of(document, one["schema"]),
                bool(one.get("required")),
                _words(one),
            )
            for one in operation["parameters"]
        ],
        body=_fields(document, body, labels),
        answers=_fields(document, shown, labels),
        statuses=sorted(int(status) for status in operation["responses"]),
    )


def _summary(text: str) -> str:
    """A summary in the reader's language; of an action its kind and its name."""
    kind, colon, name = text.partition(": ")
    return _("%(kind)s: %(name)s") % {"kind": _(kind), "name": _(name)} if colon else _(text)


def marked(text: str) -> SafeString:
    """What stands between backticks as code."""
    parts = (
        format_html("<code>{}</code>" if at % 2 else "{}", part) for at, part in enumerate(text.split("`"))
    )
    return format_html_join("", "{}", ((part,) for part in parts))


def _words(described: Mapping[str, Any]) -> SafeString:
    text = described.get("description", "")
    return marked(_(text) if text else "")


def _fields(document: Mapping[str, Any], schema: Mapping[str, Any], labels: Mapping[str, str]) -> list[Value]:
    schema = _resolved(document, schema)
    needed = schema.get("required", ())
    return [
        Value(name, kind_of(document, one), name in needed, _words(one) or marked(labels.get(name, "")))
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

"""The API explained to people: a page of ours, in their language, with their own address in every example."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of
from guanxi.integrations.api import reading, schemas
from guanxi.integrations.api.authentication import PER_MINUTE
from guanxi.integrations.api.bodies import is_needed
from guanxi.integrations.api.endpoints import MOST
from guanxi.integrations.api.parsing import DEEPEST
from guanxi.kinds import Kind
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.links import Link, MemberLink
from guanxi.resource.registry import every


@dataclass(frozen=True, slots=True)
class Property:
    """A field of a record, as a program meets it."""

    name: str
    label: str
    kind: str
    note: str
    operators: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One resource: its fields as the reader may see them, examples, operations."""

    key: str
    title: str
    properties: list[Property]
    examples: list[tuple[str, str]]
    endpoints: list[reading.Endpoint]


def documentation(request: HttpRequest, document: dict[str, Any]) -> HttpResponse:
    """The page; what is general first, then resource by resource."""
    actor = actor_of(request)
    base = request.build_absolute_uri("/api/v1")
    groups = {group.key: group for group in reading.groups(document)}
    chapters = [
        _chapter(actor, resource, document, base, groups.pop(resource.key).endpoints)
        for resource in every()
        if resource.key in groups and (actor.may(resource.permission("view")))
    ]
    unseen = {resource.key for resource in every()}
    context = {
        "base": base,
        "chapters": chapters,
        "others": [group for group in groups.values() if group.key not in unseen],
        "problems": reading.problems(),
        "document_url": reverse("api_document"),
        "tokens_url": reverse("api_tokens"),
        "limits": {
            "per_minute": PER_MINUTE,
            "page": MOST,
            "bulk": schemas.MOST,
            "megabytes": (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // (1024 * 1024),
            "deep": DEEPEST,
        },
        "example": chapters[0].key if chapters else "",
    }
    return render(request, "api/docs.html", context)


def _chapter(
    actor: Actor,
    resource: type[Resource],
    document: Mapping[str, Any],
    base: str,
    endpoints: list[reading.Endpoint],
) -> Chapter:
    kinds = access.readable(actor, resource)
    writable = {kind.name for kind in access.writable(actor, resource)}
    return Chapter(
        resource.key,
        str(resource.words().get("list_title", resource.label_plural)),
        [_property(document, resource, kind, is_writable=kind.name in writable) for kind in kinds],
        list(_examples(actor, resource, base, [kind for kind in kinds if kind.name in writable])),
        endpoints,
    )


def _property(
    document: Mapping[str, Any], resource: type[Resource], kind: Kind, *, is_writable: bool
) -> Property:
    if not is_writable:
        note = _("read only")
    elif is_needed(resource, kind):
        note = _("required")
    else:
        note = ""
    filters = kind.operators if kind.name in resource.filterable() else ()
    return Property(
        kind.name,
        str(kind.label),
        reading.kind_of(document, kind.json_schema()),
        note,
        " ".join(kind.name if one == "is" else f".{one}" for one in filters),
    )


def _examples(actor: Actor, resource: type[Resource], base: str, kinds: list[Kind]) -> Any:
    """What to call and with what, ready to be copied; the token stands in `$TOKEN`."""
    url = f"{base}/{resource.key}"
    token = '-H "Authorization: Bearer $TOKEN"'  # noqa: S105 - the name of a shell variable
    json_type = "-H 'Content-Type: application/json'"
    asked = [f"sort={'-' if resource.sorts[0].descending else ''}{resource.sorts[0].key}", "limit=20"]
    if resource.owner in {kind.name for kind in kinds}:
        asked.insert(0, f"{resource.owner}=me")
    links = [kind.name for kind in kinds if isinstance(kind, Link) and kind.expands]
    if links:
        asked.append(f"expand={links[0]}")
    yield _("A page of a list"), _lines(f"curl -G {url}", token, *(f"-d '{one}'" for one in asked))
    if resource.offers("create") and actor.may(resource.permission("create")):
        body = {kind.name: _sample(kind) for kind in kinds if is_needed(resource, kind)}
        yield (
            _("Create, safe to send again"),
            _lines(f"curl {url}", token, json_type, "-H 'Idempotency-Key: 20261121-0001'", _body(body)),
        )
    changeable = next((kind for kind in kinds if not kind.required and not isinstance(kind, Link)), None)
    if resource.offers("edit") and actor.may(resource.permission("edit")) and changeable is not None:
        body = {changeable.name: _sample(changeable)}
        yield (
            _("Change, unless somebody else did meanwhile"),
            _lines(f"curl -X PATCH {url}/$ID", token, json_type, "-H 'If-Match: \"1\"'", _body(body)),
        )


def _lines(*parts: str) -> str:
    return " \\\n  ".join(parts)


def _body(body: Mapping[str, Any]) -> str:
    return "-d '" + json.dumps(body, ensure_ascii=False).replace("'", "’") + "'"


def _sample(kind: Kind) -> Any:
    schema = kind.json_schema()
    types = schema.get("type", "string")
    first = types if isinstance(types, str) else types[0]
    if isinstance(kind, MemberLink):
        return "me"
    if first == "array":
        return schema.get("items", {}).get("enum", [])[:1]
    if "enum" in schema:
        return next((one for one in schema["enum"] if one), "")
    samples: dict[str, Any] = {"boolean": True, "integer": 1, "number": 1}
    return samples.get(first, str(kind.label))

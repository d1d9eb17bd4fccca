"""Records as JSON: what the caller may see of each, in the shape the schemas promise."""

from collections.abc import Sequence
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.kinds import Kind, Show
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.links import look_up


def show_to(actor: Actor) -> Show:
    """How values are shown to the caller: in the language the request asked for."""
    return Show(actor, translation.get_language() or "zh-hans")


def names_of(text: str) -> list[str]:
    """The names of a list joined by commas, each once."""
    return list(dict.fromkeys(name for name in (part.strip() for part in text.split(",")) if name))


def unknown_field(parameter: str, name: str) -> Invalid:
    """What is said of a field that does not exist, or that the caller may not know of."""
    message = Message("unknown_field", _("There is no such field: %(name)s."), {"name": name[:100]})
    return Invalid({parameter: [message]})


def asked_fields(actor: Actor, resource: type[Resource], text: str) -> list[Kind]:
    """The fields to answer with: those of `fields=a,b`, else all the caller may know of. Raises Invalid."""
    kinds = access.readable(actor, resource)
    names = names_of(text)
    if not names:
        return kinds
    known = {kind.name: kind for kind in kinds}
    for name in names:
        if name not in known and name not in ("id", "version"):
            raise unknown_field("fields", name)
    return [known[name] for name in names if name in known]


def as_json(kinds: Sequence[Kind], record: Any, show: Show) -> dict[str, Any]:
    """One record. A masked text is shown masked; a masked value of another type is left out."""
    found: dict[str, Any] = {"id": str(record.pk), "version": record.version}
    for kind in kinds:
        if not access.is_masked(show.actor, kind):
            found[kind.name] = kind.json(record, show)
        elif _is_free_text(kind):
            found[kind.name] = kind.masked(record, show)
    return found


def _is_free_text(kind: Kind) -> bool:
    schema = kind.json_schema()
    return schema.get("type") == "string" and "enum" not in schema and "format" not in schema


def etag_of(record: Any) -> str:
    """The version as an entity tag."""
    return f'"{record.version}"'


def expected_version(request: HttpRequest, actual: int | None = None) -> int | None:
    """The version of `If-Match`; None without one, or for "*". A tag that is not ours matches nothing: -1."""
    text = request.headers.get("If-Match", "").strip()
    if not text or text == "*":
        return None
    tags = [tag.strip() for tag in text.split(",")]
    versions = [int(tag[1:-1]) for tag in tags if _is_tag(tag)]
    if actual in versions:
        return actual
    return versions[0] if versions else -1


def _is_tag(tag: str) -> bool:
    return len(tag) < 20 and tag[:1] == tag[-1:] == '"' and tag[1:-1].isdecimal() and tag.isascii()


def reply(body: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> HttpResponse:
    """A JSON answer."""
    response = HttpResponse(orjson.dumps(body, default=str), status=status, content_type="application/json")
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def done() -> HttpResponse:
    """204, with the operation that undoes what was done."""
    response = HttpResponse(status=204)
    del response.headers["Content-Type"]
    response.headers["Operation-Id"] = str(last_operation_id() or "")
    return response


def reply_record(
    resource: type[Resource], record: Any, actor: Actor, *, status: int = 200, written: bool = False
) -> HttpResponse:
    """One record with its entity tag; after a write with the operation that undoes it."""
    kinds, show = access.readable(actor, resource), show_to(actor)
    look_up(kinds, [record], show)
    headers = {"ETag": etag_of(record)}
    operation_id = last_operation_id() if written else None
    if operation_id:
        headers["Operation-Id"] = str(operation_id)
    if status == 201:
        headers["Location"] = f"/api/v1/{resource.key}/{record.pk}"
    return reply(as_json(kinds, record, show), status=status, headers=headers)

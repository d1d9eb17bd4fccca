"""Errors as problem details (RFC 9457): one place that turns whatever was raised into an answer.

A problem names its kind (`code`), says it in words (`title`, `detail`), points to fields and items (`errors`,
`items`) and gives the request's id to quote. It never tells of our insides.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import orjson
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from ninja import Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import (
    Conflict,
    Forbidden,
    GuanxiError,
    Invalid,
    Malformed,
    Message,
    NotFound,
    Refused,
    Stale,
    Unavailable,
)
from guanxi.resource.guards import Warned
from guanxi.resource.registry import resource_of
from guanxi.screens.drawing import named_for

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger("guanxi.error")

# Every kind of problem the API answers with: its status and title. The page of the API lists them by code.
KINDS: dict[str, tuple[int, str | Promise]] = {
    "bad_request": (400, gettext_lazy("The request cannot be read")),
    "unauthenticated": (401, gettext_lazy("Sign in with a token")),
    "forbidden": (403, gettext_lazy("Not allowed")),
    "csrf": (403, gettext_lazy("The page has grown old")),
    "not_found": (404, gettext_lazy("Not found")),
    "method_not_allowed": (405, gettext_lazy("This address has no such method")),
    "not_acceptable": (406, gettext_lazy("Answers are JSON")),
    "refused": (409, gettext_lazy("This cannot be done now")),
    "warned": (409, gettext_lazy("There is something to know first")),
    "duplicate": (409, gettext_lazy("The record seems to exist already")),
    "conflict": (409, gettext_lazy("Later changes stand in the way")),
    "in_progress": (409, gettext_lazy("The same request is still running")),
    "stale": (412, gettext_lazy("Somebody else changed the record meanwhile")),
    "too_large": (413, gettext_lazy("The request is too large")),
    "unsupported_media_type": (415, gettext_lazy("This address takes another type of content")),
    "invalid": (422, gettext_lazy("Some values are not acceptable")),
    "replay_differs": (422, gettext_lazy("The `Idempotency-Key` was used for another request")),
    "too_many_requests": (429, gettext_lazy("Too many requests")),
    "fault": (500, gettext_lazy("Something went wrong on our side")),
    "unavailable": (503, gettext_lazy("The server is busy for a moment")),
}


class Error(Schema):
    """One value that is not acceptable."""

    field: str = Field(
        description=gettext_noop("Name of the field or parameter; empty where the whole is meant")
    )
    code: str = Field(description=gettext_noop("Stable name of what is wrong"))
    message: str = Field(description=gettext_noop("What is wrong, in the language asked for"))


class Problem(Schema):
    """Problem details (RFC 9457)."""

    type: str = Field(
        description=gettext_noop("Where this kind of problem is described"),
        json_schema_extra={"format": "uri-reference"},
    )
    title: str
    status: int
    detail: str = ""
    code: str = Field(description=gettext_noop("Stable name of the kind of problem"))
    request_id: str = Field(description=gettext_noop("To quote when asking for help"))
    errors: list[Error] = Field(
        default_factory=list, description=gettext_noop("Values that are not acceptable")
    )
    items: list[dict[str, Any]] = Field(
        default_factory=list,
        description=gettext_noop(
            "Of a bulk request: the items at fault, each with `index` and its own problem"
        ),
    )
    current_version: int | None = Field(
        None, description=gettext_noop("With `stale`: the version the record is at now")
    )
    missing_permission: str | None = Field(
        None, description=gettext_noop("With `forbidden`: the permission code that is missing")
    )
    warnings: list[dict[str, Any]] | None = Field(
        None,
        description=gettext_noop("With `warned`: `code` and `message`; `accept_warnings` takes the codes"),
    )
    duplicates: list[dict[str, Any]] | None = Field(
        None, description=gettext_noop("With `duplicate`: records that seem to be the same")
    )
    overridable: bool | None = Field(
        None,
        description=gettext_noop(
            "With `duplicate`: whether the caller may create it, with `duplicate_reason`"
        ),
    )
    conflicts: list[dict[str, Any]] | None = Field(
        None, description=gettext_noop("With `conflict`: rows that were changed since")
    )


class ProblemError(GuanxiError):
    """A problem of the wire itself, by its code in KINDS."""

    def __init__(self, code: str, detail: str = "", *, headers: Mapping[str, str] | None = None) -> None:
        self.detail = detail
        self.headers = dict(headers or {})
        super().__init__(code)


class ItemsError(GuanxiError):
    """Some items of a bulk request cannot be carried out, so none was; `items` are their problems."""

    def __init__(self, items: list[dict[str, Any]]) -> None:
        self.items = items
        super().__init__("items")


def body_of(request: HttpRequest, code: str, detail: str = "", **more: Any) -> dict[str, Any]:
    """The members of a problem. Empty ones are left out."""
    status, title = KINDS[code]
    found: dict[str, Any] = {
        "type": f"/api/docs/#problem-{code}",
        "title": str(title),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": getattr(request, "request_id", ""),
    }
    return found | {key: value for key, value in more.items() if value not in (None, [], ())}


def answer(
    request: HttpRequest,
    code: str,
    detail: str = "",
    *,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> HttpResponse:
    """The answer for a kind of problem."""
    content = orjson.dumps(body_of(request, code, detail, **more), default=str)
    response = HttpResponse(content, status=KINDS[code][0], content_type=MEDIA_TYPE)
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


class Told(NamedTuple):
    """What is told of an error: the kind of problem, in words, further members, headers."""

    code: str
    detail: str = ""
    more: dict[str, Any] = {}
    headers: dict[str, str] = {}


def problem_for(error: BaseException, actor: Actor | None = None) -> Told:
    """What is told of whatever was raised: a fault of ours for the unforeseen. Records are named to the `actor` alone,
    as far as he may know their names."""
    if isinstance(error, Refused) and error.code == "duplicate":
        return _duplicates(error, actor)
    for kinds, tell in _TOLD:
        if isinstance(error, kinds):
            return tell(error)
    return Told("fault")


def from_error(request: HttpRequest, error: BaseException) -> HttpResponse:
    """The answer to whatever was raised; faults of ours are logged with their traceback."""
    code, detail, more, headers = problem_for(error, getattr(request, "actor", None))
    if code == "fault":
        _log.error(
            "fault in the API", exc_info=error, extra={"request_id": getattr(request, "request_id", "")}
        )
    return answer(request, code, detail, headers=headers, **more)


def item_problem(request: HttpRequest, index: int, error: GuanxiError) -> dict[str, Any]:
    """What was wrong with one item of a bulk request."""
    code, detail, more, _headers = problem_for(error, getattr(request, "actor", None))
    found = body_of(request, code, detail, **more)
    return {"index": index} | {k: v for k, v in found.items() if k not in ("type", "request_id")}


def errors_of(error: Invalid) -> list[dict[str, str]]:
    """The messages of an Invalid, field by field."""
    pairs: Iterable[tuple[str, Message]] = [
        *((name, said) for name, messages in error.fields.items() for said in messages),
        *(("", said) for said in error.messages),
    ]
    return [{"field": name, "code": said.code, "message": _words(said)} for name, said in pairs]


def _words(said: Message) -> str:
    if str(said.text):
        return str(said)
    return {
        "not_writable": _("There is no such field that you may set."),
        "required": _("Fill this in."),
    }.get(said.code, said.code)


def _first(error: Invalid) -> str:
    return next((_words(said) for said in error.messages), "")


def _forbidden(error: Forbidden) -> Told:
    missing = error.permission or str(error.params.get("permission", ""))
    return Told("forbidden", _("Your role or your token does not allow it."), {"missing_permission": missing})


def _warned(error: Warned) -> Told:
    warnings = [{"code": one.code, "message": str(one.reason)} for one in error.warnings]
    return Told("warned", str(error.reason), {"warnings": warnings})


def _refused(error: Refused) -> Told:
    return Told("refused", _reason(error), {"reason": error.code})


def _duplicates(error: Refused, actor: Actor | None) -> Told:
    found = [_duplicate(one, actor) for one in _listed(error.params.get("duplicates"))]
    more = {"duplicates": found, "overridable": error.params.get("overridable")}
    return Told("duplicate", _reason(error), more)


def _reason(error: Refused) -> str:
    reason = str(error.reason or "")
    return reason % error.params if error.params and "%(" in reason else reason


def _listed(found: object) -> Iterable[Any]:
    return found if isinstance(found, list | tuple) else ()


def _duplicate(found: Any, actor: Actor | None) -> dict[str, Any]:
    """What may be told of a record that seems the same: one the actor cannot see is not named, and none whose name
    a rule closes to him."""
    told = {
        "verdict": found.verdict, "reasons": list(found.reasons), "branch": found.branch,
        "visible": found.visible,
    }  # fmt: skip
    if found.visible and actor is not None:
        name = named_for(actor, resource_of(found.record), found.record, visible=True)
        told |= {"id": str(found.record.pk), "name": name}
    return told


def _of_wire(error: HttpError) -> Told:
    cause = error.__cause__
    if isinstance(cause, ProblemError | RequestDataTooBig):
        return problem_for(cause)
    if error.status_code == 400:
        return Told("bad_request", _("The body is not JSON."))
    found = (code for code, (status, _title) in KINDS.items() if status == error.status_code)
    return Told(next(found, "bad_request"))


def _away(error: Exception) -> Told:
    _log.warning("database away: %s", type(error.__cause__ or error).__name__)
    return Told("unavailable", headers={"Retry-After": "5"})


# The shape of JSON, as pydantic complains of it


def shape_errors(complaints: Iterable[Mapping[str, Any]]) -> Invalid:
    """Complaints about types as messages of ours, in the reader's language, by field."""
    found = Invalid()
    for complaint in complaints:
        place = [part for part in complaint.get("loc", ()) if part not in ("body", "data", "query")]
        name = ".".join(str(part) for part in place)[:200]
        found.add(name, _shape_message(str(complaint.get("type", "")), complaint.get("ctx") or {}))
    return found


def _shape_message(kind: str, context: Mapping[str, Any]) -> Message:
    if kind == "missing":
        return Message("required", gettext_lazy("Fill this in."))
    if kind == "extra_forbidden":
        return Message("not_writable")
    if kind in ("too_long", "list_too_long"):
        return Message(
            "too_many", gettext_lazy("At most %(limit)s at once."), {"limit": context.get("max_length", "")}
        )
    if kind in ("too_short", "list_too_short"):
        return Message("too_few", gettext_lazy("Give at least one."))
    if kind == "string_type":
        return Message("type", gettext_lazy("This is not a text."))
    if kind.startswith("uuid"):
        return Message("uuid", gettext_lazy("This is not an id."))
    return Message("type", gettext_lazy("This is not of the expected kind."))


# The first that fits is told.
_TOLD: tuple[tuple[Any, Callable[[Any], Told]], ...] = (
    (ProblemError, lambda e: Told(e.code, e.detail, {}, e.headers)),
    (ItemsError, lambda e: Told("invalid", _("Nothing was changed: look at the items."), {"items": e.items})),
    ((NotFound, Http404), lambda e: Told("not_found", _("It does not exist, or you may not see it."))),
    (Forbidden, _forbidden),
    (
        Stale,
        lambda e: Told("stale", _("Read the record again, then decide."), {"current_version": e.current}),
    ),
    (Conflict, lambda e: Told("conflict", _("Nothing was changed."), {"conflicts": list(e.conflicts)})),
    (Warned, _warned),
    (Refused, _refused),
    (Invalid, lambda e: Told("invalid", _first(e), {"errors": errors_of(e)})),
    (Malformed, lambda e: Told("invalid")),
    (ValidationError, lambda e: Told("invalid", more={"errors": errors_of(shape_errors(e.errors))})),
    (HttpError, _of_wire),
    (Unavailable, lambda e: Told("unavailable", headers={"Retry-After": str(e.retry_after)})),
    ((OperationalError, InterfaceError), _away),
    # A value PostgreSQL cannot hold: a NUL character, a number beyond its range.
    (DataError, lambda e: Told("invalid", _("A value holds characters that cannot be kept."))),
    (RequestDataTooBig, lambda e: Told("too_large")),
    ((SuspiciousOperation, UnicodeError, RecursionError), lambda e: Told("bad_request")),
)

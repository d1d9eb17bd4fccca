"""What the OpenAPI document says of each operation, in English; the documentation page translates."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop
from pydantic import BaseModel

from guanxi.integrations.api.problems import Problem
from guanxi.resource.declaration import Resource
from guanxi.resource.kinds import Kind

# Kinds of operation: summary, and what is particular.
SUMMARIES: dict[str, tuple[str, str]] = {
    "list": (
        gettext_noop("List"),
        gettext_noop(
            "One page, filtered, searched and sorted. A condition is `field=value[,value]` or"
            " `field.operator=value`; several are joined by “and”. A tree with “or” goes into `filter` as"
            " JSON."
        ),
    ),
    "read": (gettext_noop("Read one"), gettext_noop("`ETag` holds the version, for `If-Match`.")),
    "create": (
        gettext_noop("Create"),
        gettext_noop("Answers with the record; `Operation-Id` is what undoes it."),
    ),
    "create_many": (
        gettext_noop("Create several"),
        gettext_noop("Up to 1,000, all or none. Each item at fault is told with its index."),
    ),
    "change": (
        gettext_noop("Change"),
        gettext_noop(
            "Only the given fields. With `If-Match` only at that version (412 otherwise); without, at any."
        ),
    ),
    "change_many": (
        gettext_noop("Change several"),
        gettext_noop("Up to 1,000, all or none. `version` of an item is checked where it is given."),
    ),
    "delete": (
        gettext_noop("Delete"),
        gettext_noop("With `If-Match` only at that version. `Operation-Id` is what undoes it."),
    ),
    "history": (
        gettext_noop("History"),
        gettext_noop("Who changed what, newest first; also of one `field`."),
    ),
    "me": (
        gettext_noop("Who calls"),
        gettext_noop("The member and company of the token, and what it may do."),
    ),
    "operation": (gettext_noop("Read an operation"), gettext_noop("Everything one act did.")),
    "undo": (
        gettext_noop("Undo an operation"),
        gettext_noop("Puts everything back, or some rows; 409 lists what was changed since."),
    ),
}
_EVERY = (400, 401, 403, 406, 429, 500, 503)
_PROBLEMS: dict[str, tuple[int, ...]] = {
    "list": (422,),
    "read": (404, 422),
    "history": (404, 422),
    "create": (409, 413, 415, 422),
    "create_many": (409, 413, 415, 422),
    "change": (404, 409, 412, 413, 415, 422),
    "change_many": (409, 413, 415, 422),
    "delete": (404, 409, 412, 413, 415, 422),
    "me": (),
    "operation": (404,),
    "undo": (404, 409, 413, 415, 422),
}
_WRITES = frozenset(("create", "create_many", "change", "change_many", "delete", "undo"))
_ANSWER_HEADERS: dict[str, tuple[str, ...]] = {
    "read": ("ETag",),
    "create": ("ETag", "Location", "Operation-Id"),
    "change": ("ETag", "Operation-Id"),
    "create_many": ("Operation-Id",),
    "change_many": ("Operation-Id",),
    "delete": ("Operation-Id",),
    "undo": ("Operation-Id",),
}
# Operations that share another one's address.
_ROUTES = {"create": "list", "change": "read", "delete": "read", "create_many": "bulk", "change_many": "bulk"}
_OPERATORS = {
    "not": gettext_noop("Is none of these, joined by commas"),
    "starts": gettext_noop("Begins with"),
    "empty": gettext_noop("1: has no value"),
    "filled": gettext_noop("1: has a value"),
    "since": gettext_noop("On or after this day"),
    "until": gettext_noop("On or before this day"),
    "last": gettext_noop("Within the last so many days"),
}
_TEXT = {"type": "string"}
_FLAG = {"type": "string", "enum": ["0", "1", "true", "false"]}
_LIMIT = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
_NEXT = gettext_noop("The `next` of the page before")
_ONE_OF = gettext_noop("Is one of these, joined by commas")


def described(
    kind: str,
    answer: type[BaseModel] | None,
    *,
    name: str,
    status: int = 200,
    parameters: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Keyword arguments of a route: its documentation, and its name in the URLs."""
    summary, description = SUMMARIES[kind]
    problems = dict.fromkeys(sorted({*_EVERY, *_PROBLEMS[kind]}), Problem)
    extra: dict[str, Any] = {"parameters": [*(parameters or ()), *(_for_writes() if kind in _WRITES else ())]}
    headers = _ANSWER_HEADERS.get(kind)
    if headers:
        extra["responses"] = {status: {"headers": {one: {"schema": {"type": "string"}} for one in headers}}}
    return {
        "response": {status: answer, **problems},
        "operation_id": f"{name}_{kind}" if name else kind,
        "url_name": f"{name}_{_route(kind)}" if name else kind,
        "summary": summary,
        "description": description,
        "openapi_extra": extra,
    }


def _route(kind: str) -> str:
    """The name of an operation's address."""
    return _ROUTES.get(kind, kind)


class Describer:
    """`described` for one resource, with the parameters its declaration implies."""

    def __init__(self, resource: type[Resource]) -> None:
        self.resource = resource

    def __call__(self, kind: str, answer: type[BaseModel] | None, *, status: int = 200) -> dict[str, Any]:
        parameters = {
            "list": self._list,
            "read": self._fields,
            "history": self._history,
            "create": _allow_duplicate,
            "create_many": _allow_duplicate,
            "change": _if_match,
            "delete": _if_match,
        }.get(kind, list)()
        return described(kind, answer, name=self.resource.key, status=status, parameters=parameters)

    def _fields(self) -> list[dict[str, Any]]:
        return [_query("fields", _TEXT, gettext_noop("Only these fields, joined by commas"))]

    def _list(self) -> list[dict[str, Any]]:
        orders = [sign + sort.key for sort in self.resource.sorts for sign in ("", "-")]
        by = {"type": "string", "enum": [*orders, "relevance"]}
        tree = gettext_noop(
            "Conditions with “or”: `{any: […]}`, `{all: […]}`, `{field, op, values}`, as JSON"
        )
        return [
            _query(
                "q",
                {**_TEXT, "maxLength": 100},
                gettext_noop("Part of a name, pinyin initials, digits of a phone"),
            ),
            _query("sort", by, gettext_noop("Order; `relevance` only with `q`")),
            _query("after", _TEXT, _NEXT),
            _query("limit", _LIMIT, gettext_noop("Records of a page")),
            _query("total", _FLAG, gettext_noop("1: count what matches too")),
            *self._fields(),
            _query("filter", _TEXT, tree),
            *(one for name in self.resource.filters for one in _conditions(self.resource.kind(name))),
        ]

    def _history(self) -> list[dict[str, Any]]:
        return [
            _query("limit", _LIMIT, gettext_noop("Changes of a page")),
            _query("before", {"type": "integer", "minimum": 1}, _NEXT),
            _query("field", _TEXT, gettext_noop("Only changes of this field")),
        ]


def _conditions(kind: Kind) -> list[dict[str, Any]]:
    found = []
    for operator in kind.operators:
        name = kind.name if operator == "is" else f"{kind.name}.{operator}"
        words = _OPERATORS.get(operator, _ONE_OF)
        found.append(_query(name, _TEXT, words))
    return found


def _allow_duplicate() -> list[dict[str, Any]]:
    return [
        _query("allow_duplicate", _FLAG, gettext_noop("1: create although a similar record seems to exist"))
    ]


def _if_match() -> list[dict[str, Any]]:
    return [_header("If-Match", gettext_noop("Only if the record is still at this version"))]


def _for_writes() -> list[dict[str, Any]]:
    words = gettext_noop(
        "Any text of yours, new for each request: sent again within a day it gets the same answer again"
    )
    return [_header("Idempotency-Key", words)]


def _query(name: str, schema: Mapping[str, Any], words: str) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": False, "schema": dict(schema), "description": words}


def _header(name: str, words: str) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "required": False,
        "schema": {"type": "string"},
        "description": words,
    }

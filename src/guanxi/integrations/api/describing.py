"""What the OpenAPI document says of each operation, in English; the documentation page translates."""

from collections.abc import Mapping
from inspect import signature
from typing import Any

from django.utils.translation import gettext_noop
from pydantic import BaseModel

from guanxi.integrations.api.problems import Problem
from guanxi.resource.declaration import Resource
from guanxi.resource.kinds import Kind
from guanxi.resource.links import Link

# Kinds of operation: summary, and what is particular.
SUMMARIES: dict[str, tuple[str, str]] = {
    "list": (
        gettext_noop("List"),
        gettext_noop(
            "One page, filtered, searched and sorted. A condition is `field=value[,value]` or"
            " `field.operator=value`; several are joined by “and”. A tree with “or” goes into `filter` as"
            " JSON. The company's own fields (`x_…`) filter in the same way."
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
    "delete_many": (
        gettext_noop("Delete several"),
        gettext_noop("Up to 1,000, all or none. `version` of an item is checked where it is given."),
    ),
    "choices": (
        gettext_noop("Values of a field"),
        gettext_noop("What a form offers for a field: of a list, a code table, people, records."),
    ),
    "fields": (
        gettext_noop("Fields"),
        gettext_noop(
            "Every field the caller may know of, the company's own among them, and how it can be used."
        ),
    ),
    "members": (
        gettext_noop("People of the company"),
        gettext_noop("Whom a field can name, by part of the name."),
    ),
    "search": (
        gettext_noop("Search everything"),
        gettext_noop("Records of every kind that the caller may see."),
    ),
    "operations": (
        gettext_noop("Change log"),
        gettext_noop("What was done, newest first, by whom and through which door."),
    ),
    "history": (
        gettext_noop("History"),
        gettext_noop("Who changed what, newest first; also of one `field`."),
    ),
    "act": (
        gettext_noop("Action"),
        gettext_noop(
            "On one record. A warning answers with 409 `warned`; go on with its codes in `accept_warnings`."
        ),
    ),
    "act_many": (
        gettext_noop("Action on many"),
        gettext_noop(
            "On the `ids`, or on all that match `filter`; more than 500 become a job. Records that it cannot be"
            " done to, or that a warning speaks against, are left alone and counted; nothing is done half."
        ),
    ),
    "job": (gettext_noop("Read a job"), gettext_noop("How far long work is, and what came of it.")),
    "job_stop": (gettext_noop("Stop a job"), gettext_noop("What it has done so far is taken back.")),
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
    "delete_many": (409, 413, 415, 422),
    "choices": (404, 422),
    "fields": (),
    "members": (422,),
    "search": (422,),
    "operations": (422,),
    "act": (404, 409, 413, 415, 422),
    "act_many": (409, 413, 415, 422),
    "job": (404,),
    "job_stop": (404, 409, 413, 415, 422),
    "me": (),
    "operation": (404,),
    "undo": (404, 409, 413, 415, 422),
}
_WRITES = frozenset(
    (
        "create",
        "create_many",
        "change",
        "change_many",
        "delete",
        "delete_many",
        "undo",
        "act",
        "act_many",
        "job_stop",
    )
)
_ANSWER_HEADERS: dict[str, tuple[str, ...]] = {
    "read": ("ETag",),
    "create": ("ETag", "Location", "Operation-Id"),
    "change": ("ETag", "Operation-Id"),
    "create_many": ("Operation-Id",),
    "change_many": ("Operation-Id",),
    "delete": ("Operation-Id",),
    "delete_many": ("Operation-Id",),
    "act": ("Operation-Id",),
    "act_many": ("Operation-Id",),
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
    "next": gettext_noop("Within the next so many days"),
    "within": gettext_noop("In a stretch of time: `today`, `this_week`, `last_month`, `this_quarter` …"),
    "between": gettext_noop("From the first to the second value, joined by a comma"),
    "least": gettext_noop("At least"),
    "most": gettext_noop("At most"),
    "contains": gettext_noop("Holds this text; has a limit of time, as filters by other fields have"),
}
_TEXT = {"type": "string"}
_FLAG = {"type": "string", "enum": ["0", "1", "true", "false"]}
_LIMIT = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
_TOTAL = {"type": "string", "enum": ["0", "1", "true", "false", "exact"]}
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
        "by_alias": True,
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
            "choices": _typed,
            "history": self._history,
            "create": self._create,
            "create_many": _allow_duplicate,
            "change": _if_match,
            "delete": _if_match,
        }.get(kind, list)()
        return described(kind, answer, name=self.resource.key, status=status, parameters=parameters)

    def _fields(self) -> list[dict[str, Any]]:
        found = [query_parameter("fields", _TEXT, gettext_noop("Only these fields, joined by commas"))]
        links = [kind.name for kind in self.resource.declared.values() if isinstance(kind, Link)]
        if links:
            words = gettext_noop("Links to show with what they lead to, joined by commas")
            found.append(query_parameter("expand", {**_TEXT, "examples": [",".join(links)]}, words))
        return found

    def _list(self) -> list[dict[str, Any]]:
        keys = [sort.key for sort in self.resource.sorts]
        by = {"type": "string", "examples": [*keys, f"-{keys[0]}", ",".join(keys[:2]), "relevance"]}
        tree = gettext_noop(
            "Conditions with “or”: `{any: […]}`, `{all: […]}`, `{field, op, values}`, as JSON"
        )
        return [
            query_parameter(
                "q",
                {**_TEXT, "maxLength": 100},
                gettext_noop("Part of a name, pinyin initials, digits of a phone"),
            ),
            query_parameter(
                "sort",
                by,
                gettext_noop("Orders joined by commas, each downwards with “-”; `relevance` only with `q`"),
            ),
            query_parameter("after", _TEXT, _NEXT),
            query_parameter("limit", _LIMIT, gettext_noop("Records of a page")),
            query_parameter(
                "total",
                _TOTAL,
                gettext_noop(
                    "1: count what matches too, above 10,000 perhaps not exactly; `exact`: to the end"
                ),
            ),
            *self._fields(),
            query_parameter("filter", _TEXT, tree),
            *(one for name in self._filters() for one in _conditions(self.resource.declared[name])),
        ]

    def _create(self) -> list[dict[str, Any]]:
        found = _allow_duplicate()
        if takes_reason(self.resource):
            words = gettext_noop("Why to create what certainly exists already; needs a right of its own")
            found.append(query_parameter("duplicate_reason", {**_TEXT, "maxLength": 300}, words))
        return found

    def _filters(self) -> tuple[str, ...]:
        # Not `filterable()`: what one company adds is not everybody's.
        return (*self.resource.filters, *self.resource.contributed_filters)

    def _history(self) -> list[dict[str, Any]]:
        return [
            query_parameter("limit", _LIMIT, gettext_noop("Changes of a page")),
            query_parameter("before", {"type": "integer", "minimum": 1}, _NEXT),
            query_parameter("field", _TEXT, gettext_noop("Only changes of this field")),
        ]


def takes_reason(resource: type[Resource]) -> bool:
    """Whether what certainly exists can be created all the same, for a reason."""
    return "duplicate_reason" in signature(resource.create).parameters


def _conditions(kind: Kind) -> list[dict[str, Any]]:
    found = []
    for operator in kind.operators:
        name = kind.name if operator == "is" else f"{kind.name}.{operator}"
        words = _OPERATORS.get(operator, _ONE_OF)
        found.append(query_parameter(name, _TEXT, words))
    return found


def _typed() -> list[dict[str, Any]]:
    return [query_parameter("q", {**_TEXT, "maxLength": 100}, gettext_noop("What was typed"))]


def _allow_duplicate() -> list[dict[str, Any]]:
    return [
        query_parameter(
            "allow_duplicate", _FLAG, gettext_noop("1: create although a similar record seems to exist")
        )
    ]


def _if_match() -> list[dict[str, Any]]:
    return [_header("If-Match", gettext_noop("Only if the record is still at this version"))]


def _for_writes() -> list[dict[str, Any]]:
    words = gettext_noop(
        "Any text of yours, new for each request: sent again within a day it gets the same answer again"
    )
    warnings = gettext_noop("Codes of the warnings to go on in spite of, joined by commas; `*` is all")
    return [_header("Idempotency-Key", words), query_parameter("accept_warnings", _TEXT, warnings)]


def query_parameter(name: str, schema: Mapping[str, Any], words: str) -> dict[str, Any]:
    """A parameter of an address, as the document says it."""
    return {"in": "query", "name": name, "required": False, "schema": dict(schema), "description": words}


def _header(name: str, words: str) -> dict[str, Any]:
    return {
        "in": "header",
        "name": name,
        "required": False,
        "schema": {"type": "string"},
        "description": words,
    }


def limit_parameter() -> dict[str, Any]:
    """How many lines a page has."""
    return query_parameter("limit", _LIMIT, gettext_noop("Lines of a page"))


def place_parameter() -> dict[str, Any]:
    """Where a page begins."""
    return query_parameter("after", _TEXT, _NEXT)

"""What the OpenAPI document says of each operation, in English; the documentation page translates."""

from collections.abc import Mapping, Sequence
from inspect import signature
from typing import Any

from django.utils.translation import gettext_noop
from pydantic import BaseModel

from guanxi.integrations.api.problems import Problem
from guanxi.integrations.api.receiving import RAW
from guanxi.integrations.api.wording import EVERY, OF_WRITES, WORDING
from guanxi.kinds import Kind
from guanxi.resource.declaration import Resource
from guanxi.resource.links import Link

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
    "between": gettext_noop("From the one to the other value, in any order, joined by a comma"),
    "outside": gettext_noop("Not from the one to the other value, joined by a comma; also without a value"),
    "least": gettext_noop("At least"),
    "most": gettext_noop("At most"),
    "contains": gettext_noop("Holds this text; has a limit of time, as filters by other fields have"),
}
_TEXT = {"type": "string"}
_UUID = {"type": "string", "format": "uuid"}
_BYTES = {"type": "string", "format": "binary"}
_FLAG = {"type": "string", "enum": ["0", "1", "true", "false"]}
_LIMIT = {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}
_TOTAL = {"type": "string", "enum": ["0", "1", "true", "false", "exact"]}
_NEXT = gettext_noop("The `next` of the page before")
_VIEW = gettext_noop(
    "A saved view: its filter, text, order and columns. A parameter that is given besides stands in place of the view's"
    " of the same name"
)
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
    said = WORDING[kind]
    statuses = sorted({*EVERY, *said.problems, *(OF_WRITES if said.writes else ())})
    extra: dict[str, Any] = {"parameters": [*(parameters or ()), *(for_writes() if said.writes else ())]}
    good: dict[str, Any] = {}
    if said.headers:
        good["headers"] = {one: {"schema": {"type": "string"}} for one in said.headers}
    if said.media:
        good["content"] = {one: {"schema": _BYTES} for one in said.media}
    if good:
        extra["responses"] = {status: good}
    if said.raw:
        extra["requestBody"] = {"content": {RAW: {"schema": _BYTES}}, "required": True}
    address = said.address or kind
    return {
        "response": {status: answer, **dict.fromkeys(statuses, Problem)},
        "by_alias": True,
        "operation_id": f"{name}_{kind}" if name else kind,
        "url_name": f"{name}_{address}" if name else address,
        "summary": said.summary,
        "description": said.words,
        "openapi_extra": extra,
    }


class Describer:
    """`described` for one resource, with the parameters its declaration implies."""

    def __init__(self, resource: type[Resource]) -> None:
        self.resource = resource

    def __call__(
        self,
        kind: str,
        answer: type[BaseModel] | None,
        *,
        status: int = 200,
        parameters: Sequence[dict[str, Any]] = (),
    ) -> dict[str, Any]:
        implied = {
            "list": self._list,
            "export": self.filtering,
            "read": self._fields,
            "choices": _typed,
            "history": self._history,
            "create": self._create,
            "create_many": _allow_duplicate,
            "change": if_match,
            "delete": if_match,
        }.get(kind, list)()
        return described(
            kind, answer, name=self.resource.key, status=status, parameters=[*parameters, *implied]
        )

    def _fields(self) -> list[dict[str, Any]]:
        found = [query_parameter("fields", _TEXT, gettext_noop("Only these fields, joined by commas"))]
        kinds = self.resource.declared.values()
        links = [kind.name for kind in kinds if isinstance(kind, Link) and kind.expands]
        if links:
            words = gettext_noop("Links to show with what they lead to, joined by commas")
            found.append(query_parameter("expand", {**_TEXT, "examples": [",".join(links)]}, words))
        return found

    def _list(self) -> list[dict[str, Any]]:
        return [
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
            *self.filtering(),
        ]

    def filtering(self) -> list[dict[str, Any]]:
        """Which records of a list, and in which order."""
        keys = [sort.key for sort in self.resource.sorts]
        by = {"type": "string", "examples": [*keys, f"-{keys[0]}", ",".join(keys[:2]), "relevance"]}
        tree = gettext_noop(
            "Conditions with “or”: `{any: […]}`, `{all: […]}`, `{field, op, values}`, as JSON"
        )
        return [
            query_parameter("view", _UUID, _VIEW),
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


def if_match() -> list[dict[str, Any]]:
    """The header that guards against lost updates."""
    return [_header("If-Match", gettext_noop("Only if the record is still at this version"))]


def for_writes() -> list[dict[str, Any]]:
    """What every write takes."""
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

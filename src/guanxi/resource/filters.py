"""A filter: a typed tree of conditions, read from a URL or JSON, compiled to one query condition.

In a URL a condition is `field=value[,value]` or `field.operator=value`, all of them joined by "and"; several
values of one condition are joined by "or". The whole tree, with "or" between conditions and brackets, travels
as JSON in `filter`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.text import clean_text
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.kinds.kind import FieldProblem

RESERVED = frozenset(
    (
        "q",
        "sort",
        "after",
        "filter",
        "fields",
        "limit",
        "part",
        "lang",
        "exact",
        "ids",
        "all",
        "page",
        "shown",
        "saved",
        "total",
        "allow_duplicate",
        "format",
    )
)
_DEEPEST, _MOST = 5, 60
_LONGEST = 8000  # characters of the JSON form
_VALUES = 200  # of all conditions together: each is looked up


@dataclass(frozen=True, slots=True)
class Condition:
    """One field compared with one or several values."""

    field: str
    operator: str
    values: tuple[str, ...]

    def key(self) -> str:
        return self.field if self.operator == "is" else f"{self.field}.{self.operator}"


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions and groups, all of which (`all`) or any of which (`any`) must hold."""

    joint: str
    parts: tuple["Condition | Group", ...]


EMPTY = Group("all", ())


def read(resource: type[Resource], query: QueryDict | Mapping[str, Any]) -> Group:
    """The filter of a URL. Raises Invalid for fields and operators that do not exist."""
    parts: list[Condition | Group] = []
    pairs = query.lists() if isinstance(query, QueryDict) else [(k, [v]) for k, v in query.items()]
    for key, raw in pairs:
        if key in RESERVED or (not any(raw) and "." not in key):
            continue
        name, _dot, operator = key.partition(".")
        values = [value for text in raw for part in str(text).split(",") if (value := clean_text(part))]
        parts.append(_checked(resource, Condition(name, operator or "is", tuple(values))))
    tree = query.get("filter")
    if tree:
        parts.append(_tree(resource, _json(str(tree)), 0))
    whole = Group("all", tuple(parts))
    found = list(conditions(whole))
    if len(found) > _MOST or sum(len(one.values) for one in found) > _VALUES:
        raise Invalid({"filter": [Message("too_much", _("These are too many conditions at once."))]})
    return whole


def write(group: Group) -> str:
    """The query string of a filter that has conditions only at its top, else with `filter=` JSON."""
    out = QueryDict(mutable=True)
    rest: list[Condition | Group] = []
    seen: set[str] = set()
    for part in group.parts:
        if isinstance(part, Condition) and part.key() not in seen:
            seen.add(part.key())
            out[part.key()] = ",".join(part.values)
        else:
            rest.append(part)
    if rest:
        out["filter"] = json.dumps(as_json(Group("all", tuple(rest))), ensure_ascii=False)
    return out.urlencode(safe=",")


def as_json(part: Condition | Group) -> dict[str, Any]:
    """The tree as plain data: `{"all": […]}`, `{"any": […]}`, `{"field", "op", "values"}`."""
    if isinstance(part, Condition):
        return {"field": part.field, "op": part.operator, "values": list(part.values)}
    return {part.joint: [as_json(child) for child in part.parts]}


def compile_q(actor: Actor, resource: type[Resource], part: Condition | Group) -> Q:
    """The query condition. A field the actor may not read is as unknown as one that does not exist."""
    if isinstance(part, Condition):
        kind = resource.fields().get(part.field)
        if kind is None or not access.is_open(actor, kind):
            raise _unknown(part.field)
        try:
            return kind.where(part.operator, part.values, actor)
        except FieldProblem as problem:
            raise Invalid({part.field: [problem.message]}) from problem
    q = Q()
    for child in part.parts:
        compiled = compile_q(actor, resource, child)
        q = q & compiled if part.joint == "all" else q | compiled
    return q


def conditions(part: Condition | Group) -> Iterable[Condition]:
    """Every condition of the tree."""
    if isinstance(part, Condition):
        yield part
    else:
        for child in part.parts:
            yield from conditions(child)


def without(group: Group, condition: Condition) -> Group:
    """The filter less one of its top conditions."""
    return Group(group.joint, tuple(part for part in group.parts if part != condition))


def _checked(resource: type[Resource], condition: Condition) -> Condition:
    if condition.field not in resource.filterable():
        raise _unknown(condition.field)
    if condition.operator not in resource.kind(condition.field).operators:
        raise Invalid({condition.field: [Message("operator", _("This cannot be compared that way."))]})
    if not condition.values and condition.operator not in ("empty", "filled"):
        raise Invalid({condition.field: [Message("value", _("Give a value."))]})
    return condition


def _json(text: str) -> Any:
    try:
        return json.loads(text if len(text) <= _LONGEST else "")
    except (ValueError, RecursionError) as error:
        raise Invalid({"filter": [Message("json", _("The filter cannot be read."))]}) from error


def _tree(resource: type[Resource], node: Any, depth: int) -> Condition | Group:
    unreadable = Invalid({"filter": [Message("shape", _("The filter cannot be read."))]})
    if not isinstance(node, dict) or depth > _DEEPEST:
        raise unreadable
    for joint in ("all", "any"):
        if joint in node:
            children: Sequence[Any] = node[joint]
            if not isinstance(children, list) or len(children) > _MOST:
                raise unreadable
            return Group(joint, tuple(_tree(resource, child, depth + 1) for child in children))
    values = node.get("values", [])
    if not isinstance(values, list) or not isinstance(node.get("field"), str):
        raise unreadable
    operator = node.get("op", "is")
    if not isinstance(operator, str) or not all(isinstance(value, str) for value in values):
        raise unreadable
    cleaned = (clean_text(value) for value in values)
    return _checked(resource, Condition(node["field"], operator, tuple(filter(None, cleaned))))


def _unknown(name: str) -> Invalid:
    return Invalid({name: [Message("unknown_field", _("There is no such field to filter by."))]})

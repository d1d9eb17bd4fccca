"""A filter: a typed tree of conditions, read from a URL or JSON, compiled to one query condition.

In a URL a condition is `field=value[,value]` or `field.operator=value`, all of them joined by "and"; several
values of one condition are joined by "or". The whole tree, with "or" between conditions and brackets, travels
as JSON in `filter`. `read(write(tree))` is the tree again, in its normal form.

A part of a tree is named by its path: the places to go down, `(1, 0)` for the first part of the second.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.text import clean_text
from guanxi.kinds.kind import FieldProblem
from guanxi.resource import access
from guanxi.resource.declaration import Resource

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
        "month",
        "shown",
        "saved",
        "columns",
        "widths",
        "density",
        "look",
        "view",
        "from",
        "total",
        "allow_duplicate",
        "format",
    )
)
NO_VALUE = ("empty", "filled")
_DEEPEST, _MOST = 5, 60
_LONGEST = 16_000  # characters of the JSON form: what the two limits below can come to
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


Part = Condition | Group
Path = tuple[int, ...]
EMPTY = Group("all", ())


def read(resource: type[Resource], query: QueryDict | Mapping[str, Any]) -> Group:
    """The filter of a URL. Raises Invalid for fields and operators that do not exist."""
    whole = parse(query)
    for condition in conditions(whole):
        _check(resource, condition)
    return whole


def parse(query: QueryDict | Mapping[str, Any]) -> Group:
    """The filter of a URL, whatever fields it names. Raises Invalid for what is no filter at all.

    Keys that begin with two underlines belong to the editors.
    """
    parts: list[Part] = []
    pairs = query.lists() if isinstance(query, QueryDict) else [(k, [v]) for k, v in query.items()]
    for key, raw in pairs:
        if key in RESERVED or key.startswith("__") or (not any(raw) and "." not in key):
            continue
        name, _dot, operator = key.partition(".")
        operator = operator or "is"
        values = [value for text in raw for part in str(text).split(",") if (value := clean_text(part))]
        parts.append(Condition(name, operator, () if operator in NO_VALUE else tuple(values)))
    text = query.get("filter")
    if text:
        tree = _tree(_json(str(text)), 0)
        # What `write` put there beside the plain conditions goes on behind them.
        joins = isinstance(tree, Group) and tree.joint == "all"
        parts += tree.parts if joins else [tree]  # type: ignore[union-attr]
    whole = normal(Group("all", tuple(parts)))
    found = list(conditions(whole))
    if len(found) > _MOST or sum(len(one.values) for one in found) > _VALUES or depth(whole) > _DEEPEST:
        raise Invalid({"filter": [Message("too_much", _("These are too many conditions at once."))]})
    return whole


def write(group: Group) -> str:
    """The query string of a filter: conditions at its top as they are, the rest as JSON in `filter`."""
    out = QueryDict(mutable=True)
    parts = list(group.parts)
    if group.joint == "any" and len(parts) > 1:
        parts = [group]
    while parts and isinstance(first := parts[0], Condition) and first.key() not in out and _is_plain(first):
        out[first.key()] = ",".join(first.values)
        del parts[0]
    if parts:
        whole = group if parts[0] is group else Group("all", tuple(parts))
        out["filter"] = json.dumps(as_json(whole), ensure_ascii=False, separators=(",", ":"))
    return out.urlencode(safe=",")


def _is_plain(condition: Condition) -> bool:
    """Whether the values survive being joined by commas, and the name being a key."""
    plain = condition.field not in RESERVED and not condition.field.startswith("__")
    return plain and "." not in condition.field and not any("," in value for value in condition.values)


def normal(group: Group) -> Group:
    """The same filter without empty groups and without brackets around a single part."""
    parts: list[Part] = []
    for part in group.parts:
        if isinstance(part, Group):
            part = normal(part)
            if not part.parts:
                continue
            if len(part.parts) == 1:
                part = part.parts[0]
        parts.append(part)
    if len(parts) == 1:
        only = parts[0]
        return only if isinstance(only, Group) else Group("all", (only,))
    return Group(group.joint if parts else "all", tuple(parts))


def as_json(part: Part) -> dict[str, Any]:
    """The tree as plain data: `{"all": […]}`, `{"any": […]}`, `{"field", "op", "values"}`."""
    if isinstance(part, Condition):
        return {"field": part.field, "op": part.operator, "values": list(part.values)}
    return {part.joint: [as_json(child) for child in part.parts]}


def compile_q(
    actor: Actor, resource: type[Resource], part: Part, gone: list[Condition] | None = None
) -> tuple[Part | None, Q]:
    """The tree and its query condition. A field the actor may not read is as unknown as one that does not exist.

    Raises Invalid for what cannot be read; with `gone`, such conditions are left out and told there.
    """
    if isinstance(part, Condition):
        try:
            return part, _condition_q(actor, resource, part)
        except Invalid:
            if gone is None:
                raise
            gone.append(part)
            return None, Q()
    kept, q = [], Q()
    for child in part.parts:
        node, meant = compile_q(actor, resource, child, gone)
        if node is not None:
            kept.append(node)
            q = q & meant if part.joint == "all" else q | meant
    return (Group(part.joint, tuple(kept)) if kept else None), q


def _condition_q(actor: Actor, resource: type[Resource], condition: Condition) -> Q:
    _check(resource, condition)
    kind = resource.kind(condition.field)
    if not access.is_open(actor, kind):
        raise _unknown(condition.field)
    try:
        found = kind.where(condition.operator, condition.values, actor)
    except FieldProblem as problem:
        raise Invalid({condition.field: [problem.message]}) from problem
    if resource.withheld is None or kind.name not in resource.withheld.names(actor):
        return found
    # What is withheld of a row neither finds it nor leaves it out.
    return found & ~resource.withheld.rows(actor, kind.name)


def promised(resource: type[Resource], group: Group) -> bool:
    """Whether an index serves every condition, so that the answer's time is known beforehand."""
    return all(one.operator != "contains" and indexed(resource, one.field) for one in conditions(group))


def indexed(resource: type[Resource], name: str) -> bool:
    """Whether a field was declared for filters, or is one of the company's own with its index filled."""
    own = resource.kind(name).own
    return bool(own.narrow) if own else name in (*resource.filters, *resource.contributed_filters)


def conditions(part: Condition | Group) -> Iterable[Condition]:
    """Every condition of the tree."""
    if isinstance(part, Condition):
        yield part
    else:
        for child in part.parts:
            yield from conditions(child)


# Another filter, one part of it changed


def at(group: Group, path: Path) -> Part | None:
    """The part at a path, None where there is none."""
    found: Part = group
    for place in path:
        if not isinstance(found, Group) or not 0 <= place < len(found.parts):
            return None
        found = found.parts[place]
    return found


def changed(group: Group, path: Path, part: Part | None) -> Group:
    """The filter with another part at a path; None takes it away. A last place one too far adds."""
    if not path:
        return normal(part) if isinstance(part, Group) else Group("all", (part,) if part else ())
    parts = list(group.parts)
    place, rest = path[0], path[1:]
    if rest:
        child = parts[place]
        part = changed(child, rest, part) if isinstance(child, Group) else child
    parts[place : place + 1] = [part] if part is not None else []
    return normal(replace(group, parts=tuple(parts)))


def turned(group: Group, path: Path) -> Group:
    """The filter with "and" for "or" in the group at a path."""
    found = at(group, path)
    if not isinstance(found, Group):
        return group
    return changed(group, path, replace(found, joint="any" if found.joint == "all" else "all"))


def depth(part: Part) -> int:
    """0 for a condition, 1 for a group of conditions, 2 with brackets in it …"""
    return 0 if isinstance(part, Condition) else 1 + max((depth(one) for one in part.parts), default=0)


def _check(resource: type[Resource], condition: Condition) -> None:
    if condition.field not in resource.filterable():
        raise _unknown(condition.field)
    if condition.operator not in resource.kind(condition.field).operators:
        raise Invalid({condition.field: [Message("operator", _("This cannot be compared that way."))]})
    if not condition.values and condition.operator not in NO_VALUE:
        raise Invalid({condition.field: [Message("value", _("Give a value."))]})


def _json(text: str) -> Any:
    try:
        return json.loads(text if len(text) <= _LONGEST else "")
    except (ValueError, RecursionError) as error:
        raise Invalid({"filter": [Message("json", _("The filter cannot be read."))]}) from error


def _tree(node: Any, level: int) -> Part:
    unreadable = Invalid({"filter": [Message("shape", _("The filter cannot be read."))]})
    if not isinstance(node, dict) or level > _DEEPEST + 1:
        raise unreadable
    for joint in ("all", "any"):
        if joint in node:
            children: Sequence[Any] = node[joint]
            if not isinstance(children, list) or len(children) > _MOST:
                raise unreadable
            return Group(joint, tuple(_tree(child, level + 1) for child in children))
    values = node.get("values", [])
    if not isinstance(values, list) or not isinstance(node.get("field"), str):
        raise unreadable
    operator = node.get("op", "is")
    if not isinstance(operator, str) or not all(isinstance(value, str) for value in values):
        raise unreadable
    cleaned = () if operator in NO_VALUE else (clean_text(value) for value in values)
    return Condition(node["field"], operator, tuple(filter(None, cleaned)))


def _unknown(name: str) -> Invalid:
    return Invalid({name: [Message("unknown_field", _("There is no such field to filter by."))]})

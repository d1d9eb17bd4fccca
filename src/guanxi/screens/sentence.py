"""The filter and the order of a list as a sentence: in words, and as parts that can be pressed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from guanxi.foundation.design import shapes
from guanxi.foundation.design.words import exact
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Choice, FieldProblem, Kind, Show
from guanxi.kinds.spans import PERIODS, day_of, days_of, in_order
from guanxi.resource import filters
from guanxi.resource.declaration import Resource, Sort
from guanxi.resource.filters import Condition, Group, Part, Path
from guanxi.resource.listing import Listing
from guanxi.resource.viewing import lasting, refiltered

RANGES = ("between", "outside")


def ends(kind: Kind, values: Sequence[str], actor: Actor) -> tuple[str, ...]:
    """The ends of a range of the kind, the lower one first."""
    read: Callable[[str], Any] = day_of if kind.filter_input == "date" else lambda one: kind.clean(one, actor)
    return in_order(values, read)


def path_text(path: Path) -> str:
    """A path in an address: `1.0`."""
    return ".".join(map(str, path))


# In words


def operator_label(operator: str) -> str:
    """An operator in the editor's list."""
    return {
        "is": gettext("is"),
        "not": gettext("is not"),
        "contains": gettext("contains"),
        "starts": gettext("begins with"),
        "empty": gettext("is empty"),
        "filled": gettext("is filled in"),
        "least": gettext("is at least"),
        "most": gettext("is at most"),
        "between": gettext("is between"),
        "outside": gettext("is not between"),
        "since": gettext("since"),
        "until": gettext("until"),
        "within": gettext("is in"),
        "last": gettext("in the last days"),
        "next": gettext("in the next days"),
    }[operator]


def before_value(operator: str, label: str) -> str:
    """What stands before a condition's value."""
    said = {
        "not": gettext("%(field)s is not"),
        "contains": gettext("%(field)s contains"),
        "starts": gettext("%(field)s begins with"),
        "least": gettext("%(field)s is at least"),
        "most": gettext("%(field)s is at most"),
        "since": gettext("%(field)s since"),
        "until": gettext("%(field)s until"),
        "within": gettext("%(field)s is in"),
        "last": gettext("%(field)s within"),
        "next": gettext("%(field)s within"),
        "between": gettext("%(field)s is between"),
        "outside": gettext("%(field)s is not between"),
        "empty": "%(field)s",
        "filled": "%(field)s",
    }
    return said.get(operator, gettext("%(field)s is")) % {"field": label}


def value_words(kind: Kind, condition: Condition, show: Show) -> str:
    """A condition's values as people say them: A or B."""
    first = condition.values[0] if condition.values else ""
    match condition.operator:
        case "empty":
            return gettext("is empty")
        case "filled":
            return gettext("is filled in")
        case "last":
            return gettext("the last %(days)s days") % {"days": first}
        case "next":
            return gettext("the next %(days)s days") % {"days": first}
        case "within":
            return str(PERIODS.get(first, first))
    ranges = condition.operator in RANGES
    values = ends(kind, condition.values, show.actor) if ranges else condition.values
    texts = [kind.filter_text(value, show) for value in values]
    if ranges and len(texts) == 2:
        return gettext("%(low)s and %(high)s") % {"low": texts[0], "high": texts[1]}
    return gettext(" or ").join(texts)


def _days_meant(condition: Condition) -> str:
    """The days that "this week" or "the last 7 days" are today, in brackets; "" for what is no such stretch."""
    if condition.operator not in ("within", "last", "next"):
        return ""
    try:
        days = [exact(day) for day in days_of(condition.operator, condition.values) if day is not None]
    except FieldProblem:
        return ""
    return pgettext("filter", "(%(conditions)s)") % {"conditions": " – ".join(dict.fromkeys(days))}


def in_words(resource: type[Resource], part: Part, show: Show) -> str:
    """A part of a filter as text, brackets and all."""
    if isinstance(part, Condition):
        kind = resource.kind(part.field)
        return f"{before_value(part.operator, str(kind.label))} {value_words(kind, part, show)}"
    joint = gettext(" and ") if part.joint == "all" else gettext(" or ")
    said = joint.join(in_words(resource, child, show) for child in part.parts)
    return pgettext("filter", "(%(conditions)s)") % {"conditions": said}


def order_words(resource: type[Resource], sort: Sort, descending: bool) -> str:
    """A direction as people say it: of moments, of names, of grades."""
    kind = resource.fields().get(sort.key)
    if sort.columns[0].endswith("_at") or (kind is not None and kind.filter_input == "date"):
        return gettext("newest first") if descending else gettext("oldest first")
    if sort.columns[0].endswith("_sort"):
        first, last = "A", "Z"
    elif isinstance(kind, Choice):
        first, *_between, last = map(str, kind.choices.values)
    else:
        return gettext("from high to low") if descending else gettext("from low to high")
    if descending:
        first, last = last, first
    return gettext("from %(first)s to %(last)s") % {"first": first, "last": last}


# As parts to press


def sentence(listing: Listing, query: QueryDict, show: Show, *, found: int | None = None) -> shapes.Sentence:
    """The filter as a sentence whose values and joints are buttons. Brackets within brackets are words only.

    `found` is how many match, where that is known already; else the request for the total brings it.
    """
    resource = listing.resource
    clauses = list(_Clauses(listing, query, show).of(listing.filter, ()))
    if listing.text:
        said = shapes.Clause(
            key="q",
            before=gettext("found by"),
            value=listing.text,
            remove_url=f"{resource.url()}?{lasting(query, q='', sort='')}",
        )
        if clauses:
            clauses[0] = replace(clauses[0], comma=True)
        clauses.insert(0, said)
    return shapes.Sentence(
        part="list-page",
        clauses=clauses,
        add_url=resource.url("filter_fields") + "?" + lasting(query),
        clear_url=_cleared(resource, query) if clauses else "",
        sort=_sorted(listing, query),
        found=resource.count_words(found) if found else "",
    )


def _cleared(resource: type[Resource], query: QueryDict) -> str:
    bare = query.copy()
    bare.pop("q", None)
    return f"{resource.url()}?{refiltered(bare, filters.EMPTY) or 'view=all'}"


def _sorted(listing: Listing, query: QueryDict) -> shapes.Clause:
    resource = listing.resource
    first, *others = listing.orders
    words = "" if listing.by_relevance else order_words(resource, first.sort, first.descending)
    for order in others:
        words = gettext("%(order)s, then %(field)s %(next)s") % {
            "order": words,
            "field": order.sort.label,
            "next": order_words(resource, order.sort, order.descending),
        }
    return shapes.Clause(
        key="sort",
        before=gettext("by"),
        value=str(first.sort.label),
        after=words,
        editor_url=resource.url("sort_editor") + "?" + lasting(query),
    )


class _Clauses:
    """Draws the parts of one filter."""

    def __init__(self, listing: Listing, query: QueryDict, show: Show) -> None:
        self.listing, self.query, self.show = listing, query, show
        self.resource, self.tree = listing.resource, listing.filter

    def of(self, group: Group, path: Path) -> Iterator[shapes.Clause]:
        last = len(group.parts) - 1
        for place, part in enumerate(group.parts):
            joint = self._joint(group, path) if place else ("", "")
            here = (*path, place)
            if isinstance(part, Condition):
                closes = bool(path) and place == last
                yield self._condition(part, here, joint, opens=bool(path) and not place, closes=closes)
            elif not path and filters.depth(part) == 1:
                yield from self._brackets(part, here, joint)
            else:
                yield shapes.Clause(
                    key=path_text(here),
                    comma=bool(joint[0]),
                    joint=joint[0],
                    joint_url=joint[1],
                    value=in_words(self.resource, part, self.show),
                    remove_url=self._url(filters.changed(self.tree, here, None)),
                )

    def _brackets(self, group: Group, path: Path, joint: tuple[str, str]) -> Sequence[shapes.Clause]:
        inside = list(self.of(group, path))
        inside[0] = replace(inside[0], comma=bool(joint[0]), joint=joint[0], joint_url=joint[1])
        more = self.resource.url("filter_fields") + "?" + lasting(self.query, __into=path_text(path))
        inside[-1] = replace(inside[-1], add_url=more)
        return inside

    def _condition(
        self, part: Condition, path: Path, joint: tuple[str, str], *, opens: bool, closes: bool
    ) -> shapes.Clause:
        kind = self.resource.kind(part.field)
        at = lasting(self.query, __at=path_text(path))
        return shapes.Clause(
            key=path_text(path),
            comma=bool(joint[0]) and len(path) == 1,
            joint=joint[0],
            joint_url=joint[1],
            before=before_value(part.operator, str(kind.label)),
            value=value_words(kind, part, self.show),
            exact=_days_meant(part),
            editor_url=self.resource.url("filter_editor", field=part.field) + "?" + at,
            remove_url=self._url(filters.changed(self.tree, path, None)),
            opens=opens,
            closes=closes,
        )

    def _joint(self, group: Group, path: Path) -> tuple[str, str]:
        word = pgettext("condition", "and") if group.joint == "all" else pgettext("condition", "or")
        return word, self._url(filters.turned(self.tree, path))

    def _url(self, group: Group) -> str:
        return f"{self.resource.url()}?{refiltered(self.query, group) or 'view=all'}"

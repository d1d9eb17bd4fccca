"""The popovers of the filter sentence: which field, which values, and what else can be done with a condition.

An editor submits to its own address (`__apply`); it answers with the list's new address, or with itself and what is
wrong. What it speaks of is named by the keys that begin with two underlines: the condition `__at` a path, one more
`__into` the brackets at a path, or an alternative `__beside` the condition at a path.
"""

# Chinese in code: the full-width comma between values of a condition

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from guanxi.foundation.design import shapes
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kernel.text import clean_text
from guanxi.kinds import FieldProblem, Kind, Number, Show
from guanxi.kinds.spans import PERIODS
from guanxi.resource import access, filters, listing
from guanxi.resource.declaration import Resource
from guanxi.resource.filters import Condition, Group, Path
from guanxi.resource.viewing import lasting, refiltered
from guanxi.screens.drawing import show_for
from guanxi.screens.sentence import RANGES, ends, operator_label, order_words, path_text

LIST = "#list-page"  # the part of the page that an answer of a popover replaces


def shown_anew(request: HttpRequest, url: str) -> HttpResponse:
    """The list at another address: to htmx its part, to a browser the page."""
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(url)
    part = {"path": url, "target": LIST, "select": LIST, "swap": "outerHTML show:none"}
    return HttpResponse(headers={"HX-Location": json.dumps(part)})


def popover(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """What stands in a popover of the list; opened by its address alone it is a page."""
    if request.headers.get("HX-Request"):
        return render(request, template, context, status=status)
    return render(request, "screens/popover.html", context | {"part": template}, status=status)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the filter an editor is at work."""

    tree: Group
    at: Path | None = None
    into: Path | None = None
    beside: Path | None = None

    @classmethod
    def of(cls, tree: Group, asked: QueryDict) -> "_Place":
        """Raises NotFound for a place that is not there."""
        found = {name: _path(tree, asked.get(f"__{name}")) for name in ("at", "into", "beside")}
        return cls(tree, **found)

    @property
    def now(self) -> Condition | None:
        part = None if self.at is None else filters.at(self.tree, self.at)
        return part if isinstance(part, Condition) else None

    def with_(self, new: Condition) -> Group:
        """The filter with the condition in its place."""
        if self.at is not None:
            return filters.changed(self.tree, self.at, new)
        if self.beside is not None:
            return alternative(self.tree, self.beside, new)
        path = self.into or ()
        group = filters.at(self.tree, path)
        parts = group.parts if isinstance(group, Group) else ()
        return filters.changed(self.tree, (*path, len(parts)), new)


def _path(tree: Group, text: str | None) -> Path | None:
    if not text:
        return None
    parts = text.split(".")
    if len(parts) > 9 or not all(part.isascii() and part.isdecimal() and len(part) < 4 for part in parts):
        raise NotFound("no_condition")
    path = tuple(map(int, parts))
    if filters.at(tree, path) is None:
        raise NotFound("no_condition")
    return path


def alternative(tree: Group, path: Path, new: Condition) -> Group:
    """The filter with the condition at a path put in brackets with another one, joined the other way round."""
    old = filters.at(tree, path)
    parent = filters.at(tree, path[:-1])
    if old is None or not isinstance(parent, Group):
        raise NotFound("no_condition")
    pair = Group("any" if parent.joint == "all" else "all", (old, new))
    return filters.changed(tree, path, pair)


@require_GET
def filter_fields(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """The popover of "+ condition": the fields one may filter by, those first that answer at once."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("view"))
    place = {name: request.GET.get(name, "") for name in ("__into", "__beside")}
    query = lasting(request.GET, **place)
    names = [name for name in resource.filterable() if access.is_open(actor, resource.kind(name))]
    first_slow = next((name for name in names if not filters.indexed(resource, name)), "")
    items = [
        shapes.MenuItem(
            label=str(resource.kind(name).label),
            url=resource.url("filter_editor", field=name) + "?" + query,
            divided=name == first_slow,
        )
        for name in names
    ]
    return popover(request, "screens/filter_fields.html", {"items": items, "resource": resource})


@require_GET
def filter_editor(request: HttpRequest, resource: type[Resource], field: str) -> HttpResponse:
    """The popover of one condition: operator and values."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("view"))
    if field not in resource.filterable() or not access.is_open(actor, resource.kind(field)):
        raise NotFound("no_field")
    kind, asked = resource.kind(field), request.GET
    # The words of what is closed to the actor by now are not needed: only the place counts.
    place = _Place.of(listing.read(actor, resource, asked, forgiving=True).filter, asked)
    now, errors = place.now, []
    if "__apply" in asked:
        now = Condition(field, asked.get("__op", "is"), _given(asked, kind, actor))
        if not now.values and now.operator not in filters.NO_VALUE and place.at is not None:
            return shown_anew(request, _url(resource, asked, filters.changed(place.tree, place.at, None)))
        try:
            filters.compile_q(actor, resource, now)
        except Invalid as error:
            errors = [str(message) for said in error.fields.values() for message in said]
        else:
            return shown_anew(request, _url(resource, asked, place.with_(now)))
    return popover(
        request,
        "screens/filter_editor.html",
        _editor(resource, kind, now, show_for(request))
        | {
            "field": field,
            "resource": resource,
            "action": resource.url("filter_editor", field=field),
            "keep": _kept(asked),
            "items": _items(resource, asked, place),
            "loads": _loads(resource, asked, place),
            "errors": errors,
        },
        status=422 if errors else 200,
    )


def _url(resource: type[Resource], query: QueryDict, group: Group) -> str:
    return f"{resource.url()}?{refiltered(query, group) or 'view=all'}"


def _kept(asked: QueryDict) -> list[tuple[str, str]]:
    """What an editor sends along: the list as it is, and its own place in it."""
    places = ("__at", "__into", "__beside")
    return [
        (key, value)
        for key, values in asked.lists()
        for value in values
        if (key in places if key.startswith("__") else key not in ("after", "shown", "page", "part"))
    ]


def _given(asked: QueryDict, kind: Kind, actor: Actor) -> tuple[str, ...]:
    """The values of a submitted editor: of those of its controls that belong to the operator."""
    operator = asked.get("__op", "is")
    names = {
        "between": ("__low", "__high"),
        "outside": ("__low", "__high"),
        "within": ("__period",),
        "last": ("__days",),
        "next": ("__days",),
        "empty": (),
        "filled": (),
        "is": ("__values", "__values__text", "__value"),
        "not": ("__values", "__values__text", "__value"),
    }.get(operator, ("__value",))
    texts = [text for name in names for text in asked.getlist(name)]
    several = names[:1] == ("__values",)
    texts = [part for text in texts for part in _parts(text, kind, actor, several=several)]
    values = tuple(filter(None, map(clean_text, texts)))
    if operator in RANGES:
        # Whichever was entered first: the sentence says what was understood.
        return ends(kind, values, actor)
    return tuple(dict.fromkeys(values))


def _parts(text: str, kind: Kind, actor: Actor, *, several: bool) -> list[str]:
    """One value, or several that commas join; of a number they may part its thousands."""
    if isinstance(kind, Number) and text.strip():
        with suppress(FieldProblem):
            return [kind.plain(kind.clean(text, actor))]
    return text.replace("，", ",").split(",") if several else [text]


def _editor(resource: type[Resource], kind: Kind, now: Condition | None, show: Show) -> dict[str, Any]:
    """The controls of an editor, filled in."""
    values: Sequence[str] = now.values if now else ()
    contains = "contains" in kind.operators and kind.name not in resource.filters
    operator = now.operator if now else "contains" if contains else kind.operators[0]
    options = [
        shapes.Option(value=one.value, label=one.label, selected=one.value in values)
        for one in kind.filter_options(show)
    ]
    offered = {option.value for option in options}
    searched = hasattr(kind, "suggest") or hasattr(kind, "table")
    picked = [
        shapes.Option(value=value, label=kind.filter_text(value, show), selected=True)
        for value in values
        if value not in offered
    ]
    return {
        "kind": kind,
        "operators": [(one, operator_label(one), one == operator) for one in kind.operators],
        "options": options,
        "picker": shapes.Field(
            name="__values",
            label=str(kind.label),
            kind="picker",
            options=picked,
            url=resource.url("options", field=kind.name),
            multiple=True,
            placeholder=gettext("Type to search"),
        )
        if searched
        else None,
        "input": {"date": "date", "number": "number"}.get(kind.filter_input, "text"),
        "unit": kind.measure() if isinstance(kind, Number) else "",
        "value": ",".join(values),
        "first": values[0] if values else "",
        "second": values[1] if len(values) > 1 else "",
        "periods": [(word, said, word in values) for word, said in PERIODS.items()],
        "chosen_here": bool(options) or searched,
        "has": set(kind.operators),
    }


def _loads(resource: type[Resource], asked: QueryDict, place: _Place) -> list[shapes.MenuItem]:
    """What goes on in the same popover: one more condition beside this one."""
    path = place.at
    if path is None:
        return []
    parent = filters.at(place.tree, path[:-1])
    any_of = isinstance(parent, Group) and parent.joint == "any"
    if len(path) > 1:
        label = (
            gettext("Or another condition, in these brackets")
            if any_of
            else gettext("And another one, in these brackets")
        )
        more = {"__into": path_text(path[:-1])}
    elif len(place.tree.parts) == 1:
        label, more = gettext("Or another condition"), {"__beside": path_text(path)}
    else:
        label = (
            gettext("Add an AND condition, in brackets")
            if any_of
            else gettext("Or another condition, in brackets")
        )
        more = {"__beside": path_text(path)}
    return [shapes.MenuItem(label=label, url=resource.url("filter_fields") + "?" + lasting(asked, **more))]


def _items(resource: type[Resource], asked: QueryDict, place: _Place) -> list[shapes.MenuItem]:
    """What else can be done with the condition: into brackets, out of them, away."""
    path, tree = place.at, place.tree
    if path is None or place.now is None:
        return []
    found = []
    if len(path) == 1 and path[0] and len(tree.parts) > 2:
        found.append((gettext("Into brackets with the one before"), _joined(tree, path[0])))
    if len(path) == 2:
        out = filters.changed(tree, path, None)
        found.append((gettext("Out of the brackets"), filters.changed(out, (len(out.parts),), place.now)))
    found.append((gettext("Remove this condition"), filters.changed(tree, path, None)))
    return [shapes.MenuItem(label=label, url=_url(resource, asked, group)) for label, group in found]


def _joined(tree: Group, place: int) -> Group:
    """The filter with a condition in brackets with what stands before it."""
    before, this = tree.parts[place - 1], tree.parts[place]
    other = "any" if tree.joint == "all" else "all"
    inside = before.parts if isinstance(before, Group) and before.joint == other else (before,)
    without = filters.changed(tree, (place,), None)
    return filters.changed(without, (place - 1,), Group(other, (*inside, this)))


# Order


_SORTS = 4


@require_GET
def sort_editor(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """The popover of the sort clause: by what, and by what then."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("view"))
    asked = request.GET
    if "__apply" in asked:
        keys: dict[str, str] = {}
        for key in filter(None, asked.getlist("__by")):
            keys.setdefault(key.removeprefix("-"), key)
        text = ",".join(keys.values())
        return shown_anew(request, f"{resource.url()}?{lasting(asked, sort=text) or 'view=all'}")
    wanted = listing.read(actor, resource, asked, forgiving=True)
    offered = [
        listing.Order(one, down) for one in listing.sortable(actor, resource) for down in (False, True)
    ]
    now = [] if wanted.by_relevance else list(map(str, wanted.orders))
    rows = []
    for number in range(min(_SORTS, len(offered) // 2)):
        chosen = now[number] if number < len(now) else ""
        options = [
            shapes.Option(
                value=str(one),
                label=f"{one.sort.label} · {order_words(resource, one.sort, one.descending)}",
                selected=str(one) == chosen,
            )
            for one in offered
        ]
        label = gettext("then by") if number else gettext("by")
        nothing = shapes.Option(label="")
        rows.append(
            shapes.Field(
                name="__by", label=label, kind="select", options=[nothing, *options], prefix=f"sort{number}_"
            )
        )
    context = {"rows": rows, "action": resource.url("sort_editor"), "keep": _kept(asked)}
    return popover(request, "screens/sort_editor.html", context | {"resource": resource})

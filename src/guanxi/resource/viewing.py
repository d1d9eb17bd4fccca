"""The address of a list, and the views that are saved of it.

A saved view is, to the list, nothing but an address: the query it stands for. `from` in an address names the view
that the list was before somebody changed it. Who keeps views is registered here at start-up (`guanxi.tailoring`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext

from guanxi.foundation.design.shapes import Tab
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.text import whole_number
from guanxi.resource import access, filters, listing
from guanxi.resource.declaration import Resource

ALL = "all"  # the view of everything, which is always there
# What of a list's address is no condition and stays when the filter changes; without `from` it is what a view holds.
LASTING = ("q", "sort", "columns", "widths", "density", "look", "from")
_PASSING = ("after", "shown", "page", "part", "view", "lang")
NARROWEST, WIDEST = 48, 900  # pixels of a column


def lasting(query: QueryDict, **changes: str) -> str:
    """The query string of the same list with some of its keys changed ("" takes one away), from its first page on."""
    copy = query.copy()
    for key in (*_PASSING, *(name for name in query if name.startswith("__"))):
        copy.pop(key, None)
    for key, value in changes.items():
        if value:
            copy[key] = value
        else:
            copy.pop(key, None)
    return copy.urlencode(safe=",:")


def refiltered(query: QueryDict, group: filters.Group) -> str:
    """The query string of the same list with another filter."""
    kept = [(key, value) for key in LASTING for value in query.getlist(key) if value]
    return "&".join(filter(None, (filters.write(group), urlencode(kept, safe=",:"))))


def widths(query: QueryDict) -> dict[str, int]:
    """The widths of columns in pixels, as an address holds them: `widths=name:240,grade:80`."""
    found = {}
    for part in query.get("widths", "").split(","):
        name, _sep, text = part.partition(":")
        width = whole_number(text, most=9999)
        if name and width:
            found[name] = min(max(width, NARROWEST), WIDEST)
    return found


def is_compact(query: QueryDict) -> bool:
    """Whether the rows stand close."""
    return query.get("density") == "compact"


def canonical(actor: Actor, resource: type[Resource], query: QueryDict, *, forgiving: bool = False) -> str:
    """What a view holds of a list's address, checked: filter, text, order, columns, widths, density, look.

    Raises Invalid for what is not there, or not there for this actor; `forgiving` leaves that out.
    """
    wanted = listing.read(actor, resource, query, forgiving=forgiving)
    held = {
        "q": wanted.text,
        "sort": wanted.sort_text if query.get("sort") else "",
        "columns": ",".join(wanted.chosen),
        "widths": ",".join(
            f"{name}:{size}" for name, size in widths(query).items() if name in wanted.columns
        ),
        "density": "compact" if is_compact(query) else "",
        "look": query.get("look", "")[:20],
    }
    bare = QueryDict(mutable=True)
    bare.update({key: value for key, value in held.items() if value})
    return refiltered(bare, wanted.filter)


def same(one: QueryDict, other: QueryDict) -> bool:
    """Whether two addresses ask for the same list."""
    return _asked(one) == _asked(other)


def _asked(query: QueryDict) -> list[tuple[str, str]]:
    bare = QueryDict(lasting(query, **{"from": ""}))
    return sorted((key, value) for key, values in bare.lists() for value in values if value or "." in key)


@dataclass(frozen=True, slots=True)
class Opened:
    """What an address means: the query a list is read from, and what belongs to its view on the page.

    Of a `saved` view, what is not there any more (or not for this viewer) is left out with a quiet word. `template`
    draws what can be done with the view, from `context`.
    """

    query: QueryDict
    tabs: Sequence[Tab] = ()
    saved: bool = False
    template: str = ""
    context: dict[str, Any] = field(default_factory=dict)


class Viewing(Protocol):
    """Keeps saved views."""

    def opened(self, actor: Actor, resource: type[Resource], query: QueryDict) -> Opened:
        """The view an address asks for, else the viewer's own start. Raises NotFound for one that is not theirs."""


class _Plain:
    def opened(self, actor: Actor, resource: type[Resource], query: QueryDict) -> Opened:
        return Opened(_without_views(query), tabs=ready_tabs(actor, resource, query))


_registered: list[Viewing] = []


def register_viewing(viewing: Viewing) -> None:
    """Called once at start-up."""
    _registered[:] = [viewing]


def opened(actor: Actor, resource: type[Resource], query: QueryDict) -> Opened:
    """What an address of a list means to this viewer. Raises NotFound for a view that is not there."""
    keeper: Viewing = _registered[0] if _registered else _Plain()
    return keeper.opened(actor, resource, query)


def _without_views(query: QueryDict) -> QueryDict:
    bare = query.copy()
    for key in ("view", "from"):
        bare.pop(key, None)
    return bare


def ready_tabs(
    actor: Actor, resource: type[Resource], query: QueryDict, *, plain: bool = True, start: str = ""
) -> list[Tab]:
    """The views that need no saving: everything, what the viewer answers for, and those the resource declares. One is
    current in a `plain` list; `start` is asked of everything where another view opens by itself."""
    look = query.get("look", "")
    beside = f"&look={look}" if look else ""
    declared = [
        Tab(
            label=str(one.label),
            url=f"{resource.url()}?{one.query}{beside}",
            current=plain and same(query, QueryDict(one.query + beside)),
        )
        for one in resource.ready
        if access.is_open(actor, resource.kind(one.field))
    ]
    other = any(tab.current for tab in declared)
    everything = f"{resource.url()}?view={ALL}{beside}" if start or beside else resource.url()
    if not resource.owner:
        return [Tab(label=gettext("All"), url=everything, current=plain and not other), *declared]
    mine = query.get(resource.owner) == "me"
    return [
        Tab(label=gettext("All"), url=everything, current=plain and not mine and not other),
        Tab(
            label=gettext("Mine"),
            url=f"{resource.url()}?{resource.owner}=me{beside}",
            current=plain and mine and not other,
        ),
        *declared,
    ]

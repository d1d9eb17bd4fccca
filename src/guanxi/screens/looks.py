"""Other ways to look at a list than as a table: as a board, say. A look has the list's own address, with `look`, and
with it its filter, its views and its search."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from guanxi.foundation.design.shapes import Tab
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds.kind import Words
from guanxi.resource.declaration import Resource
from guanxi.resource.listing import Listing
from guanxi.resource.viewing import lasting

TABLE = "list"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a look puts in the table's place; `found` is how many match, where it has counted them, `script` a built
    file that its page loads."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    found: int | None = None
    script: str = ""
    # Whether the list's order shows in it, and so stands in its sentence.
    sorted: bool = True


@dataclass(frozen=True, slots=True)
class Look:
    """A way to look at a list. Without `draw` it is the table, or, with `page`, a page of its own by its name."""

    key: str
    label: Words
    draw: Callable[[HttpRequest, Listing, QueryDict], Drawn] | None = None
    page: str = ""
    # Whether somebody has it at all.
    there: Callable[[Actor], bool] = lambda actor: True


_looks: dict[str, Sequence[Look]] = {}


def contribute_looks(resource: str, looks: Sequence[Look]) -> None:
    """Called once at start-up by the context of a resource; the first one opens by itself. Raises ValueError for a
    second call."""
    if resource in _looks:
        raise ValueError(f"{resource} has its looks already")
    _looks[resource] = looks


def _looks_of(actor: Actor, resource: type[Resource]) -> list[Look]:
    return [one for one in _looks.get(resource.key, ()) if one.there(actor)]


def look_of(actor: Actor, resource: type[Resource], query: QueryDict) -> Look | None:
    """The look that an address asks for, of those the actor has; None for the table."""
    looks = [one for one in _looks_of(actor, resource) if not one.page]
    asked = query.get("look", "")
    found = next((one for one in looks if one.key == asked), looks[0] if looks else None)
    return found if found is not None and found.draw is not None else None


def look_tabs(actor: Actor, resource: type[Resource], query: QueryDict, *, page: str = "") -> list[Tab]:
    """The looks of a list to choose among; none where it has but the table. On a look with a page of its own `page`
    is the name of that page's address."""
    now = look_of(actor, resource, query)
    key = now.key if now is not None else TABLE
    return [
        Tab(
            label=str(one.label),
            url=reverse(one.page) if one.page else f"{resource.url()}?{lasting(query, look=one.key)}",
            current=one.page == page if page else one.key == key,
        )
        for one in _looks_of(actor, resource)
    ]

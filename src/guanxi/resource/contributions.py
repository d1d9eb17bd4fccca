"""What an upper context adds to a lower resource without its knowing: panels, alerts, buttons, fields, actions.

::

    contribute("customers", panels=(Panel("quotes", _("Quotes"), draw=draw_quotes),), alerts=(overdue,))

Contributions are data, registered in the upper context's `apps.py`; `registry.complete` joins them once every
context has had its say, and system checks (`resource.checks`) prove that they fit. A record's resource, where
something is added to all of them, is `registry.resource_of(record)`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds.kind import Declared, Kind, Show, Words


@dataclass(frozen=True, slots=True)
class Content:
    """What a panel shows: up to three rows, how many there are in all, the way to them; or a `template` of its own.

    `count` may be a text ("1,000+"); `apart` says what is not counted in it: "2 have left". `add_url` leads to the
    form of a new one; `empty` says what belongs here. A template is given `context`, and `record`, `resource` and
    `show` of the card; with `bare` it brings its own head. `note` is the id of the field in it where one writes about
    the record: on a phone the foot of the card leads there.
    """

    rows: Sequence[PanelRow] = ()
    count: int | str | None = None
    apart: str = ""
    url: str = ""
    add_url: str = ""
    add: Words = ""
    empty: Words = ""
    template: str = ""
    bare: bool = False
    note: str = ""
    context: dict[str, Any] = field(default_factory=dict)


Draw = Callable[[Actor, Any, Show], Content]


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the card that asks for itself in a request of its own, when it comes into sight.

    `place` is "right" (related panels), "middle" (with the history, which has order 50), "left" (under the facts)
    or "tab" (a page of its own under the card's head). `code` is the permission without which it is not there.
    `order` sorts: lower is higher up. A panel with `at_once` is drawn with the card's first answer: for what must
    be seen before anything else. `renew` names an event of the page after which it asks again ("gx:changed": a
    field was edited in its place). Those whose keys stand in `instead` are not drawn where this one is: it says what
    they say.
    """

    key: str
    title: Words
    draw: Draw
    place: str = "right"
    order: int = 50
    code: str = ""
    at_once: bool = False
    renew: str = ""
    instead: tuple[str, ...] = ()

    def there(self, actor: Actor, resource: type[Declared]) -> bool:
        """Whether the actor has this panel at all."""
        return not self.code or actor.may(self.code)


@dataclass(frozen=True, slots=True)
class Alert:
    """A sentence at the head of card and preview, where there is one to say. `tone`: "bad", "warn", "good" or ""."""

    key: str
    say: Callable[[Actor, Any, Show], tuple[str, Words, str] | None]  # tone, sentence, url ("" for none)
    order: int = 50
    code: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A control in the card's head: `draw` gives its HTML (a SafeString, escaped otherwise), "" for none.

    `place` is "title" (beside the name: a star to follow by), "end" (among the buttons at the right) or "menu" (a
    line of the menu behind them).
    """

    key: str
    draw: Callable[[Actor, Any, Show], str]
    place: str = "end"
    order: int = 50
    code: str = ""


@dataclass(slots=True)
class Contributed:
    """Everything contributed to one resource, in order."""

    panels: list[Panel] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)
    actions: list[Any] = field(default_factory=list)


_by_resource: dict[str, Contributed] = {}


def contribute(
    to: str,
    *,
    panels: Iterable[Panel] = (),
    alerts: Iterable[Alert] = (),
    buttons: Iterable[Button] = (),
    kinds: Iterable[Kind] = (),
    filters: Iterable[str] = (),
    actions: Iterable[Any] = (),
) -> None:
    """Add to the resource with key `to`; every resource where it is "*". Raises ValueError for a key that is taken.

    `kinds` are computed fields (`Kind.computed`): columns, API fields; those named in `filters` can be filtered by.
    """
    mine = _by_resource.setdefault(to, Contributed())
    given: dict[str, Iterable[Any]] = {
        "panels": panels, "alerts": alerts, "buttons": buttons, "actions": actions,
    }  # fmt: skip
    for name, added in given.items():
        held: list[Any] = getattr(mine, name)
        for one in added:
            if any(other.key == one.key for other in held):
                raise ValueError(f"two {name} of {to} are called {one.key}")
            held.append(one)
    mine.kinds.extend(kinds)
    mine.filters.extend(filters)


def contributed(to: str) -> Contributed:
    """What was added to one resource, with what was added to every one; what has an order in it."""
    found = Contributed()
    for key in ("*", to):
        mine = _by_resource.get(key)
        if mine is None:
            continue
        for name in ("panels", "alerts", "buttons", "kinds", "filters", "actions"):
            getattr(found, name).extend(getattr(mine, name))
    for ordered in (found.panels, found.alerts, found.buttons):
        ordered.sort(key=lambda one: one.order)
    return found


def contributed_to() -> Sequence[str]:
    """The keys of the resources that anything was added to, "*" among them where there is."""
    return tuple(_by_resource)

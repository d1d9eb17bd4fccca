"""What an upper context adds to a lower resource without its knowing: panels, alerts, fields, actions.

::

    contribute("customers", panels=(Panel("quotes", _("Quotes"), draw=draw_quotes),), alerts=(overdue,))

Contributions are data, registered in the upper context's `apps.py`; a system check proves that their resource
exists and that their keys are their own.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.kinds.kind import Kind, Show, Words


@dataclass(frozen=True, slots=True)
class Content:
    """What a panel shows: up to three rows, how many there are in all, the way to them; or `html` of its own."""

    rows: Sequence[PanelRow] = ()
    count: int | None = None
    url: str = ""
    template: str = ""
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return not self.rows and not self.template


Draw = Callable[[Actor, Any, Show], Content]


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the card that asks for itself in a request of its own, when it comes into sight.

    `place` is "right" (related panels), "middle" (under the timeline's head) or "tab" (a tab of its own).
    `code` is the permission without which it is not there. `order` sorts: lower is higher up. A panel with
    `at_once` is drawn with the card's first answer: for what must be seen before anything else.
    """

    key: str
    title: Words
    draw: Draw
    place: str = "right"
    order: int = 50
    code: str = ""
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """A sentence at the head of the card, where there is one to say. `tone`: "bad", "warn", "good" or ""."""

    key: str
    say: Callable[[Actor, Any, Show], tuple[str, Words, str] | None]  # tone, sentence, url ("" for none)
    order: int = 50


@dataclass(slots=True)
class Contributed:
    """Everything contributed to one resource, in order."""

    panels: list[Panel] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)
    actions: list[Any] = field(default_factory=list)


_by_resource: dict[str, Contributed] = {}


def contribute(
    to: str,
    *,
    panels: Iterable[Panel] = (),
    alerts: Iterable[Alert] = (),
    kinds: Iterable[Kind] = (),
    filters: Iterable[str] = (),
    actions: Iterable[Any] = (),
) -> None:
    """Add to the resource with key `to`; every resource where it is "*". Raises ValueError for a key that is taken."""
    mine = _by_resource.setdefault(to, Contributed())
    for given, held in ((panels, mine.panels), (alerts, mine.alerts), (actions, mine.actions)):
        for one in given:
            if any(other.key == one.key for other in held):  # type: ignore[attr-defined]
                raise ValueError(f"two contributions to {to} are called {one.key}")  # type: ignore[attr-defined]
            held.append(one)  # type: ignore[attr-defined]
    mine.kinds.extend(kinds)
    mine.filters.extend(filters)


def contributed(to: str) -> Contributed:
    """What was added to one resource, with what was added to every one; panels and alerts in their order."""
    found = Contributed()
    for key in ("*", to):
        mine = _by_resource.get(key)
        if mine is None:
            continue
        for name in ("panels", "alerts", "kinds", "filters", "actions"):
            getattr(found, name).extend(getattr(mine, name))
    found.panels.sort(key=lambda one: one.order)
    found.alerts.sort(key=lambda one: one.order)
    return found

"""Panels, alerts and buttons of a card: what fails in one of them says so there and harms nothing else."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, NotFound
from guanxi.kinds import Show
from guanxi.resource.contributions import Alert, Button, Content, Panel, contributed
from guanxi.resource.declaration import Resource

log = logging.getLogger(__name__)
Part = Panel | Alert | Button


@dataclass(frozen=True, slots=True)
class Drawn:
    """A panel in its place: with its content, with the word that it failed, or waiting to be asked for."""

    panel: Panel
    url: str
    content: Content | None = None
    html: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """What hangs in a card: alerts as (tone, sentence, url), buttons as HTML and panels by their places."""

    alerts: list[tuple[str, Any, str]] = field(default_factory=list)
    buttons: dict[str, list[str]] = field(default_factory=dict)
    panels: dict[str, list[Drawn]] = field(default_factory=dict)


class Card:
    """One record's card, in one request: what hangs in it, for whoever looks."""

    def __init__(self, request: HttpRequest, resource: type[Resource], record: Any, show: Show) -> None:
        self.request, self.resource, self.record, self.show = request, resource, record, show

    def panels(self) -> list[Panel]:
        """Every panel that the viewer has, from the top down."""
        found = [*self.resource.panels, *contributed(self.resource.key).panels]
        there = [panel for panel in found if panel.there(self.show.actor, self.resource)]
        covered = {key for panel in there for key in panel.instead}
        return sorted((panel for panel in there if panel.key not in covered), key=lambda panel: panel.order)

    def parts(self, *, panels: bool = True, buttons: bool = True) -> Parts:
        """All of it; of the panels those that are to be there at once are drawn. Without `panels`, only the head."""
        added, actor, found = contributed(self.resource.key), self.show.actor, Parts()
        placed = self.panels()
        wanted: list[Part] = [one for one in added.alerts if _held(actor, one)]
        wanted += [one for one in added.buttons if buttons and _held(actor, one)]
        wanted += [one for one in placed if panels and one.at_once and one.place != "tab"]
        drawn = dict(zip((id(one) for one in wanted), self._safely(wanted), strict=True))
        for part in wanted:
            if isinstance(part, Alert) and drawn[id(part)]:
                found.alerts.append(drawn[id(part)])
            elif isinstance(part, Button) and drawn[id(part)]:
                found.buttons.setdefault(part.place, []).append(drawn[id(part)])
        for panel in placed:
            waiting = Drawn(panel, self._url(panel), failed=id(panel) in drawn)
            found.panels.setdefault(panel.place, []).append(drawn.get(id(panel)) or waiting)
        return found

    def panel(self, key: str, *, alone: bool = False, **more: Any) -> Drawn:
        """One panel now; `more` is for its template. With `alone` nothing is asked of the database afterwards.

        Raises NotFound, and Forbidden without the panel's permission.
        """
        panel = next((one for one in self.panels() if one.key == key), None)
        if panel is None:
            barred = [one for one in contributed(self.resource.key).panels if one.key == key]
            if barred and not _held(self.show.actor, barred[0]):
                raise Forbidden(barred[0].code)
            raise NotFound("no_panel")
        drawn: Drawn | None = self._alone(panel, more, savepoint=not alone)
        return drawn or Drawn(panel, self._url(panel), failed=True)

    def _url(self, panel: Panel) -> str:
        return self.resource.url("panel", id=self.record.pk, key=panel.key)

    def _safely(self, parts: Sequence[Part]) -> list[Any]:
        """Each part drawn, None where that failed. All in one savepoint; where one fails, each in its own."""
        if not parts:
            return []
        try:
            with transaction.atomic():
                return [self._draw(part, {}) for part in parts]
        except Exception:  # noqa: BLE001  it is told below, by the part in which it happens again
            return [self._alone(part, {}) for part in parts]

    def _alone(self, part: Part, more: dict[str, Any], *, savepoint: bool = True) -> Any:
        try:
            with transaction.atomic(savepoint=savepoint):
                return self._draw(part, more)
        except Exception:
            log.exception("part of a card failed: %s of %s", part.key, self.resource.key)
            return None

    def _draw(self, part: Part, more: dict[str, Any]) -> Any:
        actor, record, show = self.show.actor, self.record, self.show
        if isinstance(part, Alert):
            return part.say(actor, record, show)
        if isinstance(part, Button):
            return part.draw(actor, record, show)
        content, html = part.draw(actor, record, show), ""
        if content.template:
            context = {"record": record, "resource": self.resource, "show": show, **content.context, **more}
            html = render_to_string(content.template, context, self.request)
        return Drawn(part, self._url(part), content, html)


def _held(actor: Actor, part: Part) -> bool:
    return not part.code or actor.may(part.code)

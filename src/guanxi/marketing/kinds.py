"""Kinds of fields only leads have: what speaks for one being real, and when the next step is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from guanxi.foundation.design.marks import toned
from guanxi.foundation.design.shapes import Tone
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Choice, DateTime, Show
from guanxi.kinds.kind import DENIED, Computed
from guanxi.marketing.choices import Standing, State
from guanxi.marketing.queries.standing import next_steps, planned, standing_is, standings
from guanxi.resource.links import RecordLink

_TONES: dict[str, Tone] = {
    Standing.READY: "good",
    Standing.TALKED: "good",
    Standing.ASKS: "acc",
    Standing.KNOWN: "warn",
    Standing.WRONG: "bad",
    Standing.UNREACHABLE: "bad",
}
_STATES: dict[str, Tone] = {State.NEW: "acc", State.QUALIFIED: "good", State.CONVERTED: "good"}


@dataclass(kw_only=True, eq=False)
class Toned(Choice):
    """A state, with its colour."""

    def html(self, record: Any, show: Show) -> str:
        return toned(self.text(record, show), _STATES.get(self.value(record), "quiet"))


_STANDING = Computed(read=standings)


@dataclass(kw_only=True, eq=False)
class Speaks(Choice):
    """What speaks for a lead being real, in words."""

    computed: Computed | None = _STANDING
    operators: ClassVar[tuple[str, ...]] = ("is", "not")

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        return toned(self.text(record, show), _TONES.get(value, "quiet")) if value else ""

    def where(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        found = standing_is({self.clean(value, actor) for value in values})
        return ~found if operator in DENIED else found


def _next(actor: Actor, ids: Collection[UUID]) -> dict[UUID, datetime]:
    return next_steps(actor, ids)


_NEXT = Computed(read=_next)


@dataclass(kw_only=True, eq=False)
class NextStep(DateTime):
    """When the next planned touch is."""

    computed: Computed | None = _NEXT
    operators: ClassVar[tuple[str, ...]] = ("empty", "filled")

    def blank(self) -> Any:
        return None

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        said = super().html(record, show)
        return toned(said, "bad") if value is not None and value < timezone.now() else said

    def where(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        return ~planned() if operator == "empty" else planned()


@dataclass(kw_only=True, eq=False)
class PoolLink(RecordLink):
    """A pool that holds leads."""

    to: str = "pools"

    def eligible(self, actor: Actor) -> QuerySet[Any]:
        return super().eligible(actor).filter(of="leads")

"""Fields that only registrations have: where one stands today, and whether another is for the same."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from guanxi.foundation.design.marks import toned
from guanxi.foundation.design.shapes import Tone
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Bounded, Choice, Show, YesNo
from guanxi.kinds.kind import DENIED
from guanxi.team.choices import State
from guanxi.team.models import Registration
from guanxi.team.queries.registrations import colliding, protected, rivals_of

_TONES: dict[str, Tone] = {State.SUBMITTED: "acc", State.IN_FORCE: "good", State.WON: "good"}


@dataclass(kw_only=True, eq=False)
class Standing(Choice):
    """The state, with what is worked out from the last day: one in force whose last day is over has expired."""

    looks_at: ClassVar[tuple[str, ...]] = ("until",)

    def value(self, record: Any) -> str:
        if (
            record.state == State.IN_FORCE
            and record.until is not None
            and record.until < timezone.localdate()
        ):
            return State.EXPIRED.value
        return str(record.state)

    def html(self, record: Any, show: Show) -> str:
        return toned(self.text(record, show), _TONES.get(self.value(record), "quiet"))

    def condition(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        if operator not in ("is", "not"):
            return super().condition(operator, values, actor)
        today = timezone.localdate()
        found = Q(pk__in=[])
        for code in {self.clean(value, actor) for value in values}:
            if code == State.IN_FORCE:
                found |= protected(today)
            elif code == State.EXPIRED:
                found |= Q(state=State.IN_FORCE, until__lt=today)
            else:
                found |= Q(state=code)
        return found if operator == "is" else ~found


def _collisions(records: Sequence[Registration]) -> dict[UUID, bool]:
    colliding_ones = rivals_of(records)
    return {one.pk: one.pk in colliding_ones for one in records}


def read_collisions(actor: Actor, ids: Collection[UUID]) -> dict[UUID, bool]:
    """Of each whether somebody else registered the same."""
    return _collisions(list(Registration.objects.filter(pk__among=list(ids))))


@dataclass(kw_only=True, eq=False)
class Collides(YesNo):
    """Whether somebody else registered the same, and both still live."""

    operators: ClassVar[tuple[str, ...]] = ("is", "not")

    def prefetch(self, records: Collection[Any], show: Show) -> None:
        if not all(isinstance(one, Registration) for one in records):
            return super().prefetch(records, show)
        found = _collisions(list(records))
        for one in records:
            setattr(one, self.column, found[one.pk])
        return None

    def text(self, record: Any, show: Show) -> str:
        return super().text(record, show) if self.value(record) else ""

    def html(self, record: Any, show: Show) -> str:
        return toned(str(self.label), "bad") if self.value(record) else ""

    def where(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        wanted = {self.clean(value, actor) for value in values}
        if len(wanted) == 2:
            return Q()
        return colliding() if (True in wanted) == (operator not in DENIED) else ~colliding()


@dataclass(kw_only=True, eq=False)
class Times(Bounded):
    """How often; nothing where it was not at all."""

    def is_blank(self, value: Any) -> bool:
        return not value

    def text(self, record: Any, show: Show) -> str:
        return super().text(record, show) if self.value(record) else ""

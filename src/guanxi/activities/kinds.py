"""Two kinds of fields only activities have: when, which is now unless somebody says otherwise; and who takes part."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from guanxi.activities.queries.attendance import attendance
from guanxi.foundation.design.shapes import Field
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed
from guanxi.kinds import Kind, Moment, Show
from guanxi.kinds.kind import Computed
from guanxi.kinds.spans import DAYS


@dataclass(kw_only=True, eq=False)
class When(Moment):
    """A moment that is now where nothing is given; unknown where a file of another program did not say it."""

    operators: ClassVar[tuple[str, ...]] = (*DAYS, "empty", "filled")
    looks_at: ClassVar[tuple[str, ...]] = ("undated",)

    def checked(self, raw: object, actor: Actor) -> datetime:
        return self.clean("now" if raw is None or raw == "" else raw, actor)

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        return super().editor(value or timezone.now(), show, **more)

    def cell(self, record: Any, show: Show) -> Any:
        return "" if record.undated else super().cell(record, show)

    def text(self, record: Any, show: Show) -> str:
        return "" if record.undated else super().text(record, show)

    def html(self, record: Any, show: Show) -> str:
        return gettext("date unknown") if record.undated else super().html(record, show)

    def json(self, record: Any, show: Show) -> Any:
        return None if record.undated else super().json(record, show)

    def condition(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        if operator in ("empty", "filled"):
            return Q(undated=operator == "empty")
        return super().condition(operator, values, actor) & Q(undated=False)


def _read(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Any]:
    return {one: tuple(found.names) for one, found in attendance(actor, ids).items()}


_ATTENDANCE = Computed(read=_read)


@dataclass(kw_only=True, eq=False)
class Attendance(Kind):
    """The names of those who take part, as far as the reader may see them."""

    computed: Computed | None = _ATTENDANCE

    def blank(self) -> Any:
        return ()

    def text(self, record: Any, show: Show) -> str:
        return listed(self.value(record))

    def html(self, record: Any, show: Show) -> str:
        return self.text(record, show)

    def json(self, record: Any, show: Show) -> Any:
        return list(self.value(record))

    def json_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}}

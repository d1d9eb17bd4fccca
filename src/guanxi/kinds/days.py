"""Days and moments that people enter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design.marks import date_mark
from guanxi.foundation.design.shapes import Field
from guanxi.foundation.design.words import exact
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Malformed
from guanxi.kernel.moments import parse_moment
from guanxi.kernel.text import fold
from guanxi.kinds.kind import FieldProblem, Kind, Show
from guanxi.kinds.plain import DateTime
from guanxi.kinds.spans import DAYS, day_of, days_of

# Chinese in code: what stands for the day or moment of writing, in a default above all.
_TODAY = frozenset(("today", "今天", "今日"))
_NOW = frozenset(("now", "现在", "此刻"))


@dataclass(kw_only=True, eq=False)
class Date(Kind):
    """A day. "today" is the day of writing. An own field keeps it as ISO text, which sorts as days do."""

    align: ClassVar[str] = "num"
    operators: ClassVar[tuple[str, ...]] = ("is", *DAYS, "empty", "filled")
    filter_input: ClassVar[str] = "date"
    sortable: ClassVar[bool] = True

    def clean(self, raw: object, actor: Actor) -> date:
        if isinstance(raw, str) and fold(raw) in _TODAY:
            return timezone.localdate()
        if isinstance(raw, bool) or not isinstance(raw, str | int | float | date):
            raise FieldProblem("date", _("This is not a date, such as 2026-11-21."))
        return day_of(raw)

    def blank(self) -> None:
        return None

    def pack(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    def unpack(self, value: Any) -> Any:
        return date.fromisoformat(value) if isinstance(value, str) else value

    def said(self, value: Any, language: str) -> str:
        return exact(value)

    def html(self, record: Any, show: Show) -> str:
        return date_mark(self.value(record), "day")

    def cell(self, record: Any, show: Show) -> Any:
        return self.cells_of((self.value(record),), show)[0]

    def cells_of(self, values: Sequence[Any], show: Show) -> Sequence[Any]:
        return [value.isoformat() if value else "" for value in values]

    def masked(self, record: Any, show: Show) -> str:
        return "***" if self.value(record) else ""

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        return super().editor(self.pack(value), show, kind="date", **more)

    def condition(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        if operator not in DAYS:
            return super().condition(operator, values, actor)
        first, last = days_of(operator, values)
        bounds = {"gte": first, "lte": last}
        return self.compare(**{lookup: day for lookup, day in bounds.items() if day is not None})


@dataclass(kw_only=True, eq=False)
class Moment(DateTime):
    """A day with its time, to the minute, that people enter; without a zone it is the company's own time."""

    only_read: bool = False
    operators: ClassVar[tuple[str, ...]] = (*DAYS, "empty", "filled")

    def clean(self, raw: object, actor: Actor) -> datetime:
        if isinstance(raw, str) and fold(raw) in _NOW | _TODAY:
            return timezone.now().replace(second=0, microsecond=0)
        if isinstance(raw, bool) or not isinstance(raw, str | int | float | date):
            raise FieldProblem("moment", _("This is not a time, such as 2026-11-21 14:30."))
        try:
            found = parse_moment(raw)
            if found is not None and timezone.is_naive(found):
                found = timezone.make_aware(found)
            found = found.astimezone(UTC) if found is not None else None
        except (Malformed, OverflowError, ValueError):
            found = None
        if found is None:
            raise FieldProblem("moment", _("This is not a time, such as 2026-11-21 14:30."))
        return found

    def pack(self, value: Any) -> Any:
        return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value

    def unpack(self, value: Any) -> Any:
        return datetime.fromisoformat(value) if isinstance(value, str) else value

    def masked(self, record: Any, show: Show) -> str:
        return "***" if self.value(record) else ""

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        text = timezone.localtime(value).strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else value
        return super(DateTime, self).editor(text, show, kind="datetime-local", **more)

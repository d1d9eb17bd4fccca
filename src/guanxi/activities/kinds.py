"""Kinds of fields only activities have: when, which is now unless somebody says otherwise; a time of the day; who takes
part; what it is about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.activities.queries.attendance import attendance
from guanxi.activities.queries.subjects import named, subjects
from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed
from guanxi.kernel.errors import Malformed
from guanxi.kernel.moments import parse_moment
from guanxi.kinds import FieldProblem, Kind, Moment, Show, Text
from guanxi.kinds.kind import Computed, as_text
from guanxi.kinds.spans import DAYS
from guanxi.resource import access
from guanxi.resource.links import Link
from guanxi.resource.registry import find_by_key, resource_of


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


@dataclass(kw_only=True, eq=False)
class TimeOfDay(Text):
    """A time of a day, kept as "17:00"."""

    def clean(self, raw: object, actor: Actor) -> str:
        text = super().clean(raw, actor)
        if not text:
            return ""
        try:
            found = parse_moment(f"2000-01-01 {text}")
        except Malformed:
            found = None
        if found is None:
            raise FieldProblem("time", _("This is no time of day, such as 17:00."))
        return f"{found:%H:%M}"

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        return super().editor(value, show, kind="time", **more)


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


@dataclass(kw_only=True, eq=False)
class SubjectKind(Kind):
    """Which kind of record a touch is about; it follows from the record."""

    only_read: bool = True

    def said(self, value: Any, language: str) -> str:
        found = find_by_key(str(value))
        return str(found.label) if found else str(value)


@dataclass(kw_only=True, eq=False)
class SubjectLink(Link):
    """The record a touch is about, of whichever upper context. One the viewer may not see is not named."""

    expands: ClassVar[bool] = False
    says_name: ClassVar[bool] = True
    operators: ClassVar[tuple[str, ...]] = ("is", "empty", "filled")

    @property
    def leads_to(self) -> str:
        return "subjects"

    def lookups(self) -> tuple[str, ...]:
        return ()

    def fetch(self, ids: Collection[UUID], show: Show) -> None:
        seen = named(show.actor, ids)
        show.looked_up |= {(self.leads_to, key): seen.get(key) for key in ids}

    def _seen(self, value: Any, show: Show) -> Any:
        key = (self.leads_to, UUID(str(value)))
        if key not in show.looked_up:
            self.fetch([key[1]], show)
        return show.looked_up[key]

    def clean(self, raw: object, actor: Actor) -> UUID | None:
        text = str(raw) if isinstance(raw, UUID) else as_text(raw, max_length=200)
        try:
            found = list(named(actor, [UUID(text)]))
        except ValueError:
            found = []
            for one in subjects():
                meant = one.resource.exact(text, access.closed(actor, one.resource))
                rows = access.visible(actor, one.resource).filter(meant)
                found += rows.values_list("pk", flat=True)[:2]
        if len(found) != 1:
            raise FieldProblem("record", _("“%(value)s” is not one record you can see."), value=text)
        return found[0]

    def text(self, record: Any, show: Show) -> str:
        value = self.value(record)
        return self.name_of(value, show) if value else ""

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        seen = self._seen(value, show) if value else None
        if seen is None:
            return gettext("A record you cannot see") if value else ""
        url = resource_of(seen).url("card", id=seen.pk)
        return format_html('<a class="gx-lk" href="{}">{}</a>', url, str(seen))

    def json(self, record: Any, show: Show) -> Any:
        value = self.value(record)
        return str(value) if value and self._seen(value, show) is not None else None

    def name_of(self, value: Any, show: Show) -> str:
        try:
            seen = self._seen(value, show)
        except ValueError:
            return ""
        return str(seen) if seen is not None else ""

    def suggest(self, text: str, show: Show) -> Sequence[Option]:
        return [
            Option(value=str(hit.id), label=hit.title, sub=hit.detail)
            for one in subjects()
            for hit in access.search(show.actor, one.resource, text, limit=10)
        ]

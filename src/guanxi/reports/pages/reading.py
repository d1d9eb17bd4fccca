"""A report on its card: the text as far as the reader may know it, who has read it, the way to the next unread one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import url_of
from guanxi.kinds import Show
from guanxi.reports.queries.reading import beside, marks_of, unread
from guanxi.reports.queries.sections import drawn
from guanxi.reports.services.reports import mark_read
from guanxi.resource.contributions import Content
from guanxi.resource.registry import find


def text_panel(actor: Actor, record: Any, show: Show) -> Content:
    """What was done, the sentence, and the way to what is still unread; whom it was sent to has read it from now on."""
    waiting = unread(actor)
    mark_read(actor, record, waiting=waiting)
    context = {
        "report": record,
        "sections": drawn(record.sections, show),
        "rewrite_url": rewrite(actor, record),
        "ways": _ways(record, waiting),
    }
    return Content(template="reports/text.html", context=context)


def marks_panel(actor: Actor, record: Any, show: Show) -> Content:
    """Who has read it."""
    marks = marks_of(record)
    return Content(template="reports/marks.html", count=len(marks) or None, context={"marks": marks})


def rewrite(actor: Actor, record: Any) -> str:
    """Where its author sends it anew after he took it back."""
    if record.sent_at is not None or record.member_id != actor.member_id:
        return ""
    return f"{url_of('report_write')}?period={record.period}&first={record.first.isoformat()}"


def _ways(record: Any, waiting: Sequence[tuple[UUID, datetime]]) -> dict[str, Any] | None:
    """The addresses of the unread reports before and after this one, and how many there are."""
    before, after, count = beside(record, waiting)
    if before is None or after is None:
        return None
    card = find("reports").url
    return {"before": card("card", id=before), "after": card("card", id=after), "count": count}

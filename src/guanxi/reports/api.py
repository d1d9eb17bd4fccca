"""Operations of the API beside the declared ones: the text of a report, the live one, sending to whom, who owes one."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.dates import parse_date
from guanxi.kernel.errors import Invalid, Malformed, Message
from guanxi.kinds import Show
from guanxi.reports.choices import VIEW, Period
from guanxi.reports.models import Report
from guanxi.reports.queries.people import due_of, standings
from guanxi.reports.queries.reading import marks_of
from guanxi.reports.queries.sections import Drawn, Frozen, drawn, written
from guanxi.reports.rules import first_of
from guanxi.reports.services.reports import mark_read, send_report
from guanxi.resource import access
from guanxi.resource.operations import Operation, declare
from guanxi.resource.registry import find

_EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Days:
    """Which report: of a day, or of the week (`period` "week") that it is in."""

    first: str
    period: str = "day"


@dataclass(frozen=True, kw_only=True)
class NewReport:
    """What is sent; the figures are the system's. `receivers` are those of the last one where none are given."""

    first: str
    period: str = "day"
    sentence: str = ""
    receivers: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class FigureOut:
    """A figure with the address of its list, and its records as far as the reader may see them, each in words."""

    section: str
    code: str
    label: str
    count: int
    query: str
    lines: list[str]
    hidden: int


@dataclass(frozen=True, kw_only=True)
class MarkOut:
    """A receiver, and when he read it."""

    member: UUID
    name: str
    read_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TextOut:
    """The text of a report; `id` is null of one that is not sent yet."""

    id: UUID | None
    period: str
    first: date
    sentence: str
    sent_at: datetime | None
    due_at: datetime | None
    late: bool
    figures: list[FigureOut]
    receivers: list[MarkOut]


@dataclass(frozen=True, kw_only=True)
class StandingOut:
    """Somebody of one's people: his report of these days, null where there is none; when it is due, null where he owes
    none."""

    member: UUID
    name: str
    report: UUID | None
    due_at: datetime | None
    missing: bool
    late: bool


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="report_text", method="GET", path="report_text/now", act=_live, query=Days, answer=TextOut,
            summary=gettext_noop("One’s report as it stands now"),
            words=gettext_noop("Written by the system from what was recorded. Nothing is sent."),
        ),
        Operation(
            area="report_text", method="POST", path="report_text/now", act=_send, body=NewReport, answer=TextOut,
            status=201,
            summary=gettext_noop("Send one’s report"),
            words=gettext_noop("The figures are frozen. One operation, undone as one."),
        ),
        Operation(
            area="report_text", method="GET", path="report_text/{id}", act=_read, answer=TextOut,
            summary=gettext_noop("The text of a report"),
            words=gettext_noop("Whom it was sent to has read it from then on."),
        ),
        Operation(
            area="report_text", method="GET", path="report_text/people", act=_people, query=Days,
            answer=StandingOut, many=True, summary=gettext_noop("Who has sent a report, and who owes one"),
        ),
        report_text=_("Reports"),
    )  # fmt: skip


def _checked(period: str, first: str) -> date:
    if period not in Period.values:
        raise Invalid({"period": [Message("choice", _("Daily or weekly."))]})
    try:
        day = parse_date(first)
    except Malformed:
        day = None
    if day is None or not _EARLIEST <= day < date.max - timedelta(days=30):
        raise Invalid({"first": [Message("date", _("This is not a day, such as 2026-11-21."))]})
    return first_of(period, day)


def _live(actor: Actor, query: Days) -> TextOut:
    actor.require(find("reports").permission("create"))
    first = _checked(query.period, query.first)
    unsaved = Report(period=query.period, first=first)
    if actor.member_id is None:
        return _told(actor, unsaved, [])
    unsaved.due_at = due_of(actor.member_id, query.period, first)
    return _told(actor, unsaved, written(actor, actor.member_id, query.period, first))


def _send(actor: Actor, body: NewReport) -> TextOut:
    made = send_report(
        actor,
        period=body.period,
        first=_checked(body.period, body.first),
        sentence=body.sentence,
        receivers=body.receivers or None,
    )
    return _told(actor, made, made.sections)


def _read(actor: Actor, report_id: UUID) -> TextOut:
    found: Report = access.get(actor, find("reports"), report_id)
    mark_read(actor, found)
    return _told(actor, found, found.sections)


def _people(actor: Actor, query: Days) -> tuple[list[StandingOut], None]:
    actor.require(VIEW)
    return [
        StandingOut(
            member=one.member.pk,
            name=one.member.name,
            report=one.report.pk if one.report else None,
            due_at=one.due,
            missing=one.missing,
            late=one.report is not None and one.report.late,
        )
        for one in standings(actor, query.period, _checked(query.period, query.first))
    ], None


def _told(actor: Actor, report: Report, frozen: Frozen) -> TextOut:
    there = report.sent_at is not None or not report._state.adding
    show = Show(actor=actor, language=get_language() or "zh-hans")
    return TextOut(
        id=report.pk if there else None,
        period=report.period,
        first=report.first,
        sentence=report.sentence,
        sent_at=report.sent_at,
        due_at=report.due_at,
        late=report.late,
        figures=[_figure(part.code, one) for part in drawn(frozen, show) for one in part.figures],
        receivers=[MarkOut(member=one.id, name=one.name, read_at=one.read_at) for one in marks_of(report)]
        if there
        else [],
    )


def _figure(section: str, one: Drawn) -> FigureOut:
    return FigureOut(
        section=section,
        code=one.code,
        label=str(one.label),
        count=one.count,
        query=one.url,
        lines=[" · ".join(part for part in (line.customer, line.said) if part) for line in one.lines],
        hidden=one.hidden,
    )

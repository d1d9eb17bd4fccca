"""A manager's day: all his people on one page, who owes a report and has not sent it first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from guanxi.foundation.design.shapes import MenuItem, Tab
from guanxi.foundation.design.words import calendar_day
from guanxi.foundation.permissions.web import actor_of, listed
from guanxi.kernel.dates import parse_date
from guanxi.kernel.errors import Malformed
from guanxi.reports.choices import VIEW, Period
from guanxi.reports.models import Report
from guanxi.reports.queries.people import Standing, standings
from guanxi.reports.queries.sections import key_figures, key_labels
from guanxi.reports.rules import first_of
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find


@dataclass(frozen=True, slots=True)
class Row:
    """One of the people: the counts in the order of the heads, with the tone of each; `said` are those that are not 0,
    in words; `owed` says of a missing one until when."""

    name: str
    url: str
    sentence: str
    sent_at: datetime | None
    late: bool
    read: bool
    missing: bool
    overdue: bool
    owed: str
    counts: list[tuple[int, str]]
    said: str


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Of a day or week (`period`, `first`)."""
    actor = actor_of(request)
    actor.require(VIEW)
    period = request.GET.get("period", "")
    period = period if period in Period.values else Period.DAY.value
    first = _day(period, request.GET.get("first", ""))
    heads = key_labels()
    found = standings(actor, period, first)
    rows = [_row(one, heads) for one in found]
    step = timedelta(days=7 if period == Period.WEEK else 1)
    today = timezone.localdate()
    context = {
        "report": Report(period=period, first=first),
        "heads": [label for _code, label, _tone in heads],
        "rows": rows,
        "missing": sum(one.missing for one in rows),
        "sent": sum(one.sent_at is not None for one in rows),
        "tabs": [
            Tab(label=str(label), url=f"?period={value}", current=value == period)
            for value, label in Period.choices
        ],
        "before": f"?period={period}&first={(first - step).isoformat()}",
        "after": f"?period={period}&first={(first + step).isoformat()}" if first + step <= today else "",
        "list_url": find("reports").url(),
        "active": "reports",
        # Translators: how many of a manager's people have sent their report.
        "summary": pgettext("reports", "%(sent)s sent, %(missing)s missing")
        % {"sent": sum(one.sent_at is not None for one in rows), "missing": sum(one.missing for one in rows)},
    }
    return render(request, "reports/overview.html", context)


def _day(period: str, text: str) -> date:
    today = timezone.localdate()
    try:
        day = parse_date(text) if text else None
    except Malformed:
        day = None
    return first_of(period, day if day is not None and date(2000, 1, 1) <= day <= today else today)


def _row(one: Standing, heads: list[tuple[str, Any, str]]) -> Row:
    report = one.report
    counts = key_figures(report.sections) if report is not None else {}
    overdue = one.missing and one.due is not None and one.due < timezone.now()
    return Row(
        one.member.name,
        find("reports").url("card", id=report.pk) if report is not None else "",
        report.sentence if report is not None else "",
        report.sent_at if report is not None else None,
        report is not None and report.late,
        one.read,
        one.missing,
        overdue,
        _owed(one.due, overdue=overdue) if one.missing and one.due is not None else "",
        [(counts.get(code, 0), tone) for code, _label, tone in heads],
        listed(
            pgettext("report", "%(label)s %(n)s") % {"label": label, "n": counts[code]}
            for code, label, _tone in heads
            if code in counts
        ),
    )


def _owed(due: datetime, *, overdue: bool) -> str:
    """Until when: of today the time only."""
    here, today = timezone.localtime(due), timezone.localdate()
    when = f"{here:%H:%M}" if here.date() == today else f"{calendar_day(here, today)} {here:%H:%M}"
    if overdue:
        return _("Not sent; it was due %(when)s") % {"when": when}
    return _("Not sent yet; due %(when)s") % {"when": when}


def tool(request: HttpRequest, resource: type[Resource], query: str) -> MenuItem | None:
    """Beside the title of the list of reports, for whoever reaches others'."""
    actor = actor_of(request)
    if resource.key != "reports" or actor.reach(VIEW) in (None, "own"):
        return None
    return MenuItem(label=pgettext("reports", "My people"), url=reverse("report_overview"), icon="users")

"""The calendar: month, week and list of one's own activities, or of a colleague's within reach; and its feed."""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.activities.models import Activity, Commitment
from guanxi.activities.queries.calendar import agenda, calendar_text, colleagues, promised
from guanxi.activities.queries.commitments import PromiseLine, promise_lines
from guanxi.activities.queries.planned import Line, planned_lines
from guanxi.activities.rules import MORNING
from guanxi.activities.services.feeds import PER_MINUTE, end_feed, feed_of, make_feed, reader_of
from guanxi.foundation.design.shapes import Option, Tab
from guanxi.foundation.design.words import days_between, weekday
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.web import actor_of, tell, uuid_of
from guanxi.foundation.tenancy.scope import scope
from guanxi.foundation.worktime.queries import worktime
from guanxi.kernel.errors import NotFound
from guanxi.kinds import Show
from guanxi.resource.registry import find

VIEWS = ("month", "week", "list")
LISTED = 30  # days of the list
SHOWN = 4  # entries of a day in the month


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the calendar: an activity, or a promise by its day."""

    line: Line | None
    done: bool
    promise: PromiseLine | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A day with its entries; `rest` are those there is no room for. `mark` says what the weekday does not: that it is
    free, or worked."""

    day: date
    items: list[Item]
    rest: int
    inside: bool
    today: bool
    new_url: str
    words: str
    mark: str = ""
    off: bool = False


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _range(view: str, day: date) -> tuple[date, date]:
    """First day and the day after the last, of what a view shows around a day; weeks begin on Monday."""
    if view == "list":
        return day, day + timedelta(days=LISTED)
    if view == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=7)
    first = day.replace(day=1)
    last = day.replace(day=monthrange(day.year, day.month)[1])
    start = first - timedelta(days=first.weekday())
    return start, last + timedelta(days=7 - last.weekday())


def _step(view: str, day: date, by: int) -> date:
    if view == "month":
        month = day.year * 12 + day.month - 1 + by
        return date(month // 12, month % 12 + 1, 1)
    return day + timedelta(days=by * (7 if view == "week" else LISTED))


def _day(text: str) -> date:
    if not text:
        return timezone.localdate()
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise NotFound("no_day") from error
    if not 1990 < found.year < 2200:
        raise NotFound("no_day")
    return found


def _title(view: str, day: date, first: date, last: date) -> str:
    if view == "month":
        return date_format(day, "YEAR_MONTH_FORMAT")
    return days_between(first, last, timezone.localdate())


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """A month, a week or a list around `day`, of oneself or of a colleague within reach (`of`)."""
    actor = actor_of(request)
    resource = find("activities")
    actor.require(resource.permission("view"))
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "week"
    day = _day(request.GET.get("day", ""))
    people = colleagues(actor)
    whose = uuid_of(request.GET.get("of")) or actor.member_id
    if whose != actor.member_id and whose not in {one.id for one in people}:
        raise NotFound("no_member")
    first, end = _range(view, day)
    found = agenda(actor, whose, _midnight(first), _midnight(end)) if whose else []
    due = promised(actor, whose, first, end - timedelta(days=1)) if whose else []
    cells = _cells(actor, found, due, first, end, day, view, mine=whose == actor.member_id)
    kept = {"of": str(whose)} if whose != actor.member_id else {}

    def to(**changed: str) -> str:
        return "?" + urlencode({"view": view, "day": day.isoformat(), **kept, **changed})

    words = {"month": pgettext("calendar", "Month"), "week": pgettext("calendar", "Week"), "list": _("List")}
    context = {
        "active": "calendar",
        "view": view,
        "title": _title(view, day, first, end - timedelta(days=1)),
        "weeks": [cells[start : start + 7] for start in range(0, len(cells), 7)] if view != "list" else [],
        "cells": [cell for cell in cells if cell.items] if view == "list" else cells,
        "weekdays": [date_format(first + timedelta(days=n), "D") for n in range(7)],
        "tabs": [Tab(label=words[one], url=to(view=one), current=one == view) for one in VIEWS],
        "before": to(day=_step(view, day, -1).isoformat()),
        "after": to(day=_step(view, day, 1).isoformat()),
        "today_url": to(day=timezone.localdate().isoformat()),
        "people": [Option(value=str(one.id), label=one.name, selected=one.id == whose) for one in people]
        if len(people) > 1
        else [],
        "day": day,
        "may_plan": actor.may(resource.permission("create")),
        "feed_url": reverse("calendar_feed") if actor.member_id else "",
    }
    return render(request, "activities/calendar.html", context)


def _cells(
    actor: Actor,
    found: list[Activity],
    due: list[Commitment],
    first: date,
    end: date,
    day: date,
    view: str,
    *,
    mine: bool,
) -> list[Cell]:
    resource = find("activities")
    show = Show(actor=actor, language=get_language() or "zh-hans")
    lines = planned_lines(found, show)
    by_day: dict[date, list[Item]] = defaultdict(list)
    for promise, said in zip(due, promise_lines(due, show), strict=True):
        by_day[promise.due].append(Item(None, not said.is_open, said))
    for one, line in zip(found, lines, strict=True):
        by_day[timezone.localtime(one.at).date()].append(Item(line, one.state == "done"))
    may = actor.may(resource.permission("create")) and mine
    today, cells = timezone.localdate(), []
    for number in range((end - first).days):
        each = first + timedelta(days=number)
        items = by_day[each]
        shown = items[:SHOWN] if view == "month" else items
        at = f"{each.isoformat()}T{MORNING:02d}:00"
        cells.append(
            Cell(
                each,
                shown,
                len(items) - len(shown),
                view != "month" or each.month == day.month,
                each == today,
                f"{resource.url('new')}?{urlencode({'state': 'planned', 'kind': 'call', 'at': at})}"
                if may
                else "",
                weekday(each),
                _mark(each),
                not worktime().is_workday(each),
            )
        )
    return cells


def _mark(day: date) -> str:
    calendar = worktime()
    works = calendar.is_workday(day)
    if works == bool(calendar.hours.get(day.weekday())):
        return ""
    # Translators: beside a day of the calendar, as short as can be.
    return pgettext("day of the calendar", "work") if works else pgettext("day of the calendar", "off")


# The feed


@require_http_methods(["GET", "POST"])
def feed(request: HttpRequest) -> HttpResponse:
    """The secret address of one's own calendar: whether there is one; a POST makes it anew and shows it once."""
    actor = actor_of(request)
    address = ""
    if request.method == "POST":
        secret = make_feed(actor)
        # In the query, which no log keeps.
        address = request.build_absolute_uri(f"{reverse('calendar_file')}?{urlencode({'key': secret})}")
    return render(
        request, "activities/feed.html", {"feed": feed_of(actor), "address": address, "active": "calendar"}
    )


@require_POST
def feed_end(request: HttpRequest) -> HttpResponse:
    """End one's address."""
    if end_feed(actor_of(request)):
        tell(request, _("The address no longer shows anything."))
    return HttpResponseRedirect(reverse("calendar_feed"))


@login_not_required
@require_GET
def calendar_file(request: HttpRequest) -> HttpResponse:
    """The calendar itself, for whoever knows its address (`key`)."""
    reader = reader_of(request.GET.get("key", ""))
    if reader is None:
        raise NotFound("no_calendar")
    if reader.too_often:
        said = _("At most %(limit)s readings a minute.") % {"limit": PER_MINUTE}
        answer = HttpResponse(said, status=429, content_type="text/plain; charset=utf-8")
        answer["Retry-After"] = str(60 - reader.second)
        return answer
    with scope(reader.tenant_id, actor_id=reader.member_id, door="web"):
        actor = load_actor(reader.member_id)
        actor.require(find("activities").permission("view"))
        with translation.override(reader.language), timezone.override(reader.time_zone):
            text = calendar_text(actor, UUID(str(reader.member_id)), reader.language)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = 'inline; filename="guanxi.ics"'
    return answer

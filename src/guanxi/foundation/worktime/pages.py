"""The settings page of working time: hours of the week, days off and days worked, with a look before they are kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.foundation.design.shapes import FieldGroup
from guanxi.foundation.design.words import weekday
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, tell
from guanxi.foundation.worktime.models import SpecialDay
from guanxi.foundation.worktime.queries import special_days, worktime
from guanxi.foundation.worktime.rules import Day, hours_in, hours_text, read_days
from guanxi.foundation.worktime.services import MANAGE, remove_days, set_days, set_hours
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.text import whole_number
from guanxi.kernel.workdays import known_until
from guanxi.kernel.worktime import Calendar

_BIGGEST = 512 * 1024  # bytes of a file of days


@dataclass(frozen=True, slots=True)
class Line:
    """A day that is to be loaded, and what it changes."""

    day: Day
    words: str
    before: str
    changes: bool


@require_http_methods(["GET", "POST"])
def working_time(request: HttpRequest) -> HttpResponse:
    """The hours of the week and the company's own days of a `year`; a POST sets the hours. Raises Forbidden."""
    actor = actor_of(request)
    actor.require(MANAGE)
    calendar = worktime()
    draft = Draft({f"day{number}": hours_text(calendar.hours.get(number, ())) for number in WEEKDAYS})
    if request.method == "POST":
        draft = Draft({f"day{number}": request.POST.get(f"day{number}", "").strip() for number in WEEKDAYS})
        try:
            set_hours(actor, hours=_typed(draft))
            tell(request, _("Saved"), undo=last_operation_id())
            return HttpResponseRedirect(reverse("working_time"))
        except Invalid as error:
            draft.blame(error)
    year = whole_number(request.GET.get("year", ""), most=2100) or timezone.localdate().year
    year = max(year, 2000)
    fields = [
        draft.field(f"day{number}", str(name).capitalize()) for number, name in sorted(WEEKDAYS.items())
    ]
    hint = _(
        "Several spans are parted by a space: 09:00-12:00 13:00-18:00. Empty: not worked. Midnight is 24:00."
    )
    context = {
        "groups": [FieldGroup(title=_("Hours of the week"), fields=fields, hint=hint)],
        "draft": draft,
        "year": year,
        "known": known_until(),
        "days": [(one, weekday(one.day)) for one in _of(year)],
        "tabs": settings_tabs(actor, "working_time"),
        "active": "settings",
    }
    return render(
        request, "worktime/working_time.html", context, status=422 if draft.errors or draft.overall else 200
    )


def _typed(draft: Draft) -> dict[int, tuple[tuple[int, int], ...]]:
    hours, wrong = {}, Invalid()
    for number in WEEKDAYS:
        try:
            hours[number] = hours_in(draft.values[f"day{number}"])
        except ValueError:
            said = Message("hours", _("Write hours like 09:00-12:00 13:00-18:00, one after the other."))
            wrong.add(f"day{number}", said)
    if wrong:
        raise wrong
    return hours


def _of(year: int) -> list[SpecialDay]:
    return special_days(date(year, 1, 1), date(year, 12, 31))


@require_http_methods(["GET", "POST"])
def working_days(request: HttpRequest) -> HttpResponse:
    """Days from a file or a list: first what they change, then, with `keep`, they are kept. Raises Forbidden."""
    actor = actor_of(request)
    actor.require(MANAGE)
    year = whole_number(request.POST.get("year", request.GET.get("year", "")), most=2100)
    year = max(2000, year or timezone.localdate().year + 1)
    text = _text(request)
    draft = Draft({"year": str(year), "text": text})
    reading = read_days(text, year)
    if request.method == "POST":
        if not reading.days:
            draft.errors["text"] = (_("No day was found. Write one a line: 2027-02-05 Spring Festival off."),)
        elif request.POST.get("keep"):
            changed = set_days(actor, days=reading.days)
            said = ngettext("%(n)s day set", "%(n)s days set", changed) % {"n": changed}
            tell(request, said, undo=last_operation_id())
            return HttpResponseRedirect(f"{reverse('working_time')}?year={reading.days[0].day.year}")
    hint = _(
        "One day or span a line, in Chinese or English; the sentences of the yearly notice can be pasted as they are."
    )
    fields = [
        draft.field("text", pgettext("dates", "Days"), "textarea", wide=True, rows=10, hint=hint),
        draft.field("file", _("Or a file"), "file", hint=_("CSV, text or calendar file")),
        draft.field("year", _("Year"), "number", inputmode="numeric", hint=_("Where a line names none")),
    ]
    context = {
        "groups": [FieldGroup(title=_("Days off, and days worked for them"), fields=fields)],
        "draft": draft,
        "lines": _lines(reading.days),
        "unread": reading.unread if request.method == "POST" else (),
        "text": text,
        "year": year,
        "tabs": settings_tabs(actor, "working_time"),
        "active": "settings",
    }
    return render(request, "worktime/working_days.html", context, status=422 if draft.errors else 200)


def _text(request: HttpRequest) -> str:
    uploaded: Any = request.FILES.get("file")
    if uploaded is None:
        return str(request.POST.get("text", ""))[:_BIGGEST]
    data: bytes = uploaded.read(_BIGGEST)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    return ""


def _lines(days: tuple[Day, ...]) -> list[Line]:
    calendar = worktime()
    return [
        Line(one, weekday(one.day), _state(calendar, one.day), calendar.is_workday(one.day) != one.works)
        for one in days
    ]


def _state(calendar: Calendar, day: date) -> str:
    return _("worked") if calendar.is_workday(day) else _("off")


@require_POST
def working_day_remove(request: HttpRequest, day_id: UUID) -> HttpResponse:
    """A day is left to the official calendar again. Raises Forbidden, NotFound."""
    remove_days(actor_of(request), ids=[day_id])
    tell(request, _("Removed"), undo=last_operation_id())
    return HttpResponseRedirect(reverse("working_time"))

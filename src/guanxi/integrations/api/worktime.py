"""When the company works, through the API, as its settings page has it; and what that makes of a moment."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.worktime.queries import special_days, worktime
from guanxi.foundation.worktime.rules import Day, hours_in, hours_text, read_days
from guanxi.foundation.worktime.services import remove_days, set_days, set_hours
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.text import whole_number
from guanxi.kernel.workdays import known_until
from guanxi.resource.operations import Operation, declare

_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOST = 100_000  # minutes
_FIRST, _LAST = 2000, 2100


@dataclass(frozen=True, kw_only=True)
class WeekHours:
    """Spans of each weekday, parted by spaces: `09:00-12:00 13:00-18:00`; "" is not worked."""

    monday: str = ""
    tuesday: str = ""
    wednesday: str = ""
    thursday: str = ""
    friday: str = ""
    saturday: str = ""
    sunday: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkingTimeOut:
    """The hours of the week, and the last year whose official days are known."""

    hours: WeekHours
    official_until: int


@dataclass(frozen=True, kw_only=True)
class WorkingDay:
    """A day and whether it is worked."""

    day: date
    works: bool
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class NewWorkingDays:
    """Days, or a `text` that names them: a list, the yearly notice, a calendar file; `year` where it names none."""

    days: list[WorkingDay] = field(default_factory=list)
    text: str = ""
    year: int | None = None


@dataclass(frozen=True, kw_only=True)
class WorkingDayOut:
    """A day of the company's own."""

    id: UUID
    day: date
    works: bool
    name: str


@dataclass(frozen=True, kw_only=True)
class DaysOf:
    """Of which year: 2027."""

    year: str


@dataclass(frozen=True, kw_only=True)
class SetDays:
    """How many days changed, and the lines that were not understood."""

    changed: int
    unread: list[str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A moment with its time zone, and working minutes from it on."""

    since: str
    minutes: str


@dataclass(frozen=True, kw_only=True)
class Reached:
    """By when so much has been worked."""

    until: datetime


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="working-time", method="GET", path="working-time", act=_read, answer=WorkingTimeOut,
            summary=gettext_noop("Read the working hours"),
        ),
        Operation(
            area="working-time", method="PATCH", path="working-time", act=_set_hours, body=WeekHours,
            answer=WorkingTimeOut, summary=gettext_noop("Set the working hours of the week"),
        ),
        Operation(
            area="working-days", method="GET", path="working-days", act=_days, query=DaysOf, answer=WorkingDayOut,
            many=True, summary=gettext_noop("The company's own days of a year"),
        ),
        Operation(
            area="working-days", method="POST", path="working-days", act=_set_days, body=NewWorkingDays,
            answer=SetDays, summary=gettext_noop("Set days off and days worked"),
        ),
        Operation(
            area="working-days", method="DELETE", path="working-days/{id}", act=_remove, status=204,
            summary=gettext_noop("Leave a day to the official calendar"),
        ),
        Operation(
            area="working-time", method="GET", path="working-time/reached", act=_reached, query=Asked, answer=Reached,
            summary=gettext_noop("When so many working minutes are over"),
        ),
        **{
            "working-time": gettext_lazy("Working time"),
            "working-days": gettext_lazy("Days off, and days worked for them"),
        },
    )  # fmt: skip


def _read(actor: Actor) -> WorkingTimeOut:
    hours = worktime().hours
    shown = {name: hours_text(hours.get(number, ())) for number, name in enumerate(_NAMES)}
    return WorkingTimeOut(hours=WeekHours(**shown), official_until=known_until())


def _set_hours(actor: Actor, body: WeekHours) -> WorkingTimeOut:
    wanted, wrong = {}, Invalid()
    for number, name in enumerate(_NAMES):
        try:
            wanted[number] = hours_in(getattr(body, name))
        except ValueError:
            wrong.add(
                name, Message("hours", _("Write hours like 09:00-12:00 13:00-18:00, one after the other."))
            )
    if wrong:
        raise wrong
    set_hours(actor, hours=wanted)
    return _read(actor)


def _days(actor: Actor, query: DaysOf) -> tuple[list[WorkingDayOut], str | None]:
    year = whole_number(query.year, most=_LAST)
    if year is None or year < _FIRST:
        raise Invalid(
            {
                "year": [
                    Message("range", _("Between %(first)s and %(last)s."), {"first": _FIRST, "last": _LAST})
                ]
            }
        )
    rows = special_days(date(year, 1, 1), date(year, 12, 31))
    return [WorkingDayOut(id=one.pk, day=one.day, works=one.works, name=one.name) for one in rows], None


def _set_days(actor: Actor, body: NewWorkingDays) -> SetDays:
    year = body.year if body.year is not None else timezone.localdate().year
    reading = read_days(body.text, min(max(year, _FIRST), _LAST))
    typed = [Day(one.day, one.works, one.name) for one in body.days]
    changed = set_days(actor, days=[*reading.days, *typed])
    return SetDays(changed=changed, unread=list(reading.unread))


def _remove(actor: Actor, pk: UUID) -> None:
    remove_days(actor, ids=[pk])


def _reached(actor: Actor, query: Asked) -> Reached:
    minutes = whole_number(query.minutes, most=_MOST)
    if not minutes:
        raise Invalid({"minutes": [Message("range", _("Between 1 and %(most)s minutes."), {"most": _MOST})]})
    try:
        since = parse_datetime(query.since.replace(" ", "+"))
    except ValueError:
        since = None
    if since is None or since.tzinfo is None:
        said = Message("moment", _("Give a moment with its time zone: 2026-11-24T09:00:00+08:00."))
        raise Invalid({"since": [said]})
    try:
        return Reached(until=worktime().after(since, timedelta(minutes=minutes)))
    except (OverflowError, ValueError) as error:
        raise Invalid({"since": [Message("range", _("So far ahead nothing is known."))]}) from error

"""What a member has to do and has done between two moments; and the same as a calendar that other programs read."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from icalendar import Alarm, Calendar, Event

from guanxi.activities.choices import State, What
from guanxi.activities.models import Activity, Participant
from guanxi.activities.queries.planned import Line, planned_lines
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds.kind import Show
from guanxi.resource import access
from guanxi.resource.registry import find

MOST = 500  # of one range
USUAL = timedelta(minutes=30)
BACK, AHEAD = timedelta(days=30), timedelta(days=366)


def agenda(
    actor: Actor, member_id: UUID, start: datetime, end: datetime, *, planned_only: bool = False
) -> list[Activity]:
    """What a member does or takes part in, in order of time, as far as the actor sees it; notes are none of it.

    Two statements: his own by his index, what he takes part in by its own.
    """
    resource = find("activities")
    if not access.is_open(actor, resource.kind("owner")):
        return []
    rows = access.visible(actor, resource).filter(at__gte=start, at__lt=end).exclude(kind=What.NOTE)
    rows = rows.filter(state=State.PLANNED) if planned_only else rows.exclude(state=State.CANCELLED)
    rows = rows.select_related("owner").order_by("at", "id")
    mine = list(rows.filter(owner_id=member_id)[:MOST])
    joined = Participant.objects.filter(
        member_id=member_id, activity__at__gte=start, activity__at__lt=end
    ).values_list("activity_id", flat=True)[:MOST]
    ids = set(joined) - {one.pk for one in mine}
    others = list(rows.filter(pk__in=ids)) if ids else []
    return sorted([*mine, *others], key=lambda one: (one.at, one.pk))[:MOST]


def colleagues(actor: Actor) -> Sequence[Member]:
    """Whose calendars the actor may look at: those within reach, himself first."""
    within = actor.members_within("activities.activity.view")
    rows = Member.objects.filter(left_on__isnull=True).order_by("name_sort", "id")
    if within is not None:
        rows = rows.filter(id__in=within)
    return sorted(rows, key=lambda one: one.id != actor.member_id)


def calendar_text(actor: Actor, member_id: UUID, language: str) -> bytes:
    """The member's planned activities in RFC 5545; call it in his language and within his company."""
    now = timezone.now()
    found = agenda(actor, member_id, now - BACK, now + AHEAD, planned_only=True)
    lines = planned_lines(found, Show(actor=actor, language=language))
    calendar = Calendar()
    calendar.add("prodid", "-//Guanxi//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", gettext("Guanxi: my calendar"))
    for one, line in zip(found, lines, strict=True):
        calendar.add_component(_event(one, line))
    text: bytes = calendar.to_ical()
    return text


def _event(one: Activity, line: Line) -> Event:
    event = Event()
    event.add("uid", f"{one.pk}@guanxi")
    event.add("dtstamp", one.updated_at.astimezone(UTC))
    event.add("sequence", one.version)
    event.add("dtstart", one.at.astimezone(UTC))
    length = timedelta(minutes=min(one.minutes, 60 * 24 * 30)) if one.minutes else USUAL
    event.add("dtend", (one.at + length).astimezone(UTC))
    event.add("summary", f"{line.title} · {line.customer}" if line.customer else line.title)
    said = [str(line.label), line.whom, one.text]
    event.add("description", "\n".join(part for part in said if part))
    if one.place:
        event.add("location", one.place)
    if one.remind_at is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", line.title)
        alarm.add("trigger", one.remind_at - one.at)
        event.add_component(alarm)
    return event

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
from guanxi.integrations.exports.entries import Entry
from guanxi.kinds.kind import Show
from guanxi.resource import access
from guanxi.resource.registry import find

MOST = 500  # of one range
USUAL = timedelta(minutes=30)
FOOT = "END:VCALENDAR\r\n"
EVENT = (
    "subject", "kind", "state", "at", "minutes", "customer", "text", "outcome", "place", "owner", "remind_at", "people",
)  # fmt: skip
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
    rows = (
        access.visible(actor, resource)
        .filter(at__gte=start, at__lt=end, undated=False)
        .exclude(kind=What.NOTE)
    )
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
    head = calendar_head(gettext("Guanxi: my calendar"))
    return (head + "".join(map(_of_feed, found, lines)) + FOOT).encode()


def calendar_head(name: str) -> str:
    """What a calendar begins with; events follow, and `FOOT`."""
    calendar = Calendar()
    calendar.add("prodid", "-//Guanxi//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    text: bytes = calendar.to_ical()
    return text.decode().removesuffix(FOOT)


def exported_head() -> str:
    """What a file of a list of activities begins with."""
    return calendar_head(gettext("Guanxi: activities"))


def exported_event(entry: Entry) -> str:
    """An activity of a list as an event: what its reader may know of it."""
    at = entry.value("at")
    if not isinstance(at, datetime) or not entry.text("at"):
        return ""  # nobody knows when
    title = entry.text("subject") or entry.text("kind")
    said = (
        entry.text("kind"),
        entry.text("owner"),
        entry.text("people"),
        entry.text("text"),
        entry.text("outcome"),
    )
    state = {State.PLANNED: "TENTATIVE", State.CANCELLED: "CANCELLED"}.get(entry.value("state"), "CONFIRMED")
    event = _event(
        entry.id, entry.changed, entry.version, at, entry.value("minutes"), title, entry.text("customer"), said,
        entry.text("place"), entry.value("remind_at"),
    )  # fmt: skip
    event.add("status", state)
    return _said(event)


def _of_feed(one: Activity, line: Line) -> str:
    said = (str(line.label), line.whom, one.text)
    return _said(
        _event(
            one.pk, one.updated_at, one.version, one.at, one.minutes, line.title, line.customer, said, one.place,
            one.remind_at,
        )
    )  # fmt: skip


def _said(event: Event) -> str:
    text: bytes = event.to_ical()
    return text.decode()


def _event(
    pk: UUID,
    changed: datetime,
    version: int,
    at: datetime,
    minutes: int | None,
    title: str,
    customer: str,
    said: Sequence[str],
    place: str,
    remind_at: datetime | None,
) -> Event:
    event = Event()
    event.add("uid", f"{pk}@guanxi")
    event.add("dtstamp", changed.astimezone(UTC))
    event.add("sequence", version)
    event.add("dtstart", at.astimezone(UTC))
    length = timedelta(minutes=min(minutes, 60 * 24 * 30)) if minutes else USUAL
    event.add("dtend", (at + length).astimezone(UTC))
    event.add("summary", f"{title} · {customer}" if customer else title)
    event.add("description", "\n".join(part for part in said if part))
    if place:
        event.add("location", place)
    if remind_at is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", remind_at - at)
        event.add_component(alarm)
    return event

"""What a member has to do and has done between two moments; and the same as a calendar that other programs read."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from icalendar import Alarm, Calendar, Event

from guanxi.activities.choices import Promised, State, What
from guanxi.activities.models import Activity, Commitment, Participant
from guanxi.activities.queries.commitments import PromiseLine, promise_lines
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


def promised(actor: Actor, member_id: UUID, first: date, last: date) -> list[Commitment]:
    """What a member is to see to by the days between, first and last among them: what he promised, what was promised to
    him; kept ones too, those broken and withdrawn not. As far as the actor sees it; one statement by his index."""
    resource = find("commitments")
    if not actor.may(resource.permission("view")) or not access.is_open(actor, resource.kind("owner")):
        return []
    rows = access.visible(actor, resource).filter(owner_id=member_id, due__gte=first, due__lte=last)
    rows = rows.filter(state__in=(Promised.OPEN, Promised.KEPT))
    return list(rows.order_by("due", "due_time", "id")[:MOST])


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
    show = Show(actor=actor, language=language)
    lines = planned_lines(found, show)
    due = promised(actor, member_id, (now - BACK).date(), (now + AHEAD).date())
    owed = [one for one in due if one.state == Promised.OPEN]
    promises = map(_of_promise, owed, promise_lines(owed, show))
    head = calendar_head(gettext("Guanxi: my calendar"))
    return (head + "".join((*map(_of_feed, found, lines), *promises)) + FOOT).encode()


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


def _of_promise(one: Commitment, line: PromiseLine) -> str:
    """A promise: the whole day by which, or the time of it that was named."""
    event = Event()
    event.add("uid", f"{one.pk}@guanxi")
    event.add("dtstamp", one.updated_at.astimezone(UTC))
    event.add("sequence", one.version)
    timed = isinstance(line.at, datetime)
    event.add("dtstart", line.at.astimezone(UTC) if isinstance(line.at, datetime) else line.at)
    event.add(
        "dtend",
        line.at.astimezone(UTC) + USUAL if isinstance(line.at, datetime) else line.at + timedelta(days=1),
    )
    title = (gettext("We promised: %(what)s") if line.ours else gettext("They promised: %(what)s")) % {
        "what": line.what
    }
    event.add("summary", f"{title} · {line.customer}" if line.customer else title)
    if line.person:
        event.add("description", line.person)
    if not timed:
        event.add("transp", "TRANSPARENT")
    return _said(event)


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

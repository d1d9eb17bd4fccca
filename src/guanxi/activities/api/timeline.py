"""Operations of the API beside the declared ones: the timeline of a record, logging with people and the next step."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _

from guanxi.activities.models import Activity
from guanxi.activities.queries import timeline
from guanxi.activities.queries.attendance import attendance
from guanxi.activities.queries.promised import promised_in
from guanxi.activities.queries.proposals import people_at
from guanxi.activities.queries.timeline import Asked, Entry, has_timeline, place_of
from guanxi.activities.services.activities import (
    Company,
    complete_activity,
    log_activity,
    plan_activity,
    postpone_activities,
)
from guanxi.activities.services.participants import set_participants
from guanxi.collaboration.queries.people import record_of
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message, NotFound
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.operations import Operation, declare
from guanxi.resource.registry import find

_MOST_DAYS = 366


@dataclass(frozen=True, kw_only=True)
class OfRecord:
    """Whose timeline: the key of its resource (customers, people) and its id; of one kind, person or colleague."""

    resource: str
    record: UUID
    kind: str = ""
    person: UUID | None = None
    member: UUID | None = None
    after: str = ""
    limit: int = 20


@dataclass(frozen=True, kw_only=True)
class EntryOut:
    """One thing that happened; `source` and `id` say where it stands."""

    source: str
    id: str
    kind: str
    at: datetime
    label: str
    who: str
    whom: list[str]
    note: str
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class NextActivity:
    """The next step that was agreed on, with the same customer and people."""

    kind: str = "call"
    at: str = ""
    subject: str = ""
    text: str = ""
    remind_at: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewPromise:
    """What was promised at it: by us to a person of the customer (`side` "ours"), or by them to us ("theirs")."""

    side: str = "ours"
    what: str
    due: str
    due_time: str = ""
    person: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Note:
    """A text, and the customer whose people it may name."""

    text: str
    customer: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class FoundPromise:
    """A promise that a text makes, for somebody to confirm: nothing is written. `start` and `end` say where it stands
    in the text; `due` is null where the text names no day."""

    side: str
    what: str
    due: date | None
    due_time: str
    person: UUID | None
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class NewActivity:
    """A touch with who took part; `about` is the id of a record that it is about beside the customer.

    Without `at` it took place just now; with `planned` it is to come."""

    kind: str
    text: str = ""
    subject: str = ""
    at: str | None = None
    planned: bool = False
    customer: UUID | None = None
    about: UUID | None = None
    outcome: str = ""
    minutes: int | None = None
    place: str = ""
    remind_at: str | None = None
    people: list[UUID] = field(default_factory=list)
    members: list[UUID] = field(default_factory=list)
    mentions: list[UUID] = field(default_factory=list)
    next: list[NextActivity] = field(default_factory=list)
    promises: list[NewPromise] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of a planned activity, and the next step."""

    outcome: str = ""
    text: str = ""
    minutes: int | None = None
    next: list[NextActivity] = field(default_factory=list)
    promises: list[NewPromise] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Days:
    """How many days later: counted from today where it is overdue, past days off."""

    days: int


@dataclass(frozen=True, kw_only=True)
class TakingPart:
    """Who takes part, and nobody else; those out of sight stay."""

    people: list[UUID] = field(default_factory=list)
    members: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ActivityOut:
    """An activity in short; the whole of it is at `activities/{id}`."""

    id: UUID
    version: int
    kind: str
    state: str
    at: datetime
    outcome: str
    people: list[UUID]
    members: list[UUID]


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="timeline", method="GET", path="timeline", act=_timeline, query=OfRecord, answer=EntryOut, many=True,
            summary=gettext_noop("The timeline of a record"),
            words=gettext_noop("Activities, comments and changes of a customer or a person, newest first."),
        ),
        Operation(
            area="timeline", method="POST", path="timeline", act=_log, body=NewActivity, answer=ActivityOut, status=201,
            summary=gettext_noop("Log or plan an activity"),
            words=gettext_noop("With who took part and at most one next step, in one operation that is undone as one."),
        ),
        Operation(
            area="timeline", method="POST", path="timeline/promises", act=_find_promises, body=Note,
            answer=FoundPromise, many=True, summary=gettext_noop("What a text promises"),
            words=gettext_noop("Who promises whom what by when, in Chinese and English. Nothing is written."),
        ),
        Operation(
            area="timeline", method="POST", path="timeline/{id}/complete", act=_complete, body=Result,
            answer=ActivityOut, guarded=True, summary=gettext_noop("Complete a planned activity"),
            words=gettext_noop("With its outcome and, at most, one next step."),
        ),
        Operation(
            area="timeline", method="POST", path="timeline/{id}/postpone", act=_postpone, body=Days,
            answer=ActivityOut, summary=gettext_noop("Put a planned activity off"),
        ),
        Operation(
            area="timeline", method="POST", path="timeline/{id}/participants", act=_participants, body=TakingPart,
            answer=ActivityOut, summary=gettext_noop("Say who takes part in an activity"),
        ),
        timeline=_("Timeline"),
    )  # fmt: skip


def _timeline(actor: Actor, query: OfRecord) -> tuple[list[EntryOut], str | None]:
    actor.require(find("activities").permission("view"))
    resource, record = record_of(actor, query.resource, query.record)
    if not has_timeline(resource):
        raise NotFound("no_timeline")
    asked = Asked(
        actor=actor,
        resource=resource,
        record=record,
        show=Show(actor=actor, language=get_language() or "zh-hans"),
        behind=place_of(query.after),
        kind=query.kind,
        person=query.person,
        member=query.member,
        limit=query.limit,
    )
    found, end = timeline.entries(asked)
    return [_said(one) for one in found], end.text() if end else None


def _said(one: Entry) -> EntryOut:
    return EntryOut(
        source=one.source,
        id=one.id,
        kind=one.kind,
        at=one.at,
        label=str(one.label),
        who=one.who,
        whom=list(one.whom),
        note=one.note,
        subject=one.subject,
        text=one.text,
    )


def _log(actor: Actor, body: NewActivity) -> ActivityOut:
    names = ("kind", "text", "subject", "at", "customer", "outcome", "minutes", "place", "remind_at")
    given = {name: getattr(body, name) for name in names}
    given["about_id"] = body.about
    data: dict[str, Any] = {name: value for name, value in given.items() if value not in (None, "")}
    company = Company(people=body.people, members=body.members, chosen=body.mentions)
    if body.planned:
        if body.next:
            raise Invalid({"next": [Message("planned", _("What is planned has no next step yet."))]})
        if body.promises:
            raise Invalid(
                {"promises": [Message("planned", _("At what is planned nothing was promised yet."))]}
            )
        return _shown(actor, plan_activity(actor, data=data, company=company))
    return _shown(
        actor,
        log_activity(
            actor,
            data=data,
            company=company,
            next_one=next_given(body.next),
            promises=_promised(body.promises),
        ),
    )


def _complete(actor: Actor, activity_id: UUID, body: Result, *, expected_version: int | None) -> ActivityOut:
    done = complete_activity(
        actor,
        activity_id,
        outcome=body.outcome,
        text=body.text,
        minutes=body.minutes,
        next_one=next_given(body.next),
        promises=_promised(body.promises),
        expected_version=expected_version,
    )
    return _shown(actor, done)


def _postpone(actor: Actor, activity_id: UUID, body: Days) -> ActivityOut:
    resource = find("activities")
    access.get(actor, resource, activity_id, verb="edit")
    if not 1 <= body.days <= _MOST_DAYS:
        raise Invalid({"days": [Message("range", _("Between 1 and %(most)s days."), {"most": _MOST_DAYS})]})
    postpone_activities(actor, ids=[activity_id], days=body.days)
    return _shown(actor, access.get(actor, resource, activity_id))


def _participants(actor: Actor, activity_id: UUID, body: TakingPart) -> ActivityOut:
    return _shown(actor, set_participants(actor, activity_id, people=body.people, members=body.members))


def next_given(given: list[NextActivity]) -> dict[str, Any] | None:
    if not given:
        return None
    if len(given) > 1:
        raise Invalid({"next": [Message("one", _("One next step at most."))]})
    one = given[0]
    found = {
        "kind": one.kind,
        "at": one.at,
        "subject": one.subject,
        "text": one.text,
        "remind_at": one.remind_at,
    }
    return {name: value for name, value in found.items() if value not in (None, "")}


def _promised(given: list[NewPromise]) -> list[dict[str, Any]]:
    return [
        {"side": one.side, "what": one.what, "due": one.due, "due_time": one.due_time}
        | ({"person": str(one.person)} if one.person else {})
        for one in given
    ]


def _find_promises(actor: Actor, body: Note) -> tuple[list[FoundPromise], None]:
    actor.require(find("commitments").permission("create"))
    customer = access.get(actor, find("customers"), body.customer) if body.customer else None
    return [
        FoundPromise(
            side=one.side,
            what=one.what,
            due=one.due,
            due_time=one.due_time,
            person=one.person,
            start=one.start,
            end=one.end,
        )
        for one in promised_in(body.text, people_at(actor, customer))
    ], None


def _shown(actor: Actor, one: Activity) -> ActivityOut:
    took_part = attendance(actor, [one.pk])[one.pk]
    return ActivityOut(
        id=one.pk,
        version=one.version,
        kind=one.kind,
        state=one.state,
        at=one.at,
        outcome=one.outcome,
        people=[person for person, _name in took_part.people],
        members=[member for member, _name in took_part.members],
    )

"""Activities of a record: its part of the timeline, what is planned, who took part."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext, ngettext

from guanxi.activities.choices import ICONS, Outcome, State, What
from guanxi.activities.models import Activity, Participant
from guanxi.activities.queries.attendance import attendance
from guanxi.activities.queries.commitments import made_at
from guanxi.activities.queries.letters import letters_of
from guanxi.activities.queries.subjects import is_subject, named
from guanxi.activities.queries.timeline import Asked, Chip, Entry, Source
from guanxi.activities.queries.visits import came_to
from guanxi.collaboration.queries.drawing import drawn
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed
from guanxi.kinds.kind import Show
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find

RANK = 10
_HOUR = 60


def touches_of(actor: Actor, resource: type[Resource], record: Any) -> QuerySet[Activity]:
    """The activities with a customer, about a record of an upper context, or those a person took part in, that the
    actor sees; in no order."""
    rows: QuerySet[Activity] = access.visible(actor, find("activities"))
    if is_subject(resource.key):
        seen = access.is_open(actor, find("activities").kind("about_id"))
        return rows.filter(about=resource.key, about_id=record.pk) if seen else rows.none()
    if not access.is_open(actor, find("activities").kind("customer")):
        return rows.none()
    if resource.key == "customers":
        return rows.filter(customer_id=record.pk)
    if not access.is_open(actor, find("participants").kind("person")):
        return rows.none()
    return rows.filter(pk__in=Participant.objects.filter(person_id=record.pk).values("activity_id"))


def planned_with(actor: Actor, resource: type[Resource], record: Any, *, limit: int = 10) -> list[Activity]:
    """What is still to come with a record, the nearest first; overdue ones lead."""
    rows = touches_of(actor, resource, record).filter(state=State.PLANNED)
    return list(rows.select_related("owner").order_by("at", "id")[:limit])


def _narrowed(asked: Asked) -> QuerySet[Activity]:
    rows = touches_of(asked.actor, asked.resource, asked.record).exclude(state=State.PLANNED)
    part = find("participants")
    for wanted, kinds in (
        (asked.person, (part.kind("person"),)),
        (asked.member, (part.kind("member"), find("activities").kind("owner"))),
    ):
        if wanted is not None and not all(access.is_open(asked.actor, kind) for kind in kinds):
            return rows.none()
    if asked.person is not None:
        rows = rows.filter(pk__in=Participant.objects.filter(person_id=asked.person).values("activity_id"))
    if asked.member is not None:
        joined = Participant.objects.filter(member_id=asked.member).values("activity_id")
        rows = rows.filter(Q(owner_id=asked.member) | Q(pk__in=joined))
    return rows


def read(asked: Asked) -> list[Entry]:
    """What was done, newest first: one more than asked for, so that the end is known."""
    if asked.kind and asked.kind not in What.values:
        return []
    rows = _narrowed(asked)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    found = list(
        rows.filter(asked.before(RANK)).select_related("owner").order_by("-at", "-id")[: asked.limit + 1]
    )
    return described(found, asked.show, on=asked.resource.key)


def described(found: Sequence[Activity], show: Show, *, on: str) -> list[Entry]:
    """Activities in words, on the card of a record of the resource `on`: what else they were about is said."""
    actor, resource = show.actor, find("activities")
    open_names = {kind.name for kind in access.readable(actor, resource) if access.is_open(actor, kind)}
    attended = attendance(actor, [one.pk for one in found])
    promised = made_at(actor, [one.pk for one in found], show, on=on)
    came = came_to([one.pk for one in found if one.kind == What.VISIT])
    letters = letters_of(actor, found)
    names: dict[UUID, str] = {}
    wanted = {one.customer_id for one in found if one.customer_id and on not in ("customers", one.about)}
    if wanted and "customer" in open_names:
        seen = access.visible(actor, find("customers")).filter(pk__in=wanted)
        names = {one.pk: str(one) for one in seen}
    about = {one.about_id for one in found if one.about_id and one.about != on}
    if about and "about_id" in open_names:
        names |= {pk: str(one) for pk, one in named(actor, about).items()}
    entries = []
    for one in found:
        text = one.text if "text" in open_names else ""
        subject = one.subject if "subject" in open_names else ""
        others = [names[pk] for pk in (one.customer_id, one.about_id) if pk in names]
        ours = [name for _id, name in attended[one.pk].members] if one.pk in attended else []
        owner = one.owner.name if one.owner and "owner" in open_names else ""
        people = [name for _id, name in attended[one.pk].people] if one.pk in attended else []
        who, whom, letter = _joined([owner, *ours]), people, letters.get(one.pk)
        if letter is not None and letter.received:
            who, whom = _joined(people) or letter.sender, [name for name in (owner, *ours) if name]
        entries.append(
            Entry(
                source="activities",
                id=str(one.pk),
                kind=one.kind,
                at=one.at,
                icon=ICONS.get(one.kind, "list-check"),
                label=What(one.kind).label if one.kind in What.values else one.kind,
                who=who,
                whom=whom,
                note=" · ".join(part for part in (*others, result(one, open_names)) if part),
                subject="" if text.startswith(subject.rstrip("…")) else subject,
                text=text,
                html=drawn(text, one.mentions),
                url=resource.url("card", id=one.pk),
                tone="quiet" if one.state == State.CANCELLED else "",
                context={
                    "activity": one,
                    "promises": promised.get(one.pk, ()),
                    "came": came.get(one.pk),
                    "letter": letter,
                },
            )
        )
    return entries


def result(one: Activity, open_names: set[str]) -> str:
    """What came of it and how long it took: "answered, 9 minutes"."""
    said = []
    if one.undated:
        said.append(gettext("date unknown"))
    if one.state == State.CANCELLED:
        said.append(gettext("did not take place"))
    if one.outcome and "outcome" in open_names:
        said.append(str(Outcome(one.outcome).label) if one.outcome in Outcome.values else one.outcome)
    if one.minutes and "minutes" in open_names:
        said.append(lasted(one.minutes))
    return _joined(said)


def lasted(minutes: int) -> str:
    """A duration as people say it."""
    if minutes % _HOUR == 0:
        hours = minutes // _HOUR
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def _joined(parts: Sequence[str]) -> str:
    return listed(part for part in parts if part)


def count_by_kind(asked: Asked, given: Sequence[Entry]) -> list[Chip]:
    """How many there are of each kind, as far as the reader sees them."""
    if not asked.kind and asked.behind is None and len(given) <= asked.limit:
        counted = Counter(entry.kind for entry in given)
        return [Chip(kind, label, counted[kind]) for kind, label in What.choices]
    rows = _narrowed(asked).order_by().values_list("kind").annotate(n=Count("pk"))
    counts: dict[str, int] = dict(rows)
    return [Chip(kind, label, counts.get(kind, 0)) for kind, label in What.choices]


SOURCE = Source(key="activities", rank=RANK, read=read, chips=count_by_kind)

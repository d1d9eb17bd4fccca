"""The composer: what it offers, and what was typed in it as outside values of an activity and of the next one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.activities.choices import ICONS, Outcome, Side, State, What
from guanxi.activities.pages.promising import alone, rows_context, taken, typed
from guanxi.activities.queries.proposals import (
    Proposal,
    customer_of,
    next_working_morning,
    people_at,
    proposal_for,
)
from guanxi.activities.queries.rhythm import rhythm_words
from guanxi.activities.queries.subjects import is_subject
from guanxi.activities.rules import OUTCOMES, REMIND_BEFORE, USUAL_MINUTES
from guanxi.activities.services.activities import Company
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import done_at, uuid_of
from guanxi.kernel.errors import Invalid, Malformed, Message
from guanxi.kernel.moments import parse_moment
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find

LONGEST = 20_000
PROMISE = "promise"  # the kind of what is no touch but a promise by itself
_FIELD = "%Y-%m-%dT%H:%M"
# Minutes before, by what a select says.
REMINDERS = (("", 0), ("15", 15), ("60", 60), ("1440", 1440))


def local(moment: datetime) -> str:
    """A moment as a field of date and time holds it."""
    return timezone.localtime(moment).strftime(_FIELD)


def moment_of(text: str, name: str) -> datetime | None:
    """A field's moment; None where it is empty. Raises Invalid beside `name`."""
    if not text:
        return None
    try:
        found = parse_moment(text)
    except Malformed as error:
        raise Invalid(
            {name: [Message("moment", _("This is not a time, such as 2026-11-21 14:30."))]}
        ) from error
    return timezone.make_aware(found) if found is not None and timezone.is_naive(found) else found


@dataclass(slots=True)
class Composer:
    """What the composer of a record's card shows: what is proposed, or what was typed and is wrong."""

    actor: Actor
    resource: type[Resource]
    record: Any
    values: Mapping[str, Any]
    typed: QueryDict
    chosen_people: Sequence[str]
    errors: Sequence[str] = ()
    warned: str = ""
    customer: Any = None
    proposal: Proposal | None = None
    people: Sequence[tuple[UUID, str, str]] = field(default_factory=list)

    @property
    def kinds(self) -> list[tuple[str, Any, str]]:
        # E-mails are written on a page of their own, and those that came stand here by themselves.
        kinds = [(kind, label, ICONS[kind]) for kind, label in What.choices if kind != What.EMAIL]
        return (
            [*kinds, (PROMISE, pgettext("activity", "Promise"), "heart-handshake")]
            if self.promises
            else kinds
        )

    @property
    def promises(self) -> bool:
        """Whether promises are written down here: with a customer or about a record, by whom may."""
        somebody = self.customer is not None or is_subject(self.resource.key)
        return somebody and self.actor.may(find("commitments").permission("create"))

    @property
    def sides(self) -> list[tuple[str, Any]]:
        return list(Side.choices)

    @property
    def found(self) -> dict[str, Any]:
        """Promises that were found in the text and taken."""
        return rows_context([one for one in typed(self.typed) if one.taken], self.people)

    @property
    def outcomes(self) -> list[tuple[str, list[tuple[str, Any]], str]]:
        """By kind: its outcomes, and the one that was chosen; nothing counts that nobody has said."""
        return [
            (
                kind,
                [(code, Outcome(code).label) for code in codes],
                self.values.get(f"outcome_{kind}", ""),
            )
            for kind, codes in OUTCOMES.items()
            if kind != What.EMAIL
        ]

    @property
    def next_kinds(self) -> list[tuple[str, Any]]:
        return [(kind, label) for kind, label in What.choices if kind != What.NOTE]

    @property
    def grade_words(self) -> str:
        """Why the date is proposed: the rhythm of the customer's grade."""
        if self.proposal is None or not self.proposal.days:
            return ""
        return rhythm_words(self.proposal.grade, self.proposal.days)

    @property
    def draft(self) -> str:
        return f"timeline-{self.resource.key}-{self.record.pk}"

    @property
    def now(self) -> str:
        return local(timezone.now())

    @property
    def next_morning(self) -> str:
        return local(next_working_morning())

    @property
    def proposed_at(self) -> str:
        return local(self.proposal.at) if self.proposal else ""

    @property
    def proposed_again(self) -> str:
        return local(self.proposal.again) if self.proposal else ""

    @property
    def minutes(self) -> list[tuple[str, int]]:
        return list(USUAL_MINUTES.items())

    @property
    def reminders(self) -> list[tuple[str, str]]:
        words = {
            "": _("No reminder"),
            "15": _("15 minutes before"),
            "60": _("1 hour before"),
            "1440": _("1 day before"),
        }
        return [(value, words[value]) for value, _minutes in REMINDERS]


def composer(
    actor: Actor,
    resource: type[Resource],
    record: Any,
    *,
    typed: QueryDict | None = None,
    errors: Sequence[str] = (),
    warned: str = "",
) -> Composer:
    """For a card: empty and prefilled, or as it was `typed`; `warned` accepts the warnings among the errors."""
    customer = customer_of(actor, resource, record)
    people = people_at(actor, customer)
    chosen = typed.getlist("people") if typed is not None else []
    if resource.key == "people":
        if typed is None:
            chosen = [str(record.pk)]
        if record.pk not in [pk for pk, _name, _post in people]:
            people = [(record.pk, record.name, ""), *people]
    return Composer(
        actor,
        resource,
        record,
        typed.dict() if typed is not None else {"kind": What.NOTE.value},
        typed if typed is not None else QueryDict(),
        chosen,
        errors,
        warned,
        customer,
        proposal_for(actor, customer),
        people,
    )


def given(request: HttpRequest, resource: type[Resource], record: Any, actor: Actor) -> dict[str, Any]:
    """What was typed, as what `log_activity` takes: data, company and the next one. Raises Invalid."""
    posted = request.POST
    kind = posted.get("kind", "")
    kind = kind if kind in What.values else What.NOTE.value
    text = posted.get("text", "").strip()
    if not text and kind in (What.NOTE, What.TASK):
        raise Invalid({"text": [Message("required", _("Write something first."))]})
    customer = customer_of(actor, resource, record)
    at, now = moment_of(posted.get("at", ""), "at"), done_at(request, since=record.created_at)
    if at is None or posted.get("at") == posted.get("at_was"):
        at = next_working_morning() if kind == What.TASK else now
    planned = kind != What.NOTE and (at > now or kind == What.TASK)
    data: dict[str, Any] = {
        "kind": kind,
        "text": text,
        "at": at.isoformat(),
        "state": State.PLANNED.value if planned else State.DONE.value,
    }
    if customer is not None:
        data["customer"] = customer.pk
    if is_subject(resource.key):
        data["about_id"] = record.pk
    if planned:
        data["remind_at"] = reminder(at, posted.get("remind", str(REMIND_BEFORE)))
    elif kind in OUTCOMES:
        data["outcome"] = posted.get(f"outcome_{kind}", "")
    if kind in USUAL_MINUTES and posted.get(f"minutes_{kind}"):
        data["minutes"] = posted.get(f"minutes_{kind}")
    if kind in (What.VISIT, What.MEETING) and posted.get("place"):
        data["place"] = posted.get("place")
    people = [found for one in posted.getlist("people")[:50] if (found := uuid_of(one))]
    if resource.key == "people" and record.pk not in people:
        people.append(record.pk)
    members = [found for one in posted.getlist("members")[:50] if (found := uuid_of(one))]
    chosen = [found for one in posted.getlist("mention")[:200] if (found := uuid_of(one))]
    return {
        "data": data,
        "company": Company(people=people, members=members, chosen=chosen),
        "next_one": None if planned else next_of(posted),
        "promises": taken(posted),
    }


def promised(request: HttpRequest, resource: type[Resource], record: Any, actor: Actor) -> dict[str, Any]:
    """What was typed as a promise by itself, as outside values of a commitment. Raises Invalid."""
    people = [found for one in request.POST.getlist("people")[:50] if (found := uuid_of(one))]
    if resource.key == "people":
        people = [record.pk]
    data = alone(actor, request.POST, customer_of(actor, resource, record), people)
    return {**data, "about_id": record.pk} if is_subject(resource.key) else data


def next_of(posted: QueryDict) -> dict[str, Any] | None:
    """The next follow-up of a form; None where it was not accepted. Raises Invalid beside `next_at`."""
    if posted.get("next") != "1" or posted.get("kind") in (What.NOTE, What.TASK):
        return None
    at = moment_of(posted.get("next_at", ""), "next_at")
    if at is None:
        raise Invalid({"next_at": [Message("required", _("Say when the next follow-up is."))]})
    kind = posted.get("next_kind", "")
    return {
        "kind": kind if kind in What.values else What.CALL.value,
        "at": at.isoformat(),
        "subject": posted.get("next_subject", "").strip(),
        "remind_at": reminder(at, posted.get("next_remind", str(REMIND_BEFORE))),
    }


def reminder(at: datetime, text: str) -> str:
    """When to be reminded, by what a select says; "" for never."""
    minutes = dict(REMINDERS).get(text, 0)
    return (at - timedelta(minutes=minutes)).isoformat() if minutes else ""

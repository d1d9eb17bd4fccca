"""E-mails as touches: each message that is kept stands on the timeline of every customer it is with, and an e-mail that
nobody answered in time becomes a promise."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from guanxi.activities.choices import Outcome, State, What
from guanxi.activities.models import Letter
from guanxi.activities.queries.answering import answered_since, hours
from guanxi.activities.services.commitments import keep
from guanxi.activities.services.tying import Tie, tell_written, tie_thread, ties
from guanxi.channels.choices import Direction
from guanxi.channels.models import Message
from guanxi.channels.queries.own import own_members
from guanxi.channels.services.sending import waiting_files
from guanxi.channels.services.storing import Arrival
from guanxi.customers.models import Person
from guanxi.foundation.files.rules import is_refused
from guanxi.foundation.files.services import add_attachment
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.foundation.worktime.queries import worktime
from guanxi.kernel.errors import Invalid
from guanxi.kernel.ids import new_id
from guanxi.resource import writing
from guanxi.resource.registry import find

RECEIVE = "activities.activity.receive"
_ORIGINAL = 300 * 1024  # bytes of an e-mail in HTML that is kept as it came, too
_LONGEST = 20_000
_SUBJECT = 200


@dataclass(slots=True)
class _Touch:
    """One message on one customer's timeline; `customer` is None where its people work nowhere, `tie` what else it is
    about."""

    arrival: Arrival
    customer: UUID | None
    people: list[UUID]
    activity: UUID
    tie: Tie | None = None


def record_mail(actor: Actor, arrivals: Sequence[Arrival]) -> None:
    """Put stored messages on the timelines, with who took part and their files, in one operation; see to what they
    answer."""
    tied = ties(arrivals)
    touches = _touches(arrivals, tied)
    addresses = {one.message.sender for one in arrivals}
    addresses |= {each["mail"] for one in arrivals for each in one.message.recipients}
    ours = own_members(addresses)
    # What it is about stays out of the log's names, for whoever keeps it to himself later.
    with operation(actor, RECEIVE, label=gettext_lazy("E-mails"), summary={"created": len(touches)}):
        writing.insert_many(find("activities"), [_activity(one, ours) for one in touches])
        writing.insert_many(
            find("participants"), [row for one in touches for row in _participants(one, ours)]
        )
        Letter.objects.bulk_create(
            Letter(
                activity=one.activity,
                message_id=one.arrival.message.pk,
                answer_by=_answer_by(one.arrival.message),
            )
            for one in touches
        )
        for one in touches:
            _files(actor, one)
        tie_thread(actor, [one.message for one in arrivals])
        tell_written(arrivals, tied)
    _answered([one.message for one in arrivals])


def _touches(arrivals: Sequence[Arrival], tied: Mapping[UUID, Sequence[Tie]]) -> list[_Touch]:
    people = {record for one in arrivals for key, record in _behind(one) if key == "people"}
    employers = dict(Person.objects.filter(pk__in=people).values_list("pk", "customer_id"))
    found = []
    for one in arrivals:
        by_customer: dict[UUID | None, list[UUID]] = defaultdict(list)
        for key, record in _behind(one):
            if key == "customers":
                by_customer[record] += []
            elif key == "people" and record in employers:
                by_customer[employers[record]].append(record)
        # Whoever works nowhere took part in what is with the customers.
        if None in by_customer and len(by_customer) > 1:
            free = by_customer.pop(None)
            next(iter(by_customer.values())).extend(free)
        touches = [
            _Touch(one, customer, list(dict.fromkeys(those)), new_id())
            for customer, those in by_customer.items()
        ]
        for tie in tied.get(one.message.pk, ()):
            _tied(one, touches, tie)
        found += touches
    return found


def _tied(arrival: Arrival, touches: list[_Touch], tie: Tie) -> None:
    """Say of the touch with the record's customer what it is about; where there is none it is a touch of its own."""
    for one in touches:
        if one.tie is None and (tie.customer is None or one.customer in (None, tie.customer)):
            one.tie, one.customer = tie, one.customer or tie.customer
            return
    touches.append(_Touch(arrival, tie.customer, [], new_id(), tie))


def _behind(arrival: Arrival) -> Iterable[tuple[str, UUID]]:
    return (known for records in arrival.behind.values() for known in records)


def _activity(one: _Touch, ours: Mapping[str, UUID]) -> dict[str, Any]:
    message = one.arrival.message
    owner = message.member_id
    if message.direction == Direction.OUT and not message.doubtful:
        owner = ours.get(message.sender, owner)
    return {
        "id": one.activity,
        "kind": What.EMAIL.value,
        "state": State.DONE.value,
        "at": message.at,
        "customer_id": one.customer,
        "about": one.tie.about if one.tie else "",
        "about_id": one.tie.record if one.tie else None,
        "subject": message.subject[:_SUBJECT],
        "text": message.text[:_LONGEST],
        "outcome": outcome_of(message),
        "owner_id": owner,
    }


def outcome_of(message: Message) -> str:
    """What an e-mail is as a touch: only what somebody of theirs wrote, and verifiably, counts as a reply."""
    if message.doubtful:
        return Outcome.UNVERIFIED.value
    if message.automatic:
        return Outcome.AUTOMATIC.value
    return (Outcome.REPLIED if message.direction == Direction.IN else Outcome.SENT).value


def _participants(one: _Touch, ours: Mapping[str, UUID]) -> list[dict[str, Any]]:
    message = one.arrival.message
    receivers = {ours[each["mail"]] for each in message.recipients if each["mail"] in ours}
    owner = _activity(one, ours)["owner_id"]
    return [
        *({"activity_id": one.activity, "person_id": person} for person in one.people),
        *({"activity_id": one.activity, "member_id": member} for member in sorted(receivers - {owner})),
    ]


def _files(actor: Actor, one: _Touch) -> None:
    """The files of a message, under the permission of its activity. What runs is left out, with a word."""
    message, letter = one.arrival.message, one.arrival.letter
    left_out = list(message.left_out)
    for part in letter.files if letter is not None else ():
        if part.content is None:
            continue
        if is_refused(part.name) or not _added(actor, one, part.name, [part.content]):
            left_out.append(part.name)
    if letter is not None and letter.rich and 0 < len(one.arrival.raw) <= _ORIGINAL:
        _added(actor, one, f"{message.subject[:80] or 'mail'}.eml", [one.arrival.raw])
    for held in waiting_files(message.pk):
        held.resource, held.record_id = "activities", one.activity
        held.save(update_fields=["resource", "record_id", "updated_at"])
    if left_out != message.left_out:
        message.left_out = list(dict.fromkeys(left_out))
        Message.objects.filter(pk=message.pk).update(left_out=message.left_out)


def _added(actor: Actor, one: _Touch, name: str, chunks: list[bytes]) -> bool:
    try:
        add_attachment(actor, resource="activities", record_id=one.activity, name=name, chunks=chunks)
    except Invalid:
        return False
    return True


def _answer_by(message: Message) -> datetime | None:
    """By when it is to be answered: what somebody of theirs wrote, not a machine."""
    allowed = hours()
    if message.direction != Direction.IN or message.automatic or message.doubtful or not allowed:
        return None
    return worktime().after(timezone.localtime(message.at), timedelta(hours=allowed))


def _answered(messages: Collection[Message]) -> None:
    """What was answered: by a message of these, or of these by one that is stored already. What had become of it where
    nobody did in time is kept."""
    threads = {one.thread for one in messages}
    theirs = {each["mail"] for one in messages if one.direction == Direction.OUT for each in one.recipients}
    waiting = Letter.objects.filter(
        Q(message__thread__in=threads) | Q(message__sender__in=theirs),
        answer_by__isnull=False,
        answered_at=None,
    )
    found = list(waiting.select_related("message").select_for_update(of=("self",)))
    kept = []
    for one in found:
        at = answered_since(one.message)
        if at is not None:
            one.answered_at = at
            kept.append(one)
    Letter.objects.bulk_update(kept, ["answered_at"])
    promises = [one.commitment for one in kept if one.commitment]
    if promises:
        keep(system_actor(require_scope().tenant_id), ids=promises)

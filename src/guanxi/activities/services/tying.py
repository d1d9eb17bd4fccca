"""E-mails about records of upper contexts: one written from such a record's card, one in a thread that is about it, and
one with somebody who is such a record himself (a lead)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from guanxi.activities.models import Activity, Letter
from guanxi.activities.queries.subjects import complete, is_subject, tell_touched
from guanxi.channels.choices import Direction
from guanxi.channels.models import Message
from guanxi.channels.services.storing import Arrival
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access, writing
from guanxi.resource.registry import find

__all__ = ["Tie", "tell_written", "tie_thread", "ties"]


@dataclass(frozen=True, slots=True)
class Tie:
    """What an e-mail is about: a record of an upper context, and the customer that it leads to."""

    about: str
    record: UUID
    customer: UUID | None


def ties(arrivals: Sequence[Arrival]) -> dict[UUID, list[Tie]]:
    """What each of these messages, by id, is about; the first is what its card or its thread says. A record that is
    deleted is left out."""
    threads = _threads({one.message.thread for one in arrivals})
    wanted: dict[UUID, list[UUID]] = defaultdict(list)
    for one in arrivals:
        message = one.message
        if message.record_id is not None and is_subject(message.resource):
            wanted[message.pk].append(message.record_id)
        elif message.thread in threads:
            wanted[message.pk].append(threads[message.thread])
        wanted[message.pk] += [record for key, record in _behind(one) if is_subject(key)]
    known = _looked_up({record for records in wanted.values() for record in records})
    return {
        pk: [known[record] for record in dict.fromkeys(records) if record in known]
        for pk, records in wanted.items()
    }


def _behind(arrival: Arrival) -> Iterable[tuple[str, UUID]]:
    return (known for records in arrival.behind.values() for known in records)


def _threads(threads: Collection[str]) -> dict[str, UUID]:
    """What the latest touch of each thread that is about anything is about: undone or changed, it follows at once."""
    letters = dict(
        Letter.objects.filter(message__thread__in=threads).values_list("activity", "message__thread")
    )
    rows = Activity.objects.filter(pk__in=list(letters)).exclude(about_id=None).order_by("at", "pk")
    found = rows.values_list("pk", "about_id")
    return {letters[pk]: record for pk, record in found if record is not None}


def _looked_up(records: Collection[UUID]) -> Mapping[UUID, Tie]:
    rows = [dict[str, UUID | str | None](about_id=record) for record in records]
    complete(rows)
    found = {}
    for row in rows:
        record, customer = row["about_id"], row.get("customer_id")
        assert isinstance(record, UUID)  # noqa: S101 - put in above
        if row["about"]:
            found[record] = Tie(str(row["about"]), record, customer if isinstance(customer, UUID) else None)
    return found


def tell_written(arrivals: Iterable[Arrival], tied: Mapping[UUID, Sequence[Tie]]) -> None:
    """Records to which somebody of us wrote are being worked on; said inside the operation."""
    touched: dict[str, set[UUID]] = defaultdict(set)
    for one in arrivals:
        if one.message.direction == Direction.OUT and not (one.message.automatic or one.message.doubtful):
            for tie in tied.get(one.message.pk, ()):
                touched[tie.about].add(tie.record)
    for about, records in touched.items():
        tell_touched(about, records)


def tie_thread(actor: Actor, messages: Iterable[Message]) -> None:
    """What came before in the threads of e-mails just written from a record's card is about that record too, where
    nothing was said of it, it is with the same customer and the actor may change it. Inside their operation."""
    resource = find("activities")
    for message, tie in _written(messages):
        letters = Letter.objects.filter(message__thread=message.thread).exclude(message=message)
        rows = access.visible(actor, resource, "edit").filter(
            pk__in=letters.values("activity"), about_id__isnull=True, customer_id=tie.customer
        )
        writing.update_many(
            resource, list(rows.values_list("pk", flat=True)), {"about": tie.about, "about_id": tie.record}
        )


def _written(messages: Iterable[Message]) -> Iterator[tuple[Message, Tie]]:
    by_record = [(one.record_id, one) for one in messages if one.refs and is_subject(one.resource)]
    known = _looked_up({record for record, _message in by_record if record is not None}) if by_record else {}
    for record, message in by_record:
        if record is not None and record in known:
            yield message, known[record]

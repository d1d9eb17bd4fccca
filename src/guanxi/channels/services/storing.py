"""Keeping the mail that is the company's: with somebody we know, or an answer in a thread that is kept. Nothing else is
written down, not even its subject."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from guanxi.channels.choices import Direction
from guanxi.channels.models import Hidden, Mailbox, Mention, Message
from guanxi.channels.queries.mailboxes import company_never
from guanxi.channels.queries.own import own_addresses
from guanxi.channels.queries.recognising import Known, recognise
from guanxi.channels.rules.letters import Head, Letter
from guanxi.channels.rules.threads import base_subject, is_answer
from guanxi.foundation.permissions.actor import Actor

__all__ = ["Arrival", "Sieve", "digest_of", "sieved", "store", "tell_stored", "when_stored"]

_WEAK = timedelta(days=30)  # how long a subject alone holds a thread together


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message just stored, with what it brought and who is behind its addresses. `raw` is empty where only part of
    it was fetched, and where only the fact is kept."""

    message: Message
    letter: Letter | None
    behind: Mapping[str, Sequence[Known]]
    raw: bytes = b""


Stored = Callable[[Actor, Sequence[Arrival]], None]
_listeners: dict[str, Stored] = {}


def when_stored(key: str, work: Stored) -> None:
    """Make a context's part known: what becomes of messages just stored, in the same transaction."""
    _listeners[key] = work


def tell_stored(actor: Actor, arrivals: Sequence[Arrival]) -> None:
    """Hand stored messages to the contexts above."""
    if arrivals:
        for work in _listeners.values():
            work(actor, arrivals)


@dataclass(frozen=True, slots=True)
class Sieve:
    """Of a batch of headers, what is kept: who is behind the addresses, which thread each goes on, and our own
    addresses."""

    behind: Mapping[str, Sequence[Known]]
    threads: Mapping[str, str]
    own: frozenset[str]


def digest_of(ref: str) -> str:
    """What a hidden message is known by."""
    return hashlib.sha256(ref.encode()).hexdigest()


def sieved(mailbox: Mailbox, heads: Sequence[Head]) -> tuple[list[Head], Sieve]:
    """Those of the headers whose mail is kept."""
    refs = {head.ref for head in heads}
    held = set(Message.objects.filter(ref__in=refs).values_list("ref", flat=True))
    digests = {digest_of(ref): ref for ref in refs}
    held |= {
        digests[one]
        for one in Hidden.objects.filter(digest__in=list(digests)).values_list("digest", flat=True)
    }
    never = _Never(f"{mailbox.never}\n{company_never()}")
    own = own_addresses({mail for head in heads for mail in head.everybody}) | {mailbox.address.casefold()}
    fresh: dict[str, Head] = {}
    for head in heads:
        if head.ref not in held and not any(never.holds(mail) for mail in head.everybody):
            fresh.setdefault(head.ref, head)
    behind = recognise({mail for head in fresh.values() for mail in head.everybody} - own)
    answered = {ref for head in fresh.values() for ref in head.refs}
    threads = dict(Message.objects.filter(ref__in=answered).values_list("ref", "thread"))
    # What one of the batch begins another one of it may go on.
    kept: list[Head] = []
    for head in sorted(fresh.values(), key=lambda one: one.at or timezone.now()):
        known = any(mail in behind for mail in head.everybody)
        follows = any(ref in threads for ref in head.refs) and any(mail not in own for mail in head.everybody)
        if known or follows:
            threads.setdefault(
                head.ref, next((threads[ref] for ref in reversed(head.refs) if ref in threads), head.ref)
            )
            kept.append(head)
    return kept, Sieve(behind, threads, frozenset(own))


class _Never:
    """Whose mail is not kept: addresses, and domains with all below them."""

    def __init__(self, text: str) -> None:
        self._lines = frozenset(
            line.strip().casefold().lstrip("@") for line in text.split("\n") if line.strip()
        )

    def holds(self, mail: str) -> bool:
        domain = mail.rpartition("@")[2]
        parts = domain.split(".")
        above = {".".join(parts[place:]) for place in range(len(parts))}
        return bool(self._lines) and (mail in self._lines or not self._lines.isdisjoint(above))


def store(mailbox: Mailbox, sieve: Sieve, letters: Sequence[tuple[Letter, bytes, datetime]]) -> list[Arrival]:
    """Write messages of a batch that was sieved: each with its bytes and when it came. Returns what was stored."""
    rows, arrivals, mentions = [], [], []
    for letter, raw, came in letters:
        message = _row(mailbox, sieve, letter, came)
        behind = _behind(sieve, letter.head, message.thread)
        rows.append(message)
        arrivals.append(
            Arrival(message, None if mailbox.fact_only else letter, behind, b"" if mailbox.fact_only else raw)
        )
        mentions += [
            Mention(message_id=message.pk, address=address, resource=key, record_id=record)
            for address, records in behind.items()
            for key, record in records
        ]
    # A mailbox that is read at the same moment may have brought the same one.
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    there = set(Message.objects.filter(pk__in=[one.pk for one in rows]).values_list("pk", flat=True))
    Mention.objects.bulk_create(one for one in mentions if one.message_id in there)
    _note_returned(letter for letter, _raw, _came in letters)
    return [one for one in arrivals if one.message.pk in there]


def _behind(sieve: Sieve, head: Head, thread: str) -> dict[str, list[Known]]:
    found = {mail: list(sieve.behind[mail]) for mail in head.everybody if mail in sieve.behind}
    if found:
        return found
    # Somebody new answers: it belongs to whom its thread belongs.
    rows = Mention.objects.filter(message__thread=thread).values_list("resource", "record_id").distinct()
    sender = next((mail for mail in head.everybody if mail not in sieve.own), head.sender[1])
    return {sender: [(key, record) for key, record in rows[:20]]}


def _row(mailbox: Mailbox, sieve: Sieve, letter: Letter, came: datetime) -> Message:
    head = letter.head
    whole = not mailbox.fact_only
    meeting = letter.meeting if whole else None
    at = min(head.at or came, timezone.now())
    direction = Direction.OUT if head.sender[1] in sieve.own else Direction.IN
    thread = sieve.threads.get(head.ref, head.ref)
    if thread == head.ref and not head.refs and is_answer(head.subject):
        thread = _by_subject(head, at) or thread
    return Message(
        mailbox_id=mailbox.pk,
        member_id=mailbox.member_id,
        ref=head.ref[:255],
        thread=thread[:255],
        refs=list(head.refs),
        direction=direction,
        sender=head.sender[1],
        sender_name=head.sender[0],
        recipients=recipients_of(head),
        subject=head.subject if whole else "",
        at=at,
        text=letter.text if whole else "",
        quotation=letter.quotation if whole else "",
        signature=letter.signature if whole else "",
        meeting=_meeting(meeting) if meeting else None,
        left_out=[part.name for part in letter.files if part.content is None] if whole else [],
        automatic=head.automatic,
        doubtful=head.doubtful,
        fact_only=mailbox.fact_only,
    )


def recipients_of(head: Head) -> list[dict[str, str]]:
    """Whom a mail went to, as a message keeps it."""
    return [
        {"name": name, "mail": mail, "as": way}
        for way, people in (("to", head.to), ("cc", head.cc))
        for name, mail in people
    ]


def _meeting(meeting: Any) -> dict[str, Any]:
    return {
        "subject": meeting.subject,
        "at": meeting.at.isoformat() if meeting.at else None,
        "until": meeting.until.isoformat() if meeting.until else None,
        "place": meeting.place,
        "cancelled": meeting.cancelled,
    }


def _by_subject(head: Head, at: datetime) -> str:
    """The thread of the same subject with the same sender a short while ago: programs that name no Message-ID."""
    wanted = base_subject(head.subject)
    if not wanted:
        return ""
    addresses: Collection[str] = head.everybody
    near = Message.objects.filter(behind__address__in=addresses, at__gt=at - _WEAK, at__lte=at)
    for subject, thread in near.order_by("-at").values_list("subject", "thread")[:50]:
        if base_subject(subject) == wanted:
            return str(thread)
    return ""


def _note_returned(letters: Any) -> None:
    """What a bounce gives back did not arrive."""
    returned = [ref for letter in letters for ref in letter.returned]
    if returned:
        Message.objects.filter(ref__in=returned, direction=Direction.OUT, returned=False).update(
            returned=True
        )

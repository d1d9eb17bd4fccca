"""Reading a mailbox: what came since the last time, a bounded piece of it at once."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from imaplib import IMAP4
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connections
from django.db.models import Q
from django.utils import timezone

from guanxi.channels.choices import Standing
from guanxi.channels.models import Mailbox
from guanxi.channels.rules.letters import Head, Letter, read_head, read_letter
from guanxi.channels.services import folders
from guanxi.channels.services.folders import Line
from guanxi.channels.services.mailboxes import connected_one, imap_of, tell_trouble
from guanxi.channels.services.servers import Trouble, imap
from guanxi.channels.services.storing import sieved, store, tell_stored
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.models import company

SYNC = "channels.sync"
EVERY = timedelta(minutes=4)
STALE = timedelta(minutes=15)  # a reading asked for longer ago was lost
SECONDS = 60.0  # of one reading; what is left is read by the next
WHOLE = 25 * 1024 * 1024  # bytes from which only the beginning of a mail is fetched
BEGINNING = 1024 * 1024
_AT_ONCE = 8 * 1024 * 1024  # bytes of mails fetched together
_PAUSES = (5, 10, 30, 60, 180, 360)  # minutes of rest after failures in a row
_TOLERATED = 3  # failures in a row after which the member is told of a server that is away
_REACHED = ("address", "username", "imap_host", "imap_port", "secret")
_LEARNED = ("state", "trouble", "detail", "failures", "rests_until", "asked_at", "synced_at", "places", "secret",
            "token", "token_until")  # fmt: skip
INBOX = "INBOX"


def mailboxes_due(now: datetime, owner: str = "owner") -> list[tuple[UUID, UUID]]:
    """Mailboxes of all companies that are to be read: company and mailbox."""
    with connections[owner].cursor() as cursor:
        cursor.execute(
            "SELECT tenant_id, id FROM channels_mailbox WHERE state <> 'off' "
            "AND (rests_until IS NULL OR rests_until <= %s) AND (synced_at IS NULL OR synced_at <= %s) "
            "AND (asked_at IS NULL OR asked_at <= %s)",
            [now, now - EVERY, now - STALE],
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]


def take_turn(mailbox_id: UUID, now: datetime) -> Mailbox | None:
    """The mailbox, marked as being asked for; None where somebody else was quicker or it has been closed."""
    free = Q(asked_at__isnull=True) | Q(asked_at__lte=now - STALE)
    rows = Mailbox.objects.filter(free, pk=mailbox_id).exclude(state=Standing.OFF)
    here = Member.objects.filter(left_on__isnull=True).values("pk")
    rows = rows.filter(member_id__in=here)
    return Mailbox.objects.get(pk=mailbox_id) if rows.update(asked_at=now) else None


def read_now(actor: Actor) -> bool:
    """Have one's own mailbox read at once instead of with the next round; whether it was not being read already. Raises
    Forbidden, Refused without a mailbox."""
    mailbox = take_turn(connected_one(actor).pk, timezone.now())
    if mailbox is None:
        return False
    enqueue(actor, SYNC, shown=False, mailbox=mailbox.pk)
    return True


def sync_mailbox(actor: Actor, mailbox_id: UUID, *, seconds: float = SECONDS) -> dict[str, int]:
    """Read what came, and keep what is the company's. Returns how many messages were `seen` and `kept`, and as `more`
    whether some are left. A server's fault is noted on the mailbox, which then rests; what was kept before it stays.
    """
    # Not locked: its member may change it while it is being read, and then has the last word.
    mailbox = Mailbox.objects.filter(pk=mailbox_id).first()
    if mailbox is None or mailbox.state == Standing.OFF:
        return {"seen": 0, "kept": 0, "more": 0}
    reading = _Reading(actor, mailbox, time.monotonic() + seconds)
    as_found = _Found(mailbox)
    try:
        server = imap_of(mailbox)
        with imap(server, seconds=seconds + 30) as connection:
            reading.folder(connection, INBOX)
            sent = folders.find_sent(connection)
            if sent:
                reading.folder(connection, sent)
    except Trouble as trouble:
        _failed(as_found, mailbox, trouble)
        return reading.counts()
    mailbox.state, mailbox.trouble, mailbox.detail = Standing.WORKING, "", ""
    mailbox.failures, mailbox.rests_until, mailbox.asked_at = 0, None, None
    mailbox.synced_at = None if reading.more else timezone.now()
    as_found.save(mailbox)
    return reading.counts()


def _failed(as_found: "_Found", mailbox: Mailbox, trouble: Trouble) -> None:
    pause = _PAUSES[min(mailbox.failures, len(_PAUSES) - 1)]
    mailbox.failures += 1
    mailbox.rests_until = timezone.now() + timedelta(minutes=pause)
    mailbox.asked_at = None
    first = mailbox.trouble != trouble.code
    if (
        trouble.code == "key" and mailbox.token
    ):  # taken back before its time: the next reading asks for another
        mailbox.token, mailbox.token_until = "", None
    mailbox.state, mailbox.trouble, mailbox.detail = Standing.TROUBLE, trouble.code, trouble.detail
    # A server that is away for a moment is nobody's trouble; a password that is refused is.
    if as_found.save(mailbox) and (
        (first and trouble.code in ("key", "oauth", "unsealable")) or mailbox.failures == _TOLERATED
    ):
        tell_trouble(mailbox)


class _Found:
    """The mailbox as a reading found it: what the reading learned is written where nobody changed it since."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._reached = {name: getattr(mailbox, name) for name in _REACHED}

    def save(self, mailbox: Mailbox) -> bool:
        """Whether it was still as it was found."""
        rows = Mailbox.objects.filter(pk=mailbox.pk, **self._reached).exclude(state=Standing.OFF)
        return bool(rows.update(**{name: getattr(mailbox, name) for name in _LEARNED}))


class _Reading:
    """One reading of a mailbox: until when, what was seen and kept so far."""

    def __init__(self, actor: Actor, mailbox: Mailbox, until: float) -> None:
        self.actor, self.mailbox, self.until = actor, mailbox, until
        self.seen = self.kept = 0
        self.more = False
        self.zone = ZoneInfo(company().time_zone)

    def counts(self) -> dict[str, int]:
        return {"seen": self.seen, "kept": self.kept, "more": int(self.more)}

    def folder(self, connection: IMAP4, name: str) -> None:
        """What came into a folder behind the number it was read to."""
        if time.monotonic() > self.until:
            self.more = True
            return
        place = folders.select(connection, name)
        known = self.mailbox.places.get(name) or {}
        if known.get("validity") == place.validity:
            after = int(known["uid"])
        else:  # the first time, or all numbers are others now: what is stored is not stored twice
            after = folders.begin(connection, self.mailbox.since, place)
        for last, lines in folders.heads(connection, place, after):
            self._lines(connection, lines)
            self.seen += len(lines)
            self._read_to(name, place.validity, last)
            if time.monotonic() > self.until and last < place.next_uid - 1:
                self.more = True
                return
        if not known or known.get("validity") != place.validity:
            self._read_to(name, place.validity, max(after, place.next_uid - 1))

    def _read_to(self, name: str, validity: int, uid: int) -> None:
        self.mailbox.places = {**self.mailbox.places, name: {"validity": validity, "uid": uid}}

    def _lines(self, connection: IMAP4, lines: Sequence[Line]) -> None:
        by_ref: dict[str, tuple[Head, Line]] = {}
        for line in lines:
            head = read_head(line.head)
            by_ref.setdefault(head.ref, (head, line))
        kept, sieve = sieved(self.mailbox, [head for head, _line in by_ref.values()])
        if not kept:
            return
        letters: list[tuple[Letter, bytes, datetime]] = []
        for group in _together([by_ref[head.ref][1] for head in kept]):
            letters += self._fetched(connection, group)
        # A server that gives another header with the body than before it gets nothing stored under a false name.
        wanted = {head.ref for head in kept}
        arrivals = store(self.mailbox, sieve, [one for one in letters if one[0].head.ref in wanted])
        tell_stored(self.actor, arrivals)
        self.kept += len(arrivals)

    def _fetched(self, connection: IMAP4, lines: Sequence[Line]) -> list[tuple[Letter, bytes, datetime]]:
        large = lines[0].size > WHOLE
        found = folders.bodies(connection, [one.uid for one in lines], first=BEGINNING if large else 0)
        letters = []
        for line in lines:
            raw = found.get(line.uid)
            if raw is not None:  # it may have been deleted in the meantime
                letter = read_letter(raw, zone=self.zone, cut=large)
                letters.append((letter, b"" if large else raw, line.came))
        return letters


def _together(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines whose mails are fetched at once; a large one by itself."""
    groups: list[list[Line]] = []
    room = 0
    for line in lines:
        if not groups or line.size > room or line.size > WHOLE:
            groups.append([])
            room = _AT_ONCE
        groups[-1].append(line)
        room = -1 if line.size > WHOLE else room - line.size
    return groups

"""A mail out of its bytes."""

import hashlib
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from guanxi.channels.rules.decoding import Address, addresses, clean, header, headers, text_of
from guanxi.channels.rules.meeting import Meeting, read_meeting
from guanxi.channels.rules.plain import plain
from guanxi.channels.rules.quoting import split
from guanxi.channels.rules.signing import sign_off

__all__ = ["Head", "Letter", "Part", "read_head", "read_letter"]

MOST_PARTS = 200
MOST_FILES = 30
LARGEST_FILES = 20 * 1024 * 1024  # bytes of all files of one mail that are kept
LONGEST_TEXT = 100_000
_LOGO = 20 * 1024  # bytes of a picture in the text that is not worth a file
_MOST_REFERENCES = 50
_MOST_PEOPLE = 200
_REF = re.compile(r"<([^<>\s]{1,250})>")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_FAILS = re.compile(r"\b(dmarc|spf|dkim)\s*=\s*(\w+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """What the header of a mail says.

    `ref` is its Message-ID without brackets, made up of its header where it has none; `refs` those of what it answers,
    the nearest last. `automatic`: nobody wrote it (a notice, a list, an absence, a bounce). `doubtful`: the receiver's
    server could not verify that it comes from its sender. `at` is None where its date cannot be read.
    """

    ref: str
    refs: tuple[str, ...]
    subject: str
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    at: datetime | None
    automatic: bool
    doubtful: bool

    @property
    def everybody(self) -> list[str]:
        """The addresses that take part, the sender's first."""
        found = [self.sender[1], *(mail for _name, mail in (*self.to, *self.cc))]
        return list(dict.fromkeys(mail for mail in found if mail))


@dataclass(frozen=True, slots=True)
class Part:
    """A file in a mail. `content` is None where it was left out, for it is too large."""

    name: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that was read: its header, what was written, what it quotes, its signature, its files. `rich` where it was
    HTML; `returned` are the Message-IDs of what a bounce gives back."""

    head: Head
    text: str
    quotation: str
    signature: str
    files: tuple[Part, ...] = ()
    meeting: Meeting | None = None
    rich: bool = False
    returned: tuple[str, ...] = field(default=())


def read_head(data: bytes) -> Head:
    """The header of a mail, also of one that goes on. Never fails."""
    message = _parsed(data)
    sender = next(iter(addresses(message, "from") or addresses(message, "sender")), ("", ""))
    found = _REF.search(header(message, "message-id"))
    digest = hashlib.sha256(data.split(b"\r\n\r\n", 1)[0]).hexdigest()[:40]
    refs = [*_refs(message, "references"), *_refs(message, "in-reply-to")]
    return Head(
        ref=found.group(1) if found else f"{digest}@without-message-id",
        refs=tuple(dict.fromkeys(refs))[-_MOST_REFERENCES:],
        subject=header(message, "subject")[:500],
        sender=sender,
        to=tuple(addresses(message, "to")[:_MOST_PEOPLE]),
        cc=tuple(addresses(message, "cc")[:_MOST_PEOPLE]),
        at=_moment(header(message, "date")),
        automatic=_automatic(message, sender[1]),
        doubtful=_doubtful(message),
    )


def read_letter(data: bytes, *, zone: ZoneInfo, cut: bool = False) -> Letter:
    """A whole mail, or with `cut` the beginning of one that was too large to be fetched: its files are left out then.
    Never fails: of what is broken the header and what text there is stay."""
    head = read_head(data)
    message = _parsed(data)
    reading = _Reading(zone, cut)
    try:
        for part in _leaves(message):
            reading.take(part)
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError, KeyError, IndexError):
        reading.broken(data)
    body = reading.body()[:LONGEST_TEXT]
    said, quotation = split(body)
    text, signature = sign_off(said, name=head.sender[0])
    return Letter(
        head=head,
        text=text.strip(),
        quotation=quotation,
        signature=signature,
        files=tuple(reading.files),
        meeting=reading.meeting,
        rich=bool(reading.html),
        returned=tuple(dict.fromkeys(reading.returned)) if head.automatic else (),
    )


class _Reading:
    """What was found in the parts so far."""

    def __init__(self, zone: ZoneInfo, cut: bool) -> None:
        self.zone, self.cut = zone, cut
        self.plain: list[str] = []
        self.html: list[str] = []
        self.files: list[Part] = []
        self.meeting: Meeting | None = None
        self.returned: list[str] = []
        self._room = LARGEST_FILES

    def take(self, part: Message) -> None:
        kind, name = part.get_content_type(), _name_of(part)
        placed = str(part.get("content-disposition") or "").strip().casefold()
        is_file = placed.startswith("attachment") or (bool(name) and not kind.startswith("text/"))
        if kind in ("message/delivery-status", "text/rfc822-headers", "message/rfc822"):
            self.returned += _REF.findall("\n".join(_said_ids(part)))
            if kind != "message/rfc822":
                return
        if kind == "text/calendar":
            self.meeting = self.meeting or read_meeting(_bytes_of(part), zone=self.zone)
        elif kind in ("text/plain", "text/html") and not is_file:
            text = text_of(_bytes_of(part), _charset(part))
            if text.strip():
                (self.html if kind == "text/html" else self.plain).append(text)
        elif kind == "message/rfc822" or is_file or not kind.startswith(("text/", "multipart/")):
            self._file(part, kind, name)

    def _file(self, part: Message, kind: str, name: str) -> None:
        if len(self.files) >= MOST_FILES:
            return
        content = _bytes_of(part)
        shown = str(part.get("content-disposition") or "").casefold().startswith("inline") or part.get(
            "content-id"
        )
        if kind.startswith("image/") and shown and len(content) <= _LOGO:
            return
        fits = not self.cut and len(content) <= self._room
        self._room -= len(content) if fits else 0
        if content or self.cut:
            self.files.append(Part(name or _unnamed(part, kind), content if fits else None))

    def broken(self, data: bytes) -> None:
        """Of what cannot be taken apart: the text as it stands."""
        if not self.plain and not self.html:
            self.plain.append(text_of(data.partition(b"\n\n")[2][:LONGEST_TEXT]))

    def body(self) -> str:
        if self.plain:
            return "\n\n".join(self.plain)
        return "\n\n".join(plain(one) for one in self.html)


def _parsed(data: bytes) -> Message:
    # A line of mbox or an empty one before the header is not its end.
    data = re.sub(rb"\A(?:\s*\n|From [^\n]*\n|>From [^\n]*\n)+", b"", data)
    try:
        return message_from_bytes(data, policy=policy.compat32)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):
        return BytesHeaderParser(policy=policy.compat32).parsebytes(data)


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, not what stands in an enclosed mail; at most so many."""
    waiting, taken = [message], 0
    while waiting and taken < MOST_PARTS:
        part = waiting.pop(0)
        taken += 1
        inner = part.get_payload()
        if isinstance(inner, list) and not part.get_content_type().startswith("message/"):
            waiting[:0] = [one for one in inner if isinstance(one, Message)]
        else:
            yield part


def _bytes_of(part: Message) -> bytes:
    inner = part.get_payload()
    if isinstance(inner, list):
        return b"".join(one.as_bytes() for one in inner if isinstance(one, Message))
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _charset(part: Message) -> str:
    found = part.get_param("charset")
    return str(found[2] if isinstance(found, tuple) else found or "")


def _name_of(part: Message) -> str:
    for where, key in (("content-disposition", "filename"), ("content-type", "name")):
        found = part.get_param(key, header=where)
        if isinstance(found, tuple):
            charset, _language, text = found
            found = text_of(text.encode("latin-1", "replace"), charset or "")
        if found:
            line = Message()
            line["x"] = str(found).replace("\r", "").replace("\n", "")
            return header(line, "x")[:200]
    return ""


def _unnamed(part: Message, kind: str) -> str:
    if kind == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        return f"{(header(first, 'subject') if isinstance(first, Message) else '') or 'message'}.eml"[-200:]
    return f"attachment{mimetypes.guess_extension(kind) or '.bin'}"


def _said_ids(part: Message) -> list[str]:
    """Where a bounce names what it gives back."""
    inner = part.get_payload()
    if isinstance(inner, list):
        return [header(one, "message-id") for one in inner if isinstance(one, Message)]
    text = text_of(_bytes_of(part))
    return [line for line in text.split("\n")[:400] if line.casefold().startswith("message-id")]


def _refs(message: Message, name: str) -> list[str]:
    return [ref for value in headers(message, name) for ref in _REF.findall(value)]


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return found if _EARLIEST <= found <= datetime.now(UTC) + timedelta(days=1) else None


def _automatic(message: Message, sender: str) -> bool:
    said = header(message, "auto-submitted").casefold()
    if said and not said.startswith("no"):
        return True
    if header(message, "precedence").casefold() in ("bulk", "junk", "list", "auto_reply"):
        return True
    if any(
        header(message, name)
        for name in ("x-loop", "list-id", "list-unsubscribe", "x-autoreply", "x-autorespond")
    ):
        return True
    if sender.partition("@")[0] in ("mailer-daemon", "postmaster", "noreply", "no-reply", "donotreply"):
        return True
    return message.get_content_type() == "multipart/report" or header(message, "return-path") == "<>"


def _doubtful(message: Message) -> bool:
    """The first line is that of the receiver's own server; those below may be the sender's."""
    said = {name.casefold(): clean(how).casefold() for name, how in _FAILS.findall(
        next(iter(headers(message, "authentication-results")), "")
    )}  # fmt: skip
    if said.get("dmarc") in ("pass", "fail"):
        return said["dmarc"] == "fail"
    fails = any(how in ("fail", "softfail", "permerror") for how in said.values())
    return fails and "pass" not in said.values()

"""The folders of a mailbox, and fetching what came into them since."""

import imaplib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from guanxi.channels.services.servers import Trouble

__all__ = ["Line", "append", "begin", "bodies", "find_sent", "heads", "holds", "select"]

WINDOW = 200  # headers asked for at once
# What providers call the folder of what was sent, where they do not mark it (RFC 6154); the last are modified UTF-7.
_SENT = ("sent", "sent messages", "sent items", "sent mail", "[gmail]/sent mail", "inbox.sent", "&xfjt0zab-",
         "&xfjt0zabkk5o9g-", "&xfjt0zabkk5o9g-&-")  # fmt: skip
_LIST = re.compile(rb'\(([^)]*)\)\s+(?:"(?:[^"\\]|\\.)*"|NIL)\s+(.+)$')
_UID = re.compile(rb"\bUID\s+(\d+)", re.IGNORECASE)
_SIZE = re.compile(rb"\bRFC822\.SIZE\s+(\d+)", re.IGNORECASE)
_CAME = re.compile(rb'\bINTERNALDATE\s+"([^"]+)"', re.IGNORECASE)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a folder, before it is fetched: its header as bytes, its size in bytes, when it came."""

    uid: int
    size: int
    came: datetime
    head: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that is open: `validity` changes where all its numbers are others, `next_uid` is what the next
    message gets."""

    name: str
    validity: int
    next_uid: int


def find_sent(connection: imaplib.IMAP4) -> str:
    """The name of the folder of what was sent, as the server writes it; "" where there is none."""
    typ, lines = connection.list()
    named = ""
    for line in lines if typ == "OK" else ():
        raw = line[0] + line[1] if isinstance(line, tuple) else line
        found = _LIST.search(raw or b"")
        if found is None:
            continue
        name = found.group(2).strip().strip(b'"').decode("ascii", "replace")
        if b"\\sent" in found.group(1).lower():
            return name
        if not named and name.casefold() in _SENT:
            named = name
    return named


def select(connection: imaplib.IMAP4, name: str, *, write: bool = False) -> Place:
    """Open a folder, to be read only unless `write`. Raises Trouble."""
    typ, said = connection.select(_quoted(name), readonly=not write)
    if typ != "OK":
        raise Trouble("protocol", _first(said))
    validity = connection.response("UIDVALIDITY")[1]
    following = connection.response("UIDNEXT")[1]
    if not following or following[0] is None:
        typ, status = connection.status(_quoted(name), "(UIDNEXT)")
        found = re.search(rb"UIDNEXT\s+(\d+)", (status or [b""])[0] or b"") if typ == "OK" else None
        following = [found.group(1)] if found else [b"1"]
    return Place(name, int((validity or [b"0"])[0] or 0), int(following[0]))


def begin(connection: imaplib.IMAP4, since: date, place: Place) -> int:
    """The number before the first message that came on or after a day."""
    day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
    typ, said = connection.uid("SEARCH", "SINCE", day)
    numbers = [int(one) for one in (said[0] or b"").split()] if typ == "OK" and said else []
    return min(numbers) - 1 if numbers else place.next_uid - 1


def heads(connection: imaplib.IMAP4, place: Place, after: int) -> Iterator[tuple[int, list[Line]]]:
    """What came behind a number, some at a time: up to which number that is, and the lines. Raises Trouble."""
    while after < place.next_uid - 1:
        last = min(after + WINDOW, place.next_uid - 1)
        lines = [
            _line(said, body)
            for said, body in _fetched(
                connection, f"{after + 1}:{last}", "(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER])"
            )
        ]
        # Some servers give the last message where there is none behind a number.
        yield last, [one for one in lines if after < one.uid <= last]
        after = last


def bodies(connection: imaplib.IMAP4, uids: Sequence[int], *, first: int = 0) -> dict[int, bytes]:
    """Whole messages by number, or only their first bytes; nothing is marked as read. Raises Trouble."""
    part = f"BODY.PEEK[]<0.{first}>" if first else "BODY.PEEK[]"
    found = _fetched(connection, ",".join(map(str, uids)), f"(UID {part})")
    return {int(uid.group(1)): body for said, body in found if (uid := _UID.search(said))}


def holds(connection: imaplib.IMAP4, ref: str) -> bool:
    """Whether the open folder has a message of this Message-ID."""
    typ, said = connection.uid("SEARCH", "HEADER", "Message-ID", _quoted(f"<{ref}>"))
    return typ == "OK" and bool(said and said[0] and said[0].split())


def append(connection: imaplib.IMAP4, name: str, raw: bytes) -> None:
    """Put a copy of what was sent into a folder. Raises Trouble."""
    typ, said = connection.append(
        _quoted(name), r"(\Seen)", imaplib.Time2Internaldate(datetime.now(UTC)), raw
    )
    if typ != "OK":
        raise Trouble("protocol", _first(said))


def _fetched(connection: imaplib.IMAP4, numbers: str, wanted: str) -> Iterator[tuple[bytes, bytes]]:
    typ, said = connection.uid("FETCH", numbers, wanted)
    if typ != "OK":
        raise Trouble("protocol", _first(said))
    for place, one in enumerate(said):
        if isinstance(one, tuple):
            # What a server says behind the text belongs to it too.
            rest = said[place + 1] if place + 1 < len(said) else b""
            yield one[0] + b" " + (rest if isinstance(rest, bytes) else b""), one[1]


def _line(said: bytes, head: bytes) -> Line:
    uid, size, came = _UID.search(said), _SIZE.search(said), _CAME.search(said)
    return Line(
        int(uid.group(1)) if uid else 0,
        int(size.group(1)) if size else 0,
        _moment(came.group(1).decode("ascii", "replace")) if came else datetime.now(UTC),
        head,
    )


def _moment(text: str) -> datetime:
    try:
        found = datetime.strptime(text.strip(), "%d-%b-%Y %H:%M:%S %z")
    except ValueError:
        return datetime.now(UTC)
    return min(found, datetime.now(UTC))


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _first(said: Sequence[object]) -> str:
    found = said[0] if said else b""
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else ""

"""How a comment's text is read: whom it mentions, where its links are. Pure: texts in, pieces out."""

# Chinese in code: full-width signs, and the letters that end an address

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from guanxi.kernel.errors import Malformed
from guanxi.kernel.web import clean_url

LONGEST = 20_000  # characters of a comment
MOST_MENTIONED = 50
MORNING = 8  # the hour, in the company's time, from which the summary of the day before is told

_AT = re.compile("[@\uff20]")
# An address of mail is no mention: something stands right before its sign.
_BEFORE = re.compile(r"[A-Za-z0-9._%+\-]$")
# What Chinese and Latin sentences go on with after an address is no part of it.
_LINK = re.compile(
    "(?:https?://|www\\.)[^\\s<>\"'`\u3000-\u303f\uff00-\uffef\u4e00-\u9fff\u3400-\u4dbf]+", re.IGNORECASE
)
_TRAILING = ".,;:!?…·"
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a comment: plain words, a mention (`member`), or a link (`href`)."""

    text: str
    href: str = ""
    member: str = ""


def may_mention(text: str) -> bool:
    """Whether there is a sign behind which somebody could be named."""
    return _AT.search(text) is not None


def without_commas(name: str) -> str:
    """The name without the signs that part names wherever several are written in a row."""
    return name.replace(",", " ").replace("\uff0c", " ").replace("\u3001", " ")


def find_mentions(
    text: str, people: Mapping[str, Sequence[UUID]], chosen: Collection[UUID] = ()
) -> dict[UUID, str]:
    """Who is mentioned, with the name as it was written: `@` and the longest name that follows it.

    Of several people with one name those that were `chosen` from the picker are meant; nobody where none was.
    """
    found: dict[UUID, str] = {}
    lengths = sorted({len(name) for name in people}, reverse=True)
    for place in _at_signs(text):
        name = next((n for size in lengths if (n := text[place : place + size]) in people and n), "")
        if not name:
            continue
        ids = people[name]
        meant = [one for one in ids if one in chosen] if len(ids) > 1 else list(ids)
        for one in meant:
            found.setdefault(one, name)
        if len(found) >= MOST_MENTIONED:
            break
    return found


def pieces(text: str, mentioned: Mapping[str, str] | None = None) -> list[Piece]:
    """The text cut into plain words, links and mentions; `mentioned` maps a name to whom it means."""
    marks: list[tuple[int, int, Piece]] = []
    names = mentioned or {}
    lengths = sorted({len(name) for name in names}, reverse=True)
    for place in _at_signs(text):
        name = next((n for size in lengths if (n := text[place : place + size]) in names and n), "")
        if name:
            marks.append((place - 1, place + len(name), Piece("@" + name, member=names[name])))
    marks += _links(text)
    marks.sort(key=lambda mark: mark[0])
    found, at = [], 0
    for start, end, piece in marks:
        if start < at:
            continue
        if start > at:
            found.append(Piece(text[at:start]))
        found.append(piece)
        at = end
    if at < len(text):
        found.append(Piece(text[at:]))
    return found


def excerpt(text: str, most: int = 80) -> str:
    """The beginning of a comment in one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def digest_day(now: datetime, zone: str) -> date:
    """The last day that is over, and whose summary is due, in a company's time."""
    return (now.astimezone(ZoneInfo(zone)) - timedelta(hours=MORNING)).date() - timedelta(days=1)


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """When a day begins and ends in a company's time."""
    place = ZoneInfo(zone)
    start = datetime(day.year, day.month, day.day, tzinfo=place)
    after = day + timedelta(days=1)
    return start, datetime(after.year, after.month, after.day, tzinfo=place)


def _at_signs(text: str) -> Iterator[int]:
    """Where names may begin: behind each sign that is no part of an address."""
    for found in _AT.finditer(text):
        if not _BEFORE.search(text[max(found.start() - 1, 0) : found.start()]):
            yield found.end()


def _links(text: str) -> Iterator[tuple[int, int, Piece]]:
    for found in _LINK.finditer(text):
        raw = _trimmed(found.group())
        try:
            href = clean_url(raw)
        except Malformed:
            continue
        if href:
            yield found.start(), found.start() + len(raw), Piece(raw, href=href)


def _trimmed(raw: str) -> str:
    """Without the end of the sentence it stands in; a bracket stays that was opened in it."""
    while raw:
        last = raw[-1]
        if last in _TRAILING or (last in _PAIRS and raw.count(last) > raw.count(_PAIRS[last])):
            raw = raw[:-1]
        else:
            break
    return raw

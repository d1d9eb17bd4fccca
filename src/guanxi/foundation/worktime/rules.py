"""Hours and days as people write them: 9:00-12:00 13:00-18:00; lists of days off, notices, calendar files. Pure.

Read are one day or span of days a line, in any order of its parts (`2027-02-05 至 2027-02-11 春节 放假`,
`2027-01-31,working,Spring Festival`), the sentences of the yearly notice (`春节：2月4日至11日放假调休。1月31日、2月14日
上班。`) and calendar files (RFC 5545). A day without a word of work is off.
"""

# Chinese in code: the words by which a list of days says what is worked

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from icalendar import Calendar as File

from guanxi.kernel.text import clean_text
from guanxi.kernel.worktime import DAY, Span

MOST = 500  # days of one list
_LONGEST = 60  # days of one span
_FIRST, _LAST = 2000, 2100
_NAME = 60
_ONE = timedelta(days=1)

_CLOCK = r"([0-9]{1,2})(?:[:.]([0-9]{2}))?"
_SPAN = re.compile(rf"{_CLOCK}\s*(?:-|~|–|—|至|到|to)+\s*{_CLOCK}")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    r"(?:(?P<year>[0-9]{4})\s?[-/.年]\s?)?(?<![0-9])(?P<month>[0-9]{1,2})\s?[-/.月]\s?(?P<day>[0-9]{1,2})(?![0-9])[日号]?"
    rf"|(?P<named>{_MONTH})\s(?P<nday>[0-9]{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<nyear>[0-9]{{4}}))?"
    rf"|(?P<eday>[0-9]{{1,2}})\s(?P<enamed>{_MONTH})(?:,?\s(?P<eyear>[0-9]{{4}}))?"
    r"|(?P<compact>20[0-9]{6})(?![0-9])",
    re.IGNORECASE,
)
_TO = re.compile(r"\s*(?:-|~|–|—|至|到|to|through|until)\s*", re.IGNORECASE)
_LAST_OF = re.compile(r"([0-9]{1,2})[日号]?(?![0-9月年])")
_BRACKETS = re.compile(r"\([^)]*\)")
_OFF = re.compile(r"不上班|不工作|non-?working|not worked|放假|holiday|\boff\b|closed", re.IGNORECASE)
_WORK = re.compile(r"上班|补班|工作日|照常|班\b|\bwork(?:ing|ed|s|day)?\b|make-?up", re.IGNORECASE)
_FREE = re.compile(r"调?休|假期?|\bfree\b", re.IGNORECASE)
_ENDS = re.compile(r"结束|截止|\bend\b|\buntil\b", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*(?:[一二三四五六七八九十]+、|[0-9]+[.、]\s)")
_REST = re.compile(r"调休|共|与周末连休|[0-9]+\s*天|days?\b|weekdays?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A day and whether it is worked."""

    day: date
    works: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a list says, by day; and its lines that say nothing we understand."""

    days: tuple[Day, ...]
    unread: tuple[str, ...]


def hours_in(text: str) -> tuple[Span, ...]:
    """The spans of a day as written, in their order; none of an empty text. Raises ValueError for what is none, and
    for spans that lie over one another."""
    plain = text.translate(_WIDE)
    if re.search(r"[^\s,;、和and]", _SPAN.sub("", plain)):
        raise ValueError(text)
    spans = sorted(
        (int(one[1]) * 60 + int(one[2] or 0), int(one[3]) * 60 + int(one[4] or 0))
        for one in _SPAN.finditer(plain)
        if int(one[2] or 0) < 60 and int(one[4] or 0) < 60
    )
    if len(spans) != len(_SPAN.findall(plain)):
        raise ValueError(text)
    if any(not begins < ends <= DAY for begins, ends in spans) or any(
        a[1] > b[0] for a, b in pairwise(spans)
    ):
        raise ValueError(text)
    return tuple(spans)


def hours_text(spans: Sequence[Span]) -> str:
    """What `hours_in` reads."""
    return " ".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in spans)


def read_days(text: str, year: int) -> Reading:
    """The days of a list or a calendar file; `year` is meant where a line names none. The later line of two about a
    day holds."""
    if "BEGIN:VCALENDAR" in text:
        return _of_file(text)
    found: dict[date, Day] = {}
    unread: list[str] = []
    spans = head = False
    for line in text.splitlines():
        if not line.strip():
            continue
        some = list(_of_line(line, year, spans=spans))
        if not some and not head and not found:
            spans, head = bool(_ENDS.search(line)), True
            if re.search("[0-9]", line):
                unread.append(_short(line))
            continue
        if not some:
            unread.append(_short(line))
        found.update({one.day: one for one in some})
    return Reading(tuple(sorted(found.values())[:MOST]), tuple(unread))


def _short(line: str) -> str:
    return clean_text(line)[:80]


def _of_line(line: str, year: int, *, spans: bool) -> Iterator[Day]:
    plain = _BRACKETS.sub(
        lambda one: f" {one[0][1:-1]} " if _WORK.search(one[0]) else " ", line.translate(_WIDE)
    )
    head, colon, rest = plain.partition(":")
    named = _NUMBER.sub("", head).strip() if colon and not _DATE.search(head) else ""
    body = rest if named else plain
    parts = [part for part in re.split("[。;]", body) if part.strip()]
    if not all(_DATE.search(part) for part in parts):
        parts = [body]
    for part in parts:
        yield from _of_part(part, year, named, spans=spans)


def _of_part(part: str, year: int, named: str, *, spans: bool) -> Iterator[Day]:
    groups = list(_groups(part, year, spans=spans))
    said: bool | None = None
    states: list[bool | None] = []
    for at in range(len(groups) - 1, -1, -1):
        until = groups[at + 1][2] if at + 1 < len(groups) else len(part)
        said = _said(part[groups[at][3] : until], said)
        states.append(said)
    before = _said(part[: groups[0][2]], None) if groups else None
    for (first, last, _start, _end), works in zip(groups, reversed(states), strict=True):
        name = named or _name_of(part, groups)
        for number in range((last - first).days + 1):
            yield Day(first + number * _ONE, bool(before if works is None else works), name[:_NAME])


def _said(text: str, otherwise: bool | None) -> bool | None:
    if _OFF.search(text):
        return False
    if _WORK.search(text):
        return True
    return False if _FREE.search(text) else otherwise


def _name_of(part: str, groups: Sequence[tuple[date, date, int, int]]) -> str:
    kept, at = [], 0
    for _first, _last, start, end in groups:
        kept.append(part[at:start])
        at = end
    kept.append(part[at:])
    text = " ".join(kept)
    for words in (_OFF, _WORK, _REST, _FREE):
        text = words.sub(" ", text)
    return clean_text(re.sub(r"[,;、\t|\"]+|\s+", " ", text)).strip(" -:：，。")


def _groups(part: str, year: int, *, spans: bool) -> Iterator[tuple[date, date, int, int]]:
    at = 0
    while found := _DATE.search(part, at):
        first = _date_of(found, year)
        at = found.end()
        if first is None:
            continue
        last, end = first, at
        joint = _TO.match(part, at) or (re.compile(r"\s*[,\t]\s*").match(part, at) if spans else None)
        if joint:
            other = _DATE.match(part, joint.end())
            named = _date_of(other, first.year) if other else None
            short = None if other else _LAST_OF.match(part, joint.end())
            if other and named:
                last, end = named, other.end()
                if last < first and not _has_year(other):
                    last = last.replace(year=last.year + 1)
            elif short and (day := _made(first.year, first.month, int(short[1]))):
                last, end = day, short.end()
        if not 0 <= (last - first).days < _LONGEST:
            continue
        yield first, last, found.start(), end
        at = end


def _has_year(found: re.Match[str]) -> bool:
    return any(found[name] for name in ("year", "nyear", "eyear", "compact"))


def _date_of(found: re.Match[str], year: int) -> date | None:
    if found["compact"]:
        text = found["compact"]
        return _made(int(text[:4]), int(text[4:6]), int(text[6:]))
    if found["month"]:
        return _made(int(found["year"] or year), int(found["month"]), int(found["day"]))
    name, day = found["named"] or found["enamed"], found["nday"] or found["eday"]
    return _made(int(found["nyear"] or found["eyear"] or year), _MONTHS.index(name[:3].lower()) + 1, int(day))


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _FIRST <= year <= _LAST else None
    except ValueError:
        return None


def _of_file(text: str) -> Reading:
    found: dict[date, Day] = {}
    unread: list[str] = []
    try:
        events = File.from_ical(text).walk("VEVENT")
    except (ValueError, IndexError, KeyError) as error:
        return Reading((), (_short(str(error)),))
    for event in events:
        name = clean_text(str(event.get("SUMMARY", "")))
        begins, ends = (getattr(event.get(key), "dt", None) for key in ("DTSTART", "DTEND"))
        if not isinstance(begins, date):
            unread.append(name[:80])
            continue
        first = begins.date() if isinstance(begins, datetime) else begins
        last = first
        if isinstance(ends, datetime):
            last = (ends - timedelta(microseconds=1)).date()
        elif isinstance(ends, date):
            last = ends - _ONE
        if not 0 <= (last - first).days < _LONGEST or not _FIRST <= first.year <= _LAST:
            unread.append(name[:80])
            continue
        for number in range((last - first).days + 1):
            day = first + number * _ONE
            found[day] = Day(day, bool(_said(re.sub(r"[()（）]", " ", name), False)), name[:_NAME])
    return Reading(tuple(sorted(found.values())[:MOST]), tuple(unread))

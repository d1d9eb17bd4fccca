"""The times that a text names: pieces in their order, put together."""

# Chinese in code: what may stand between two pieces

import re
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from guanxi.kernel.text import simplify
from guanxi.kernel.whens import chinese, days, english
from guanxi.kernel.whens.said import Meaning, Piece, When, read_pieces
from guanxi.kernel.worktime import OFFICIAL, Calendar

__all__ = ["find_whens", "level"]

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0x00A0: 0x20,
    0x2019: 0x27,
}
_READERS = (*chinese.READERS, *english.READERS)
_BETWEEN = re.compile(r"[\s,(]{0,2}(?:的|at|by|on|before|around|about|@|-|in the)?\s?", re.IGNORECASE)
_RANGE = re.compile(r"\s?(?:或者?|到|至|-|~|or|to)\s?", re.IGNORECASE)
_FURTHEST = timedelta(days=730)
_EARLIEST = timedelta(days=400)


def level(text: str) -> str:
    """The text as times are sought in it: simplified, half width, each character in its place."""
    return simplify(text).translate(_HALF_WIDTH)


def find_whens(text: str, today: date, works: Calendar = OFFICIAL) -> list[When]:
    """The times named in a text of `level`, in their order, none over another; a day more than two years ahead is
    none. `works` says which days are worked (三个工作日内)."""
    token = days.worked.set(works)
    try:
        return _found(text, today)
    finally:
        days.worked.reset(token)


def _found(text: str, today: date) -> list[When]:
    found: list[When] = []
    group: list[Piece] = []
    for piece in read_pieces(text, today, _READERS):
        if group and _RANGE.fullmatch(text, group[-1].end, piece.start) and _is_later(group[-1], piece):
            group[-1] = Piece(group[-1].start, piece.end, _later(group[-1], piece))
            continue
        if group and not (_joins(group, piece) and _BETWEEN.fullmatch(text, group[-1].end, piece.start)):
            found += _together(group, text, today, found[-1].end if found else 0)
            group = []
        group.append(piece)
    return found + (_together(group, text, today, found[-1].end if found else 0) if group else [])


def _is_later(one: Piece, other: Piece) -> bool:
    """Whether two days make a span; 周五到周三 ends in the week after."""
    first, second = one.means.day, other.means.day
    return first is not None and second is not None and first != second and (second - first).days > -7


def _later(one: Piece, other: Piece) -> Meaning:
    first, second = one.means.day, other.means.day
    if first is None or second is None or first < second:
        return other.means
    return replace(other.means, day=second + timedelta(days=7))


def _joins(group: list[Piece], piece: Piece) -> bool:
    """One day, one part of it, one clock; two days of which one only repeats the other (周五27号) as well."""
    kinds = [one.means.kind.removeprefix("sure ") for one in group]
    kind = piece.means.kind.removeprefix("sure ")
    if kind not in ("part", "clock"):
        if piece.chinese and kinds[0] in ("part", "clock"):
            return False
        days = [one.means.day for one in group if one.means.kind in ("day", "period")]
        return not days or (piece.means.day is not None and days == [piece.means.day])
    return kind not in kinds


@dataclass(slots=True)
class _Sum:
    day: date | None = None
    before: date | None = None
    at: time | None = None
    dated: bool = False
    past: bool = False
    ends: bool = False
    afternoon: bool = False
    sure: bool = False


def _together(group: list[Piece], text: str, today: date, earliest: int) -> list[When]:
    total = _Sum()
    for piece in group:
        means = piece.means
        if means.kind in ("day", "period"):
            total.dated, total.day, total.before = True, means.day, means.before
        total.at = means.at or total.at
        total.past |= means.past
        total.ends |= means.ends
        total.afternoon |= means.afternoon
        total.sure |= means.kind == "sure clock"
    start, end = group[0].start, group[-1].end
    if "(" in text[start:end] and text[end : end + 1] == ")":
        end += 1
    later = chinese.LATER.match(text, end) if total.dated else None
    if later:
        end, total.day, total.before = later.end(), None, None
    after = chinese.AFTER.match(text, end) or english.AFTER.match(text, end)
    if after:
        end, total.ends = after.end(), True
    lead = chinese.BEFORE.search(text, max(earliest, start - 8), start)
    if lead is None or not lead.group().strip():
        lead = english.BEFORE.search(text, max(earliest, start - 24), start)
    if lead is not None and total.ends and lead.group().strip() in ("到", "至"):
        lead = None  # 货到三天内 counts from the goods
    if lead is not None and lead.group().strip():
        said = lead.group().lower()
        start, total.ends = (
            lead.start() + len(said) - len(said.lstrip()),
            total.ends or not said.startswith(("on ", "in ", "at ", "the ", "在")),
        )
    else:
        said = text[start:end].lower()
    if len(group) == 1 and group[0].means.needs and not total.ends:
        return []
    if total.before is not None and (
        said.startswith("before ") or (after and after.groupdict().get("before"))
    ):
        total.day = total.before
    if "的" in text[start:end] and not total.dated:
        return []
    return [_as_when(total, start, end, today)]


def _as_when(total: _Sum, start: int, end: int, today: date) -> When:
    day = total.day if total.dated else today
    if day is not None and not -_EARLIEST <= day - today <= _FURTHEST:
        day = None
    at = total.at
    if at is not None and 1 <= at.hour <= 11 and (total.afternoon or (at.hour <= 6 and not total.sure)):
        at = (
            at.replace(hour=at.hour + 12)
            if not (at.hour == 11 and total.afternoon and at.minute == 0)
            else at
        )
    return When(
        start, end, day, at, total.past, total.ends, today=day == today and not total.ends and at is None
    )

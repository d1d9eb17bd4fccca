"""What a time expression says, and the pieces of which one is put together."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from re import Match, Pattern

_HAN = re.compile("[\u3400-\u9fff]")

__all__ = ["Meaning", "Piece", "Reader", "When", "read_pieces"]


@dataclass(frozen=True, slots=True)
class When:
    """A time named in a text, at text[start:end].

    `day`: the day by which; None where none can be said ("soon", 改天). `at`: the time of that day, if named. `past`:
    it speaks of what is over. `ends`: it names an end (前, 内, by, within) and not only a day. `today`: nothing but
    today, or a part of it.
    """

    start: int
    end: int
    day: date | None
    at: time | None = None
    past: bool = False
    ends: bool = False
    today: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one piece says: `day`, and for a whole period the day `before` it began. `part` of a day, or clock `at`
    one; `ends` as of When; `needs` a day or a part beside it to be a time at all."""

    day: date | None = None
    before: date | None = None
    at: time | None = None
    kind: str = "day"
    past: bool = False
    ends: bool = False
    needs: bool = False
    afternoon: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    start: int
    end: int
    means: Meaning
    chinese: bool = False


Reader = tuple[Pattern[str], Callable[[Match[str], date], Meaning | None]]


def read_pieces(text: str, today: date, readers: Iterable[Reader]) -> list[Piece]:
    """What the readers find, none over another: what begins first wins, of these the longest."""
    found = []
    for pattern, meaning in readers:
        for match in pattern.finditer(text):
            try:
                means = meaning(match, today)
            except (ValueError, OverflowError):  # 31号 of a month that has none, a year beyond the calendar
                continue
            if means is not None:
                found.append(Piece(match.start(), match.end(), means, bool(_HAN.search(match.group()))))
    found.sort(key=lambda piece: (piece.start, -piece.end))
    kept: list[Piece] = []
    for piece in found:
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return kept

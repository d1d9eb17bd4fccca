"""Notes with the promises a reader found in them, and how many of these the rules find.

A file of `promises/`: "@ today | names | colleagues" holds for the notes below it; a note ends at an empty line; a line
"+ O" is a promise of ours, "+ T" one of theirs: what | due | time | person | colleague.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from guanxi.activities.promising import Found, find_promises

FOLDER = Path(__file__).parent / "promises"
ALIKE = 0.5  # what a title has in common with the labelled one, at least


@dataclass(frozen=True, slots=True)
class Expected:
    ours: bool
    what: str
    due: date | None
    at: time | None
    person: str
    colleague: str


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    today: date
    names: Sequence[str]
    colleagues: Sequence[str]
    expected: Sequence[Expected]

    def found(self) -> list[Found]:
        return find_promises(self.text, today=self.today, names=self.names, colleagues=self.colleagues)


@dataclass(frozen=True, slots=True)
class Score:
    """`hits` of `expected` promises among those `found`; `lost` and `wrong` are the others, readable."""

    hits: int
    expected: int
    found: int
    lost: Sequence[str] = ()
    wrong: Sequence[str] = ()

    @property
    def precision(self) -> float:
        return self.hits / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.hits / self.expected if self.expected else 1.0


def read_notes(name: str) -> Iterator[Note]:
    """The notes of a file. Raises OSError where it is missing."""
    today, names, colleagues = date.min, list[str](), list[str]()
    for block in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip()]
        if lines and lines[0].startswith("@ "):
            day, *lists = [part.strip() for part in lines[0][2:].split("|")]
            today = date.fromisoformat(day)
            names, colleagues = ([one.strip() for one in part.split(",") if one.strip()] for part in lists)
            lines = lines[1:]
        text = "\n".join(line for line in lines if not line.startswith("+ "))
        if text:
            expected = [_expected(line) for line in lines if line.startswith("+ ")]
            yield Note(text, today, names, colleagues, expected)


def _expected(line: str) -> Expected:
    side, what, due, at, person, *colleague = [part.strip() for part in line[2:].split("|")]
    return Expected(
        side == "O",
        what,
        date.fromisoformat(due) if due else None,
        time.fromisoformat(at) if at else None,
        person,
        colleague[0] if colleague else "",
    )


def alike(one: str, other: str) -> float:
    """What two titles share, 0 to 1: of Chinese the characters, of English the words (Dice)."""
    first, second = _parts(one), _parts(other)
    both = sum((first & second).values())
    return 2 * both / max(1, sum(first.values()) + sum(second.values()))


def _parts(text: str) -> Counter[str]:
    plain = text.lower()
    return (
        Counter(one for one in plain if one.isalnum())
        if any(c > "\u3400" for c in plain)
        else Counter(plain.split())
    )


def is_hit(found: Found, expected: Expected) -> bool:
    """Person, promise and day are all right: whose, what, by when, to whom."""
    return (
        (found.ours, found.due, found.at, found.person, found.colleague)
        == (expected.ours, expected.due, expected.at, expected.person, expected.colleague)
    ) and alike(found.what, expected.what) >= ALIKE


def score(name: str) -> Score:
    """How well the rules do on a file."""
    hits = expected = total = 0
    lost: list[str] = []
    wrong: list[str] = []
    for note in read_notes(name):
        found = note.found()
        left = list(found)
        total += len(found)
        expected += len(note.expected)
        for one in note.expected:
            hit = next((other for other in left if is_hit(other, one)), None)
            if hit is None:
                lost.append(f"{note.text} → {one}")
            else:
                left.remove(hit)
                hits += 1
        wrong += [f"{note.text} → {one}" for one in left]
    return Score(hits, expected, total, lost, wrong)

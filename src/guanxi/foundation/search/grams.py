"""What a record is found by, cut into grams, and a typed query cut the same way.

Two characters suffice in Chinese, three letters or digits elsewhere; the beginning of a line is found from its
first character. Every gram bears the company's tag, so that one company's index entries never mix with another's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from guanxi.kernel.phones import split_phones
from guanxi.kernel.pinyin import readings
from guanxi.kernel.syllables import split_syllables
from guanxi.kernel.text import fold

LONGEST = 120
TAIL = 4  # digits by whose end a phone is found; a pair of triples would lead to thousands of other numbers
_WIDE = "\u2e80"  # from here on characters say as much as a Latin word


def tag(tenant_id: UUID) -> str:
    """Eight characters of the company's random part."""
    return tenant_id.hex[-8:]


def windows(text: str) -> set[str]:
    """Pairs of characters where one of them is Chinese, else triples."""
    if text.isascii():
        return {text[i : i + 3] for i in range(len(text) - 2)}
    found = set()
    before = text[0] >= _WIDE
    for i in range(1, len(text)):
        wide = text[i] >= _WIDE
        if before or wide:
            found.add(text[i - 1 : i + 1])
        elif i + 1 < len(text):
            found.add(text[i - 1 : i + 2])
        before = wide
    return found


class Lines(NamedTuple):
    """The texts a record is found by, one a line, and all their grams in no order."""

    text: str
    grams: tuple[str, ...]


def lines_of(
    *, names: Iterable[str], phones: Iterable[str] = (), codes: Iterable[str] = (), person: bool = False
) -> Lines:
    """Fold and cut. Names are also found by the initials of every plausible reading."""
    lines: dict[str, None] = {}
    grams: set[str] = set()

    def add(line: str) -> None:
        lines[line] = None
        grams.add("^" + line[:1])
        grams.add("^" + line[:2])

    for name in names:
        if not name:
            continue
        folded = fold(name)[:LONGEST]
        if folded:
            add(folded)
            grams |= windows(folded)
        read = readings(name, person=person, limit=4)
        for initials, full in zip(read.initials, read.full, strict=False):
            if initials != folded:
                spelt = initials[:LONGEST]
                add(spelt)
                grams |= windows(spelt)
                add(full[:LONGEST])
    for digits in _numbers(phones):
        add(digits)
        grams |= windows(digits[-12:])
        if len(digits) > TAIL:
            grams.add("$" + digits[-TAIL:])
    for code in codes:
        if code and (folded := fold(code)):
            add(folded)
            grams.add("=" + folded)
    return Lines("\n".join(lines), tuple(grams))


def _numbers(phones: Iterable[str]) -> Iterable[str]:
    """The digits of every number of the phones."""
    for phone in phones:
        for single in split_phones(phone) if phone else ():
            if digits := "".join(c for c in single if c.isdigit()):
                yield digits


def holds(text: str, typed: str) -> bool:
    """Whether one of the lines (`Lines.text`) holds what was typed, as the search itself compares."""
    needle = fold(typed)[:LONGEST]
    return bool(needle) and needle in text


@dataclass(frozen=True, slots=True)
class Query:
    """A typed text, ready to look up: grams of a line's beginning, of any place, and the text to check."""

    needle: str
    anchored: tuple[str, ...]
    anywhere: tuple[str, ...]

    @property
    def tail(self) -> bool:
        """Whether it looks for the end of a phone."""
        return self.anywhere == ("$" + self.needle,)


def queries_of(typed: str) -> list[Query]:
    """What to look up, one after the other until enough is found: first the end of a phone where four digits were
    typed, a whole code, then the text as it stands, and, where it reads as pinyin, the initials it stands for.
    """
    needle = fold(typed)[:LONGEST]
    if not needle:
        return []
    if len(needle) in (15, 18, 20) and needle.isascii() and needle.isalnum():
        # A whole code: only its own entry bears this gram.
        return [Query(needle, ("=" + needle,), ())]
    # An e-mail address, a WeChat id, a number that stands somewhere as a code is found whole.
    whole = [Query(needle, ("=" + needle,), ())] if len(needle) > TAIL and needle.isascii() else []
    anywhere = windows(needle[-12:] if needle.isdigit() else needle)
    literal = Query(needle, tuple(sorted({"^" + needle[:2]} | anywhere)), tuple(sorted(anywhere)))
    if len(needle) == TAIL and needle.isdigit() and needle.isascii():
        return [Query(needle, (), ("$" + needle,)), literal]
    if len(needle) < 3 or not (needle.isascii() and needle.isalpha()):
        return [*whole, literal]
    syllables = split_syllables(needle)
    if not syllables or len(syllables) < 2:
        return [*whole, literal]
    initials = "".join(syllable[0] for syllable in syllables)
    spelt = windows(initials)
    beginning = tuple(sorted({"^" + initials[:2]} | spelt))
    return [*whole, literal, Query(needle, beginning, tuple(sorted(spelt)))]

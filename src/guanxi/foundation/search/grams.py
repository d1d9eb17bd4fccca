"""What a record is found by, cut into grams, and a typed query cut the same way.

Two characters suffice in Chinese, three letters or digits elsewhere; the beginning of a line is found from its
first character. Accents count for nothing. Every gram bears the company's tag, so that one company's index entries
never mix with another's.
"""

# Chinese in code: the signs that part words

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from guanxi.kernel.phones import split_phones
from guanxi.kernel.pinyin import readings
from guanxi.kernel.syllables import split_syllables
from guanxi.kernel.text import bare

LONGEST = 120
TAIL = 4  # digits by whose end a phone is found; a pair of triples would lead to thousands of other numbers
_LED = 4  # words of a typed text that lead to records; further ones are only looked for in these
_BETWEEN = re.compile(r"[\s,;、，；。/|]+")
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
        folded = bare(name)[:LONGEST]
        if folded:
            add(folded)
            grams |= windows(folded)
        read = readings(name, person=person, limit=4)
        for initials, full in zip(read.initials, read.full, strict=False):
            spelt = bare(initials)[:LONGEST]
            if spelt != folded:
                add(spelt)
                grams |= windows(spelt)
                add(bare(full)[:LONGEST])
    for digits in _numbers(phones):
        add(digits)
        grams |= windows(digits[-12:])
        if len(digits) > TAIL:
            grams.add("$" + digits[-TAIL:])
    for code in codes:
        if code and (folded := bare(code)):
            add(folded)
            grams.add("=" + folded)
    return Lines("\n".join(lines), tuple(grams))


def _numbers(phones: Iterable[str]) -> Iterable[str]:
    """The digits of every number of the phones."""
    for phone in phones:
        for single in split_phones(phone) if phone else ():
            if digits := "".join(c for c in single if c.isdigit()):
                yield digits


def words_of(typed: str) -> tuple[str, ...]:
    """The words of a typed text, as they are compared, each once; () where it is one word anyway."""
    words = [word for part in _BETWEEN.split(typed) if (word := bare(part)[:LONGEST])]
    return tuple(dict.fromkeys(words)) if len(words) > 1 else ()


def place_in(text: str, typed: str) -> int | None:
    """Where a text stands in lines (`Lines.text`), as the search compares: 0 at the beginning of one, 1 within one,
    2 by its words, each somewhere; None where it does not."""
    needle, words = bare(typed)[:LONGEST], words_of(typed)
    if not needle:
        return None
    if needle in text:
        return 0 if text.startswith(needle) or "\n" + needle in text else 1
    return 2 if words and all(word in text for word in words) else None


def holds(text: str, typed: str) -> bool:
    """Whether the lines (`Lines.text`) hold what was typed, as the search itself compares."""
    return place_in(text, typed) is not None


def rebared(text: str, grams: Sequence[str], mark: str) -> tuple[str, list[str]]:
    """Lines and grams that were kept with accents, without them; a gram says what it led to, at least."""
    borne = {gram.removeprefix(mark) for gram in grams}
    kept = {gram for gram in borne if gram[:1] in "$=" or (gram[:1] != "^" and bare(gram) == gram)}
    lines: dict[str, None] = {}
    for line in text.split("\n"):
        plain = bare(line)[:LONGEST]
        lines[plain] = None
        kept |= {"^" + plain[:1], "^" + plain[:2]}
        if plain != line:
            kept |= windows(plain)
            if "=" + line in borne:
                kept = kept - {"=" + line} | {"=" + plain}
    return "\n".join(lines), [mark + gram for gram in sorted(kept)]


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
    needle = bare(typed)[:LONGEST]
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
    # What begins with the initials is spelt out beside them, so its spelling begins as typed: the two tell much more.
    beginning = tuple(sorted({"^" + initials[:2], "^" + needle[:2]} | spelt))
    return [*whole, literal, Query(needle, beginning, tuple(sorted(spelt)))]


def leads_of(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Where to look for records that hold every word, one after the other: grams such a record bears all of.

    The grams of all words are asked for together, as the index goes by the rarest; a word that may stand there in
    pinyin or as a whole code leads in that way too, beside the words that can only be read as they stand. Where there
    are none of these, words of a character or two lead to what begins with them.
    """
    plain: set[str] = set()
    spelt: dict[str, tuple[str, ...]] = {}
    for word in words:
        syllables = split_syllables(word) if word.isascii() and word.isalpha() and len(word) > 2 else None
        if syllables:
            spelt[word] = syllables
        else:
            plain |= _windows(word)
    leads = [plain.union(*map(_windows, spelt))]
    for word, syllables in list(spelt.items())[:_LED]:
        if len(syllables) > 1:
            initials = "".join(syllable[0] for syllable in syllables)
            leads.append(plain | (windows(initials) or {"^" + initials, "^" + word[:2]}))
        elif plain:
            leads.append(plain | {"^" + word[:2]})
    for word in words[:_LED]:
        if word.isascii() and len(word) > TAIL:
            others = (_windows(other) for other in words if other != word and not other.isascii())
            leads.append({"=" + word}.union(*others))
    if not plain:
        short = [word for word in words[:_LED] if not _windows(word)]
        telling = [word for word in short if len(word) > 1 or not word.isascii()]
        leads += [{"^" + word} for word in (telling if spelt else telling or short)]
    return list(dict.fromkeys(tuple(sorted(lead)) for lead in leads if lead))


def turned(words: Sequence[str]) -> str:
    """The words as one, the last one first: a name in pinyin the other way round as in English ("wei zhang"), or
    single characters; "" for anything else, whose words lead far enough by themselves."""
    spelt = all(word.isascii() and word.isalpha() and split_syllables(word) for word in words)
    single = all(len(word) == 1 and not word.isascii() for word in words)
    return words[-1] + "".join(words[:-1]) if len(words) > 1 and (spelt or single) else ""


def _windows(word: str) -> set[str]:
    return windows(word[-12:] if word.isdigit() else word)

"""Setting off what matched: where in a line the typed text stands, or its words do, as the search compares."""

from collections.abc import Iterable, Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guanxi.foundation.search.grams import words_of
from guanxi.kernel.pinyin import readings, split_syllables
from guanxi.kernel.text import bare

Span = tuple[int, int]
_FEWEST = 3  # digits that are looked for whatever stands between them


def marked(line: str, text: str) -> str | SafeString:
    """The line with the text set off, or those of its words that it holds; as it is where it holds none."""
    whole = span(line, text)
    return _set_off(line, [whole] if whole else filter(None, (span(line, word) for word in words_of(text))))


def lacking(line: str, text: str) -> tuple[str, ...]:
    """What of the text the line does not hold: nothing, some of its words, or the text itself."""
    if span(line, text):
        return ()
    return tuple(word for word in words_of(text) or (text,) if not span(line, word))


def span(line: str, text: str) -> Span | None:
    """From where to where a piece of text stands in the line, also typed as pinyin or without a number's signs."""
    needle = bare(text)
    if not needle:
        return None
    found = _between(list(_plain(line)), needle)
    if found is None and needle.isascii() and needle.isalpha():
        found = _spelt(line, needle)
    if found is None and needle.isdigit() and len(needle) >= _FEWEST:
        found = _between([(char, at) for at, char in enumerate(line) if char.isdigit()], needle)
    return found


def _plain(line: str) -> Iterator[tuple[str, int]]:
    """The characters that count, each with the place of the one it is made of."""
    for at, char in enumerate(line):
        for one in bare(char):
            yield one, at


def _between(chars: list[tuple[str, int]], needle: str) -> Span | None:
    at = "".join(char for char, _place in chars).find(needle)
    return None if at < 0 else (chars[at][1], chars[at + len(needle) - 1][1] + 1)


def _spelt(line: str, text: str) -> Span | None:
    """The characters that initials or whole syllables mean."""
    syllables = split_syllables(text) or ()
    letters = [place for place, char in enumerate(line) if char.isalnum()]  # signs and spaces are not read
    for initials in readings(line, limit=4).initials if len(text) > 1 else ():
        if len(initials) == len(letters) and (at := initials.find(text)) >= 0:
            return letters[at], letters[at + len(text) - 1] + 1
    for start in range(len(letters) - len(syllables) + 1) if syllables else ():
        places = letters[start : start + len(syllables)]
        if all(map(_sounds, (line[place] for place in places), syllables)):
            return places[0], places[-1] + 1
    return None


def _sounds(char: str, syllable: str) -> bool:
    return syllable in readings(char).full


def _set_off(line: str, spans: Iterable[Span]) -> str | SafeString:
    """The line with these pieces marked; those that touch are one."""
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    if not joined:
        return line
    starts = [0, *(last for _first, last in joined)]
    pieces = [
        (line[start:first], line[first:last]) for start, (first, last) in zip(starts, joined, strict=False)
    ]
    return format_html_join("", "{}<mark>{}</mark>", pieces) + format_html("{}", line[joined[-1][1] :])

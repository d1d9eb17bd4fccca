"""A note as a row of tokens: times, people and the words that matter, with the text between them."""

# Chinese in code: signs and endings

import re
from dataclasses import dataclass
from datetime import date

from guanxi.activities.promising.people import Mention
from guanxi.activities.promising.words import COLLECTED, PHRASES, kind_of_english
from guanxi.kernel.whens import When, find_whens
from guanxi.kernel.worktime import OFFICIAL, Calendar

__all__ = ["Token", "read_tokens"]

_STOPS = "。!?;\n…"
_COMMAS = ",、~"
_WORD = re.compile(r"'?[A-Za-z]+(?:-[A-Za-z]+)*(?:'[a-z]+)?")
_SHORT = re.compile(r"'(?:ll|d|s|re|ve|m)$", re.IGNORECASE)
# Signs with which no word begins that is known.
_PLAIN = re.compile(f"[^{re.escape(''.join(COLLECTED))}0-9A-Za-z'{re.escape(_STOPS + _COMMAS)}.:\\s]+")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_BULLET = re.compile(
    r"[ \t]{0,4}(?:[0-9]{1,2}[.、)](?![0-9])|[一二三四五六七八九十]{1,2}、|[-*•·]|\([0-9]{1,2}\)|[①-⑨])[ \t]{0,4}"
)
_SHORTENED = re.compile(
    r"\b(?:incl|excl|approx|e\.g|i\.e|no|mr|mrs|ms|dr|ltd|co|inc|vs|min|max|qty|pcs|tel)$", re.IGNORECASE
)
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Token:
    """One of the kinds of `words`, or: when, person, colleague, text, number, latin (an unknown word), name (one with
    a capital in the middle of a sentence), stop, comma, colon, space."""

    kind: str
    start: int
    end: int
    word: str
    when: When | None = None
    who: Mention | None = None


def read_tokens(text: str, today: date, people: list[Mention], works: Calendar = OFFICIAL) -> list[Token]:
    """The tokens of a text of `level`, one after the other, without a gap."""
    spans: dict[int, Token] = {}
    for one in people:
        kind = "colleague" if one.ours else "person"
        spans[one.start] = Token(kind, one.start, one.end, text[one.start : one.end], who=one)
    held = sorted((one.start, one.end) for one in people)
    at = 0
    for when in find_whens(text, today, works):
        while at < len(held) and held[at][1] <= when.start:
            at += 1
        if at == len(held) or held[at][0] >= when.end:
            spans[when.start] = Token("when", when.start, when.end, text[when.start : when.end], when=when)
    return _scan(text, spans)


def _scan(text: str, spans: dict[int, Token]) -> list[Token]:
    found: list[Token] = []
    at, length, line = 0, len(text), True
    borders = sorted(spans)
    border = 0
    while at < length:
        if token := spans.get(at):
            found.append(token)
            at, line = token.end, False
            continue
        while border < len(borders) and borders[border] <= at:
            border += 1
        limit = borders[border] if border < len(borders) else length
        if line and (bullet := _BULLET.match(text, at)) and bullet.end() <= limit:
            inline = bool(found) and found[-1].word != "\n"
            found.append(Token("comma" if inline else "stop", at, bullet.end(), ""))
            at, line = bullet.end(), False
            continue
        token = _next(text, at, limit)
        line = token.kind in ("stop", "colon") or (line and token.kind == "space")
        last = found[-1] if found else None
        if token.kind == "space" and last is not None and _parts(text, at, spans):
            token = Token("comma", at, at + 1, " ")
        if token.kind == "text" and last is not None and last.kind == "text":
            found[-1] = Token("text", last.start, token.end, text[last.start : token.end])
        else:
            found.append(token)
        at = token.end
    return found


def _parts(text: str, at: int, spans: dict[int, Token]) -> bool:
    """Whether a blank stands for a comma, as between Chinese words."""
    following = text[at + 1 : at + 2]
    after = spans.get(at + 1)
    return bool(_HAN.match(text[at - 1])) and bool(_HAN.match(following) or (after and after.kind == "when"))


def _next(text: str, at: int, limit: int) -> Token:
    sign = text[at]
    if sign.isspace() and sign != "\n":
        return Token("space", at, at + 1, " ")
    if sign in _STOPS or (sign == "." and _ends_sentence(text, at)):
        return Token("stop", at, at + 1, sign)
    if sign in _COMMAS:
        return Token("comma", at, at + 1, sign)
    if sign == ":":
        return Token("colon", at, at + 1, sign)
    if number := _NUMBER.match(text, at, limit):
        return Token("number", at, number.end(), number.group())
    if (word := _WORD.match(text, at, limit)) and (sign != "'" or _SHORT.fullmatch(word.group())):
        return _english(text, at, word.group(), limit)
    if plain := _PLAIN.match(text, at, limit):
        return Token("text", at, plain.end(), plain.group())
    for known, kind in COLLECTED.get(sign, ()):
        if at + len(known) <= limit and text.startswith(known, at):
            return Token(kind, at, at + len(known), known)
    return Token("text", at, at + 1, sign)


def _ends_sentence(text: str, at: int) -> bool:
    after = text[at + 1 : at + 2]
    if _SHORTENED.search(text, max(0, at - 7), at):
        return False
    return not after or after.isspace() or ("\u3400" <= after <= "\u9fff" and not text[at - 1 : at].isdigit())


def _english(text: str, at: int, word: str, limit: int) -> Token:
    small = word.lower()
    if not kind_of_english(small) and (short := _SHORT.search(word)) and short.start():
        word, small = word[: short.start()], small[: short.start()]
    for phrase in PHRASES.get(small, ()):
        end = at + len(phrase)
        if end <= limit and text[at:end].lower() == phrase and not text[end : end + 1].isalnum():
            return Token(kind_of_english(phrase), at, end, phrase)
    kind = kind_of_english(small)
    if not kind or (word == "May" and kind == "hedge"):
        kind = "name" if word[0].isupper() else "latin"
    return Token(kind, at, at + len(word), small)

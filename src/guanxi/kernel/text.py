"""Text from outside: cleaned for storing, folded for comparing, made harmless for spreadsheets."""

import re
import unicodedata
from functools import cache
from pathlib import Path

from guanxi.kernel.errors import Malformed

__all__ = [
    "TextTooLong",
    "bare",
    "clean_text",
    "fold",
    "formula_safe",
    "formula_unsafe_restore",
    "simplify",
    "whole_number",
]


class TextTooLong(Malformed):
    """The cleaned text has more characters (code points) than the field holds."""

    def __init__(self, length: int, limit: int) -> None:
        self.length = length
        self.limit = limit
        super().__init__("text.too_long", {"length": length, "limit": limit})


# Never stored: C0 and C1 controls (tab and line ends are seen to first), surrogates, non-characters; marks
# that turn the direction of writing; and characters nobody sees, which make two different names look alike.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e001f]"
)
_LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029\x85]")
_LINE_EDGES = re.compile(r"[^\S\n]+(?=\n)")
# The joiner and the tags are kept only inside emoji: 👩‍💻, the flag of Scotland.
_EMOJI = "\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
_STRAY_JOINER = re.compile(f"(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])")
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0020-\U000e007f]")
# str.isprintable is False for most of the above; these few it takes for letters, marks or symbols.
_SEEMS_PRINTABLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0d\uffa0]")


def clean_text(value: str | None, *, multiline: bool = False, max_length: int | None = None) -> str:
    """The text as it is stored: NFC, trimmed, without characters that nobody can see or that deceive.

    Single line: every run of white space becomes one space. Multiline: "\\n" and "\\t" stay, line ends become
    "\\n". Letters are never replaced by look-alikes (no NFKC): 𠮷, ①, Ａ and emoji stay what they are.
    None gives "". Idempotent. Raises TextTooLong, counted in code points as PostgreSQL counts.
    """
    if not value:
        return ""
    if not value.isprintable() or _SEEMS_PRINTABLE.search(value):
        value = _LINE_ENDS.sub("\n", value) if multiline else " ".join(value.split())
        value = _INVISIBLE.sub("", value)
        value = _STRAY_JOINER.sub("", value)
        value = _TAGS.sub(lambda found: found.group(1) or "", value)
    value = unicodedata.normalize("NFC", value)
    value = _LINE_EDGES.sub("", value).strip() if multiline else " ".join(value.split())
    if max_length is not None and len(value) > max_length:
        raise TextTooLong(len(value), max_length)
    return value


def whole_number(value: str, *, most: int = 2**31 - 1) -> int | None:
    """The number that plain digits stand for, from 0 to `most`; None for anything else, however long it is."""
    if not (value.isascii() and value.isdecimal() and len(value) <= len(str(most))):
        return None
    number = int(value)
    return number if number <= most else None


class _Table(dict[int, int | None]):
    """A translation table that decides about a character when it first meets it."""

    _most = 60_000  # enough for all Chinese in use; a flood of rare characters must not eat the memory

    def __missing__(self, code: int) -> int | None:
        kind = unicodedata.category(chr(code))
        # Punctuation, separators, controls and modifiers go; letters, marks, numbers, + and emoji stay.
        kept = None if kind[0] in "PZC" or kind == "Sk" or code in _DROPPED else code
        if len(self) < self._most:
            self[code] = kept
        return kept


_DROPPED = frozenset(map(ord, "®©℗\ufe0e\ufe0f\u200d"))
_TRADE_MARKS = re.compile("[™℠]")  # NFKC would turn them into letters
_SETTLED = re.compile("[0-9a-z\u4e00-\u9fff\u3400-\u4dbf]*").fullmatch


@cache
def _simplified() -> dict[int, int]:
    """Traditional to simplified, character by character, from the dictionary of OpenCC (Apache-2.0).

    Its phrases (乾坤 keeps 乾) are left out on purpose: both sides of a comparison take the same way.
    """
    import opencc

    pairs: dict[str, str] = {}
    source = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    for line in source.read_text(encoding="utf-8").splitlines():
        traditional, _, simple = line.partition("\t")
        first = simple.split(" ")[0]
        if len(traditional) == 1 and len(first) == 1 and traditional != first:
            pairs[traditional] = first
    table: dict[int, int] = {}
    for traditional, simple in pairs.items():
        seen = {traditional}
        while simple in pairs and simple not in seen:  # follow chains, so that folding twice changes nothing
            seen.add(simple)
            simple = pairs[simple]
        table[ord(traditional)] = ord(simple)
    return table


@cache
def _fold_table() -> _Table:
    return _Table(_simplified())


def simplify(value: str) -> str:
    """Traditional Chinese characters as simplified ones, one by one; for comparing, not for showing."""
    return value.translate(_simplified())


def fold(value: str) -> str:
    """The text as it is compared: half width, simplified, caseless, without spaces and punctuation.

    Idempotent; "" where nothing but punctuation was there, which then equals nothing.
    """
    table = _fold_table()
    while True:
        text = unicodedata.normalize("NFKC", _TRADE_MARKS.sub("", value)).casefold().translate(table)
        if text == value or _SETTLED(text) is not None:
            # A lone simplified letter maps to itself, so text made of these alone is a fixed point.
            return text
        value = text


# Letters that are a letter and a stroke, or two in one, and that no decomposition takes apart.
_JOINED = dict(zip("øłđðħŧıæœþ", ("o", "l", "d", "d", "h", "t", "i", "ae", "oe", "th"), strict=True))
_ALPHABETS = (
    "\u0530"  # Latin, Greek and Cyrillic stand before it; marks of other scripts are more than accents
)


class _Bare(dict[int, str | None]):
    """A translation table to letters without accents, which decides about a character when it first meets it."""

    _most = 5_000

    def __missing__(self, code: int) -> str | None:
        apart = unicodedata.normalize("NFD", chr(code))
        first, rest = apart[0], apart[1:]
        kept: str | None = chr(code)
        if 0x300 <= code < 0x370:
            kept = None
        elif first < _ALPHABETS and all(unicodedata.combining(mark) for mark in rest):
            kept = _JOINED.get(first, first)
        if len(self) < self._most:
            self[code] = kept
        return kept


_BARE = _Bare()


def bare(value: str) -> str:
    """The folded text as it is searched: letters without their accents (ü as u, ł as l, æ as ae). Idempotent.

    Two names that differ in accents alone are still two to `fold`, by which records are compared and keys stored.
    """
    text = fold(value)
    return text if text.isascii() or _SETTLED(text) is not None else text.translate(_BARE)


# A cell that a spreadsheet would run: = + - @ (also full width) behind any blanks, or a leading tab or line
# end. Apostrophes before it count, so that quoting can be undone exactly.
_RUNS = re.compile(r"'*(?:[\t\r\n]|[\s\ufeff\u200b]*[=+\-@＝＋－＠﹢﹣﹦﹫])")
_PLAIN_NUMBER = re.compile(r"-(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,18})(?:\.[0-9]{1,18})?%?")


def formula_safe(value: str) -> str:
    """The text as a CSV or XLSX cell: an apostrophe before what a spreadsheet would run as a formula.

    Plain negative numbers stay as they are; +86 … gets the apostrophe, or it would lose its plus.
    """
    if _RUNS.match(value) and not _PLAIN_NUMBER.fullmatch(value):
        return "'" + value
    return value


def formula_unsafe_restore(value: str) -> str:
    """Undo `formula_safe`: `formula_unsafe_restore(formula_safe(x)) == x` for every x."""
    if value.startswith("'") and _RUNS.match(value):
        return value[1:]
    return value

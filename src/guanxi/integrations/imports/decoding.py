"""Which characters the bytes of a text file stand for, and what parts its columns.

By trial, with a rule of confidence: a wrong guess fills a thousand records with rubbish, so where nothing
fits well the person is asked instead.
"""
# Chinese in code: where the characters of daily use lie

import codecs
import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SAMPLE = 256 * 1024
DELIMITERS = ",;\t|"
ENCODINGS = ("utf-8", "utf-16", "gb18030", "big5", "cp932", "cp1252")
_SURE = 0.7
_LETTERS = 3  # so many that are UTF-8 are no accident
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """A name that Python knows; "" where the bytes are no text, or could be several things (`unsure`)."""

    name: str
    unsure: bool = False


def detect_encoding(path: Path) -> Encoding:
    """Read the file's beginning, and where it seems to be UTF-8 all of it."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Encoding(name)
    if head.count(0) * 5 > len(head):
        return Encoding(_utf16(head))
    if not _binary(head):
        wrong = _not_utf8(path)
        with path.open("rb") as file:
            file.seek(max(0, (wrong or 0) - SAMPLE))
            before = file.read((wrong or 0) - file.tell()).decode("utf-8", "ignore")
            if wrong is None or sum(1 for char in before if not char.isascii()) >= _LETTERS:
                return Encoding("utf-8")  # some of its rows may be written otherwise
            file.seek(max(0, wrong - 1024))  # what follows plain ASCII says what the file is
            head = file.read(SAMPLE)
    if name := _utf16(head):
        return Encoding(name)
    return Encoding("") if _binary(head) else _eight_bit(head)


def _utf16(head: bytes) -> str:
    """Two bytes a character, without a mark: the zeros of line ends and commas stand all on one side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    name = "utf-16-le" if odd > even else "utf-16-be"
    text = _decoded(head, name) if min(even, odd) * 20 <= max(even, odd) > 1 else None
    if text is None or "\n" not in text:
        return ""
    return name if sum(map(_ordinary, text)) >= 0.9 * len(text) else ""


def _ordinary(char: str) -> bool:
    return (
        " " <= char <= "~"
        or char in "\r\n\t"
        or "\u3000" <= char <= "\u9fff"
        or "\uff00" <= char <= "\uffef"
        or "\u00a0" <= char <= "\u024f"
    )


def _binary(head: bytes) -> bool:
    """Text has no control characters but tab and line ends; a stray NUL or two is forgiven."""
    odd = sum(head.count(code) for code in (*range(9), 11, *range(14, 32), 127))
    return odd > max(3, len(head) // 100)


def _not_utf8(path: Path) -> int | None:
    """Where the file ceases to be UTF-8; None where it does not."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    read = 0
    with path.open("rb") as file:
        while True:
            held = len(decoder.getstate()[0])
            block = file.read(1 << 20)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return read - held + error.start
            if not block:
                return None
            read += len(block)


def _decoded(head: bytes, name: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(name)().decode(head)
    except UnicodeDecodeError:
        return None


def _mostly(head: bytes, name: str) -> str:
    """The lines that can be read so; nothing where those are less than four in five that are not plain ASCII."""
    lines = [line for line in head.splitlines(keepends=True) if not line.isascii()]
    texts = [text for line in lines[:-1] if (text := _whole(line, name)) is not None]
    if lines and (last := _decoded(lines[-1], name)) is not None:  # the sample may end within a character
        texts.append(last)
    return "".join(texts) if len(texts) * 5 >= len(lines) * 4 else ""


def _whole(line: bytes, name: str) -> str | None:
    try:
        return line.decode(name)
    except UnicodeDecodeError:
        return None


def _eight_bit(head: bytes) -> Encoding:
    chinese, taiwanese = _confidence(head, "gb18030"), _confidence(head, "big5")
    japanese = _confidence(head, "cp932")
    if japanese >= _SURE and japanese > max(chinese, taiwanese):
        return Encoding("cp932")
    if chinese >= _SURE and chinese >= taiwanese - 0.1:
        return Encoding("gb18030")
    if taiwanese >= _SURE:
        return Encoding("big5")
    if _lone_bytes(head) >= _SURE and _decoded(head, "cp1252") is not None:
        return Encoding("cp1252")
    return Encoding("", unsure=True)


def _confidence(head: bytes, name: str) -> float:
    """The share of everyday characters among those that are not ASCII; 0 where it cannot be decoded.

    Both character sets begin with a level of characters in daily use. Text read by the wrong one lands all
    over the rare ones.
    """
    text = _mostly(head, name)
    special = Counter(char for char in text if not char.isascii())
    total = special.total()
    if not total:
        return 0.0
    daily = _DAILY[name]
    return sum(count for char, count in special.items() if daily(char)) / total


def _daily_gb(char: str) -> bool:
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return 0xB0 <= code[0] <= 0xD7 or code[0] in (0xA1, 0xA3)


def _daily_big5(char: str) -> bool:
    try:
        code = char.encode("big5")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and (0xA4 <= code[0] <= 0xC6 or 0xA1 <= code[0] <= 0xA2)


def _daily_japanese(char: str) -> bool:
    """Kana, punctuation and the first level of kanji; not the half-width kana that Chinese read so is full of."""
    try:
        code = char.encode("cp932")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and (0x81 <= code[0] <= 0x83 or 0x88 <= code[0] <= 0x98)


_DAILY: dict[str, Callable[[str], bool]] = {
    "gb18030": _daily_gb,
    "big5": _daily_big5,
    "cp932": _daily_japanese,
}


def _lone_bytes(head: bytes) -> float:
    """The share of high bytes that stand between ASCII: é in Café, never so in a Chinese text."""
    lone = together = 0
    for at, byte in enumerate(head):
        if byte >= 0x80:
            beside = head[at - 1 : at] + head[at + 1 : at + 2]
            if any(other >= 0x80 for other in beside):
                together += 1
            else:
                lone += 1
    return lone / (lone + together) if lone + together else 0.0


def detect_delimiter(text: str) -> str:
    """What parts the columns of this beginning of a file; "," where there is one column only."""
    if text.startswith("sep=") and len(text) > 4:
        return text[4]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        try:
            rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)][:100]
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows)
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        if width < 2:
            continue
        # Steadiness counts most; of two that are equally steady the one that parts more.
        score = count / len(rows) + min(width, 50) / 1000
        if score > best_score:
            best, best_score = delimiter, score
    return best

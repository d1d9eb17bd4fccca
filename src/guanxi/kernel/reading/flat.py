"""The text as it is searched: half width, simplified, single spaces and line ends, and the way back."""

import unicodedata

from guanxi.kernel.reading.result import Found
from guanxi.kernel.text import simplify

__all__ = ["Flat"]

_LINE_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029"
# Invisible to a reader: format characters and controls; joiners and selectors of emoji.
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Mn")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–−﹣－"), "-")
_SIGNS = {
    "☎": "电话:", "☏": "电话:", "📞": "电话:", "📠": "传真:", "📱": "手机:", "📲": "手机:", "✉": "邮箱:",
    "📧": "邮箱:", "📩": "邮箱:", "📨": "邮箱:",
    "🌐": "网址:", "🔗": "网址:", "📍": "地址:", "🏠": "地址:", "🏢": "公司:", "🏭": "公司:",
    "👤": "联系人:", "👨": "联系人:", "👩": "联系人:", "💬": "微信:",
}  # fmt: skip


class Flat:
    """`plain` is searched for values, `simple` (the same places, simplified) for words. Marks what was understood."""

    def __init__(self, text: str) -> None:
        self.text = text
        chars: list[str] = []
        places: list[int] = []
        for place, char in enumerate(text):
            if char in _LINE_ENDS:
                while chars and chars[-1] == " ":
                    chars.pop()
                    places.pop()
                if chars and chars[-1] != "\n":
                    chars.append("\n")
                    places.append(place)
                continue
            for one in _seen(char):
                if one == " " and (not chars or chars[-1] in " \n"):
                    continue
                chars.append(one)
                places.append(place)
        while chars and chars[-1] in " \n":
            chars.pop()
            places.pop()
        self.plain = "".join(chars)
        self.simple = simplify(self.plain)
        self.places = places
        self.taken = bytearray(len(chars))

    def found(self, value: str, start: int, end: int, certainty: float, extension: str = "") -> Found:
        """A value that stands in `plain[start:end]`, which is marked as understood."""
        self.take(start, end)
        return Found(value, *self.span(start, end), certainty, extension)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of `plain` stands in the text as it was pasted."""
        return self.places[start], self.places[end - 1] + 1

    def take(self, start: int, end: int) -> None:
        self.taken[start:end] = b"\x01" * (end - start)

    def written(self, start: int, end: int) -> str:
        """What stands there as it was written, but letters and digits in half width, and on one line."""
        first, after = self.span(start, end)
        said = "".join(_narrow(char) for char in self.text[first:after])
        return ", ".join(" ".join(line.split()) for line in said.splitlines() if line.strip())

    def free(self, start: int, end: int) -> list[tuple[int, int]]:
        """The stretches between two places of which nothing was understood yet, without blanks at their edges."""
        found = []
        at = start
        while at < end:
            while at < end and self.taken[at]:
                at += 1
            until = at
            while until < end and not self.taken[until]:
                until += 1
            if trimmed := self.trim(at, until):
                found.append(trimmed)
            at = until
        return found

    def trim(self, start: int, end: int, more: str = "") -> tuple[int, int] | None:
        """Without blanks and separators at the edges; None where nothing is left."""
        edges = _EDGES + more
        while start < end and self.plain[start] in edges:
            start += 1
        while end > start and self.plain[end - 1] in edges:
            end -= 1
        return (start, end) if start < end else None


_EDGES = " \n\t|¦/\\,;:.,、。!?！？~*#_=-<>·•●■◆★☆…—─\"'“”‘’[]{}【】《》「」『』"


def _seen(char: str) -> str:
    """What a reader sees in a character, in half width; a sign that stands for a label as that label."""
    if char in _SIGNS:
        return f" {_SIGNS[char]}"
    if " " < char < "\x7f":
        return char
    if unicodedata.category(char) in _UNSEEN:
        return " " if char == "\t" else ""
    plain = unicodedata.normalize("NFKC", char).translate(_DASHES)
    if unicodedata.category(char) == "So" and plain == char:
        return " | "  # an emoji parts
    return "".join(" " if one.isspace() else one for one in plain if unicodedata.category(one) not in _UNSEEN)


def _narrow(char: str) -> str:
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) == 1 and plain.isascii() and (plain.isalnum() or plain in "@.&+/-"):
        return plain
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") and not char.isspace() else char

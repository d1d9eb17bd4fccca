"""The text of an HTML mail: nothing of it is loaded, run or drawn. What it quotes stands behind `> `."""

import re
from html.parser import HTMLParser

__all__ = ["plain"]

_LONGEST = 2_000_000
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_HIDDEN = frozenset(("script", "style", "head", "title", "template", "noscript", "object", "svg"))
_DEEPEST = 20  # quotations within quotations
_RULE = "________________________________"


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[int, str]] = []
        self._line: list[str] = []
        self._hidden = 0
        self._quoted = 0
        self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "body":
            self._hidden = 0
        elif tag == "br":
            self._end(always=True)
        elif tag == "blockquote":
            self._end()
            self._quoted += 1
        elif tag == "hr":
            self._end()
            self.lines.append((self._quoted, _RULE))
        elif tag in ("td", "th") and self._line:
            self._line.append(" ")
        elif tag in _BLOCKS:
            self._end()
            self._pre += tag == "pre"
            if tag == "li":
                self._line.append("- ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _HIDDEN and tag != "blockquote":
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "blockquote":
            self._end()
            self._quoted = max(0, self._quoted - 1)
        elif tag in _BLOCKS:
            self._end()
            if tag == "p":
                self.lines.append((self._quoted, ""))
            self._pre = max(0, self._pre - (tag == "pre"))

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._pre:
            first, *rest = data.split("\n")
            self._line.append(first)
            for line in rest:
                self._end(always=True)
                self._line.append(line)
            return
        self._line.append(re.sub(r"[ \t\r\n\u00a0]+", " ", data))

    def _end(self, *, always: bool = False) -> None:
        text = re.sub(r" {2,}", " ", "".join(self._line)).strip()
        if text or always:
            self.lines.append((self._quoted, text))
        self._line = []

    def text(self) -> str:
        self._end()
        lines = [f"{'> ' * min(depth, _DEEPEST)}{line}".rstrip() for depth, line in self.lines]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def plain(html: str) -> str:
    """The text of HTML, at most of its first two million characters. Never fails: what cannot be read is left out."""
    reader = _Text()
    try:
        reader.feed(html[:_LONGEST])
        reader.close()
    except (AssertionError, ValueError, RecursionError):
        return reader.text()
    return reader.text()

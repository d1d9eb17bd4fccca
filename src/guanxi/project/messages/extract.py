"""Finding what is to be translated, in Python and templates, and Chinese that stands in the wrong place."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

from guanxi.project.messages.exceptions import SELF_NAMED

CJK = re.compile(r"[㐀-鿿豈-﫿𠀀-𲎯　-〿！-～]")

# function name → positions of (context, singular, plural)
_CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
_IN_TEMPLATE = re.compile(r"(?<![\w.])(_|gettext|ngettext|pgettext|npgettext)\(")
_LITERAL = re.compile(r"\s*u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*,?", re.DOTALL)
_TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Key:
    """What a catalogue is looked up by. `plural` and `context` are "" where there is none."""

    singular: str
    plural: str = ""
    context: str = ""

    def __str__(self) -> str:
        return f"{self.context}: {self.singular}" if self.context else self.singular


@dataclass(frozen=True, slots=True)
class Place:
    path: Path
    line: int


def messages_in(path: Path) -> Iterator[tuple[Key, Place]]:
    """Every message of a Python file or a template. Raises SyntaxError where the file is not one."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _in_python(text, path)
    else:
        yield from _in_template(text, path)


def _in_python(text: str, path: Path) -> Iterator[tuple[Key, Place]]:
    for node in ast.walk(ast.parse(text, str(path))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _CALLS:
            continue
        words = [
            a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None for a in node.args
        ]
        key = _key(name, words)
        if key is not None:
            yield key, Place(path, node.lineno)


def _in_template(text: str, path: Path) -> Iterator[tuple[Key, Place]]:
    source = templatize(text, origin=str(path))
    for call in _IN_TEMPLATE.finditer(source):
        words: list[str | None] = []
        at = call.end()
        while literal := _LITERAL.match(source, at):
            words.append(ast.literal_eval(literal[1]))
            at = literal.end()
        key = _key(call[1], words)
        if key is not None:
            yield key, Place(path, source.count("\n", 0, call.start()) + 1)


def _key(name: str, words: list[str | None]) -> Key | None:
    def at(position: int | None) -> str | None:
        if position is None:
            return ""
        return words[position] if position < len(words) else None

    context, singular, plural = (at(position) for position in _CALLS[name])
    if not singular or plural is None or context is None:
        return None  # a variable: its message is marked where it is written
    return Key(singular, plural, context)


def chinese_in(path: Path) -> Iterator[Place]:
    """Where Chinese stands in a template or in a string of Python; comments and docstrings may hold it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        bare = _TEMPLATE_COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
        for number, line in enumerate(bare.splitlines(), 1):
            if CJK.search(line):
                yield Place(path, number)
        return
    tree = ast.parse(text, str(path))
    speech = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        said = isinstance(node, ast.Constant) and isinstance(node.value, str) and CJK.search(node.value)
        if said and id(node) not in speech and node.value not in SELF_NAMED:  # type: ignore[attr-defined]
            yield Place(path, node.lineno)  # type: ignore[attr-defined]

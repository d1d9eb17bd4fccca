"""Columns of other programs that are known and have no field here: the page says so instead of nothing."""

from collections.abc import Iterable
from typing import Any

from guanxi.integrations.imports.composing import said_as
from guanxi.kernel.errors import Message
from guanxi.kernel.text import fold

_known: dict[str, dict[str, Any]] = {}


def has_no_place(key: str, heads: Iterable[str], words: Any) -> None:
    """Say at start-up that nothing of a resource keeps what these heads say, and why in words (a lazy text)."""
    _known.setdefault(key, {}).update(dict.fromkeys(map(fold, heads), words))


def why_no_place(key: str, header: str) -> Message | None:
    """The reason for such a head; None for any other."""
    known = _known.get(key, {})
    words = next((known[text] for text in said_as(header) if text in known), None)
    return None if words is None else Message("no_place", words)

"""What was said of rows, kept as plain data: whoever reads it later is told in their own language."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext

from guanxi.foundation.permissions.web import listed
from guanxi.kernel.errors import Message

_WORDS, _WITH = "words", "with"


def kept(said: object) -> Any:
    """A sentence as plain data: the words by their id, with what stands in them. Words that no catalogue has stay."""
    if isinstance(said, Message):
        words = _id_of(said.text) or said.code
        if said.params or isinstance(words, list):
            return {_WORDS: words, _WITH: {name: kept(value) for name, value in said.params.items()}}
        return words
    if isinstance(said, Promise):
        words = _id_of(said)
        return {_WORDS: words, _WITH: {}} if isinstance(words, list) else words
    return said if isinstance(said, int | float) else str(said)


def _id_of(said: object) -> str | list[str]:
    """What a catalogue knows words by, behind their context where they have one; the words themselves for others."""
    if isinstance(said, Promise):
        _unpickle, (spoken_by, args, _named, *_classes) = said.__reduce__()  # type: ignore[misc]
        if spoken_by in (gettext, pgettext):
            return list(args)
    return str(said)


def told(data: Any) -> Any:
    """Whatever holds sentences that `kept` made, with each of them in the language that is on; all else as it is."""
    if isinstance(data, list):
        return [told(one) for one in data]
    if not isinstance(data, dict):
        return data
    if data.keys() == {_WORDS, _WITH}:
        return _told(data)
    found = {name: told(value) for name, value in data.items()}
    if "shown" in found and isinstance(found.get("lines"), list):
        found["shown"] = listed(map(str, found["lines"]))
    return found


def _told(data: dict[str, Any]) -> str:
    words = data[_WORDS]
    if isinstance(words, list):
        words = pgettext(*words) if len(words) > 1 else gettext(*words)
    return words % told(data[_WITH]) if data[_WITH] else str(words)

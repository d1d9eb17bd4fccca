"""What can be done from the palette by typing. Every part of the product offers its own::

    @register_command
    def quote(asked: Asked) -> Iterable[Command]:
        if actor_of(asked.request).may("sales.quote.create"):
            yield Command(label=_("New quote"), url=reverse("quotes:new"), icon="plus", words=("quote",))

An offer yields what the asking person may do, in the language of the page; what was typed is matched here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import Promise

from guanxi.kernel.pinyin import readings

_NEAR = 0.72  # two letters changed about in a word of six; one of four characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A place to go (`url`), an act (`url` that is posted with `fields`), or what it presses on the page (`press`, a
    CSS selector).

    `words` are other words it is found by, such as its name in another language. `group` is its heading, else the
    commands' own. `key` is the key that does the same. An `offered` one is shown whatever was typed: its offer has
    read the text itself, and found it `meant` where the text asks for it in so many words.
    """

    label: str
    url: str = ""
    icon: str = "arrow-right"
    fields: Mapping[str, str] | None = None
    press: str = ""
    words: tuple[str, ...] = ()
    group: str = ""
    key: str = ""
    sub: str = ""
    offered: bool = False
    meant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the palette asks: the text, and the record (resource key, id) or the list (resource key) of the page it was
    opened on. `vain` where neither a record nor a command was found by the text."""

    request: HttpRequest
    text: str = ""
    record: tuple[str, str] | None = None
    listed: str = ""
    vain: bool = False


Offer = Callable[[Asked], Iterable[Command]]
_offers: dict[Offer, int] = {}


def register_command(offer: Offer, *, order: int = 50) -> Offer:
    """Make an offer known; usable as a decorator. `order` sorts: lower stands higher up among the equally close."""
    _offers[offer] = order
    return offer


def commands(asked: Asked) -> list[Command]:
    """Those offered that what was typed means, closest first; all of them where nothing was typed."""
    found = [command for offer in sorted(_offers, key=_offers.__getitem__) for command in offer(asked)]
    if not asked.text:
        return [command for command in found if not command.offered]
    ranked = [
        (0 if one.offered else closeness(one, asked.text), place, one) for place, one in enumerate(found)
    ]
    close = [(far, one.offered, place, one) for far, place, one in ranked if far is not None]
    # What an offer made of the text itself comes after what bears the text in its name.
    return [
        one for _far, _offered, _place, one in sorted(close, key=lambda each: (each[1], each[0], each[2]))
    ]


def near(asked: Asked, *, limit: int = 3) -> list[Command]:
    """Commands whose names are nearly what was typed: a letter wrong or changed about, another character of the same
    sound. Nearest first."""
    text = asked.text.casefold()
    if len(text) < 2:
        return []
    found = [command for offer in sorted(_offers, key=_offers.__getitem__) for command in offer(asked)]
    told = [(_likeness(command, text), -place, command) for place, command in enumerate(found)]
    near_ones = [one for one in told if one[0] >= _NEAR and not one[2].offered]
    return [command for _like, _place, command in sorted(near_ones, key=lambda one: one[:2], reverse=True)][
        :limit
    ]


def _likeness(command: Command, text: str) -> float:
    """How alike a name and a text are, from 0 to 1: as written, word by word, or by their sound."""
    names = [name.casefold() for name in (command.label, *command.words)]
    alike = max(_ratio(name, text) for name in (*names, *(word for name in names for word in name.split())))
    if text.isascii():
        return alike
    sounds = readings(text, limit=2).full
    return max(
        [alike, *(_ratio(one, sound) for one in readings(command.label, limit=2).full for sound in sounds)]
    )


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def closeness(command: Command, text: str) -> int | None:
    """How close a command's name is to a text: 0 begins with it, 1 a word does, 2 holds it, 3 sounds like it (pinyin or
    its initials). None where a word of the text is not found at all."""
    found = [_closest(command, word) for word in text.casefold().split()]
    return None if any(far is None for far in found) else max((far or 0 for far in found), default=0)


def _closest(command: Command, word: str) -> int | None:
    for name in (command.label, *command.words):
        name = name.casefold()
        if name.startswith(word):
            return 0
        if f" {word}" in name:
            return 1
        if word in name:
            return 2
    return 3 if word.isascii() and any(word in spelt for spelt in _spelt(command.label)) else None


def in_each_language(text: str | Promise) -> tuple[str, ...]:
    """A text as it reads in every language of the screens: a command is found by any of them."""
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(str(text))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=1000)
def _spelt(label: str) -> tuple[str, ...]:
    read = readings(label, limit=2)
    return (*read.initials, *read.full)

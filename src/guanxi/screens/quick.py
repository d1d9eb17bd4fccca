"""The bar at the foot of a card on a phone: call, WeChat, navigate. A kind says what its values are good for
(`Kind.quick`), so that it is there for every entity that has such a field, a company's own among them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.phones import parse_phone, split_phones
from guanxi.kinds import Kind, Show
from guanxi.kinds.kind import Words
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.withholding import is_withheld


@dataclass(frozen=True, slots=True)
class Way:
    """One value to be reached by: a link (`url`), with the `place` it leads to; or a text to `copy`."""

    label: str
    value: str
    url: str = ""
    place: str = ""
    copy: str = ""


@dataclass(frozen=True, slots=True)
class Quick:
    """One button of the bar; with several `ways` it asks which."""

    key: str
    label: Words
    icon: str
    ways: tuple[Way, ...]


def _call(label: str, text: str) -> Iterator[Way]:
    for number in split_phones(text):
        phone = parse_phone(number)
        digits = phone.e164 or "".join(sign for sign in phone.national if sign.isdigit() or sign == "+")
        if digits:
            # A comma waits for the line before it dials the extension.
            yield Way(label, number, url=f"tel:{digits},{phone.extension}".rstrip(","))


def _wechat(label: str, text: str) -> Iterator[Way]:
    yield Way(label, text, copy=text)


def _navigate(label: str, text: str) -> Iterator[Way]:
    """Needs no key, opens the map's app where there is one. Where the phone has its own way to ask, it is taken."""
    query = urlencode({"keyword": text, "src": "guanxi", "callnative": "1"}, quote_via=quote)
    yield Way(label, text, url=f"https://uri.amap.com/search?{query}", place=text)


_ACTS: tuple[tuple[str, Words, str, Callable[[str, str], Iterator[Way]]], ...] = (
    ("call", _("Call"), "phone", _call),
    ("wechat", _("WeChat"), "brand-wechat", _wechat),
    ("navigate", _("Navigate"), "map-pin", _navigate),
)


def ways_of(kind: Kind, text: str) -> tuple[Way, ...]:
    """The ways that one value of a kind offers; none for a kind that offers nothing."""
    ways = next((ways for key, _label, _icon, ways in _ACTS if key == kind.quick), None)
    return tuple(ways(str(kind.label), text)) if ways and text else ()


def quick_ways(resource: type[Resource], record: Any, show: Show) -> list[Quick]:
    """What can be done with the values that stand on the card: only those that the viewer may read."""
    names = dict.fromkeys(name for section in resource.sections("card") for name in section.fields)
    ways: dict[str, list[Way]] = {}
    for kind in access.readable(show.actor, resource, list(names)):
        if is_withheld(record, kind.column):
            continue
        if kind.quick and kind.computed is None and access.is_open(show.actor, kind):
            ways.setdefault(kind.quick, []).extend(ways_of(kind, kind.text(record, show)))
    return [Quick(key, label, icon, tuple(ways[key])) for key, label, icon, _make in _ACTS if ways.get(key)]

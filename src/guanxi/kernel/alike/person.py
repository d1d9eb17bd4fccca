"""A person as it is compared, worked out once, and the keys by which candidates are found."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from guanxi.kernel.alike.company import mail_key, phone_key, wechat_key
from guanxi.kernel.alike.verdicts import Key
from guanxi.kernel.pinyin import readings
from guanxi.kernel.surnames import COMPOUND_SURNAMES
from guanxi.kernel.text import fold, simplify

__all__ = ["Address", "Person", "person", "person_keys"]

_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_LONGEST = 120
_LONGEST_KEY = 80
_MOST = 12
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "sir", "mme"])
_CHINESE_TITLES = re.compile(r"(?:先生|女士|小姐|经理|总监|主任|老师|董事长|总经理|总)$")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address, folded: `street` without its `number`, `locality` a building, village or
    estate, `city` the town or suburb, `region` the province or state."""

    number: str = ""
    street: str = ""
    locality: str = ""
    city: str = ""
    post_code: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """What is compared. Names are folded; `sound` is a Chinese name in pinyin, its parts in alphabetical
    order, as a Latin one's are; `born` is yyyymmdd or a beginning of it."""

    given: str
    surname: str
    whole: str
    chinese: bool
    sounds: frozenset[str]
    born: str
    address: Address
    phones: frozenset[str]
    emails: frozenset[str]
    wechats: frozenset[str]
    identities: frozenset[str]
    employers: frozenset[str]


def person(
    name: str = "",
    *,
    given: str = "",
    surname: str = "",
    born: str | dt.date = "",
    address: Address | None = None,
    identity: str = "",
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    wechats: Iterable[str] = (),
    employers: Iterable[str] = (),
    country: str = "CN",
) -> Person:
    """A record as it is compared. Never raises: what cannot be read is left out.

    `name` is taken apart where `given` and `surname` are not said. `employers` are any marks of them (keys of
    records). `identity` is an identity card's, passport's or insurance number.
    """
    if not (given or surname):
        given, surname = _parts(name)
    first, last = fold(given[:_LONGEST]), fold(surname[:_LONGEST])
    chinese = _HAN.search(first + last) is not None
    parts = Address() if address is None else address
    return Person(
        first,
        last,
        "".join(sorted((first, last))) if not chinese else last + first,
        chinese,
        _sounds(given, surname, chinese=chinese),
        _born(born),
        Address(*(fold(str(value)[:_LONGEST]) for value in _values(parts))),
        frozenset(filter(None, (phone_key(each, country) for each in list(phones)[:_MOST]))),
        frozenset(filter(None, map(mail_key, list(emails)[:_MOST]))),
        frozenset(filter(None, map(wechat_key, list(wechats)[:_MOST]))),
        frozenset(filter(None, [_identity(identity)])),
        frozenset(each for each in list(employers)[:_MOST] if each),
    )


def _values(address: Address) -> tuple[str, ...]:
    return (
        address.number,
        address.street,
        address.locality,
        address.city,
        address.post_code,
        address.region,
    )


def _parts(name: str) -> tuple[str, str]:
    """Given name and surname of a name in one field."""
    text = " ".join(unicodedata.normalize("NFKC", name[:_LONGEST]).split())
    if _HAN.match(text) and "·" not in text:
        text = simplify("".join(text.split()))
        text = _CHINESE_TITLES.sub("", text) or text
        cut = 2 if len(text) > 2 and text[:2] in COMPOUND_SURNAMES else 1
        return (text[cut:], text[:cut]) if len(text) > cut else ("", text)
    if "," in text:
        last, _, first = text.partition(",")
        return first, last
    words = [word for word in text.split(" ") if word.casefold().rstrip(".") not in _TITLES] or [text]
    return " ".join(words[:-1]), words[-1]


def _sounds(given: str, surname: str, *, chinese: bool) -> frozenset[str]:
    """王小明 and Xiaoming Wang are both "wang xiaoming"."""
    if not chinese:
        words = (fold(given), fold(surname))
        return frozenset([" ".join(sorted(filter(None, words)))]) - {""}
    first = readings(given, limit=3).full or ("",)
    last = readings(surname, person=True, limit=2).full or ("",)
    return frozenset(" ".join(sorted(filter(None, (a, b)))) for a in first for b in last) - {""}


def _born(value: str | dt.date) -> str:
    if isinstance(value, dt.date):
        return f"{value.year:04d}{value.month:02d}{value.day:02d}"
    text = unicodedata.normalize("NFKC", value[:_LONGEST])
    parted = re.fullmatch(r"\s*(\d{4})\D+(\d{1,2})(?:\D+(\d{1,2})\D*)?", text)
    if parted:
        return "".join(part.zfill(2) for part in parted.groups() if part)
    digits = "".join(char for char in text if char.isascii() and char.isdigit())
    return digits if len(digits) in (4, 6, 8) else ""


def _identity(text: str) -> str:
    value = "".join(char for char in unicodedata.normalize("NFKC", text[:_LONGEST]).upper() if char.isalnum())
    return value if len(value) > 4 and len(set(value)) > 2 else ""


def person_keys(record: Person) -> frozenset[Key]:
    """The keys of which candidates share at least one, some fifteen texts.

    Kinds: identity, phone, email, wechat; name (whole), sound, born, and pairs that stay where one of them is
    misspelt: place (a name with post code or city), street (with its number, city or a name), dated (a name
    with the year of birth).
    """
    found = {Key("identity", each) for each in record.identities}
    found |= {Key("phone", each) for each in record.phones}
    found |= {Key("email", each) for each in record.emails}
    found |= {Key("wechat", each) for each in record.wechats}
    found |= {Key("name", record.whole)} if record.given and record.surname else set()
    found |= {Key("sound", each) for each in record.sounds if " " in each}
    if len(record.born) == 8:
        found.add(Key("born", record.born))
    found |= _pairs(record)
    return frozenset(
        key if len(key.text) <= _LONGEST_KEY else Key(key.kind, key.text[:_LONGEST_KEY])
        for key in found
        if key.text
    )


def _pairs(record: Person) -> set[Key]:
    found: set[Key] = set()
    at = record.address
    for name in filter(None, (record.given, record.surname)):
        head = name[:4]
        if at.post_code:
            found.add(Key("place", f"{head} {at.post_code}"))
        if at.city:
            found.add(Key("place", f"{head} {at.city[:5]}"))
        if record.born:
            found.add(Key("dated", f"{head} {record.born[:4]}"))
            if len(record.born) == 8:
                found.add(Key("dated", f"{head} {record.born[4:]}"))
    for street in filter(None, (at.street, at.locality)):
        for other in filter(None, (at.number, at.post_code, at.city[:5])):
            found.add(Key("street", f"{street[:7]} {other}"))
    return found

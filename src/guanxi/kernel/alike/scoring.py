"""Two persons: how alike each field is, what that is worth, and the verdict (Fellegi and Sunter)."""

from typing import Literal, get_args

from guanxi.kernel.alike.distances import distance, jaro_winkler, slipped
from guanxi.kernel.alike.nicknames import same_given
from guanxi.kernel.alike.person import Person
from guanxi.kernel.alike.verdicts import Certainty, Reason, Verdict
from guanxi.kernel.alike.weights import CHINESE, CONTACTS, LIKELY, POSSIBLE, WEIGHTS

__all__ = ["FIELDS", "Field", "Level", "compare_persons", "levels", "score"]

Level = Literal["exact", "near", "like", "part", "apart"]
Field = Literal[
    "given", "surname", "order", "born", "number", "street", "locality", "city", "post_code", "region",
    "identity",
]  # fmt: skip
FIELDS: tuple[Field, ...] = get_args(Field)
Levels = dict[Field, Level]


def levels(left: Person, right: Person) -> Levels:
    """How alike the fields are that both have. Symmetric."""
    found: Levels = {}
    _names(left, right, found)
    if born := _born(left.born, right.born):
        found["born"] = born
    here, there = left.address, right.address
    _put(found, "number", _number(here.number, there.number))
    _put(found, "post_code", _number(here.post_code, there.post_code))
    _put(found, "city", _text(here.city, there.city))
    if here.region and there.region:
        found["region"] = "exact" if here.region == there.region else "apart"
    _streets(left, right, found)
    if left.identities and right.identities:
        found["identity"] = _identity(left.identities, right.identities)
    return found


def _put(found: Levels, field: Field, level: Level | None) -> None:
    if level is not None:
        found[field] = level


def _text(a: str, b: str) -> Level | None:
    if not a or not b:
        return None
    if a == b:
        return "exact"
    likeness = jaro_winkler(a, b)
    if likeness >= 0.92 or (min(len(a), len(b)) > 2 and slipped(a, b)):
        return "near"
    return "like" if likeness >= 0.8 or distance(a, b, 2) <= 2 < min(len(a), len(b)) - 2 else "apart"


def _number(a: str, b: str) -> Level | None:
    if not a or not b:
        return None
    if a == b:
        return "exact"
    return "near" if slipped(a, b) else "part" if sorted(a) == sorted(b) else "apart"


_ORDER: tuple[Level, ...] = ("apart", "part", "like", "near", "exact")


def _given(a: str, b: str) -> Level | None:
    level = _text(a, b)
    if level == "apart" and (same_given(a, b) or (1 in (len(a), len(b)) and a[0] == b[0])):
        return "part"
    return level


def _names(left: Person, right: Person, found: Levels) -> None:
    if left.chinese or right.chinese:
        _chinese_names(left, right, found)
        return
    straight = _given(left.given, right.given), _text(left.surname, right.surname)
    crossed = _crossed(left.given, left.surname, right.given, right.surname)
    if _worth(crossed) > _worth(straight):
        straight = crossed
        found["order"] = "apart"
    _put(found, "given", straight[0])
    _put(found, "surname", straight[1])


def _chinese_names(left: Person, right: Person, found: Levels) -> None:
    """A character changed is another name (小明, 小红) unless it sounds the same; pinyin stands for any."""
    sounds_same = bool(left.sounds & right.sounds)
    if left.chinese != right.chinese:
        if left.sounds and right.sounds:
            found["given"] = found["surname"] = "near" if sounds_same else "apart"
        return
    if left.surname and right.surname:
        same = left.surname == right.surname
        found["surname"] = "exact" if same else "near" if sounds_same else "apart"
    if left.given and right.given:
        if left.given == right.given:
            found["given"] = "exact"
        elif sounds_same:
            found["given"] = "near"
        else:
            found["given"] = "like" if set(left.given) & set(right.given) else "apart"


def _crossed(a: str, b: str, other_a: str, other_b: str) -> tuple[Level | None, Level | None]:
    """Two fields that stand in each other's place; the better level first, so that both sides see the same."""
    pair = [_text(a, other_b), _text(b, other_a)]
    pair.sort(key=lambda level: _ORDER.index(level) if level else -1, reverse=True)
    return pair[0], pair[1]


def _worth(pair: tuple[Level | None, Level | None]) -> int:
    return sum((_ORDER.index(level) if level else 1) ** 2 for level in pair)


def _born(a: str, b: str) -> Level | None:
    if not a or not b:
        return None
    if len(a) != 8 or len(b) != 8:
        length = min(len(a), len(b))
        return "part" if a[:length] == b[:length] else "apart"
    if a == b:
        return "exact"
    if slipped(a, b) or (a[:4] == b[:4] and a[4:6] == b[6:] and a[6:] == b[4:6]):
        return "near"  # a digit off, two swapped, or day and month
    same = (a[:4] == b[:4]) + (a[4:6] == b[4:6]) + (a[6:] == b[6:])
    return "part" if same == 2 else "apart"


def _streets(left: Person, right: Person, found: Levels) -> None:
    here, there = left.address, right.address
    straight = _text(here.street, there.street), _text(here.locality, there.locality)
    crossed = _crossed(here.street, here.locality, there.street, there.locality)
    if _worth(crossed) > _worth(straight):
        straight = crossed
    _put(found, "street", straight[0])
    _put(found, "locality", straight[1])


def _identity(a: frozenset[str], b: frozenset[str]) -> Level:
    if a & b:
        return "exact"
    return "near" if any(slipped(one, other) for one in a for other in b) else "apart"


def score(found: Levels, *, chinese: bool = False) -> float:
    """Log-odds in bits: the sum of what each field's level is worth; missing fields are worth nothing."""
    bits = 0.0
    for field, level in found.items():
        worth = CHINESE.get(field, WEIGHTS[field]) if chinese else WEIGHTS[field]
        bits += worth[level]
    return bits


def compare_persons(left: Person, right: Person, *, shared_phones: frozenset[str] = frozenset()) -> Verdict:
    """Whether two are the same person. Symmetric; never raises.

    `shared_phones`: numbers (E.164) of several people, a company's switchboard, say: worth nothing here.
    """
    found = levels(left, right)
    contacts = _contacts(left, right, shared_phones)
    employer = bool(left.employers & right.employers)
    bits = score(found, chinese=left.chinese and right.chinese)
    bits += sum(CONTACTS[each] for each in contacts) + (CONTACTS["employer"] if employer else 0)
    certainty = _certainty(found, contacts, bits, employer=employer)
    if certainty == "none":
        return Verdict("none", score=round(bits, 2))
    works: tuple[Reason, ...] = ("employer",) if employer else ()
    return Verdict(certainty, (*contacts, *_reasons(found), *works), "", round(bits, 2))


_Contact = Literal["phone", "email", "wechat"]


def _contacts(left: Person, right: Person, shared_phones: frozenset[str]) -> tuple[_Contact, ...]:
    found: list[_Contact] = []
    if (left.phones & right.phones) - shared_phones:
        found.append("phone")
    if left.emails & right.emails:
        found.append("email")
    if left.wechats & right.wechats:
        found.append("wechat")
    return tuple(found)


_ALIKE = ("exact", "near")


def _certainty(found: Levels, contacts: tuple[_Contact, ...], bits: float, *, employer: bool) -> Certainty:
    alike = [found[field] in _ALIKE for field in ("given", "surname") if field in found]
    if found.get("identity") == "exact" and any(alike):
        return "certain"
    same_name = found.get("given") == found.get("surname") == "exact"
    if contacts and same_name and bits >= LIKELY:
        return "certain"
    # A name and a town are many people's; all of one household share an address, and often the surname.
    tied = bool(contacts) or employer or any(found.get(field) in _ALIKE for field in _TIES)
    household = found.get("given") == "apart" and not (
        contacts or found.get("born") in _ALIKE or found.get("identity") in _ALIKE
    )
    if bits >= LIKELY and tied and not household:
        return "likely"
    named = len(alike) == 2 and all(alike) and bits > 0
    return "possible" if named or contacts or (bits >= POSSIBLE and tied) else "none"


_TIES: tuple[Field, ...] = ("born", "street", "locality", "identity")

_SAID: tuple[tuple[Field, Reason], ...] = (
    ("identity", "identity"), ("surname", "surname"), ("given", "given_name"), ("born", "born"),
    ("street", "address"), ("post_code", "post_code"),
)  # fmt: skip


def _reasons(found: Levels) -> tuple[Reason, ...]:
    return tuple(reason for field, reason in _SAID if found.get(field) in _ALIKE)

"""Who is named in a note: one of the customer's people, one of ours, somebody unknown."""

# Chinese in code: how people are called

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.kernel.reading.words import SURNAMES
from guanxi.kernel.surnames import COMPOUND_SURNAMES
from guanxi.kernel.whens import level

__all__ = ["Mention", "find_people"]

# Behind a surname they name a person even where nobody knows him; the weak ones only somebody of the list.
_TITLES_TEXT = """
总监 总工 副总 总经理 总(?![价共部是计额量结装成重监线]) 董事长 董 经理 主任 厂长 部长 科长 处长 局长 所长 院长
校长 主管 老师 女士 先生 小姐 老板 师傅 教授 博士 会计 助理 秘书 采购 工程师 组长 店长 站长
"""
_TITLES = "|".join(_TITLES_TEXT.split())
_WEAK_TEXT = "工(?![程作厂序艺具人业资期装地件商段伤费]) 姐 哥 局 处 科 博 老 兄 姨 叔 生 公"
_WEAK = "|".join(_WEAK_TEXT.split())
_SURNAME = f"(?:{'|'.join(sorted(COMPOUND_SURNAMES))}|[{''.join(sorted(SURNAMES))}])"
_CALLED = re.compile(f"(?<![老小])(?P<surname>{_SURNAME})(?:(?P<title>{_TITLES})|(?P<weak>{_WEAK}))")
_YOUNG_OR_OLD = re.compile(
    f"[老小](?P<surname>[{''.join(sorted(SURNAMES))}])(?=说|讲|答应|承诺|表示|会|同意|保证)"
)
_NO_SURNAMES = frozenset("和与向对于从时同方为关别包双各全支相应都能后那")
_LATIN = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Miss|Dr|Herr|Frau|Prof)\.?\s)?(?P<name>[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f.’'-]*[A-Za-z\u00c0-\u024f])"
)
_COMMON_TEXT = """
an april art august banks bill bush chase chip dawn do drew frank gene go grace grant guy he hope in
jack joy june lee long mark max may miles page price ray rich rob rose rusty so sue summer wade we
will wood you young
"""
_COMMON = frozenset(_COMMON_TEXT.split())  # words as well as names
_HAN = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody at text[start:end]; `name` as it stands in the list, "" where it fits none or several."""

    start: int
    end: int
    name: str
    ours: bool


def find_people(text: str, names: Sequence[str], colleagues: Sequence[str]) -> list[Mention]:
    """The people named in a text of `level`, in their order, none over another."""
    found = [
        *_chinese(text, _calls(names), _calls(colleagues)),
        *_latin(text, _words(names), _words(colleagues)),
    ]
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Mention] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


@dataclass(frozen=True, slots=True)
class _Calls:
    """The Chinese names of a list: by themselves and by surname."""

    whole: dict[str, str]
    surnames: dict[str, tuple[str, ...]]


def _calls(names: Sequence[str]) -> _Calls:
    whole: dict[str, str] = {}
    givens: dict[str, list[str]] = {}
    surnames: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        plain = level(name).strip()
        if len(plain) < 2 or not _HAN.match(plain):
            continue
        whole[plain] = name
        cut = 2 if plain[:2] in COMPOUND_SURNAMES and len(plain) > 2 else 1
        if len(plain) - cut == 2:
            givens.setdefault(plain[cut:], []).append(name)
        surnames.setdefault(plain[:cut], []).append(name)
    for given, several in givens.items():
        if len(several) == 1:
            whole.setdefault(given, several[0])
    return _Calls(whole, {surname: tuple(several) for surname, several in surnames.items()})


def _only(several: tuple[str, ...] | list[str]) -> str:
    return several[0] if len(several) == 1 else ""


def _chinese(text: str, theirs: _Calls, ours: _Calls) -> list[Mention]:
    found: list[Mention] = []
    for calls, side in ((theirs, False), (ours, True)):
        for word, name in calls.whole.items():
            title = re.compile(re.escape(word) + f"(?:{_TITLES}|工(?![程作厂序艺]))?")
            found += [Mention(one.start(), one.end(), name, side) for one in title.finditer(text)]
    for one in _CALLED.finditer(text):
        surname = one["surname"]
        name, side = _resolved(surname, theirs, ours)
        known = surname in theirs.surnames or surname in ours.surnames
        if known or (one["title"] and surname not in _NO_SURNAMES):
            found.append(Mention(one.start(), one.end(), name, side))
    for one in _YOUNG_OR_OLD.finditer(text):
        if one["surname"] not in theirs.surnames and one["surname"] not in ours.surnames:
            found.append(Mention(one.start(), one.end(), "", False))
    for surname in {**theirs.surnames, **ours.surnames}:
        for sign, first in (("老", theirs), ("小", ours)):
            other = ours if first is theirs else theirs
            several = first.surnames.get(surname) or other.surnames.get(surname, ())
            side = (first is ours) == (surname in first.surnames)
            for match in re.finditer(sign + surname + "(?:总|工|姐|哥|经理)?", text):
                found.append(Mention(match.start(), match.end(), _only(several), side))
    return found


def _resolved(surname: str, theirs: _Calls, ours: _Calls) -> tuple[str, bool]:
    """Called by a title somebody is rather the customer's than ours."""
    if surname in theirs.surnames:
        return _only(theirs.surnames[surname]), False
    if surname in ours.surnames:
        return _only(ours.surnames[surname]), True
    return "", False


def _words(names: Sequence[str]) -> dict[str, list[str]]:
    """The words of Latin names, in small letters, each with the names that hold it; whole names among them."""
    found: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        plain = level(name).strip()
        if not plain or _HAN.search(plain):
            continue
        for word in {part.casefold() for part in plain.split() if len(part) > 1}:
            found.setdefault(word, []).append(name)
    return found


def _latin(text: str, theirs: dict[str, list[str]], ours: dict[str, list[str]]) -> list[Mention]:
    found: list[Mention] = []
    for one in _LATIN.finditer(text) if theirs or ours else ():
        said = one["name"]
        end = one.end()
        if said.casefold().endswith("'s"):
            said, end = said[:-2], end - 2
        word = said.casefold()
        if word not in theirs and word not in ours:
            continue
        if said.islower() and (word in _COMMON or len(word) < 3):
            continue
        side = word not in theirs
        several = (ours if side else theirs)[word]
        before = found[-1] if found else None
        if before and before.ours == side and text[before.end : one.start()].strip() in ("", "."):
            both = [name for name in several if before.name in ("", name)]
            if both and one.start() - before.end <= 2:
                found[-1] = Mention(before.start, end, _only(both) or before.name, side)
                continue
        found.append(Mention(one.start(), end, _only(several), side))
    return found

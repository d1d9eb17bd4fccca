"""Industries by GB/T 4754-2017: sections 门类 (A–T) and divisions 大类 (01–97).

Source: GB/T 4754-2017 国民经济行业分类, published by SAC, in force since 2017-10-01; its first amendment of
2019 changed notes and classes, no division. The Chinese names are the standard's; the English ones are ours,
after ISIC Rev. 4, on which the standard is built.

A stored industry is its division's code as two digits ("14"); `Industry.year` says which edition of the
standard the code belongs to, so that a later edition can be added beside this one. A company's own list of
industries is rows of its own and no part of this table.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from guanxi.customers.reference.tables import rows

__all__ = ["DIVISIONS", "SECTIONS", "STANDARD", "YEAR", "Industry", "Section", "find", "label"]

STANDARD: Final = "GB/T 4754-2017"
YEAR: Final = 2017


@dataclass(frozen=True, slots=True)
class Section:
    """A section 门类: one letter A–T."""

    code: str
    zh: str
    en: str
    year: int = YEAR


@dataclass(frozen=True, slots=True)
class Industry:
    """A division 大类: two digits, unique over all sections; `section` is the letter it stands under."""

    code: str
    section: str
    zh: str
    en: str
    year: int = YEAR

    @property
    def full_code(self) -> str:
        """The code as statistics write it, letter first: C14."""
        return self.section + self.code


def _read() -> tuple[dict[str, Section], dict[str, Industry]]:
    sections: dict[str, Section] = {}
    divisions: dict[str, Industry] = {}
    letter = ""
    for code, zh, en in rows("industries"):
        if code.isdigit():
            divisions[code] = Industry(code, letter, zh, en)
        else:
            letter = code
            sections[code] = Section(code, zh, en)
    return sections, divisions


_sections, _divisions = _read()
SECTIONS: Final[Mapping[str, Section]] = MappingProxyType(_sections)
DIVISIONS: Final[Mapping[str, Industry]] = MappingProxyType(_divisions)

_CODE = re.compile(r"([A-T])?(\d{2})(?:\d{1,2})?")
_NOISE = re.compile(r"[\s,,、。.··/&()()\-—_]+|\band\b")
# 制造业 and 业 say nothing about which industry: 食品 and 食品制造业 are to meet.
_TAIL = re.compile(r"(制造业|加工业|服务业|业|行业)$")


def fold(text: str) -> str:
    """Text as it is compared here: half width, lower case, no spaces and punctuation, no "and"."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


_EXACT: dict[str, list[Industry]] = {}
for _industry in _divisions.values():
    for _name in (_industry.zh, _industry.en):
        _EXACT.setdefault(fold(_name), []).append(_industry)

# What people write instead of the standard's name, and names of the 2011 edition met in older files.
_ALIASES = {
    "化工": "26", "日化": "26", "日用化工": "26", "化妆品": "26", "制药": "27", "医药": "27", "药业": "27",
    "饮料": "15", "酒业": "15", "白酒": "15", "茶叶": "15", "粮油": "13", "水产加工": "13", "肉制品": "13",
    "调味品": "14", "乳业": "14", "乳制品": "14", "塑料": "29", "橡胶": "29", "五金": "33", "电子": "39",
    "物流": "54", "仓储": "59", "银行": "66", "软件": "65", "餐饮": "62", "印刷": "23", "包装印刷": "23",
    "广播、电视、电影和影视录音制作业": "87", "农、林、牧、渔服务业": "05", "开采辅助活动": "11",
    "科技推广和应用服务": "75",
}  # fmt: skip
for _name, _code in _ALIASES.items():
    _EXACT.setdefault(fold(_name), []).append(_divisions[_code])


def label(code: str, lang: str) -> str:
    """The division's name in the language ("zh…" or any other: English); "" for an unknown code."""
    industry = DIVISIONS.get(code)
    if industry is None:
        return ""
    return industry.zh if lang.startswith("zh") else industry.en


def find(text: str) -> list[Industry]:
    """Divisions that a person's text may mean, best first; a single answer is certain enough to import.

    Understands a code ("14", "C14"; a group's or class's code such as "1432" means its division), a
    Chinese or English name after folding, then a name without its ending (食品 → 食品制造业), then any part
    of a name. A section's name gives the divisions under it. An exact match answers alone.
    """
    folded = fold(text)
    if not folded:
        return []
    coded = _CODE.fullmatch(folded.upper())
    if coded:
        industry = DIVISIONS.get(coded[2])
        wrong_section = industry is not None and coded[1] is not None and coded[1] != industry.section
        return [] if industry is None or wrong_section else [industry]
    if folded in _EXACT:
        return list(_EXACT[folded])
    for section in SECTIONS.values():
        if folded in (fold(section.zh), fold(section.en), section.code.casefold()):
            return [industry for industry in DIVISIONS.values() if industry.section == section.code]
    core = _TAIL.sub("", folded)
    if len(core) < 2:
        return []
    short = [industry for industry in DIVISIONS.values() if _TAIL.sub("", fold(industry.zh)) == core]
    if short:
        return short
    return [
        industry
        for industry in DIVISIONS.values()
        if core in fold(industry.zh) or (len(core) > 2 and core in fold(industry.en))
    ]

"""Days written with figures alone: which one is the day, which the month? The file itself must say so.

3/5/24 is the third of May, the fifth of March or a day in 2003. One 13/5/24 in the same column settles it; where
nothing does, the person who imports says it, or the value is not taken.
"""

# Chinese in code: dates as people write them

import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import islice

from django.utils.translation import gettext_lazy as _

from guanxi.integrations.imports.reading import Table
from guanxi.kinds import FieldProblem

ORDERS = ("dmy", "mdy", "ymd")
_LOOKED_AT = 20_000  # rows that are asked for evidence
_AHEAD = 10  # years: 24 is 2024, 89 is 1989
_FIGURES = re.compile(r"\s*(\d{1,4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,4})(?![\d])")


# 24年3月5日, 二〇二四年三月五日: the order is said, only the figures are not those of a calendar.
_DIGITS = {**{sign: at for at, sign in enumerate("零一二三四五六七八九")}, "〇": 0, "○": 0, "Ｏ": 0}
_SPELT = re.compile(r"(\d{2}|[零〇○一二三四五六七八九]{2}|[零〇○一二三四五六七八九]{4})年"
                    r"(\d{1,2}|[一二三四五六七八九十]{1,2})月(\d{1,2}|[一二三四五六七八九十]{1,3})[日号]?")  # fmt: skip


def _plain(spelt: "re.Match[str]") -> str:
    year, month, day = (_number(text) for text in spelt.groups())
    try:
        return date(year if year > 99 else _year(f"{year:02}"), month, day).isoformat()
    except ValueError:
        return ""


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if "十" not in text:
        return int("".join(str(_DIGITS[sign]) for sign in text))
    tens, _ten, ones = text.partition("十")
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def readings(text: str) -> dict[str, date]:
    """What a day in figures may mean, by the order of its parts; {} for what is no such day, or says its year in four
    figures at the beginning."""
    found = _FIGURES.match(text)
    if found is None or len(found[1]) > 2:
        return {}
    first, second, third = found[1], found[3], found[4]
    if len(third) == 3:
        return {}
    parts = {"dmy": (third, second, first), "mdy": (third, first, second)}
    if len(third) <= 2:
        parts["ymd"] = (first, second, third)
    days = {}
    for order, (year, month, day) in parts.items():
        if len(year) not in (2, 4):
            continue
        try:
            days[order] = date(_year(year), int(month), int(day))
        except ValueError:
            continue
    return days


def _year(text: str) -> int:
    if len(text) == 4:
        return int(text)
    century = date.today().year // 100 * 100  # noqa: DTZ011  a century is the same in every time zone
    year = century + int(text)
    return year if year <= date.today().year + _AHEAD else year - 100  # noqa: DTZ011


def order_of(texts: Iterable[str]) -> str:
    """The one order in which all of these are days; "" where there are several, or none."""
    left = set(ORDERS)
    asked = False
    for text in texts:
        if found := readings(text):
            left &= found.keys()
            asked = True
    return left.pop() if asked and len(left) == 1 else ""


def orders_of(table: Table, columns: Mapping[int, str], said: str = "") -> dict[int, str]:
    """The order of each of these columns by its own evidence, or as `said`; "" where it is not clear."""
    if not columns:
        return {}
    if said:
        return dict.fromkeys(columns, said)
    texts: dict[int, list[str]] = {at: [] for at in columns}
    for row in islice(table.rows(), _LOOKED_AT):
        if row.problem is None:
            for at, found in texts.items():
                if row.cells[at]:
                    found.append(row.cells[at])
    return {at: order_of(found) for at, found in texts.items()}


def plain_day(raw: str, order: str) -> str:
    """The text with its day as 2024-05-03, by the order of its column. Raises FieldProblem where that is not clear."""
    if spelt := _SPELT.fullmatch(raw.strip()):
        return _plain(spelt) or raw
    days = readings(raw)
    if not days:
        return raw
    if order in days:
        day = days[order]
    elif len(set(days.values())) == 1:
        day = next(iter(days.values()))
    else:
        raise FieldProblem("order", _("It is not clear which figure is the day and which the month."))
    found = _FIGURES.match(raw)
    rest = raw[found.end() :] if found else ""
    return day.isoformat() + rest

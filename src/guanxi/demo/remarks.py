"""What salespeople note about a customer: sentences of data/remarks.txt with their slots filled."""

import re
from collections.abc import Callable
from random import Random
from typing import Final

from guanxi.demo import words
from guanxi.demo.lexicon import Sector
from guanxi.demo.names import surname

__all__ = ["PATTERNS", "write_english_remark", "write_remark"]

PATTERNS: Final = words.sections("remarks")
_PARTS = {
    heading: [tuple(re.split(r"\{(\w+)\}", line)) for line in lines] for heading, lines in PATTERNS.items()
}

_TITLES = "总 经理 经理 工 工 主任 部长 厂长 科长 主管".split()  # noqa: SIM905 - repeated on purpose, as weights
_BOSSES = ("总", "总", "董", "老板", "老板")
_OURS = ("HJ-V520立式机", "HJ-G8给袋机", "HJ-C150装箱机", "HJ-P300枕包机", "HJ-M20码垛机", "HJ-T12条包机")
_RIVALS = ("北川", "粤安", "德锐", "佛科", "中包达")
_FAIRS = ("上海包装展", "广州包装展", "青岛食品机械展", "春季糖酒会", "秋季糖酒会", "长沙食品机械展")
_FEW = ("两", "三", "四", "两", "三")
_WAN = ("15", "16.8", "18", "22", "26", "29.8", "32", "36", "38.5", "45", "52")
_GOODS_EN = {
    "14": ("biscuits", "snacks", "spice mixes", "sauces", "sweets"),
    "13": ("rice", "frozen shrimp", "cashew nuts", "pet food", "flour"),
    "15": ("tea", "ground coffee", "juice powder", "bottled water"),
    "26": ("soap", "wet wipes", "face masks"),
    "27": ("tablets", "powder sachets", "medical gloves"),
    "29": ("films and pouches", "gloves", "household goods"),
    "51": ("sugar and pulses", "dried fruit", "seeds"),
}
_LINES_EN = (
    "vertical form-fill-seal machine",
    "premade pouch machine",
    "flow wrapper",
    "case packer",
    "palletiser",
    "stick-pack machine",
)
_FAIRS_EN = (
    "the Shanghai packaging fair",
    "the Bangkok fair",
    "the Canton Fair",
    "the Dubai fair",
)
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _one(rng: Random, choices: tuple[str, ...] | list[str]) -> str:
    return choices[int(rng.random() * len(choices))]


_SLOTS: dict[str, Callable[[Random, Sector], str]] = {
    "who": lambda rng, _: surname(rng) + _one(rng, _TITLES),
    "boss": lambda rng, _: surname(rng) + _one(rng, _BOSSES),
    "surname": lambda rng, _: surname(rng),
    "goods": lambda rng, sector: _one(rng, sector.goods),
    "pack": lambda rng, sector: _one(rng, sector.packs),
    "bag": lambda rng, sector: _one(rng, sector.bags),
    "line": lambda rng, sector: _one(rng, sector.lines),
    "ours": lambda rng, _: _one(rng, _OURS),
    "rival": lambda rng, _: _one(rng, _RIVALS),
    "fair": lambda rng, _: _one(rng, _FAIRS),
    "month": lambda rng, _: f"{1 + int(rng.random() * 12)}月",
    "day": lambda rng, _: _one(rng, ("5", "8", "10", "15", "20", "25", "28")),
    "n": lambda rng, _: _one(rng, _FEW),
    "n2": lambda rng, _: _one(rng, _FEW),
    "nth": lambda rng, _: _one(rng, ("三", "四", "五")),
    "n3": lambda rng, _: str(6 + int(rng.random() * 20)),
    "pct": lambda rng, _: _one(rng, ("5", "6", "8", "10", "12", "15")),
    "wan": lambda rng, _: _one(rng, _WAN),
}


def write_remark(rng: Random, heading: str, sector: Sector, city: str) -> str:
    """One remark of the kind (a heading of remarks.txt) about a customer of the sector in the city."""
    parts = _one_of(rng, heading)
    if len(parts) == 1:
        return parts[0]
    said: dict[str, str] = {"city": city}
    text = [parts[0]]
    for place in range(1, len(parts), 2):
        slot = parts[place]
        if slot not in said:
            said[slot] = _SLOTS[slot](rng, sector)
        text += said[slot], parts[place + 1]
    return "".join(text)


def write_english_remark(rng: Random, heading: str, industry: str, person: str, year: int) -> str:
    """One remark about a customer abroad; `person` is who we deal with, `year` when it began."""
    parts = _one_of(rng, heading)
    said = {
        "who_en": person,
        "goods_en": _one(rng, _GOODS_EN.get(industry, _GOODS_EN["51"])),
        "line_en": _one(rng, _LINES_EN),
        "fairen": _one(rng, _FAIRS_EN),
        "month_en": _one(rng, _MONTHS_EN),
        "n3": str(20 + int(rng.random() * 30) * 10),
        "year": str(year),
    }
    text = "".join(said[part] if place % 2 else part for place, part in enumerate(parts))
    return text[:1].upper() + text[1:]


def _one_of(rng: Random, heading: str) -> tuple[str, ...]:
    lines = _PARTS[heading]
    return lines[int(rng.random() * len(lines))]

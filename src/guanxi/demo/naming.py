"""How the demo's Chinese companies are called, where they sit and what their websites are."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from guanxi.demo import words
from guanxi.demo.lexicon import (
    GENERAL_FIRST,
    GENERAL_SECOND,
    GENERAL_THIRD,
    KNOWN,
    PROVINCE_CHARACTER,
    Place,
    Sector,
    Trade,
    Weighted,
    sound,
)

__all__ = [
    "Named", "draw_address", "draw_child", "draw_company", "draw_landline", "draw_mobile",
    "draw_phone", "draw_website",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A company's name and the parts it was made of; `spoken` is the core in pinyin."""

    name: str
    short_name: str
    core: str
    trade: Trade
    spoken: str


_LIMITED = Weighted([("有限公司", 92.0), ("有限责任公司", 5.0), ("股份有限公司", 3.0)])
_LIMITED_LARGE = Weighted(
    [("有限公司", 46.0), ("股份有限公司", 32.0), ("集团有限公司", 16.0), ("集团股份有限公司", 6.0)]
)
_LARGE = ("500_999", "1000_9999", "10000_up")
_MOBILES = "138 139 136 137 135 150 151 158 159 186 185 188 189 133 177 180 131 132 199".split()  # noqa: SIM905
_EXCHANGES = {8: ("6000", "5000", "8600", "6600", "8200"), 7: ("600", "800", "500", "200", "300")}
_STREETS = words.read("streets")
_ROADS, _ZONES = tuple(_STREETS["roads"]), tuple(_STREETS["zones"])


def _draw(rng: Random, choices: tuple[str, ...] | list[str]) -> str:
    return choices[int(rng.random() * len(choices))]


def _general_pair(rng: Random) -> tuple[str, str]:
    while True:
        first, second = _draw(rng, GENERAL_FIRST), _draw(rng, GENERAL_SECOND)
        if first + second not in KNOWN and sound(first) != sound(second):
            return first, second


def _core(rng: Random, place: Place, sector: Sector) -> tuple[str, str]:
    """A core name 字号 and its sound."""
    chance = rng.random()
    if chance < 0.4 and sector.cores:
        core = _draw(rng, sector.cores)
        return core, sound(core)
    if chance < 0.5 and sector.seconds:
        character = PROVINCE_CHARACTER[place.province.code[:2]]
        second = sector.seconds[int(rng.random() * len(sector.seconds))]
        third = _draw(rng, GENERAL_THIRD) if rng.random() < 0.35 else ""
        third = "" if third == second else third
        return character + second + third, sound(character) + sound(second) + sound(third)
    first, second = _general_pair(rng)
    if chance < 0.82:
        return first + second, sound(first) + sound(second)
    third = _draw(rng, GENERAL_THIRD)
    while third in (first, second):
        third = _draw(rng, GENERAL_THIRD)
    return first + second + third, sound(first) + sound(second) + sound(third)


def draw_company(
    rng: Random, place: Place, sector: Sector, size: str, free: Callable[[str], bool], distinct: bool
) -> Named:
    """A name nobody has had: `free` answers and takes it. `distinct`: no trade name twice in a province."""
    large = size in _LARGE
    city, province = place.region.short, place.province.short
    for attempt in range(40):
        core, spoken = _core(rng, place, sector)
        if attempt > 8:  # many thousands are named already: a longer core
            extra = _draw(rng, GENERAL_THIRD)
            core, spoken = core + extra, spoken + sound(extra)
        trade = sector.trades.draw(rng)
        form = (_LIMITED_LARGE if large else _LIMITED).draw(rng)
        word = trade.word
        if word.endswith("厂"):
            form = ""
        chance = rng.random()
        if chance < (0.55 if large else 0.25):
            name = f"{province}{core}{word}{form}"
        elif chance < 0.66:
            name = f"{city}{core}{word}{form}"
        elif chance < 0.8:
            full = place.region.zh if len(place.region.zh) < 5 else city
            name = f"{full}{core}{word}{form}"
        elif chance < 0.94 and form:
            name = f"{core}{word}（{city}）{form}"
        else:
            name = f"{core}{word}{form or '有限公司'}"
        if distinct and attempt < 8 and not free(f"{core}@{place.province.code}"):
            continue
        if free(name):
            short = core if len(core) > 2 and rng.random() < 0.25 else core + trade.short
            if form.startswith("集团"):
                short = core + "集团"
            return Named(name, short, core, trade, spoken)
    raise RuntimeError("the demo's names are used up")


def draw_child(rng: Random, place: Place, group: Named) -> Named:
    """A subsidiary or branch of the group in another city."""
    city = place.region.short
    if rng.random() < 0.4 and not group.name.endswith("厂"):
        name = f"{group.name}{city}分公司"
        short = f"{group.short_name}{city}分公司"
    else:
        word = group.trade.word.removesuffix("厂") or group.trade.word
        name = f"{group.core}{word}（{city}）有限公司"
        short = f"{group.core}{city}"
    return Named(name, short, group.core, group.trade, group.spoken)


def draw_website(rng: Random, named: Named, place: Place) -> str:
    """An address under .example, where nobody can be."""
    chance = rng.random()
    if chance < 0.4:
        host = named.spoken + sound(place.region.short)
    elif chance < 0.75:
        host = f"{named.spoken}-{sound(named.trade.short)}"
    else:
        host = f"{named.spoken}{int(rng.random() * 90) + 10}"
    return f"https://www.{host}.example"


def _unit(rng: Random) -> str:
    number = 1 + int(rng.random() ** 2 * 12)
    letter = "ABCDE"[int(rng.random() * 5)]
    forms = (
        f"{number}幢",
        f"{number}号楼",
        f"{letter}区{number}号厂房",
        f"{letter}栋",
        f"{number}号车间",
        "院内",
    )
    return _draw(rng, forms)


def draw_address(rng: Random, place: Place) -> str:
    """Street and number in one of the city's districts or industrial zones."""
    parts = [place.province.zh] if place.province is not place.region and rng.random() < 0.3 else []
    parts.append(place.region.zh)
    if place.districts:
        parts.append(_draw(rng, place.districts))
    if not place.districts or rng.random() < 0.3:
        parts.append(_draw(rng, _ZONES))
    parts.append(f"{_draw(rng, _ROADS)}{1 + int(rng.random() ** 2 * 320)}号")
    if rng.random() < 0.4:
        parts.append(_unit(rng))
    return "".join(parts)


def draw_phone(rng: Random, place: Place) -> str:
    """A landline, a mobile number, now and then nothing."""
    chance = rng.random()
    return draw_landline(rng, place) if chance < 0.56 else draw_mobile(rng) if chance < 0.93 else ""


def draw_landline(rng: Random, place: Place) -> str:
    """Area code and a number of the right length in an exchange of zeros."""
    return f"{place.area}-{_draw(rng, _EXCHANGES[place.digits])}{int(rng.random() * 10_000):04d}"


def draw_mobile(rng: Random) -> str:
    return f"{_draw(rng, _MOBILES)}0000{int(rng.random() * 10_000):04d}"

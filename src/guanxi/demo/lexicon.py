"""The words the generator builds customers from, read once: sectors, places, general trade names."""

from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random
from typing import Final, Generic, TypeVar

from guanxi.customers.reference.regions import REGIONS, Region
from guanxi.demo import words
from guanxi.kernel.pinyin import readings

T = TypeVar("T")


class Weighted(Generic[T]):
    """Things to draw by weight, many million times: a bisection instead of `Random.choices`."""

    __slots__ = ("_bounds", "_items", "_total")

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        listed = list(pairs)
        self._items = [item for item, _ in listed]
        self._bounds = list(accumulate(weight for _, weight in listed))
        self._total = self._bounds[-1]

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    def draw(self, rng: Random) -> T:
        return self._items[bisect(self._bounds, rng.random() * self._total)]


@dataclass(frozen=True, slots=True)
class Trade:
    """`word` stands in the full name, `short` in the short one; `industry` is the division's code."""

    word: str
    short: str
    industry: str


@dataclass(frozen=True, slots=True)
class Sector:
    key: str
    trades: Weighted[Trade]
    cores: tuple[str, ...]
    seconds: str
    goods: tuple[str, ...]
    packs: tuple[str, ...]
    bags: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A city with its telephone area code, the length of its numbers and some of its districts."""

    region: Region
    province: Region
    area: str
    digits: int
    districts: tuple[str, ...]


def _trades(text: str) -> Weighted[Trade]:
    return Weighted(
        (Trade(word, short, industry), float(weight))
        for word, short, industry, weight in (entry.split(":") for entry in text.split())
    )


def _sector(key: str, lines: list[str]) -> tuple[Sector, float, frozenset[str]]:
    fields = dict(line.split(" ", 1) for line in lines)
    packs = tuple(fields["packs"].split("|"))
    sector = Sector(
        key=key,
        trades=_trades(fields["trades"]),
        cores=tuple(core for core in fields["cores"].split() if core not in KNOWN),
        seconds=fields.get("second", ""),
        goods=tuple(fields["goods"].split("|")),
        packs=packs,
        bags=tuple(pack for pack in packs if pack.endswith(("袋", "包"))) or ("自立袋",),
        lines=tuple(fields["lines"].split("|")),
    )
    return sector, float(fields.get("weight", 1)), frozenset(fields.get("places", "").split())


_others = words.sections("others")


def _list(heading: str) -> tuple[str, ...]:
    return tuple(" ".join(_others[heading]).split())


KNOWN: Final = frozenset(_list("known"))
GENERAL_FIRST: Final = _list("general first")
GENERAL_SECOND: Final = _list("general second")
GENERAL_THIRD: Final = _list("general third")
PROVINCE_CHARACTER: Final = {entry[:2]: entry[2:] for entry in _list("regions")}
BUREAUS: Final = tuple(" ".join(_others["government"][:1]).split()[1:])
MAKERS: Final = tuple(" ".join(_others["individual"]).split()[1:])
OTHER_SECTORS: Final = {
    key: _sector(key, _others[key])[0] for key in ("distributor", "supplier", "partner", "competitor", "bank")
}
_office = dict(line.split(" ", 1) for line in _others["government"][1:])
GOVERNMENT: Final = Sector(
    "government", OTHER_SECTORS["bank"].trades, (), "",
    (_office["goods"],), (_office["packs"],), ("自立袋",), (_office["lines"],),
)  # fmt: skip

_sectors = [_sector(key, lines) for key, lines in words.sections("sectors").items()]


@cache
def sectors_in(province: str) -> Weighted[Sector]:
    """The sectors of a province (two digits), those it is known for three times as likely."""
    return Weighted(
        (sector, weight * (3 if province in places else 1)) for sector, weight, places in _sectors
    )


# Customers per province, for a maker in Suzhou.
_PROVINCES = (
    "32:16 37:14 44:13 33:10 41:8 34:7 31:6 13:6 35:6 51:6 42:4 43:4 36:3 21:3 50:2.5 11:2 12:2 61:2 "
    "53:1.5 45:1.5 23:1.2 22:1.2 14:1.2 15:1.2 65:1 52:1 62:0.7 64:0.5 46:0.4 63:0.2 54:0.1"
)


def _read_places() -> dict[str, Weighted[Place]]:
    found: dict[str, list[tuple[Place, float]]] = {}
    for line in words.text("places.tsv").splitlines()[1:]:
        code, weight, area, digits, districts = line.split("\t")
        place = Place(REGIONS[code], REGIONS[code[:2] + "0000"], area, int(digits), tuple(districts.split()))
        found.setdefault(code[:2], []).append((place, float(weight)))
    return {province: Weighted(places) for province, places in found.items()}


_places = _read_places()
_province_weights = Weighted(
    (province, float(weight)) for province, weight in (entry.split(":") for entry in _PROVINCES.split())
)


def draw_place(rng: Random, province: str = "") -> Place:
    """A city by the number of customers there; `province` (two digits) keeps to that one."""
    return _places[province or _province_weights.draw(rng)].draw(rng)


@cache
def sound(text: str) -> str:
    """Pinyin without spaces and tones, for web addresses; cached by the few hundred parts of names."""
    spoken = readings(text).full
    return spoken[0] if spoken else ""

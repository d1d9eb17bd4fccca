"""Chinese companies, and what people make of their names: built from a list of brand words, seeded.

Half of the brand words (by checksum) is for tuning the rules, the other half for judging them; so are trades.
"""

# Chinese in code: parts that names of companies are made of, for measuring; nobody reads them.

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import cycle
from random import Random
from typing import Literal
from zlib import crc32

from guanxi.kernel.alike.company import Company, company
from guanxi.kernel.codes import make_credit_code
from guanxi.kernel.pinyin import readings
from guanxi.kernel.places import CITIES, PROVINCE_OF
from guanxi.kernel.trades import TRADES

__all__ = ["Ask", "Business", "Half", "World", "world"]

Half = Literal["tuned", "judged"]
_FORMS = ("有限公司",) * 8 + ("有限责任公司", "股份有限公司", "集团有限公司", "")
# Trades the parser's table does not hold.
_STRANGE_TRADES_TEXT = """
预制菜 石墨烯 无人机 机车 豆皮 碳素 磁材 冻干 粉条 挂面 滑轨 锁具 渔具 蜂业 参业 墙体材料
"""
_STRANGE_TRADES = _STRANGE_TRADES_TEXT.split()
_WIDE = {ord(c): ord(c) + 0xFEE0 for c in "()ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"}


@dataclass(frozen=True, slots=True)
class Business:
    """A company of the world: its name in parts, and what belongs to it."""

    short: str
    city: str
    place: str
    trade: str
    form: str
    code: str
    phone: str
    branch: str = ""
    former: str = ""

    @property
    def name(self) -> str:
        if self.place.startswith("（"):
            return f"{self.short}{self.trade}{self.place}{self.form}{self.branch}"
        return f"{self.place}{self.short}{self.trade}{self.form}{self.branch}"

    def compared(self) -> Company:
        return company(
            self.name,
            former=[self.former] if self.former else (),
            code=self.code,
            phones=[self.phone] if self.phone else (),
        )


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody enters a company: how its record differs, and which of the world it is (None: a new one).

    `relation`: same, branch (of `of`), or other.
    """

    kind: str
    record: Business
    of: int | None
    relation: Literal["same", "branch", "other"]


@dataclass
class World:
    """Companies that are there already, and questions with their truth."""

    companies: list[Business]
    asks: list[Ask]
    random: Random
    chars: Sequence[str]
    shorts: Sequence[str]
    _traditional: Callable[[str], str] = field(repr=False, default=str)

    @cached_property
    def by_sound(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for char in self.chars:
            for sound in readings(char).full[:1]:
                found.setdefault(sound, []).append(char)
        return found


def world(
    words: Sequence[str], half: Half, *, companies: int = 20_000, asks: int = 6_000, seed: int = 5
) -> World:
    """`words`: brand words; those of the other half are not touched. The same arguments give the same world."""
    import opencc

    random = Random(f"{seed} {half}")  # noqa: S311 - samples, no secrets
    ours = [word for word in words if _half(word) == half and 2 <= len(word) <= 8]
    random.shuffle(ours)
    trades = sorted(t for t in TRADES if _half(t) == half and len(t) < 7) + [
        t for t in _STRANGE_TRADES if _half(t) == half
    ] * 4  # fmt: skip
    chars = sorted({char for word in ours for char in word if "\u4e00" <= char <= "\u9fff"})
    made = World([], [], random, chars, ours, opencc.OpenCC("s2t").convert)
    cities = sorted(CITIES)
    for number in range(companies):
        made.companies.append(_business(random, number, ours[number % len(ours)], trades, cities))
    _agencies(made, companies)
    fresh = cycle(ours[companies : companies + asks] or ours)
    kinds = list(_SAME.items())
    for number in range(asks):
        at = random.randrange(companies)
        base = made.companies[at]
        turn = number % 10
        if turn < 7:
            kind, change = kinds[(number // 10 * 7 + turn) % len(kinds)]
            made.asks.append(Ask(kind, change(made, base), at, "same"))
        elif turn < 9:
            kind, change = list(_RELATED.items())[(number // 10 * 2 + turn) % len(_RELATED)]
            made.asks.append(Ask(kind, change(made, base), at, "branch"))
        else:
            made.asks.append(_stranger(made, number, next(fresh), trades, cities, base))
    return made


def _half(word: str) -> Half:
    return "judged" if crc32(word.encode()) % 2 else "tuned"


def _business(
    random: Random, number: int, short: str, trades: Sequence[str], cities: Sequence[str]
) -> Business:
    city = random.choice(cities)
    province = PROVINCE_OF[city]
    place = random.choice(
        [city, city + "市", city + "市", f"{province}省{city}市", province, f"（{city}）", ""]
    )
    if place.startswith(
        ("内蒙古省", "广西省", "西藏省", "宁夏省", "新疆省", "重庆省", "上海省", "天津省", "香港省")
    ):
        place = city
    phone = f"13{number % 10}{(number * 7919) % 100_000_000:08d}"
    code = make_credit_code(number) if random.random() < 0.8 else ""
    return Business(short, city, place, random.choice(trades), random.choice(_FORMS), code, phone)


def _agencies(made: World, companies: int) -> None:
    """A seventh of the companies gives a bookkeeping agency's number, which 5 to 40 others give too."""
    random = made.random
    for at in random.sample(range(companies), companies // 7):
        agency = f"0539-8{random.randrange(companies // 150 + 1):06d}"
        made.companies[at] = replace(made.companies[at], phone=agency)


def _bare(random: Random, base: Business, **changes: str) -> Business:
    """As somebody types it: mostly without a code, and every other time without a phone."""
    code = base.code if random.random() < 0.15 else ""
    phone = base.phone if random.random() < 0.35 else ""
    return replace(base, **{"code": code, "phone": phone, **changes})


def _named(made: World, base: Business, name: str) -> Business:
    return _bare(made.random, base, place="", short=name, trade="", form="", branch="")


def _wide(made: World, base: Business) -> Business:
    name = base.name.translate(_WIDE)
    at = made.random.randrange(1, len(name))
    return _named(made, base, f" {name[:at]}\u3000{name[at:]} ")


def _region_dropped(made: World, base: Business) -> Business:
    return _bare(made.random, base, place="")


def _region_added(made: World, base: Business) -> Business:
    province = PROVINCE_OF[base.city]
    if not base.place or base.place == province:
        place = base.city if not base.place else f"{province}{base.city}"
    else:
        place = f"{province}{base.city}市"
    return _bare(made.random, base, place=place)


def _region_moved(made: World, base: Business) -> Business:
    place = f"（{base.city}）" if not base.place.startswith("（") else base.city
    return _bare(made.random, base, place=place if base.place else "")


def _form_changed(made: World, base: Business) -> Business:
    return _bare(made.random, base, form=made.random.choice([f for f in _FORMS if f != base.form]))


def _short_with_trade(made: World, base: Business) -> Business:
    return _bare(made.random, base, place="", trade=base.trade[:2], form="")


def _homophone(made: World, base: Business) -> Business:
    places = list(range(len(base.short)))
    made.random.shuffle(places)
    for at in places:
        for sound in readings(base.short[at]).full[:1]:
            others = [char for char in made.by_sound.get(sound, ()) if char != base.short[at]]
            if others:
                other = made.random.choice(others)
                return _bare(made.random, base, short=base.short[:at] + other + base.short[at + 1 :])
    return _bare(made.random, base)


def _slipped(made: World, text: str) -> str:
    random = made.random
    at = random.randrange(len(text))
    how = random.randrange(6)
    if how < 3 or len(text) < 3:
        return text[:at] + random.choice(made.chars) + text[at + 1 :]
    if how == 3:
        at = random.randrange(len(text) - 1)
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if how == 4:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at] + text[at:]


def _slip_in_core(made: World, base: Business) -> Business:
    return _bare(made.random, base, short=_slipped(made, base.short))


def _renamed(made: World, base: Business, **held: str) -> Business:
    short = made.random.choice(made.shorts)
    return replace(base, **{"short": short, "code": "", "phone": "", **held})


def _renamed_code(made: World, base: Business) -> Business:
    return _renamed(made, base, code=base.code) if base.code else _renamed_phone(made, base)


def _renamed_phone(made: World, base: Business) -> Business:
    """With a number of its own; an agency's would prove nothing, so there the former name is said."""
    if base.phone.startswith("0539"):
        return _renamed(made, base, former=base.name)
    return _renamed(made, base, phone=base.phone)


_SAME: dict[str, Callable[[World, Business], Business]] = {
    "as it is": lambda made, base: _bare(made.random, base),
    "width and spaces": _wide,
    "traditional characters": lambda made, base: _named(made, base, made._traditional(base.name)),
    "region dropped": _region_dropped,
    "region added": _region_added,
    "region moved": _region_moved,
    "legal form changed": _form_changed,
    "legal form dropped": lambda made, base: _bare(made.random, base, form=""),
    "short form": lambda made, base: _bare(made.random, base, place="", trade="", form=""),
    "region and short form": lambda made, base: _bare(made.random, base, place=base.city, trade="", form=""),
    "short form and part of the trade": _short_with_trade,
    "homophone": _homophone,
    "slip in the short form": _slip_in_core,
    "slip anywhere": lambda made, base: _named(made, base, _slipped(made, base.name)),
    "slip, legal form dropped": lambda made, base: replace(_slip_in_core(made, base), form=""),
    "region and form dropped, traditional": lambda made, base: _named(
        made, base, made._traditional(base.short + base.trade)
    ),
    "renamed, same code": _renamed_code,
    "renamed, same phone": _renamed_phone,
    "renamed, former name said": lambda made, base: _renamed(made, base, former=base.name),
    "short form and phone": lambda made, base: replace(
        base, place="", trade="", form="", code="", phone=base.phone
    ),
}  # fmt: skip


def _branch(made: World, base: Business) -> Business:
    place = made.random.choice(sorted(CITIES))
    word = made.random.choice(["分公司", "第一分公司", "办事处", "营业部"])
    held = made.random.random()
    return replace(
        base,
        form=base.form or "有限公司",
        branch=place + word,
        code=base.code if held < 0.2 else "",
        phone=base.phone if held < 0.7 else "",
    )


def _elsewhere(made: World, base: Business) -> Business:
    if not base.place:  # nobody could tell
        return _branch(made, base)
    city = made.random.choice([c for c in sorted(CITIES) if PROVINCE_OF[c] != PROVINCE_OF[base.city]])
    phone = base.phone if made.random.random() < 0.6 else ""
    return replace(base, city=city, place=city + "市", code="", phone=phone)


def _group_member(made: World, base: Business) -> Business:
    others = [t for t in ("机械", "物流", "餐饮", "置业", "文化传媒") if not set(t) & set(base.trade)]
    phone = base.phone if made.random.random() < 0.6 else ""
    return replace(base, trade=made.random.choice(others or ["置业"]), code="", phone=phone)


_RELATED: dict[str, Callable[[World, Business], Business]] = {
    "branch": _branch,
    "same name in another region": _elsewhere,
    "group member in another trade": _group_member,
}


def _stranger(
    made: World, number: int, short: str, trades: Sequence[str], cities: Sequence[str], base: Business
) -> Ask:
    """A company that is not there: with a number of its own, an agency's, or another company's trade and
    city."""
    new = _business(made.random, 50_000_000 + number, short, trades, cities)
    if number % 30 < 10:
        agencies = [each.phone for each in made.companies[:500] if each.phone.startswith("0539")]
        return Ask(
            "stranger at the same agency", replace(new, phone=made.random.choice(agencies)), None, "other"
        )
    if number % 30 < 20:
        return Ask("stranger", new, None, "other")
    return Ask(
        "stranger of the same trade and place",
        replace(new, trade=base.trade, place=base.place),
        None,
        "other",
    )

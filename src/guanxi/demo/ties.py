"""Who knows whom in and around the demo company's customers; the same for the same seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from guanxi.demo.generator import CustomerSeed
from guanxi.demo.people import PersonSeed

# Chinese in code: posts, and what salespeople note of a relationship

_CHIEFS: Final = ("总经理", "老板", "Managing Director", "厂长", "副总经理")
_SIDEWAYS: Final = (
    ("trusts", 0.12, ("大事都先问他", "采购上听他的", "")),
    ("classmate", 0.04, ("中专同学", "EMBA 同学", "")),
    ("townsman", 0.06, ("盐城老乡", "同一个镇上的", "")),
    ("family", 0.03, ("夫妻", "表兄弟", "")),
    ("friend", 0.05, ("一起钓鱼", "")),
    ("rival", 0.04, ("因为上次选型闹过", "")),
)
# How often the owner knows somebody there, by grade, and how well at most.
_KNOWN: Final = {"A": (0.95, 90), "B": (0.7, 75), "C": (0.35, 60), "D": (0.1, 40), "": (0.1, 40)}
_MOVED, _REPORTS, _SELLS, _COMPETES, _SUPERIOR_KNOWS = 0.05, 0.75, 0.8, 0.04, 0.3


@dataclass(frozen=True, slots=True)
class TieSeed:
    """A relationship: the ends are (index of a customer, place among its people), (index, None) for the customer
    itself, and None for the owner at the first or, `by_superior`, for the owner's superior."""

    kind: str
    first: tuple[int, int | None] | None
    second: tuple[int, int | None]
    strength: int
    note: str = ""
    by_superior: bool = False


@dataclass(frozen=True, slots=True)
class MoveSeed:
    """A person who worked at another customer before."""

    person: tuple[int, int]
    at: int
    post: str
    since: date
    until: date


def ties_of(
    part: Sequence[CustomerSeed], people: Mapping[int, Sequence[PersonSeed]], seed: int, today: date
) -> Iterator[TieSeed | MoveSeed]:
    """Relationships and earlier positions among these customers, each at most once."""
    by_region: dict[str, list[CustomerSeed]] = {}
    for one in part:
        rng = Random(f"{seed} ties {one.index}")  # noqa: S311  a demo, not a secret
        theirs = people.get(one.index, ())
        near = by_region.setdefault(one.region[:2], [])
        yield from _inside(rng, one, theirs)
        yield from _known(rng, one, len(theirs))
        yield from _between(rng, one, near)
        yield from _moved(rng, one, theirs, near, people, today)
        near.append(one)


def _inside(rng: Random, one: CustomerSeed, theirs: Sequence[PersonSeed]) -> Iterator[TieSeed]:
    chief = next((n for post in _CHIEFS for n, person in enumerate(theirs) if person.post == post), None)
    for n in range(len(theirs)):
        if chief is not None and n != chief and rng.random() < _REPORTS:
            yield TieSeed("reports_to", (one.index, n), (one.index, chief), rng.randint(50, 90))
        for kind, share, notes in _SIDEWAYS:
            if n and rng.random() < share:
                note = rng.choice(notes) if one.region.isdigit() else ""
                yield TieSeed(kind, (one.index, n), (one.index, rng.randrange(n)), rng.randint(30, 90), note)


def _known(rng: Random, one: CustomerSeed, number: int) -> Iterator[TieSeed]:
    share, most = _KNOWN[one.grade]
    if one.owner is None or not number or rng.random() > share:
        return
    yield TieSeed("knows", None, (one.index, 0), rng.randint(most - 30, most))
    if number > 1 and rng.random() < share / 2:
        yield TieSeed("knows", None, (one.index, 1), rng.randint(20, most - 10))
    if one.grade == "A" and rng.random() < _SUPERIOR_KNOWS:
        yield TieSeed("knows", None, (one.index, 0), rng.randint(30, 70), by_superior=True)


def _between(rng: Random, one: CustomerSeed, near: Sequence[CustomerSeed]) -> Iterator[TieSeed]:
    if "internal" in one.relations:
        return
    others = [other for other in near[-60:] if "internal" not in other.relations]
    if "distributor" in one.relations and others and rng.random() < _SELLS:
        for other in rng.sample(others, min(len(others), rng.randint(1, 3))):
            yield TieSeed("sells_to", (one.index, None), (other.index, None), rng.randint(30, 85))
    alike = [other for other in others if one.industry and other.industry == one.industry]
    if alike and rng.random() < _COMPETES:
        yield TieSeed("competes", (one.index, None), (rng.choice(alike).index, None), rng.randint(30, 80))


def _moved(
    rng: Random,
    one: CustomerSeed,
    theirs: Sequence[PersonSeed],
    near: Sequence[CustomerSeed],
    people: Mapping[int, Sequence[PersonSeed]],
    today: date,
) -> Iterator[TieSeed | MoveSeed]:
    before = [other for other in near[-40:] if people.get(other.index)]
    if not theirs or not before or rng.random() > _MOVED:
        return
    place, former = rng.randrange(len(theirs)), rng.choice(before)
    until = today - timedelta(days=rng.randint(120, 1500))
    since = until - timedelta(days=rng.randint(400, 2500))
    yield MoveSeed((one.index, place), former.index, theirs[place].post, since, until)
    colleague = rng.randrange(len(people[former.index]))
    yield TieSeed("worked_with", (one.index, place), (former.index, colleague), rng.randint(40, 85))

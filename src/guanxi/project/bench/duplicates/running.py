"""Through keys and verdict as the product asks: records are entered one by one, each is checked before."""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import thread_time
from typing import Any, TypeVar

from guanxi.kernel.alike.company import Company, company_keys
from guanxi.kernel.alike.comparing import compare_companies
from guanxi.kernel.alike.index import Index
from guanxi.kernel.alike.person import person_keys
from guanxi.kernel.alike.scoring import compare_persons
from guanxi.kernel.alike.verdicts import CERTAINTIES, Certainty, Key, Verdict, at_least
from guanxi.project.bench.duplicates.datasets import Labelled, brand_words, febrl, products, restaurants
from guanxi.project.bench.duplicates.variants import Ask, Half, World, world

__all__ = ["Quality", "companies_asked", "data_folder", "linked", "measure_all", "quality"]

Record = TypeVar("Record")
Pair = tuple[int, int]
_CERTAINTIES: tuple[Certainty, ...] = ("possible", "likely", "certain")


@dataclass(frozen=True, slots=True)
class Quality:
    """Of the pairs said to be one: `precision` are; of those that are one: `recall` are said to be."""

    precision: float
    recall: float
    f1: float
    said: int
    true: int


def quality(said: Iterable[Pair], same: frozenset[Pair]) -> Quality:
    found = set(said)
    right = len(found & same)
    return Quality(
        right / len(found) if found else 1.0,
        right / len(same) if same else 1.0,
        2 * right / (len(found) + len(same)) if found or same else 1.0,
        len(found),
        len(same),
    )


@dataclass(frozen=True, slots=True)
class Linked:
    """`verdicts` of the pairs that share a key; `micro`: microseconds of processor time of each check, keys and
    verdicts."""

    verdicts: dict[Pair, Verdict]
    micro: list[float]

    def at(self, certainty: Certainty) -> list[Pair]:
        return [pair for pair, verdict in self.verdicts.items() if at_least(verdict, certainty)]


def linked(
    data: Labelled[Record],
    keys: Callable[[Record], frozenset[Key]],
    compare: Callable[[Record, Record], Verdict],
) -> Linked:
    """Every record against those before it; of two lists, those of the second against the first."""
    index: Index[int] = Index()
    verdicts: dict[Pair, Verdict] = {}
    micro: list[float] = []
    for at, record in enumerate(data.records):
        begun = thread_time()
        held = keys(record)
        if at >= data.second:
            for other in index.candidates(held):
                verdicts[other, at] = compare(data.records[other], record)
            micro.append((thread_time() - begun) * 1e6)
        if not data.second or at < data.second:
            index.add(at, held)
    return Linked(verdicts, micro)


def data_folder() -> Path:
    """Where the sample files lie: GUANXI_SHARED_DATA, or ../shared/data beside the checkout."""
    return Path(
        os.environ.get("GUANXI_SHARED_DATA") or Path(__file__).resolve().parents[5] / "../shared/data"
    )


def measure_all(folder: Path, say: Callable[[str], None], *, only: str = "") -> dict[str, Any]:
    """Measure every set whose name holds `only`, tell it, and give the figures as data. A set whose files are
    not there is said to be missing."""
    report: dict[str, Any] = {"failed": []}
    for name, measure in _cases(folder).items():
        if only not in name:
            continue
        try:
            report[name] = measure(say, name)
        except FileNotFoundError as error:
            say(f"{name}: the sample file is not there ({error.filename})")
    return report


_Say = Callable[[str], None]
_Case = Callable[[_Say, str], dict[str, Any]]


def _cases(folder: Path) -> dict[str, _Case]:
    found: dict[str, _Case] = {}
    for identity in (False, True):
        for number in ("1", "2", "3", "4"):
            label = f"febrl {number} {'with' if identity else 'without'} soc_sec_id"
            persons = partial(febrl, folder, number, identity=identity)
            found[label] = partial(_told, persons, person_keys, compare_persons)
    for label, read in (
        ("restaurants", partial(restaurants, folder)),
        ("restaurants, every row", partial(restaurants, folder, all_rows=True)),
        ("abt-buy", partial(products, folder)),
    ):
        found[label] = partial(_told, read, company_keys, compare_companies)
    halves: tuple[Half, ...] = ("tuned", "judged")
    for half in halves:
        found[f"chinese companies, {half}"] = partial(_chinese, folder, half)
    return found


def _chinese(folder: Path, half: Half, say: _Say, name: str) -> dict[str, Any]:
    return companies_asked(world(brand_words(folder), half), say, name)


def _told(
    read: Callable[[], Labelled[Record]],
    keys: Callable[[Record], frozenset[Key]],
    compare: Callable[[Record, Record], Verdict],
    say: _Say,
    name: str,
) -> dict[str, Any]:
    data = read()
    result = linked(data, keys, compare)
    together = share(len(result.verdicts.keys() & data.same), len(data.same))
    say(
        f"{name}: {len(data.records)} records, {len(data.same)} pairs; candidates {len(result.verdicts)}, "
        f"of the pairs {together}; {_spent(result.micro)}"
    )
    figures: dict[str, Any] = {}
    for certainty in _CERTAINTIES:
        got = quality(result.at(certainty), data.same)
        figures[certainty] = got.f1
        say(f"    {certainty:9} precision {got.precision:.4f}  recall {got.recall:.4f}  F1 {got.f1:.4f}")
    return figures


def share(part: int, whole: int) -> str:
    return f"{part / whole:.4f}" if whole else "-"


def _spent(micro: list[float]) -> str:
    ordered = sorted(micro) or [0.0]
    return f"a check p50 {ordered[len(ordered) // 2]:.0f} us, p95 {ordered[int(len(ordered) * 0.95)]:.0f} us"


@dataclass
class _Tally:
    asked: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    flagged: int = 0


def companies_asked(made: World, say: Callable[[str], None], name: str) -> dict[str, Any]:
    """Ask the world; recall by kind of change, precision over every pair said, branches apart."""
    records = [each.compared() for each in made.companies]
    index: Index[int] = Index()
    codes: dict[str, set[str]] = defaultdict(set)
    for at, record in enumerate(records):
        index.add(at, company_keys(record))
        for phone in record.phones:
            codes[phone] |= record.codes
    shared = frozenset(phone for phone, several in codes.items() if len(several) > 2)
    tallies: dict[tuple[str, str], _Tally] = defaultdict(_Tally)
    said, right = Counter[str](), Counter[str]()
    micro: list[float] = []
    for ask in made.asks:
        begun = thread_time()
        verdicts = _asked(ask, records, index, shared)
        micro.append((thread_time() - begun) * 1e6)
        tally = tallies[ask.relation, ask.kind]
        tally.asked += 1
        for at, verdict in verdicts.items():
            for certainty in _CERTAINTIES:
                if at_least(verdict, certainty):
                    said[certainty] += 1
                    right[certainty] += at == ask.of and ask.relation == "same"
        own = verdicts.get(ask.of) if ask.of is not None else _weightiest(verdicts)
        if own:
            tally.reached.update(certainty for certainty in _CERTAINTIES if at_least(own, certainty))
            tally.flagged += bool(own.branch)
    return _tell(say, name, tallies, said, right, micro, len(records))


def _weightiest(verdicts: dict[int, Verdict]) -> Verdict | None:
    return max(verdicts.values(), key=lambda verdict: CERTAINTIES.index(verdict.certainty), default=None)


def _asked(ask: Ask, records: list[Company], index: Index[int], shared: frozenset[str]) -> dict[int, Verdict]:
    record = ask.record.compared()
    found = {
        at: compare_companies(records[at], record, shared_phones=shared)
        for at in index.candidates(company_keys(record))
    }
    return {at: verdict for at, verdict in found.items() if verdict.certainty != "none"}


def _tell(
    say: Callable[[str], None],
    name: str,
    tallies: dict[tuple[str, str], _Tally],
    said: Counter[str],
    right: Counter[str],
    micro: list[float],
    world_size: int,
) -> dict[str, Any]:
    same = [tally for (relation, _), tally in tallies.items() if relation == "same"]
    asked = sum(tally.asked for tally in same)
    say(f"{name}: {world_size} companies, {asked} variants, {len(micro) - asked} others; {_spent(micro)}")
    figures: dict[str, Any] = {}
    for certainty in _CERTAINTIES:
        recall = sum(tally.reached[certainty] for tally in same) / max(asked, 1)
        precision = right[certainty] / said[certainty] if said[certainty] else 1.0
        figures[certainty] = {"precision": precision, "recall": recall}
        say(
            f"    {certainty:9} precision {precision:.4f}  recall {recall:.4f}  ({said[certainty]} pairs said)"
        )
    for (relation, kind), tally in sorted(tallies.items(), key=lambda item: (item[0][0] != "same", item[0])):
        counts = "  ".join(f"{c} {share(tally.reached[c], tally.asked)}" for c in _CERTAINTIES)
        flagged = f"  as a branch {share(tally.flagged, tally.asked)}" if tally.flagged else ""
        say(f"      {relation:7} {kind:38} {tally.asked:5}  {counts}{flagged}")
    certain = sum(t.reached["certain"] for (relation, _), t in tallies.items() if relation == "branch")
    figures["branches_certain"] = certain
    say(f"    branches and relatives called certain: {certain}")
    return figures

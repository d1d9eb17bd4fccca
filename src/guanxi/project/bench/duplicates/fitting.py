"""Counting again what a level of likeness is worth for persons: on every pair of Febrl dataset1, no other."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

from guanxi.kernel.alike.scoring import FIELDS, Field, Level, levels
from guanxi.kernel.alike.weights import WEIGHTS
from guanxi.project.bench.duplicates.datasets import febrl

__all__ = ["fitted", "tell_fitted"]

_HALF = 0.5  # added to each count, so that what never happened is rare and not impossible


def fitted(folder: Path) -> dict[str, dict[str, float]]:
    """The weights as dataset1 gives them, in the shape of `weights.WEIGHTS`. Takes a minute or two."""
    data = febrl(folder, "1", identity=True)
    same: dict[Field, Counter[Level]] = defaultdict(Counter)
    other: dict[Field, Counter[Level]] = defaultdict(Counter)
    pairs = 0
    for a, b in combinations(range(len(data.records)), 2):
        pairs += 1
        counted = same if (a, b) in data.same else other
        for field, level in levels(data.records[a], data.records[b]).items():
            counted[field][level] += 1
    # "order" is said only where names stand in each other's place: its share is of all pairs.
    whole = {"order": (len(data.same), pairs - len(data.same))}
    result: dict[str, dict[str, float]] = {}
    for field in FIELDS:
        worth, m, u = WEIGHTS[field], same[field], other[field]
        m_all, u_all = whole.get(field, (m.total(), u.total()))
        result[field] = {level: _bits(m, m_all, u, u_all, level, len(worth)) for level in worth}
    return result


def _bits(m: Counter[Level], m_all: int, u: Counter[Level], u_all: int, level: str, kinds: int) -> float:
    in_same = (m[level] + _HALF) / (m_all + _HALF * kinds)  # type: ignore[index]
    in_other = (u[level] + _HALF) / (u_all + _HALF * kinds)  # type: ignore[index]
    return round(math.log2(in_same / in_other), 2)


def tell_fitted(folder: Path, say: Callable[[str], None]) -> None:
    """Print the weights as counted now beside those in use."""
    for field, worth in fitted(folder).items():
        for level, bits in worth.items():
            say(f"    {field:9} {level:6} counted {bits:6.2f}  in use {WEIGHTS[field][level]:6.2f}")

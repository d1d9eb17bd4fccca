"""Candidates by keys, in memory: the rows of one file among themselves, a scan's part, a measurement."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

from guanxi.kernel.alike.verdicts import Key

__all__ = ["MOST_HOLDERS", "Index"]

MOST_HOLDERS = 100
"""A key that more records hold finds nobody by itself: it says as little as 有限公司."""

Id = TypeVar("Id", bound=Hashable)


class Index(Generic[Id]):
    """Records by their keys."""

    def __init__(self) -> None:
        self._holders: dict[Key, list[Id]] = defaultdict(list)

    def add(self, record: Id, keys: Iterable[Key]) -> None:
        """Enter a record; one entered twice is found once."""
        for key in keys:
            self._holders[key].append(record)

    def holders(self, key: Key) -> list[Id]:
        """The records that hold a key."""
        return list(self._holders.get(key, ()))

    def candidates(self, keys: Iterable[Key], *, most: int = 100) -> list[Id]:
        """The records that share a key, those first that share more, at most `most`."""
        shared: Counter[Id] = Counter()
        for key in sorted(keys):
            holders = self._holders.get(key, ())
            if len(holders) <= MOST_HOLDERS:
                shared.update(dict.fromkeys(holders, 1))
        return [record for record, _ in shared.most_common(most)]

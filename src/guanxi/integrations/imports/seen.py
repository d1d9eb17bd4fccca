"""The rows of a file that went before: a later row about the same is compared with them, and may refer to them."""

import pickle
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guanxi.integrations.imports.verdicts import Candidate
from guanxi.resource.declaration import Resource

# So many rows, and as many before them, are kept in mind to compare later ones with. What was written before those is
# found in the database; where nothing is written, rows of a larger file that lie further apart are not compared.
_KEPT = 25_000
_COMMON = 100  # what more rows than these have in common is no sign that two are the same
_AT_HAND = 500  # rows whose keys are kept unpacked


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row that went before, and the record it became or is about. Its keys are packed: unpacked they take some five
    times the room."""

    packed: bytes
    record_id: UUID
    line: int


_Rows = dict[int, SeenRow | list[SeenRow]]  # by the hash of what they share


class Seen:
    """The rows of one kind of record of one file."""

    def __init__(self, resource: type[Resource]) -> None:
        self._matching = resource.matching
        self._rows: _Rows = {}
        self._before: _Rows = {}
        self._at_hand: OrderedDict[bytes, Any] = OrderedDict()
        self._count = 0

    def twin(self, candidate: Candidate) -> tuple[SeenRow, str] | None:
        """An earlier row about the same, and how sure that is."""
        if self._matching is None or candidate.keys is None:
            return None
        compared: set[int] = set()
        for share in self._matching.shares(candidate.keys):
            for seen in self._sharing(share):
                if id(seen) in compared:
                    continue
                compared.add(id(seen))
                if certainty := self._matching.verdict(candidate.keys, self._keys(seen)):
                    return seen, certainty
        return None

    def named(self, text: str) -> UUID | None:
        """The record of the one earlier row that a text names."""
        if self._matching is None:
            return None
        shares = self._matching.shares(self._matching.of_text(text))
        hits = {seen.record_id for share in shares for seen in self._sharing(share)}
        return hits.pop() if len(hits) == 1 else None

    def remember(self, candidate: Candidate, record_id: UUID) -> None:
        """Keep a row in mind."""
        if self._matching is None or candidate.keys is None:
            return
        if self._count >= _KEPT:
            self._before, self._rows, self._count = self._rows, {}, 0
        self._count += 1
        packed = pickle.dumps(self._matching.remembered(candidate.keys), pickle.HIGHEST_PROTOCOL)
        seen = SeenRow(packed, record_id, candidate.line)
        for share in self._matching.shares(candidate.keys):
            place = hash(share)
            rows = self._rows.get(place)
            if rows is None:
                self._rows[place] = seen
            elif isinstance(rows, SeenRow):
                self._rows[place] = [rows, seen]
            elif len(rows) <= _COMMON:
                rows.append(seen)

    def _sharing(self, share: str) -> Sequence[SeenRow]:
        found: list[SeenRow] = []
        for generation in (self._before, self._rows):
            rows = generation.get(hash(share), ())
            found += (rows,) if isinstance(rows, SeenRow) else rows
        return found if len(found) <= _COMMON else ()

    def _keys(self, seen: SeenRow) -> Any:
        if seen.packed in self._at_hand:
            self._at_hand.move_to_end(seen.packed)
            return self._at_hand[seen.packed]
        keys = pickle.loads(seen.packed)  # noqa: S301 - packed by this very process
        self._at_hand[seen.packed] = keys
        if len(self._at_hand) > _AT_HAND:
            self._at_hand.popitem(last=False)
        return keys

"""The rows of a file that went before: a later row about the same is compared with them, and may refer to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guanxi.integrations.imports.verdicts import Candidate
from guanxi.resource.declaration import Resource

_WRITTEN = (
    50_000  # rows kept in mind to compare later ones with; what was written before is found in the database
)
_LOOKED_AT = 100_000  # the same where nothing is written: rows of a larger file that lie further apart are not compared
_COMMON = 100  # what more rows than these have in common is no sign that two are the same


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row that went before, and the record it became or is about."""

    keys: Any
    record_id: UUID
    line: int


class Seen:
    """The rows of one kind of record of one file."""

    def __init__(self, resource: type[Resource], *, writes: bool) -> None:
        self._matching, self._writes = resource.matching, writes
        self._rows: dict[str, list[SeenRow]] = {}
        self._count = 0

    def twin(self, candidate: Candidate) -> tuple[SeenRow, str] | None:
        """An earlier row about the same, and how sure that is."""
        if self._matching is None or candidate.keys is None:
            return None
        for share in self._matching.shares(candidate.keys):
            for seen in self._sharing(share):
                if certainty := self._matching.verdict(candidate.keys, seen.keys):
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
        if self._count >= (_WRITTEN if self._writes else _LOOKED_AT):
            self._rows.clear()
            self._count = 0
        self._count += 1
        seen = SeenRow(self._matching.remembered(candidate.keys), record_id, candidate.line)
        for share in self._matching.shares(candidate.keys):
            rows = self._rows.setdefault(share, [])
            if len(rows) <= _COMMON:
                rows.append(seen)

    def _sharing(self, share: str) -> Sequence[SeenRow]:
        rows = self._rows.get(share, ())
        return rows if len(rows) <= _COMMON else ()

"""Values that only one record may have: of rows that would repeat one, the first keeps it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.integrations.imports.verdicts import Candidate, Remark, Verdict
from guanxi.kernel.errors import Message
from guanxi.kinds import Kind
from guanxi.resource import own
from guanxi.resource.declaration import Resource

TAKEN = Message("taken", _("Another record has this already."))


class Soles:
    """Watches over the values of unique fields through a file, batch by batch."""

    def __init__(self, resource: type[Resource], headers: Mapping[str, str]) -> None:
        self._headers = headers
        self._kinds = [kind for kind in resource.fields().values() if kind.own and kind.own.unique]
        self._used: dict[str, set[Any]] = {kind.name: set() for kind in self._kinds}
        self._taken: dict[str, set[Any]] = {}

    def look(self, candidates: Sequence[Candidate]) -> None:
        """Learn which values of these rows are taken in the database. Asks once for a batch and field."""
        for kind in self._kinds:
            wanted = {_given(kind, candidate.values) for candidate in candidates} - {None}
            self._taken[kind.name] = set(own.tailor().taken(kind, wanted)) if wanted else set()

    def of_new(self, candidate: Candidate) -> Message | None:
        """Take the values of a row that becomes a record; the reason where it cannot become one.

        A value that is not free is left out with a remark; where it must be there, the row has no record. Asked
        before anything remembers the row, so that no other row links to what will not exist.
        """
        held = [
            (kind, value) for kind in self._kinds if (value := _given(kind, candidate.values)) is not None
        ]
        for kind, value in held:
            if kind.required and not self._free(kind, value):
                candidate.problems.append(self._remark(kind, candidate, value))
                return TAKEN
        for kind, value in held:
            if self._free(kind, value):
                self._used[kind.name].add(value)
                continue
            candidate.warnings.append(self._remark(kind, candidate, value))
            del candidate.values[kind.column]
            if candidate.prepared is not None:
                candidate.prepared.pop(kind.column, None)
                candidate.prepared["own"].pop(kind.column, None)
        return None

    def of_edits(self, verdicts: Sequence[Verdict]) -> None:
        """Leave out of changes to records what is not free."""
        for verdict in verdicts:
            if verdict.action == "update" and not verdict.late:
                self.of_edit(verdict.candidate, verdict.changes)
                verdict.action = "update" if verdict.changes else "skip"

    def of_edit(self, candidate: Candidate, changes: dict[str, Any]) -> None:
        """Take the values of a change to a record; what is not free goes from it with a remark."""
        for kind in self._kinds:
            value = _given(kind, changes)
            if value is None:
                continue
            if self._free(kind, value):
                self._used[kind.name].add(value)
                continue
            candidate.warnings.append(self._remark(kind, candidate, value))
            del changes[kind.column]

    def _free(self, kind: Kind, value: Any) -> bool:
        return value not in self._taken[kind.name] and value not in self._used[kind.name]

    def _remark(self, kind: Kind, candidate: Candidate, value: Any) -> Remark:
        said = kind.said(value, "zh-hans")[:200]
        return Remark(candidate.line, self._headers.get(kind.name, ""), said, TAKEN)


def _given(kind: Kind, values: Mapping[str, Any]) -> Any:
    value = values.get(kind.column)
    return None if kind.is_blank(value) else value

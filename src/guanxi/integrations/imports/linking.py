"""Links of rows: to people, to records, and to other rows of the same file in any order."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.verdicts import Candidate, Remark, Verdict
from guanxi.kernel.errors import Message
from guanxi.kinds import FieldProblem, Kind
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.links import Link, RecordLink
from guanxi.resource.registry import find

_REMEMBERED = 50_000  # texts and what they mean


@dataclass(frozen=True, slots=True)
class Pending:
    """A link to a row that comes later in the file, or to nothing."""

    kind: Kind
    record_id: UUID
    line: int
    text: str
    cells: list[str]


class Links:
    """Resolves the links of a file's rows. `row_named` finds the row of the file that a text names; without those that
    are `needed` a row is nothing."""

    def __init__(
        self,
        actor: Actor,
        resource: type[Resource],
        headers: dict[str, str],
        row_named: Callable[[str], UUID | None],
        *,
        changes_records: bool,
        strict: bool = False,
        needed: Collection[str] = (),
    ) -> None:
        self._actor, self._resource, self._headers = actor, resource, headers
        self._row_named = row_named
        self._changes_records = changes_records
        self._strict, self._needed = strict, needed
        self._kinds = [k for name in headers if isinstance(k := resource.kind(name), Link)]
        self._values: dict[tuple[str, str], Any] = {}
        self._known: dict[str, dict[UUID, UUID | None]] = {}
        self._above_of: dict[UUID, UUID] = {}
        self._writable = {kind.name for kind in access.writable(actor, resource)}
        self.pending: list[Pending] = []

    def resolve(self, candidates: Sequence[Candidate]) -> None:
        for kind in self._kinds:
            texts = {text for c in candidates if (text := c.links.get(kind.name))}
            new = [text for text in texts if (kind.name, text) not in self._values]
            if len(self._values) > _REMEMBERED:
                self._values.clear()
                new = list(texts)
            for text, value in self._look_up(kind, new).items():
                self._values[kind.name, text] = value
            if self._within_file(kind):
                continue  # resolved row by row, for the other end may be a row of the same file
            for candidate in candidates:
                text = candidate.links.get(kind.name)
                if not text:
                    continue
                value = self._values[kind.name, text]
                if isinstance(value, FieldProblem) and self._kept(kind, candidate, text):
                    continue
                if isinstance(value, FieldProblem):
                    remark = Remark(candidate.line, self._headers[kind.name], text[:200], value.message)
                    needed = kind.required or self._strict or kind.name in self._needed
                    needed = needed or kind.name in self._resource.one_of
                    (candidate.problems if needed else candidate.warnings).append(remark)
                else:
                    candidate.values[kind.column] = value

    def _kept(self, kind: Kind, candidate: Candidate, text: str) -> bool:
        """Whether what names no record stands in the row as a text now."""
        name = kind.otherwise if isinstance(kind, RecordLink) else ""
        if name not in self._writable:
            return False
        column = self._resource.kind(name).column
        return bool(candidate.values.setdefault(column, text[:200]) == text[:200])

    def _look_up(self, kind: Kind, texts: Sequence[str]) -> dict[str, Any]:
        if isinstance(kind, RecordLink) and not kind.by_words:
            return self._look_up_records(kind, texts)
        found: dict[str, Any] = {}
        for text in texts:
            try:
                found[text] = kind.clean(text, self._actor)
            except FieldProblem as problem:
                found[text] = problem
        return found

    def _look_up_records(self, kind: RecordLink, texts: Sequence[str]) -> dict[str, Any]:
        target = find(kind.to)
        shut = access.closed(self._actor, target)
        hits = target.exact_many(kind.eligible(self._actor), texts, shut)
        found: dict[str, Any] = {}
        for text in texts:
            ids = hits.get(text, ())
            if len(ids) == 1:
                found[text] = ids[0]
            else:
                found[text] = FieldProblem(
                    "record", _("“%(value)s” is not one record you can see."), value=text
                )
        return found

    def _within_file(self, kind: Kind) -> bool:
        return isinstance(kind, RecordLink) and kind.to == self._resource.key

    def link(self, candidate: Candidate, values: dict[str, Any], record_id: UUID) -> None:
        """Resolve links to records of the same kind: a row of this file first, then what exists."""
        for kind in self._kinds:
            text = candidate.links.get(kind.name)
            if not text or not self._within_file(kind):
                continue
            target = self._row_named(text)
            if target is None:
                value = self._values.get((kind.name, text))
                target = value if isinstance(value, UUID) else None
            if target is None:
                self.pending.append(Pending(kind, record_id, candidate.line, text, candidate.cells))
            elif self._circle(kind, record_id, target):
                candidate.warnings.append(self._circle_remark(kind, candidate.line, text))
            else:
                values[kind.column] = target

    def within_batch(self, verdicts: Sequence[Verdict]) -> None:
        """Links of rows to be created whose other end stood further down in the same batch."""
        if not self.pending:
            return
        fresh = {v.record_id: v.candidate for v in verdicts if v.action == "create"}
        left = []
        for waiting in self.pending:
            candidate, target = fresh.get(waiting.record_id), self._row_named(waiting.text)
            if candidate is None or candidate.prepared is None or target is None:
                left.append(waiting)
            elif self._circle(waiting.kind, waiting.record_id, target):
                candidate.warnings.append(self._circle_remark(waiting.kind, waiting.line, waiting.text))
            else:
                candidate.prepared[waiting.kind.column] = target
        self.pending = left

    def settle(self) -> tuple[list[tuple[UUID, dict[str, Any]]], list[tuple[list[str], Remark]]]:
        """After the last row: links that waited for a later one, and remarks on those that lead nowhere, each with its
        row's cells."""
        changes, remarks = [], []
        by_kind: dict[str, set[str]] = {}
        for waiting in self.pending:
            by_kind.setdefault(waiting.kind.name, set()).add(waiting.text)
        found = {
            name: self._look_up(self._resource.kind(name), sorted(texts)) for name, texts in by_kind.items()
        }
        for waiting in self.pending:
            value = self._row_named(waiting.text) or found[waiting.kind.name][waiting.text]
            header = self._headers[waiting.kind.name]
            if isinstance(value, FieldProblem):
                remark = Remark(waiting.line, header, waiting.text[:200], value.message)
                remarks.append((waiting.cells, remark))
            elif self._circle(waiting.kind, waiting.record_id, value):
                remark = self._circle_remark(waiting.kind, waiting.line, waiting.text)
                remarks.append((waiting.cells, remark))
            else:
                changes.append((waiting.record_id, {waiting.kind.column: value}))
        self.pending.clear()
        return changes, remarks

    def _circle(self, kind: Kind, record_id: UUID, target: UUID) -> bool:
        """Whether the link would close a circle; remembers it where it does not."""
        if kind.own:
            return False  # who was recommended by whom may go round
        # Records that exist can only take part where this import changes records.
        look_up = self._changes_records
        seen, at = {record_id}, target
        while at not in seen:
            seen.add(at)
            above = self._above_of.get(at) or (self._above(kind, at) if look_up else None)
            if above is None:
                self._above_of[record_id] = target
                return False
            at = above
        return True

    def _above(self, kind: Kind, record_id: UUID) -> UUID | None:
        known = self._known.setdefault(kind.name, {})
        if record_id not in known:
            rows = self._resource.model._default_manager.filter(pk=record_id)
            known[record_id] = rows.values_list(kind.column, flat=True).first()
        above: UUID | None = known[record_id]
        return above

    def _circle_remark(self, kind: Kind, line: int, text: str) -> Remark:
        reason = Message("circle", _("This would make a circle; the link is left out."))
        return Remark(line, self._headers[kind.name], text[:200], reason)

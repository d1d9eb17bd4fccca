"""Rows to verdicts: what an import would do with each row, and why. Writes nothing.

`clean` needs no database, so that one batch is cleaned while another is written; `judge` then resolves links,
finds duplicates and decides. A problem in a required field rejects the row; anything else that cannot be read
is left empty and listed as a warning.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.blanks import says_nothing
from guanxi.integrations.imports.completing import Completing
from guanxi.integrations.imports.former import CREATED, kind_of
from guanxi.integrations.imports.guarded import against_new, reject_edits
from guanxi.integrations.imports.linking import Links
from guanxi.integrations.imports.mapping import Mapping as Columns
from guanxi.integrations.imports.meanings import read
from guanxi.integrations.imports.owners import answered
from guanxi.integrations.imports.reading import Row
from guanxi.integrations.imports.refusals import FORMULA_ERRORS
from guanxi.integrations.imports.seen import Seen, SeenRow
from guanxi.integrations.imports.settling import beside, settled
from guanxi.integrations.imports.soles import Soles
from guanxi.integrations.imports.values import NOTHING, half_width, meant, reason_of
from guanxi.integrations.imports.verdicts import Action, Candidate, Remark, Verdict
from guanxi.kernel.errors import Invalid, Message
from guanxi.kinds import Choice, Choices, Coded, FieldProblem, Kind, Text
from guanxi.resource import access, writing
from guanxi.resource.declaration import Resource
from guanxi.resource.links import Link

DUPLICATE_RULES = ("skip", "fill", "overwrite", "create", "review")
_REMEMBERED = 50_000  # cleaned values of one field
_BLANKS = (None, "", ())
_ROW = "{row}"  # in a value for every row: its number, for files that name nobody


class Planner:
    """Judges the rows of one file for one actor; asked batch by batch, in the order of the file."""

    def __init__(
        self,
        actor: Actor,
        resource: type[Resource],
        columns: Columns,
        *,
        on_duplicate: str = "skip",
        constants: Mapping[str, str] | None = None,
        writes: bool = True,
        given: Collection[str] = (),
        orders: Mapping[int, str] | None = None,
        strict: bool = False,
        meant: Mapping[int, Mapping[str, str]] | None = None,
        seen: Seen | None = None,
        needed: Collection[str] = (),
        apart: Collection[str] = (),
        completes: bool = False,
    ) -> None:
        """`given` names links that are said row by row, as `Candidate.tied`, and stand in no column; `orders` says of
        columns in which order days stand there. `strict`: what cannot be read rejects its row. `meant` says of
        columns what some of their cells are read as. `seen` holds the rows of another planner of this kind of record;
        `needed` as `Links` has it; by fields `apart` records are not recognised. With `completes` later rows fill
        what the first of a new record left empty, also under a rule that skips."""
        self.completing = Completing() if completes else None
        self._apart = dict.fromkeys(apart, "")
        self._orders, self._strict = orders or {}, strict
        self.actor, self.resource, self.on_duplicate = actor, resource, on_duplicate
        self.writes = writes
        self.kinds: list[tuple[int, Kind]] = [
            (index, kind_of(resource, name)) for name, index in columns.used.items()
        ]
        self.headers = {resource.kind(c.field).name: c.header for c in columns.columns if c.field}
        # Column, field and the values met so far; of links, which need the database, those that somebody explained.
        self._readers: list[tuple[int, Kind, dict[str, Any]]] = [
            (index, kind, self._said(index, kind, meant or {})) for index, kind in self.kinds
        ]
        self._preparer = writing.Preparer(resource, writes=writes)
        self._seen = seen or Seen(resource)
        self._titles: dict[UUID, str] = {}
        self._against: Mapping[UUID, Message] = {}  # what guards say of rows of this batch
        self.links = Links(
            actor,
            resource,
            self.headers,
            self._seen.named,
            changes_records=on_duplicate in ("fill", "overwrite"),
            strict=strict,
            needed=needed,
        )
        self._owner = resource.kind(resource.owner) if resource.owner else None
        self._numbered: dict[str, str] = {}  # constants that hold the number of the row
        self._constants = self._cleaned_constants(constants or {})
        used = set(columns.used) | set(self._constants)
        self._required = [
            kind for kind in access.writable(actor, resource) if kind.required and kind.name not in given
        ]
        self._some = () if {*given} & {*resource.one_of} else [resource.kind(k) for k in resource.one_of]
        self._usual = writing.Cleaner(actor, resource).usual(())
        self._by_column = {kind.column: kind for kind in resource.fields().values()}
        self._soles = Soles(resource, self.headers)
        defaults = resource.defaults.keys() | self._usual.keys()
        missing = [k for k in self._required if k.name not in used and k.name not in defaults]
        if missing:
            raise Invalid(
                messages=[
                    Message("no_column_for", _("No column is %(field)s."), {"field": kind.label})
                    for kind in missing
                ],
                code="mapping",
            )

    def _said(self, index: int, kind: Kind, meant: Mapping[int, Mapping[str, str]]) -> dict[str, Any]:
        return read(kind, self.headers[kind.name], meant.get(index, {}), self.actor)

    def _cleaned_constants(self, constants: Mapping[str, str]) -> dict[str, tuple[str, Any]]:
        writable = {kind.name: kind for kind in access.writable(self.actor, self.resource)}
        found, problems = {}, Invalid()
        for name, text in constants.items():
            kind = writable.get(name)
            if not text:
                continue
            if kind is not None and _ROW in text and isinstance(kind, Text):
                self._numbered[kind.column] = text
                found[name] = (kind.column, "")
                continue
            if kind is None:
                problems.add(name, Message("not_writable", _("This field cannot be set by you.")))
                continue
            try:
                found[name] = (kind.column, kind.clean(text, self.actor))
            except FieldProblem as problem:
                problems.add(name, problem.message)
        if problems:
            raise problems
        return found

    # Without the database

    def clean(self, rows: Iterable[Row]) -> list[Candidate]:
        """The rows with their cells as stored values, and what can be said without looking further."""
        return [self._clean(row) for row in rows]

    def _clean(self, row: Row) -> Candidate:
        found = Candidate(row.line, row.cells)
        if row.aside is not None:
            found.aside = row.aside
            return found
        if row.problem is not None:
            found.problems.append(Remark(row.line, "", "", row.problem))
            return found
        cells, values = row.cells, found.values
        for index, kind, known in self._readers:
            raw = cells[index]
            if not raw:
                continue
            if raw in FORMULA_ERRORS:
                value: Any = FieldProblem("formula", _("The formula in the spreadsheet came to an error."))
            elif raw in known:
                value = known[raw]
            elif isinstance(kind, Link):
                if not says_nothing(raw):
                    found.links[kind.name] = half_width(raw, kind)
                continue
            else:
                value = self._value(kind, raw, known, self._orders.get(index, ""))
            if isinstance(value, FieldProblem):
                remark = Remark(row.line, self.headers[kind.name], raw[:200], reason_of(value))
                needed = kind.required and kind.name not in self.resource.defaults
                fatal = needed or (self._strict and value.message.code != NOTHING)
                (found.problems if fatal else found.warnings).append(remark)
            elif value not in _BLANKS:
                values[kind.column] = value
        self._complete(found)
        return found

    def _value(self, kind: Kind, raw: str, known: dict[str, Any], order: str) -> Any:
        """`kind.clean`, or the problem it has; remembered for fields whose values repeat."""
        try:
            value = meant(kind, raw, self.actor, order)
        except FieldProblem as problem:
            value = problem
        if isinstance(kind, Choice | Choices | Coded) and len(known) < _REMEMBERED:
            known[raw] = value
        return value

    def _complete(self, found: Candidate) -> None:
        for column, value in self._constants.values():
            if column in self._numbered:
                value = self._numbered[column].replace(_ROW, str(found.line))
            found.values.setdefault(column, value)
        given = self._usual | found.values
        for kind in self._required:
            if kind.column in given or kind.name in found.links:
                continue
            if kind.name in self.resource.defaults:
                given[kind.column] = self.resource.defaults[kind.name]
            elif not any(problem.column == self.headers.get(kind.name) for problem in found.problems):
                reason = Message("required", _("%(field)s is missing."), {"field": kind.label})
                found.problems.append(Remark(found.line, self.headers.get(kind.name, ""), "", reason))
        found.lacks(self._some, self.headers)
        settled(self.resource, found, given, self.headers, strict=self._strict)
        title = self.resource.kind(self.resource.title).column
        found.title = str(found.values.get(title, ""))
        if not found.problems:
            found.prepared = self._preparer.prepare({**given, **self.resource.unsaid(given)})
            if self.resource.matching is not None:
                known = {**found.prepared, **self._apart} if self._apart else found.prepared
                found.keys = self.resource.matching.keys(known)

    # With the database

    def judge(self, candidates: Sequence[Candidate]) -> list[Verdict]:
        """Decide about a batch."""
        sound = [c for c in candidates if not c.problems and c.aside is None]
        # Also of rows that stay out: they name all that is wrong with them.
        self.links.resolve([c for c in candidates if c.aside is None])
        sound = [c for c in sound if not c.problems]
        for candidate in sound:
            candidate.values.update(candidate.tied)
        self._compare_links(sound)
        matches = self._matches(sound)
        rule = self.on_duplicate
        existing = self._editable(matches) if rule in ("fill", "overwrite") else {}
        self._titles = self._titles_of(matches)
        if self._owner is not None:
            for candidate in sound:
                answered(self.actor, self.resource, self._owner, self.headers, candidate)
        self._against = against_new(self.actor, self.resource, sound)
        self._soles.look(sound)
        verdicts = []
        for candidate in candidates:
            if candidate.aside is not None:
                verdicts.append(Verdict("skip", candidate, reason=candidate.aside))
                continue
            if candidate.problems:
                verdicts.append(Verdict("reject", candidate, reason=candidate.problems[0].reason))
                continue
            twin = self._seen.twin(candidate)
            match = matches.get(candidate.keys) if twin is None else None
            if twin is not None:
                verdicts.append(self._second(candidate, twin, existing))
            elif match is not None:
                verdicts.append(self._duplicate(candidate, match, existing))
            else:
                verdicts.append(self._create(candidate))
        self.links.within_batch(verdicts)
        self._soles.of_edits(verdicts)
        reject_edits(self.actor, self.resource, verdicts)
        return verdicts

    def _create(
        self, candidate: Candidate, reason: Message | None = None, *, doubtful: bool = False
    ) -> Verdict:
        prepared = candidate.prepared
        assert prepared is not None  # noqa: S101 - only rows without problems come here
        if (against := self._against.get(prepared["id"])) is not None:
            return Verdict("reject", candidate, reason=against)
        if (taken := self._soles.of_new(candidate)) is not None:
            return Verdict("reject", candidate, reason=taken)
        prepared.update(candidate.values)
        self._seen.remember(candidate, prepared["id"])
        if self.completing is not None:
            self.completing.begin(candidate, prepared["id"])
        self.links.link(candidate, prepared, prepared["id"])
        return Verdict(
            "create",
            candidate,
            prepared["id"],
            duplicate=reason is not None,
            reason=reason,
            doubtful=doubtful,
        )

    def _duplicate(self, candidate: Candidate, match: Any, existing: Mapping[UUID, Any]) -> Verdict:
        record_id, certainty = match
        reason = self._why(certainty, record_id)
        if self.on_duplicate == "create":
            if certainty == "certain":
                return Verdict("reject", candidate, record_id, duplicate=True, reason=reason)
            return self._create(candidate, reason)
        if self.on_duplicate == "review" and certainty != "certain":
            return self._create(candidate, reason, doubtful=True)
        self._seen.remember(candidate, record_id)
        if self.on_duplicate in ("skip", "review"):
            return Verdict("skip", candidate, record_id, duplicate=True, reason=reason)
        if certainty != "certain":
            # Likely only: what is called otherwise keeps its name.
            candidate.values.pop(self.resource.kind(self.resource.title).column, None)
        record = existing.get(record_id)
        if record is None:
            reason = Message("not_editable", _("Exists already, and you may not change it."))
            return Verdict("reject", candidate, record_id, duplicate=True, reason=reason)
        changes = self._applied(candidate, record)
        if not changes:
            return Verdict("skip", candidate, record_id, duplicate=True, reason=reason)
        return Verdict("update", candidate, record_id, changes, duplicate=True, reason=reason)

    def _second(
        self, candidate: Candidate, twin: tuple[SeenRow, str], existing: Mapping[UUID, Any]
    ) -> Verdict:
        """A row about the same as an earlier row of the file."""
        seen, certainty = twin
        reason = Message("twin", _("The same as row %(line)s of the file."), {"line": seen.line})
        if self.on_duplicate == "create":
            if certainty == "certain":
                return Verdict("reject", candidate, seen.record_id, duplicate=True, reason=reason)
            return self._create(candidate, reason)
        if self.on_duplicate == "review" and certainty != "certain":
            return self._create(candidate, reason, doubtful=True)
        record = existing.get(seen.record_id)
        if self.on_duplicate in ("skip", "review"):
            adds = self.completing is not None and self.completing.adds(candidate, seen.record_id)
            action: Action = "update" if adds else "skip"
            return Verdict(action, candidate, seen.record_id, duplicate=True, reason=reason, late=adds)
        if record is None:
            return Verdict("update", candidate, seen.record_id, duplicate=True, reason=reason, late=True)
        changes = self._applied(candidate, record)
        return Verdict(
            "update" if changes else "skip", candidate, seen.record_id, changes, duplicate=True, reason=reason
        )

    def late_changes(self, verdicts: Sequence[Verdict]) -> list[tuple[UUID, dict[str, Any]]]:
        """What rows add to records that earlier rows of this import created, now that these are written."""
        ids = {verdict.record_id for verdict in verdicts}
        records = {r.pk: r for r in self.resource.model._default_manager.filter(pk__in=ids)}
        found = []
        for verdict in verdicts:
            record = records.get(verdict.record_id)
            if record is None:
                continue
            changes = self._changes(verdict.candidate, record)
            self._soles.of_edit(verdict.candidate, changes)
            if changes:
                self._apply(record, changes)
                found.append((record.pk, changes))
        return found

    def _applied(self, candidate: Candidate, record: Any) -> dict[str, Any]:
        changes = self._changes(candidate, record)
        self._apply(record, changes)
        return changes

    def _apply(self, record: Any, changes: dict[str, Any]) -> None:
        """A later row about the same record is compared with this."""
        for column, value in writing.differing(self.resource, record, changes).items():
            setattr(record, column, value)

    def _changes(self, candidate: Candidate, record: Any) -> dict[str, Any]:
        """What the row adds to a record (fill), or changes in it (overwrite). Empty cells change nothing."""
        given, found = {**self.resource.renewed(candidate.values), **candidate.values}, {}
        self.links.link(candidate, given, record.pk)
        for column, value in beside(self.resource, given, record).items():
            kind = self._by_column[column]
            now = kind.value(record)
            if (
                column == CREATED
                or now == value
                or (self.on_duplicate != "overwrite" and not kind.is_blank(now))
            ):
                continue
            found[column] = value
        return found

    def _why(self, certainty: str, record_id: UUID) -> Message:
        name = self._titles.get(record_id)
        if name is None:
            return Message("unseen", _("Exists already; it is a record you cannot see."))
        return Message(certainty, _("Exists already as “%(name)s”."), {"name": name})

    def _titles_of(self, matches: Mapping[Any, tuple[UUID, str]]) -> dict[UUID, str]:
        ids = {record_id for record_id, _certainty in matches.values()}
        if not ids:
            return {}
        rows = access.visible(self.actor, self.resource).filter(pk__in=ids)
        return dict(rows.values_list("pk", self.resource.title))

    # Duplicates

    def _compare_links(self, candidates: Sequence[Candidate]) -> None:
        """What rows refer to is known now, and may be part of what they are compared by."""
        matching = self.resource.matching
        for candidate in candidates:
            linked = candidate.links or candidate.tied
            if matching is not None and linked and candidate.prepared is not None:
                candidate.keys = matching.linked(candidate.keys, candidate.prepared | candidate.values)

    def _matches(self, candidates: Sequence[Candidate]) -> Mapping[Any, tuple[UUID, str]]:
        if self.resource.matching is None:
            return {}
        keys = {candidate.keys for candidate in candidates if candidate.keys is not None}
        return self.resource.matching.find(keys) if keys else {}

    def _editable(self, matches: Mapping[Any, tuple[UUID, str]]) -> dict[UUID, Any]:
        ids = {record_id for record_id, _certainty in matches.values()}
        rows = access.visible(self.actor, self.resource, "edit").filter(pk__in=ids)
        return {row.pk: row for row in (rows.select_for_update(of=("self",)) if self.writes else rows)}

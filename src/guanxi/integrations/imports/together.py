"""Several kinds of records from one file: each row's company first, then its person, then what was done with them.

Every kind has a planner of its own, which knows nothing of the others; what ties a row's records is said here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.beside import Beside, beside, joined
from guanxi.integrations.imports.blanks import LONGEST, says_nothing
from guanxi.integrations.imports.composing import Composer, Namer, composed
from guanxi.integrations.imports.mapping import Column
from guanxi.integrations.imports.mapping import Mapping as Columns
from guanxi.integrations.imports.planning import Planner
from guanxi.integrations.imports.reading import Row
from guanxi.integrations.imports.seen import Seen
from guanxi.integrations.imports.verdicts import Candidate, Remark, Verdict
from guanxi.kernel.errors import Message
from guanxi.kernel.text import fold
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find

WRITTEN = ("create", "update")
Write = Callable[["Step", Sequence[Verdict]], None]


@dataclass(eq=False)
class Step:
    """One kind of record of the file. `ties` are its links to records of other steps in the same row, by stored
    column; `columns` the places of its cells, none for one that only ties."""

    resource: type[Resource]
    planner: Planner
    ties: dict[str, "Step"] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()  # columns of ties without which there is no record
    columns: tuple[int, ...] = ()
    is_main: bool = False
    naming: tuple[int, ...] = ()  # the columns by which a record is known that the rows hang on
    headers: Sequence[str] = ()  # of the file
    unlike: tuple[int, ...] = ()  # columns that say the same already, where they do

    @property
    def is_join(self) -> bool:
        """Whether it only ties what the row says otherwise."""
        return not self.columns and not self.is_main

    def is_blank(self, candidate: Candidate) -> bool:
        """Whether a record beside the main one says nothing that it could be known again by."""
        matching = self.resource.matching
        if not self.needs or self.is_join or matching is None or candidate.prepared is None:
            return False
        return matching.keys({**candidate.prepared, **candidate.values, **candidate.tied}) is None

    def is_said(self, row: Row) -> bool:
        """Whether a row says anything of it."""
        if self.naming:
            return any(self.holds(row.cells[at]) for at in self.naming)
        if self.is_main or not self.columns:
            return True
        if not any(self.holds(row.cells[at]) for at in self.columns):
            return False
        said = {fold(row.cells[at]) for at in self.unlike}
        return not said or any(row.cells[at] and fold(row.cells[at]) not in said for at in self.columns)

    def holds(self, cell: str) -> bool:
        """Whether a cell says anything, and does not only stand for nothing."""
        if not cell or len(cell) > LONGEST:
            return bool(cell)
        return not says_nothing(cell, self.resource.kind(self.resource.title))


@dataclass(slots=True)
class Judged:
    """A row of the file, judged: what becomes of its main record, and of those beside it, by step."""

    verdict: Verdict
    beside: list[tuple[Step, Verdict]] = field(default_factory=list)

    @property
    def refused(self) -> list[Verdict]:
        """What of it cannot be taken in."""
        found = [self.verdict, *(verdict for _step, verdict in self.beside)]
        return [verdict for verdict in found if verdict.action == "reject"]

    @property
    def left_empty(self) -> list[Remark]:
        """Values of what comes in that cannot be read."""
        found = [self.verdict, *(verdict for _step, verdict in self.beside)]
        return [one for verdict in found if verdict.action in WRITTEN for one in verdict.candidate.warnings]


class Together:
    """Judges the rows of one file for one actor, batch by batch, in the order of the file."""

    def __init__(
        self,
        actor: Actor,
        resource: type[Resource],
        columns: Columns,
        *,
        on_duplicate: str,
        constants: dict[str, str],
        writes: bool,
        orders: Mapping[int, str] | None = None,
        strict: bool = False,
        meant: Mapping[int, Mapping[str, str]] | None = None,
    ) -> None:
        """`orders`, `strict` and `meant` as `Planner` has them."""
        self.actor = actor
        self._composers: list[Composer | Namer] = []
        self._width = len(columns.columns)
        self._headers = [column.header for column in columns.columns]
        keys = set(columns.beside)
        there = [one for one in beside(actor, resource) if one.place in keys]
        seen: dict[str, Seen] = {}
        given: dict[str, dict[str, str]] = {}
        for name, text in constants.items():
            of, _dot, plain = name.rpartition(".")
            given.setdefault(of, {})[plain] = text

        def planned(
            kind: type[Resource],
            mapped: Columns,
            tied: Iterable[str],
            values: Mapping[str, str] | None = None,
            needed: Iterable[str] = (),
            apart: Iterable[str] = (),
            completes: bool = False,
        ) -> Step:
            said = tuple(mapped.used.values())
            mapped = self._composed(kind, mapped)
            planner = Planner(
                actor, kind, mapped, on_duplicate=on_duplicate, constants=values or {},
                writes=writes, given=frozenset(tied), orders=orders, strict=strict, meant=meant,
                seen=seen.setdefault(kind.key, Seen(kind)), needed=frozenset(needed),
                apart=frozenset(apart), completes=completes,
            )  # fmt: skip
            return Step(kind, planner, columns=said)

        above = [
            # One that is named by its number alone is there, or there is none.
            (
                one,
                planned(
                    one.resource,
                    columns.of(one.place),
                    {one.resource.title},
                    given.get(one.place),
                    apart=one.shared_by,
                    completes=len(columns.of(one.place).used) > 1,
                ),
            )
            for one in there
            if one.above
        ]
        main_columns = self._titled(resource, columns, given.get("", {}))
        main = planned(resource, main_columns, [one.by for one, _step in above], given.get(""))
        main.is_main = True
        below = [
            (one, self._below(one, columns, planned, given.get(one.place))) for one in there if not one.above
        ]
        for one, step in above:
            main.ties[resource.kind(one.by).column] = step
            used = columns.of(one.place).used
            step.headers = self._headers
            step.naming = tuple(used[name] for name in (one.resource.title, "number") if name in used)
        for one, step in below:
            self._tie(step, one, main)
        by_key: dict[str, Step] = {}
        for step in (main, *(step for _one, step in (*above, *below))):
            by_key.setdefault(step.resource.key, step)
        # What hangs on the main record may hang on what that one hangs on too: what was done with a person, at whose
        # company it was.
        for hanging, step in below:
            for one, upper in above if hanging.shared else ():
                links = [kind for kind in step.resource.kinds if getattr(kind, "to", "") == one.key]
                if links and links[0].column not in step.ties:
                    step.ties[links[0].column] = upper
        ties = [self._joining(join.key, join.links, by_key, planned) for join in joined(actor, set(by_key))]
        self.main = main
        self.steps: list[Step] = [*(s for _one, s in above), main, *(s for _one, s in below), *ties]

    def _composed(self, kind: type[Resource], mapped: Columns) -> Columns:
        """The columns of one kind of record with those that its pieces make, in place of the pieces."""
        first = self._end()
        headers = [column.header for column in mapped.columns]
        composer = Composer(kind.key, mapped.used, headers, first)
        if not composer.made:
            return mapped
        self._composers.append(composer)
        made = {one.field for one in composer.made}
        whole = [
            replace(column, field="" if ":" in column.field or column.field in made else column.field)
            for column in mapped.columns
        ]
        more = [Column(one.index, one.header, field=one.field) for one in composer.made]
        return Columns((*whole, *more))

    def _titled(self, resource: type[Resource], columns: Columns, constants: Mapping[str, str]) -> Columns:
        """The columns of the rows, with one of names where the others make them."""
        used, title = columns.used, resource.title
        if title in used or title in constants or not resource.called(dict.fromkeys(used, "x")):
            return columns.of()
        self._composers.append(Namer(title, resource.called, used, self._end()))
        at = self._composers[-1].end - 1
        return Columns((*columns.of().columns, Column(at, title, field=title)))

    def _end(self) -> int:
        return self._composers[-1].end if self._composers else self._width

    @staticmethod
    def _below(
        one: Beside, columns: Columns, planned: Callable[..., Step], values: Mapping[str, str] | None
    ) -> Step:
        mapped = columns.of(one.place)
        own, main = mapped.used, columns.of().used
        filled = {
            main[source]: name for name, source in one.fills.items() if name not in own and source in main
        }
        step = planned(
            one.resource,
            Columns(tuple(replace(c, field=filled.get(c.index, c.field)) for c in mapped.columns)),
            [one.by],
            one.slot.values if one.slot else values,
            one.anchors,
        )
        step.columns = tuple(own.values())
        step.unlike = tuple(main[name] for name in one.slot.beside if name in main) if one.slot else ()
        return step

    @staticmethod
    def _tie(step: Step, one: Beside, main: Step) -> None:
        column = step.resource.kind(one.by).column
        step.ties[column] = main
        step.needs = frozenset((column,))

    @staticmethod
    def _joining(key: str, links: Any, by_key: dict[str, Step], planned: Callable[..., Step]) -> Step:
        kind = find(key)
        step = planned(kind, Columns(()), list(links))
        step.ties = {kind.kind(name).column: by_key[of] for name, of in links.items()}
        step.needs = frozenset(step.ties)
        return step

    # Without the database

    def clean(self, rows: Iterable[Row]) -> list[list[Candidate | None]]:
        """For each row the cleaned record of each step, in their order; None where the row says nothing of it. What
        is wrong with one of them is wrong with the row."""
        rows = [composed(row, self._composers) for row in rows]
        found: list[list[Candidate | None]] = []
        for step in self.steps:
            said = [step.is_said(row) for row in rows]
            each = iter(step.planner.clean(row for row, is_said in zip(rows, said, strict=True) if is_said))
            found.append([next(each) if is_said else None for is_said in said])
        cleaned = [list(one) for one in zip(*found, strict=True)]
        at = self.steps.index(self.main)
        for row, one in zip(rows, cleaned, strict=True):
            main = one[at]
            assert main is not None  # noqa: S101 - a row always says something of what it is about
            main.warnings += self._nameless(row, one)
            for step, other in zip(self.steps, one, strict=True):
                if step.naming and other is not None and not other.title:
                    other.problems = []  # known by its number alone: it is there, or there is none
            wrong: list[Remark] = []
            unclear: list[Remark] = []
            for other in one:
                # A row that does not fit its head is said to be so by every step.
                wrong += [r for r in other.problems if r not in wrong] if other is not None else []
                unclear += other.warnings if other is not None else []
            if wrong or main.aside is not None:
                main.problems, main.warnings = wrong, unclear
                one[:] = [main if other is main else None for other in one]
        return cleaned

    def _nameless(self, row: Row, cleaned: Sequence[Candidate | None]) -> list[Remark]:
        """What a row says of something above it without naming it; nothing can be done with that."""
        found = []
        for step, candidate in zip(self.steps, cleaned, strict=True):
            if not step.naming or candidate is not None or row.problem is not None or row.aside is not None:
                continue
            at = next((at for at in step.columns if step.holds(row.cells[at])), None)
            if at is not None:
                reason = Message("nameless", _("The row does not say whose this is."))
                found.append(Remark(row.line, self._headers[at], row.cells[at][:200], reason))
        return found

    # With the database

    def judge(self, rows: Sequence[list[Candidate | None]], write: Write | None) -> list[Judged]:
        """Decide about a batch, and have each step's part of it written before the next is judged."""
        ids: list[dict[Step, UUID]] = [{} for _row in rows]
        owners: list[dict[Step, UUID]] = [{} for _row in rows]
        said: list[list[tuple[Step, Verdict]]] = [[] for _row in rows]
        mains: list[Verdict] = []
        at = {step: number for number, step in enumerate(self.steps)}
        for step in self.steps:
            known = self._named(step, [row[at[step]] for row in rows])
            asked: list[tuple[int, Candidate]] = []
            for number, row in enumerate(rows):
                candidate = row[at[step]]
                if candidate is None:
                    continue
                if found := known.get(self._called(step, candidate)):
                    self._settle_named(found, step, ids[number], row[at[self.main]])
                    continue
                if step.naming and not candidate.title:
                    self._settle_named([], step, ids[number], row[at[self.main]])
                    continue
                new = {one for one, verdict in said[number] if verdict.action == "create"}
                if step.is_join and not new & set(step.ties.values()):
                    continue  # what both were there before is tied already, or was untied since
                if not self._tied(step, candidate, ids[number], owners[number]):
                    continue
                if (
                    self.main in step.ties.values()
                    and mains[number].action == "skip"
                    and step.is_blank(candidate)
                ):
                    continue  # nothing tells it from what came with the record before
                asked.append((number, candidate))
            verdicts = step.planner.judge([candidate for _number, candidate in asked])
            if write is not None:
                write(step, verdicts)
            for (number, _candidate), verdict in zip(asked, verdicts, strict=True):
                self._note(step, verdict, ids[number], owners[number])
                if step is self.main:
                    mains.append(verdict)
                else:
                    said[number].append((step, verdict))
        return [Judged(verdict, more) for verdict, more in zip(mains, said, strict=True)]

    def _tied(
        self, step: Step, candidate: Candidate, ids: dict[Step, UUID], owners: dict[Step, UUID]
    ) -> bool:
        """Tie a record to the others of its row; whether there can be one."""
        for column, other in step.ties.items():
            if (target := ids.get(other)) is not None:
                candidate.tied[column] = target
                candidate.heir = candidate.heir or owners.get(other)
            elif column in step.needs:
                return False
        return True

    @staticmethod
    def _note(step: Step, verdict: Verdict, ids: dict[Step, UUID], owners: dict[Step, UUID]) -> None:
        if verdict.action == "reject" or verdict.record_id is None:
            return
        if verdict.reason is not None and verdict.reason.code == "unseen":
            return  # nothing hangs on what the actor does not see
        ids[step] = verdict.record_id
        prepared, owner = verdict.candidate.prepared, step.resource.owner
        if owner and verdict.action == "create" and prepared is not None:
            answers = prepared.get(step.resource.kind(owner).column)
            if answers is not None:
                owners[step] = answers

    # What the rows hang on, named by them

    @staticmethod
    def _called(step: Step, candidate: Candidate) -> str:
        return next((candidate.cells[at] for at in step.naming if candidate.cells[at]), "")

    def _named(self, step: Step, candidates: Sequence[Candidate | None]) -> dict[str, list[UUID]]:
        """Records in sight that are called exactly so, or have this number: these are meant, whatever else is alike.
        Where the file may say more of them, they are compared like all others."""
        more = len(step.columns) > len(step.naming) and step.planner.on_duplicate != "skip"
        if not step.naming or more:
            return {}
        texts = {self._called(step, one) for one in candidates if one is not None} - {""}
        target = step.resource
        hits = target.exact_many(
            access.visible(self.actor, target), sorted(texts), access.closed(self.actor, target)
        )
        made = step.planner.completing.made if step.planner.completing else {}
        # What this import made itself is compared like a row: a later one may say more of it.
        return {text: list(found) for text, found in hits.items() if found and made.keys().isdisjoint(found)}

    @staticmethod
    def _settle_named(found: list[UUID], step: Step, ids: dict[Step, UUID], main: Candidate | None) -> None:
        if len(found) == 1:
            ids[step] = found[0]
        elif main is not None:
            header = next((step.headers[at] for at in step.naming if main.cells[at]), "")
            several, none = (
                _("Several are called so; the link is left empty."),
                _("There is none with this number."),
            )
            reason = Message("record", several if found else none)
            main.warnings.append(Remark(main.line, header, Together._called(step, main), reason))

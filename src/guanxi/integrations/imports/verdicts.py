"""What is said about rows: remarks, a cleaned row, and the verdict on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Message
from guanxi.kinds import Kind
from guanxi.resource import writing

Action = Literal["create", "update", "skip", "reject"]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one row: the reason of its rejection, or a value that was left empty."""

    line: int
    column: str
    value: str
    reason: Message


@dataclass(slots=True)
class Candidate:
    """A row, cleaned. `values` are by stored column, `links` hold the texts of links still to be resolved. `tied` are
    links to other records of the same row, by stored column, and `heir` whoever answers for those."""

    line: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    problems: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    tied: dict[str, UUID] = field(default_factory=dict)
    heir: UUID | None = None
    aside: Message | None = None  # why the row is none of those the table is about
    prepared: writing.Prepared | None = None
    keys: Any = None
    title: str = ""

    def lacks(self, kinds: Sequence[Kind], headers: Mapping[str, str]) -> None:
        """A problem where none of these fields is said, of which a row needs one."""
        if kinds and not any(self.values.get(kind.column) or kind.name in self.links for kind in kinds):
            reason = Message("required", _("%(field)s is missing."), {"field": kinds[0].label})
            self.problems.append(Remark(self.line, headers.get(kinds[0].name, ""), "", reason))


@dataclass(slots=True)
class Verdict:
    """What becomes of a row. `changes` are the stored values of an update; `record_id` what it concerns."""

    action: Action
    candidate: Candidate
    record_id: UUID | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    duplicate: bool = False
    reason: Message | None = None
    doubtful: bool = False  # created, and put to those who decide whether it is the same as another
    late: bool = False  # an update of what an earlier row of this import creates

    @property
    def reasons(self) -> list[Message]:
        """Why: of a row that stays out first what keeps it out, then what else could not be read."""
        found = self.candidate.problems
        if self.action == "reject":
            fatal = [] if found or self.reason is None else [self.reason]
            return fatal + [said_beside(remark) for remark in (*found, *self.candidate.warnings)]
        return [said_beside(remark) for remark in found] or [self.reason or Message("", "")]


def said_beside(remark: Remark) -> Message:
    """A remark with the column it is about."""
    if not remark.column:
        return remark.reason
    return Message(
        remark.reason.code,
        _("%(column)s: %(reason)s"),
        {"column": remark.column, "reason": remark.reason},
    )

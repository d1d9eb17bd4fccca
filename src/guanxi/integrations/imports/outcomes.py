"""What came of an import, or would: its figures, what people look at, and the files that go with it."""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext

from guanxi.integrations.imports.sentences import kept, told
from guanxi.integrations.imports.together import Judged
from guanxi.integrations.imports.verdicts import Remark, Verdict, said_beside
from guanxi.kernel.errors import Message
from guanxi.kernel.ids import new_id
from guanxi.kernel.text import formula_safe

_KEPT = 200  # remarks and rows kept in mind for people to look at; the files hold all of them
_LINES = 5  # rows named for a value that was left empty in many
_COUNTED = {
    "create": "created", "update": "updated", "skip": "skipped", "reject": "rejected"
}  # fmt: skip


@dataclass(slots=True)
class Group:
    """Equal values of a column that were left empty: the first of them, how many, and some of their rows."""

    first: Remark
    count: int
    lines: list[int]


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do. rows = created + updated + skipped + rejected + review."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    rejected: int = 0
    review: int = 0
    warnings: int = 0
    duplicates: int = 0
    seconds: float = 0.0
    operation_id: UUID | None = None
    beside: dict[str, dict[str, int]] = field(default_factory=dict)  # by resource: what came with the rows
    remarks: dict[tuple[str, str], "Group"] = field(default_factory=dict)
    noted: list[Verdict] = field(default_factory=list)

    def counts(self) -> dict[str, Any]:
        """The figures, as `--json` prints them."""
        return {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "skipped": self.skipped,
            "rejected": self.rejected,
            "review": self.review,
            "warnings": self.warnings,
            "duplicates": self.duplicates,
            "beside": self.beside,
            "seconds": round(self.seconds, 3),
            "operation": str(self.operation_id) if self.operation_id else None,
        }

    @property
    def wrote(self) -> bool:
        """Whether anything was created or changed."""
        there = (counts["created"] + counts["updated"] for counts in self.beside.values())
        return bool(self.created or self.review or self.updated or any(there))

    def take(self, judged: Judged) -> None:
        """Count a row, and what comes with it."""
        self.rows += 1
        verdict = judged.verdict
        for step, one in judged.beside:
            none = {"created": 0, "updated": 0, "skipped": 0, "rejected": 0}
            self.beside.setdefault(step.resource.key, none)[_COUNTED[one.action]] += 1
            if one.action == "reject" and len(self.noted) < _KEPT:
                self.noted.append(one)
            if one.action in ("create", "update"):
                self.warn(one.candidate.warnings)
        match verdict.action:
            case "create" if verdict.doubtful:
                self.review += 1
            case "create":
                self.created += 1
            case "update":
                self.updated += 1
            case "skip":
                self.skipped += 1
            case "reject":
                self.rejected += 1
        self.duplicates += verdict.duplicate
        told = verdict.duplicate or verdict.action == "reject" or verdict.candidate.aside is not None
        if told and len(self.noted) < _KEPT:
            self.noted.append(verdict)
        if verdict.action in ("create", "update"):
            self.warn(verdict.candidate.warnings)

    def warn(self, remarks: Sequence[Remark]) -> None:
        """Count values that were left empty; equal ones of a column are told together."""
        self.warnings += len(remarks)
        for remark in remarks:
            group = self.remarks.get((remark.column, remark.value))
            if group is not None:
                group.count += 1
                if len(group.lines) < _LINES:
                    group.lines.append(remark.line)
            elif len(self.remarks) < _KEPT:
                self.remarks[remark.column, remark.value] = Group(remark, 1, [remark.line])


class Report:
    """The files that go with a result: rejected rows, and those of which values were left empty. Each row is as it was,
    with the reasons behind it, so that it can be corrected and sent again. The reasons stand beside each file once
    more as they are `kept`, line by line."""

    def __init__(self, folder: Path | None, headers: Sequence[str]) -> None:
        self._folder = folder
        self._headers = headers
        self._open: dict[str, Any] = {}

    def __enter__(self) -> "Report":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file, _writer, reasons in self._open.values():
            file.close()
            reasons.close()

    def reject(self, refused: Sequence[Verdict]) -> None:
        """A row that does not come in, or not with all that stands beside it."""
        candidate = refused[0].candidate
        reasons = [reason for verdict in refused for reason in verdict.reasons]
        self._row("rejected.csv", candidate.cells, candidate.line, reasons)

    def warn(self, cells: Sequence[str], remarks: Sequence[Remark]) -> None:
        """A row of which values were left empty."""
        if remarks:
            self._row("warnings.csv", cells, remarks[0].line, [said_beside(remark) for remark in remarks])

    def _row(self, name: str, cells: Sequence[str], line: int, reasons: Sequence[Message]) -> None:
        if self._folder is None:
            return
        if name not in self._open:
            path = self._folder / name
            file = path.open("w", encoding="utf-8-sig", newline="")
            self._open[name] = (file, csv.writer(file), _kept_beside(path).open("w", encoding="utf-8"))
            head = [*self._headers, gettext("row"), gettext("reason")]
            self._open[name][1].writerow(map(formula_safe, head))
        _file, writer, beside = self._open[name]
        written = [*cells[: len(self._headers)], str(line), _joined(map(str, reasons))]
        writer.writerow([formula_safe(cell) for cell in written])
        beside.write(json.dumps([kept(reason) for reason in reasons], ensure_ascii=False) + "\n")


def _joined(reasons: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(reasons))


def _kept_beside(path: Path) -> Path:
    return path.with_suffix(".jsonl")


def told_file(path: Path) -> Path:
    """One of these files in the language that is on, made beside it; itself where it came before reasons were kept."""
    source = _kept_beside(path)
    if not source.is_file():
        return path
    made = path.with_name(f"{path.stem}.{get_language() or 'zh-hans'}.csv")
    if made.is_file():
        return made
    part = made.with_suffix(f".{new_id().hex}")
    with (
        path.open(encoding="utf-8-sig", newline="") as file,
        source.open(encoding="utf-8") as beside,
        part.open("w", encoding="utf-8-sig", newline="") as out,
    ):
        rows, writer = csv.reader(file), csv.writer(out)
        writer.writerow([*next(rows)[:-2], gettext("row"), gettext("reason")])
        for row, reasons in zip(rows, beside, strict=True):
            writer.writerow([*row[:-1], formula_safe(_joined(map(str, told(json.loads(reasons)))))])
    return part.replace(made)

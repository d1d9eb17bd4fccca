"""`bench import`: a file of customers with their people, read, judged, brought in and taken back; a list taken out."""

import csv
import os
import resource as process
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from guanxi.demo.generator import generate
from guanxi.demo.people import people_of
from guanxi.demo.rows import SIZES
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.integrations.imports.limits import limit
from guanxi.integrations.imports.mapping import match_table
from guanxi.integrations.imports.outcomes import Outcome
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.project.bench import building, database, reporting
from guanxi.project.bench.cases import PEOPLE, actor_of
from guanxi.project.bench.foundation import Bench
from guanxi.project.bench.resources import export_rate
from guanxi.project.runtime.home import Home
from guanxi.resource.registry import find

_SEED = 99
_COLUMNS = (
    "name", "relations", "credit_code", "region", "industry", "size", "grade", "source", "phone", "address",
    "remarks", "Contact Name", "Contact Title", "Contact Mobile", "Contact Email",
)  # fmt: skip
_MANY = 1_000_000


class ImportBench(Bench):
    """Reading, the first answer of the preview, the import with people and duplicates, its undo; memory; export."""

    name = "import"

    def _run(self, home: Home) -> dict[str, Any]:
        started = time.monotonic()
        databases, built = self._database(home)
        self.figures: list[dict[str, Any]] = []
        with self._company():
            actor = actor_of(PEOPLE["all"])
        with tempfile.TemporaryDirectory(prefix="guanxi-bench-") as name:
            folder = Path(name)
            if self.only in "import":
                self._files(actor, folder)
            if self.only in "memory":
                self._memory(folder)
        if self.only in "export":
            self.figures += export_rate(find("customers"), actor)
        database.settle(databases.owner)
        return {
            "bench": self.name,
            "parameters": {"customers": self.customers, "others": self.others, "rows": self.import_rows},
            "machine": reporting.machine(),
            "built_seconds": built,
            "database_bytes": database.size(databases.owner),
            "figures": self.figures,
            "failed": [],
            "seconds": round(time.monotonic() - started),
        }

    def _files(self, actor: Actor, folder: Path) -> None:
        self.say(f"Writing files of {self.import_rows:,} rows ...")
        text, book = folder / "rows.csv", folder / "rows.xlsx"
        rows = list(_rows(self.import_rows))
        _write_text(text, rows)
        _write_book(book, rows)
        rows.clear()
        seconds = _seconds(lambda: open_table(book).count())
        self._figure("XLSX read", seconds, "s", "at most 15")
        for path in (text, book):
            kind = path.suffix[1:].upper()
            first = _seconds(lambda path=path: self._judge(actor, path, limit("IMPORT_LOOKED_AT")))  # type: ignore[misc]
            self._figure(f"{kind}: file to first answer of the preview", first, "s", "at most 10")
        whole = _seconds(lambda: self._judge(actor, text, None))
        self._figure("Check of all rows", round(self.import_rows / whole), "rows/s", "")
        for path in (text, book):
            self._there_and_back(actor, path)

    def _there_and_back(self, actor: Actor, path: Path) -> None:
        kind, found = path.suffix[1:].upper(), list[Outcome]()
        seconds = _seconds(lambda: found.append(self._bring(actor, path)))
        outcome, operation = found[0], found[0].operation_id
        assert operation is not None  # noqa: S101 - not a dry run
        told = f"{outcome.created:,} customers and {outcome.beside['people']['created']:,} people"
        self._figure(f"{kind}: import, {told}", round(outcome.rows / seconds), "rows/s", "at least 5,000")
        with scope(actor.tenant_id, actor_id=actor.member_id, door="cli"):
            seconds = _seconds(lambda: undo(actor, operation))
        self._figure(f"{kind}: undo", round(outcome.rows / seconds), "rows/s", "at least the import's")

    def _judge(self, actor: Actor, path: Path, first: int | None) -> Outcome:
        return self._bring(actor, path, dry_run=True, first=first)

    @staticmethod
    def _bring(actor: Actor, path: Path, **how: Any) -> Outcome:
        resource = find("customers")
        with scope(actor.tenant_id, actor_id=actor.member_id, door="cli"):
            table = open_table(path)
            table.count()  # as a page tells it
            columns = match_table(actor, resource, table)
            # What is likely the same is created: the bench is about writing.
            return run_import(
                actor, resource=resource, table=table, columns=columns, options=Options("create"), **how
            )

    def _memory(self, folder: Path) -> None:
        """At its highest, of a process that judges a file of a million rows."""
        self.say(f"Judging {_MANY:,} rows in a process of its own ...")
        path = folder / "many.csv"
        _write_text(path, _rows(_MANY))
        command = [sys.executable, "-P", "-m", "guanxi", "import", "customers", str(path), "--dry-run"]
        seconds = _seconds(
            lambda: subprocess.run(
                [*command, "--company", building.SLUG, "--as", PEOPLE["all"]],
                env=dict(os.environ),
                check=True,
                capture_output=True,
            )
        )
        peak = process.getrusage(process.RUSAGE_CHILDREN).ru_maxrss // 1024
        self._figure(f"Memory at its highest, CSV of {_MANY:,} rows", peak, "MB", "at most 500")
        self._figure("Check of those", round(_MANY / seconds), "rows/s", "")

    def _figure(self, name: str, value: float, unit: str, wanted: str) -> None:
        self.figures.append({"name": name, "value": value, "unit": unit, "limit": wanted})
        self.say(f"{name}: {value:,} {unit}")


def told_import(report: dict[str, Any]) -> list[str]:
    """The report for a terminal."""
    about = report["machine"]
    what = f"{report['parameters']['customers']:,} customers, {report['parameters']['rows']:,} rows"
    machine = f"{about['processor']}, {about['cores']} cores, load {about['load']}"
    size = f"Database {report['database_bytes'] / 2**30:.1f} GB"
    return [
        f"{what}; {machine}; PostgreSQL {about['postgresql']}",
        *reporting.figures(report["figures"]),
        f"{size}; {report['seconds']} s, of which building {report['built_seconds'] or 0}",
    ]


def _seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 2)


def _rows(count: int) -> Iterator[list[str]]:
    today = datetime.now(tz=UTC).date()
    for seed in generate(_SEED, today, count):
        row = [
            seed.name, ",".join(seed.relations), seed.credit_code, seed.region, seed.industry,
            SIZES.get(seed.size, ""), seed.grade, seed.source, seed.phone, seed.address, seed.remarks,
        ]  # fmt: skip
        person = next(people_of(seed, _SEED, today), None)
        yield row + ([person.name, person.post, person.phone, person.email] if person else [""] * 4)


def _write_text(path: Path, rows: Any) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(rows)


def _write_book(path: Path, rows: Any) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([_COLUMNS, *rows]):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()

"""Files written for a test, and the way from one to its outcome."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.heads import head_of
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.outcomes import Outcome
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.resource.registry import find
from guanxi.testing.worlds import in_scope

Rows = Sequence[Sequence[str]]
Import = Callable[..., Outcome]


@pytest.fixture
def make_csv(tmp_path: Path) -> Callable[..., Path]:
    """Rows, head first, as a CSV."""

    def make(rows: Rows, name: str = "customers.csv") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
        return path

    return make


@pytest.fixture
def import_rows(make_csv: Callable[..., Path], tmp_path: Path) -> Import:
    """Import rows (head first) or a file as an actor, in a scope of its own."""

    def run(
        actor: Actor, rows: Rows | Path, *, rule: str = "skip", dry: bool = False, **constants: str
    ) -> Outcome:
        path = rows if isinstance(rows, Path) else make_csv(rows)
        resource: Any = find("customers")
        with in_scope(actor, door="cli"):
            table = open_table(path, head_of=lambda first: head_of(resource, first))
            return run_import(
                actor,
                resource=resource,
                table=table,
                columns=map_columns(actor, resource, table.headers),
                options=Options(rule, constants),
                dry_run=dry,
                report_to=tmp_path,
            )

    return run

"""Files of real programs: Maven's accounts all the way, every other one a clear answer."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guanxi.customers.models import Customer
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.search.models import Entry
from guanxi.integrations.imports import words
from guanxi.integrations.imports.heads import head_of
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.kernel.errors import Invalid, Refused
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

FOLDER = Path(os.environ.get("GUANXI_SHARED_DATA") or Path(__file__).parents[6] / "shared" / "data")
CUSTOMERS: Any = find("customers")
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the sample files of ../shared/data are not here"),
]


def tables() -> Iterator[Any]:
    """Everything that a person might take for a table; the larger ones only in the long run."""
    for path in sorted(FOLDER.rglob("*")):
        small = path.is_file() and path.stat().st_size < 3_000_000
        if small and path.suffix.lower() in (
            ".csv",
            ".xlsx",
            ".xls",
            ".txt",
            ".vcf",
            ".ldif",
            ".jpg",
            ".json",
        ):
            long = path.stat().st_size > 60_000
            yield pytest.param(path, id=path.name, marks=[pytest.mark.slow] if long else [])


def test_mavens_accounts_come_in_linked_and_are_undone_and_redone(world: World) -> None:
    actor = world.admin
    with in_scope(actor, door="cli"):
        table = open_table(FOLDER / "maven_crm" / "accounts.csv")
        columns = map_columns(actor, CUSTOMERS, table.headers)
        assert {column.header for column in columns.left_out} == {"revenue", "employees", "year_established"}
        outcome = run_import(actor, resource=CUSTOMERS, table=table, columns=columns, options=Options())
        assert (outcome.rows, outcome.created, outcome.rejected) == (85, 85, 0)
        unread = {key for key, _group in outcome.remarks.items()}
        assert ("sector", "technolgy") in unread
        assert ("office_location", "Philipines") in unread
    with in_scope(actor):
        parents = dict(Customer.objects.filter(parent__isnull=False).values_list("name", "parent__name"))
        assert parents["Bluth Company"] == "Acme Corporation"
        assert len(parents) == sum(1 for row in table.rows() if row.cells[-1])
        assert outcome.operation_id is not None
        undone = undo(actor, outcome.operation_id)
        assert (Customer.objects.count(), Entry.objects.count()) == (0, 0)
        undo(actor, undone.id)
        assert (Customer.objects.count(), Entry.objects.count()) == (85, 85)
        assert (
            dict(Customer.objects.filter(parent__isnull=False).values_list("name", "parent__name")) == parents
        )


@pytest.mark.parametrize("path", list(tables()) if FOLDER.is_dir() else [])
def test_every_file_gets_a_clear_answer(world: World, path: Path) -> None:
    outcome, said = None, ""
    with in_scope(world.admin, door="cli"):
        try:
            table = open_table(path, head_of=lambda rows: head_of(CUSTOMERS, rows))
            columns = map_columns(world.admin, CUSTOMERS, table.headers)
            outcome = run_import(
                world.admin, resource=CUSTOMERS, table=table, columns=columns, options=Options(), dry_run=True
            )
        except (Refused, Invalid) as error:
            said = words.said(error)
    if outcome is None:
        assert said
        assert "%(" not in said
    else:
        counts = outcome.counts()
        assert counts["rows"] == sum(counts[k] for k in ("created", "skipped", "rejected"))

"""The officers of listed companies, by the product's own import: customers, people, their posts, and out again."""

import os
from pathlib import Path
from typing import Any

import pytest

from guanxi.customers.models import Affiliation, Customer, Person
from guanxi.foundation.ledger.undo import undo
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

FOLDER = (
    Path(os.environ.get("GUANXI_SHARED_DATA") or Path(__file__).parents[5] / "shared" / "data")
    / "cn_stock_executive_graph"
)
FILES: dict[str, tuple[str, dict[str, str]]] = {
    "customers": ("stock.csv", {"stock_id:ID(Stock)": "number", "name": "name"}),
    "people": (
        "executive.csv",
        {"person_id:ID(Executive)": "number", "name": "name", "gender": "sex"},
    ),
    "affiliations": (
        "executive_stock.csv",
        {":START_ID(Executive)": "person", "jobs": "post", ":END_ID(Stock)": "customer"},
    ),
}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.shared_data,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the sample files of ../shared/data are not here"),
]


def test_officers_come_in_with_their_posts_each_once_and_go_out_again(world: World) -> None:
    actor, operations = world.owner, []

    def count() -> tuple[int, int, int]:
        with in_scope(actor):
            return Customer.objects.count(), Person.objects.count(), Affiliation.objects.count()

    before = count()
    for key, (file, mapping) in FILES.items():
        outcome = _brought(actor, key, FOLDER / file, mapping)
        assert (outcome.rejected, outcome.skipped, outcome.created) == (0, 0, outcome.rows), key
        operations.append(outcome.operation_id)
    assert count() == (before[0] + 3188, before[1] + 20872, before[2] + 24775)
    with in_scope(actor):
        held = Person.objects.get(number="dddbd3ad0f2e3fca80da88296298bb51")
        assert (held.name, held.sex, held.post) == ("杜玉岱", "m", "董事长/董事")
        several = Affiliation.objects.values("person").distinct().count()
        assert several < 24775, "nobody has several posts"
        assert Affiliation.objects.filter(main=True).count() == several
    for operation in reversed(operations):
        with in_scope(actor):
            undo(actor, operation)
    assert count() == before


def _brought(actor: Any, key: str, path: Path, mapping: dict[str, str]) -> Any:
    with in_scope(actor):
        table, resource = open_table(path), find(key)
        columns = map_columns(actor, resource, table.headers, chosen=mapping)
        rule = "create" if key != "affiliations" else "skip"
        return run_import(
            actor, resource=resource, table=table, columns=columns, options=Options(on_duplicate=rule)
        )

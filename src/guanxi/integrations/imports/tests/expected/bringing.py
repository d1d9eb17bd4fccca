"""Sample files brought in the product's own way, and what then stands here, to be compared with what a careful person
would have typed. Nothing here knows how the importer reads a file."""

import csv
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from guanxi.activities.models import Activity
from guanxi.customers.models import ContactPoint, Customer, Person
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.heads import head_of
from guanxi.integrations.imports.mapping import Mapping as Columns
from guanxi.integrations.imports.mapping import match_table
from guanxi.integrations.imports.outcomes import Outcome
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.resource.registry import find
from guanxi.testing.worlds import in_scope

FOLDER = Path(os.environ.get("GUANXI_SHARED_DATA") or Path(__file__).parents[7] / "shared" / "data")
HERE = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the sample files of ../shared/data are not here"),
]
# What a record is kept by, and what follows from its other fields: nobody types these.
_KEPT = frozenset((
    "id", "tenant_id", "created_at", "updated_at", "version", "name_key", "name_sort", "born_day", "born_moon",
    "former_key", "grade_order", "owner_id", "own", "customer_id", "parent_id", "at", "pooled_at",
))  # fmt: skip
_REACHED = {"phone": "phone", "email": "email", "wechat": "wechat"}


@dataclass(frozen=True)
class Brought:
    """What came of a file: the figures, what each column became, and the lines of what was not taken as it stands."""

    outcome: Outcome
    columns: Columns

    @property
    def unplaced(self) -> set[str]:
        """Columns that hold something and came to nothing."""
        return {column.header for column in self.columns.left_out if column.sample}

    def emptied(self, header: str) -> dict[str, int]:
        """Values of a column that were left empty, and in how many rows."""
        groups = self.outcome.remarks.items()
        return {value: group.count for (column, value), group in groups if column == header}

    @property
    def figures(self) -> tuple[int, int, int, int]:
        """Rows, created, skipped, rejected."""
        return self.outcome.rows, self.outcome.created, self.outcome.skipped, self.outcome.rejected


def bring(
    actor: Actor,
    of: str,
    path: str | Path,
    chosen: Mapping[str, str] | None = None,
    **constants: str,
) -> Brought:
    """Import a file of the sample folder (or a path of its own) as rows of a resource, as the page and the command
    line do. `chosen` says of columns, or of their places, what they become."""
    resource: Any = find(of)
    with in_scope(actor, door="cli"):
        table = open_table(FOLDER / path, head_of=lambda rows: head_of(resource, rows))
        said = {
            table.headers[int(name)] if name.isdecimal() else name: field
            for name, field in (chosen or {}).items()
        }
        columns = match_table(actor, resource, table, said)
        named = {name.replace("__", "."): value for name, value in constants.items()}
        outcome = run_import(
            actor, resource=resource, table=table, columns=columns, options=Options(constants=named)
        )
        return Brought(outcome, columns)


def typed(path: str, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a file as somebody sees them who opens it: head to cell, blanks around cells left out."""
    with (FOLDER / path).open(encoding="utf-8-sig", newline="") as file:
        return [
            {name: (cell or "").strip() for name, cell in row.items() if name is not None}
            for row in csv.DictReader(file, delimiter=delimiter)
        ]


def lines(path: str) -> list[list[str]]:
    """The cells of a file without a head."""
    with (FOLDER / path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def given(**fields: Any) -> dict[str, Any]:
    """What a person would have typed, fields left empty left out."""
    return {name: value for name, value in fields.items() if value not in ("", None, [], {}, set())}


def said(record: Any) -> dict[str, Any]:
    """Everything that a record says by fields somebody could have typed, but for what is usual."""
    found = {}
    for field in record._meta.concrete_fields:
        value = getattr(record, field.attname)
        usual = field.get_default() if field.has_default() else None
        if field.attname not in _KEPT and value not in ("", None, False, [], {}) and value != usual:
            found[field.attname] = value
    return found


def reached(record: Any, of: str) -> set[tuple[str, str, str]]:
    """By what somebody is reached: kind, value, use; the record's own phone, e-mail, WeChat among them."""
    found = {
        ("phone" if point.kind == "mobile" else point.kind, point.value, point.use)
        for point in ContactPoint.objects.filter(**{of: record})
    }
    for name, kind in _REACHED.items():
        own = getattr(record, name, "")
        if own and not any((kind, own) == one[:2] for one in found):
            found.add((kind, own, ""))
    return found


def people() -> dict[str, dict[str, Any]]:
    """Every person by name, as `told` says them. Two of one name are an error of the test."""
    found = [told(one) for one in Person.objects.select_related("customer")]
    assert len({one["name"] for one in found}) == len(found)
    return {one["name"]: one for one in found}


def told(person: Person) -> dict[str, Any]:
    """A person with the company where they work, and by what they are reached."""
    company = person.customer.name if person.customer else ""
    return said(person) | given(company=company, reached=reached(person, "person"))


def companies() -> dict[str, dict[str, Any]]:
    """Every customer by name, the parent's name among what it says."""
    found = {}
    for one in Customer.objects.select_related("parent"):
        assert one.name not in found
        parent = one.parent.name if one.parent else ""
        points = ContactPoint.objects.filter(customer=one).exists()
        found[one.name] = said(one) | given(
            parent=parent, reached=reached(one, "customer") if points else set()
        )
    return found


def touches() -> Iterator[tuple[Activity, dict[str, Any]]]:
    """Every activity and what it says, its customer's name among it."""
    for one in Activity.objects.select_related("customer").order_by("number"):
        yield one, said(one) | given(company=one.customer.name if one.customer else "")


def by_number(rows: Iterable[Mapping[str, str]], name: str) -> Sequence[Mapping[str, str]]:
    """Rows in the order of a key, as texts."""
    return sorted(rows, key=lambda row: row[name])

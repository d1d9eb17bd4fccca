"""Writes through every door: by form, by API, in place; and a file of many customers, imported and undone."""

# Chinese in code: names of the customers a bench makes

import csv
import json
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

from guanxi.demo.generator import generate
from guanxi.demo.rows import SIZES
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.integrations.api.tokens import create_token
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.project.bench.client import Ask, Client
from guanxi.resource import access
from guanxi.resource.declaration import Resource

_COLUMNS = (
    "name", "short_name", "relations", "credit_code", "region", "industry", "size", "grade", "source", "phone",
    "website", "address", "remarks",
)  # fmt: skip
_IMPORT_SEED = 99


class Writes:
    """Requests that create and change customers; remembers how to find what they made."""

    def __init__(self, resource: type[Resource], client: Client, actor: Actor, records: list[UUID]) -> None:
        self._resource = resource
        self._client = client
        self._actor = actor
        self._records = records
        self.mark = f"苏州计时样本{secrets.token_hex(4)}"
        self._made = 0

    def _name(self) -> str:
        self._made += 1
        return f"{self.mark}{self._made:06d}机械有限公司"

    def by_form(self, number: int) -> Ask:
        fields = {
            "name": self._name(),
            "relations": "customer",
            "grade": "B",
            "region": "320500",
            "phone": "0512-60000186",
        }
        return self._client.form(self._resource.url("new"), fields)

    def by_api(self, number: int, token: str) -> Ask:
        body = {"name": self._name(), "relations": ["customer"], "grade": "B", "phone": "0512-60000186"}
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        path = f"/api/v1/{self._resource.key}"
        return Ask(path, "POST", json.dumps(body).encode(), headers, 201)

    def in_place(self, number: int) -> Ask:
        """The grade of one record after another, always to something else."""
        record = self._records[number % len(self._records)]
        grade = "ABCD"[(number // len(self._records) + 1) % 4]
        path = self._resource.url("field", id=record, field="grade")
        return self._client.form(path, {"grade": grade}, expects=200, htmx=True)

    def token(self) -> str:
        """A token that may write; needs no scope."""
        with scope(self._actor.tenant_id, actor_id=self._actor.member_id, door="cli"):
            return create_token(self._actor, name="bench", may_write=True, days=30)[1]

    def clear(self, actor: Actor) -> int:
        """Delete what was made here, as somebody who may; returns how many."""
        with scope(actor.tenant_id, actor_id=actor.member_id, door="cli"):
            rows = access.visible(actor, self._resource).filter(
                name__gte=self.mark, name__lt=self.mark + "\U0010ffff"
            )
            ids = list(rows.values_list("id", flat=True))
            assert self._resource.remove_many is not None  # noqa: S101 - for the type checker
            return int(self._resource.remove_many(actor, ids=ids)) if ids else 0


@dataclass(frozen=True, slots=True)
class Imported:
    """Rows and seconds of an import and of its undo."""

    rows: int
    seconds: float
    undo_seconds: float

    def plain(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "seconds": round(self.seconds, 2),
            "rows_per_second": round(self.rows / self.seconds),
            "undo_seconds": round(self.undo_seconds, 2),
            "undo_rows_per_second": round(self.rows / self.undo_seconds),
        }


def imported(resource: type[Resource], actor: Actor, rows: int) -> Imported:
    """Import a generated file through the service of all doors, then undo it."""
    with tempfile.TemporaryDirectory(prefix="guanxi-bench-") as folder:
        path = Path(folder) / "customers.csv"
        _write(path, rows)
        started = perf_counter()
        with scope(actor.tenant_id, actor_id=actor.member_id, door="cli"):
            table = open_table(path)
            columns = map_columns(actor, resource, table.headers)
            outcome = run_import(
                actor, resource=resource, table=table, columns=columns, options=Options(on_duplicate="create")
            )
        seconds = perf_counter() - started
    assert outcome.operation_id is not None  # noqa: S101 - not a dry run
    started = perf_counter()
    with scope(actor.tenant_id, actor_id=actor.member_id, door="cli"):
        undo(actor, outcome.operation_id)
    return Imported(outcome.created, seconds, perf_counter() - started)


def _write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(_lines(rows))


def _lines(rows: int) -> Iterator[list[str]]:
    for seed in generate(_IMPORT_SEED, datetime.now(tz=UTC).date(), rows):
        yield [
            seed.name, seed.short_name, ",".join(seed.relations), seed.credit_code, seed.region, seed.industry,
            SIZES.get(seed.size, ""), seed.grade, seed.source, seed.phone, seed.website, seed.address, seed.remarks,
        ]  # fmt: skip

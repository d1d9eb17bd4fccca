"""`bench resources`: what every entity gets from the engine, at the size of a large company."""

import resource as process
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID

from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.integrations.archives.packing import pack
from guanxi.integrations.archives.services.taking import rows_of
from guanxi.integrations.exports.services import csv_lines
from guanxi.kinds import Show
from guanxi.project.bench import writes
from guanxi.project.bench.cases import LIMITS, PEOPLE, Case, actor_of
from guanxi.project.bench.client import Ask, Client
from guanxi.project.bench.foundation import Bench
from guanxi.project.bench.measuring import one_client
from guanxi.project.runtime.connection import Databases
from guanxi.resource import access, listing
from guanxi.resource.contributions import contributed
from guanxi.resource.declaration import Resource

_CHANGED = 20_000  # rows of the bulk edit
_TOLD = 200_000  # rows of the export


class ResourcesBench(Bench):
    """Lists sorted by two columns, card and panels, editing in place, pages of the API, bulk edit, export."""

    name = "resources"

    def _through_the_web(
        self, resource: type[Resource], clients: dict[str, Client], databases: Databases
    ) -> None:
        with self._company():
            seller, everything, records = self._seller_with_records(resource)
        made = writes.Writes(resource, clients["seller"], seller, records)
        secrets = {
            "seller": made.token(),
            "all": writes.Writes(resource, clients["all"], everything, []).token(),
        }
        for case in _cases(resource, records, secrets):
            if self.only in f"{case.group} {case.name}":
                self._measure(case, clients[case.who], databases if case.group != "api" else None)
        if self.only in "edit in place":
            measured = one_client(clients["seller"], made.in_place, self.requests, self._cpu)
            self._tell(self._note("edit", "in place", "seller", measured, LIMITS["edit"]))

    def _through_services(self, resource: type[Resource], databases: Databases) -> dict[str, Any]:
        with self._company():
            actor = actor_of(PEOPLE["all"])
        found = []
        if self.only in "bulk":
            found += [_bulk(resource, actor)]
        if self.only in "export":
            found += export_rate(resource, actor)
        if self.only in "archive":
            found += _archive(actor)
        for one in found:
            self.say(f"{one['name']}: {one['value']:,} {one['unit']} ({one['limit']})")
        return {"figures": found}


def _cases(resource: type[Resource], records: list[UUID], secrets: dict[str, str]) -> list[Case]:
    url = resource.url()
    asked = {
        "sorted by two columns": "?sort=grade,-updated_at",
        "three conditions, one an alternative": '?filter={"any":[{"field":"grade","op":"is","values":["A"]},'
        '{"all":[{"field":"source","op":"is","values":["referral"]},'
        '{"field":"region","op":"is","values":["320500"]}]}]}',
    }
    cases = [Case("list", "first page", who, (Ask(url),)) for who in PEOPLE]
    cases += [
        Case("list", name, who, (Ask(url + query.replace('"', "%22")),))
        for name, query in asked.items()
        for who in ("seller", "all")
    ]
    cases += [
        Case("card", "first response", "seller", tuple(Ask(resource.url("card", id=one)) for one in records))
    ]
    cases += [
        Case(
            "panel", panel.key, "seller",
            tuple(Ask(resource.url("panel", id=one, key=panel.key)) for one in records),
        )
        for panel in (*resource.panels, *contributed(resource.key).panels)
        if not panel.at_once
    ]  # fmt: skip
    for who, secret in secrets.items():
        headers = {"Authorization": f"Bearer {secret}"}
        cases.append(
            Case("api", "page of 100 rows", who, (Ask(f"/api/v1/{resource.key}?limit=100", headers=headers),))
        )
    return cases


def _bulk(resource: type[Resource], actor: Actor) -> dict[str, Any]:
    """Set one field on many rows through the service, and undo it."""
    with scope(actor.tenant_id, actor_id=actor.member_id, door="cli"):
        rows = (
            access.visible(actor, resource, "edit").exclude(source="exhibition").order_by("name_sort", "id")
        )
        ids = list(rows.values_list("pk", flat=True)[:_CHANGED])
    started = time.perf_counter()
    with scope(actor.tenant_id, actor_id=actor.member_id, door="cli"):
        count = resource.edit_many(actor, ids=ids, data={"source": "exhibition"})
        operation = last_operation_id()
    seconds = time.perf_counter() - started
    if operation is not None:
        with scope(actor.tenant_id, actor_id=actor.member_id, door="cli"):
            undo(actor, operation)
    return {"name": f"Bulk edit of {count:,} rows", "value": round(count / seconds), "unit": "rows/s",
            "limit": "at least 5,000"}  # fmt: skip


def export_rate(resource: type[Resource], actor: Actor) -> list[dict[str, Any]]:
    """Stream many rows and throw them away; memory is this process's own, before and at its highest."""
    before = process.getrusage(process.RUSAGE_SELF).ru_maxrss
    count, started = 0, time.perf_counter()
    with scope(actor.tenant_id, actor_id=actor.member_id, door="cli"):
        wanted = listing.read(actor, resource, {})
        for _line in csv_lines(wanted, Show(actor=actor)):
            count += 1
            if count >= _TOLD:
                break
    seconds = time.perf_counter() - started
    grown = (process.getrusage(process.RUSAGE_SELF).ru_maxrss - before) // 1024
    return [
        {"name": f"Export of {count:,} rows", "value": round(count / seconds), "unit": "rows/s",
         "limit": "at least 20,000"},
        {"name": "Memory the export added", "value": grown, "unit": "MB", "limit": "constant"},
    ]  # fmt: skip


def _archive(actor: Actor) -> list[dict[str, Any]]:
    """Take the whole company out; nothing of it is kept."""
    before = process.getrusage(process.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        scope(actor.tenant_id, actor_id=actor.member_id, door="cli"),
    ):
        path = Path(folder) / "archive.zip"
        rows = rows_of(pack(actor, path, lambda done, total: None))
        size = path.stat().st_size
    seconds = time.perf_counter() - started
    grown = (process.getrusage(process.RUSAGE_SELF).ru_maxrss - before) // 1024
    return [
        {"name": f"Archive of {rows:,} rows, {size // 1_000_000} MB", "value": round(rows / seconds),
         "unit": "rows/s", "limit": "none"},
        {"name": "Memory the archive added", "value": grown, "unit": "MB", "limit": "constant"},
    ]  # fmt: skip

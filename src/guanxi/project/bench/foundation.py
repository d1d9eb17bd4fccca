"""`bench foundation`: lists, search, cards and writes of a company with many customers."""

import json
import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from guanxi.demo.building import PASSWORD
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.project.bench import building, database, reporting, writes
from guanxi.project.bench.cases import LIMITS, PEOPLE, Case, actor_of, reads, yardsticks
from guanxi.project.bench.client import Ask, Client, Unexpected, signed_in
from guanxi.project.bench.measuring import Measured, alone, crowd, one_client, statements_of
from guanxi.project.bench.server import web
from guanxi.project.runtime.connection import Databases
from guanxi.project.runtime.home import Home
from guanxi.project.runtime.session import locked
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find

Say = Callable[[str], None]


class Bench:
    """One run. `requests` is the number of measured requests of one client for each case."""

    name = "foundation"

    def __init__(
        self, *, customers: int, others: int, requests: int, import_rows: int, only: str, say: Say
    ) -> None:
        self.customers, self.others = customers, others
        self.requests, self.import_rows, self.only = requests, import_rows, only
        self.say = say
        self.results: list[dict[str, Any]] = []
        self.failed: list[str] = []
        self._empty = 0.0
        self._cpu: Callable[[], float] = float

    def run(self) -> dict[str, Any]:
        """Measure everything; returns the report. Raises `StartError` where the database cannot be made."""
        # Slow statements are what building and measuring are about; no news at this terminal.
        logging.getLogger("guanxi").setLevel(logging.ERROR)
        home = Home(Path(settings.HOME))
        home.prepare()
        with locked(home.run / "bench.lock"):
            return self._run(home)

    def _run(self, home: Home) -> dict[str, Any]:
        started = time.monotonic()
        databases, built = self._database(home)
        report: dict[str, Any] = {
            "bench": self.name,
            "parameters": {"customers": self.customers, "others": self.others, "requests": self.requests},
            "machine": reporting.machine(),
            "limits": LIMITS,
            "built_seconds": built,
            "database_bytes": database.size(databases.owner),
        }
        with web(home.logs / "bench-web.log") as server:
            self._cpu = server.cpu
            clients = {who: signed_in(server.port, name, PASSWORD) for who, name in PEOPLE.items()}
            for case in yardsticks():
                self._measure(case, clients[case.who] if case.who else Client(server.port), None)
            self._through_the_web(find("customers"), clients, databases)
            report["memory"] = server.memory()
        report |= self._through_services(find("customers"), databases)
        report["cases"], report["failed"] = self.results, self.failed
        report["seconds"] = round(time.monotonic() - started)
        return report

    def _through_the_web(
        self, resource: type[Resource], clients: dict[str, Client], databases: Databases
    ) -> None:
        """What is asked of the web process."""
        with self._company():
            cases = [case for case in reads(resource) if self.only in f"{case.group} {case.name}"]
            seller, everything, records = self._seller_with_records(resource)
        for case in cases:
            self._measure(case, clients[case.who], databases)
        if not self.only or "write" in self.only:
            made = writes.Writes(resource, clients["seller"], seller, records)
            self._writes(made, clients["seller"], everything)

    def _through_services(self, resource: type[Resource], databases: Databases) -> dict[str, Any]:
        """What is done without the web; more of the report."""
        if not self.import_rows or self.only not in "import":
            return {}
        with self._company():
            everything = actor_of(PEOPLE["all"])
        found = {"import": self._import(resource, everything)}
        database.settle(databases.owner)
        return found

    def _company(self) -> AbstractContextManager[Any]:
        return scope(building.company().id, door="cli")

    def _seller_with_records(self, resource: type[Resource]) -> tuple[Actor, Actor, list[UUID]]:
        """The seller, one who sees everything, and some of the seller's records; needs the company's scope."""
        seller = actor_of(PEOPLE["seller"])
        mine = access.visible(seller, resource).order_by("-updated_at", "id").values_list("id", flat=True)
        return seller, actor_of(PEOPLE["all"]), list(mine[:50])

    def _database(self, home: Home) -> tuple[Databases, float | None]:
        recipe = building.recipe(self.customers, self.others)
        databases, found = database.open_database(home, f"guanxi_bench_{self.customers}", recipe)
        if found:
            return databases, None
        self.say(
            f"Building {self.customers:,} and {self.others:,} customers; this is kept for the next run ..."
        )
        seconds = building.build_all(self.customers, self.others)
        database.settle(databases.owner)
        database.keep(databases.owner, recipe)
        return databases, round(seconds, 1)

    def _measure(self, case: Case, client: Client, databases: Databases | None) -> None:
        try:
            self._measure_one(case, client, databases)
        except Unexpected as error:
            self.failed.append(f"{case.group} {case.who} {case.name}: {error}")
            self.say(f"FAILED {case.group} {case.who} {case.name}: {error}"[:200])

    def _measure_one(self, case: Case, client: Client, databases: Databases | None) -> None:
        measured = one_client(client, case.ask, self.requests, self._cpu)
        result = self._note(case.group, case.name, case.who, measured, case.limit)
        if databases is not None:
            bare = alone(databases.app, statements_of(PEOPLE[case.who], case.asks[0]))
            result |= {"alone_p50": bare.p50, "alone_p95": bare.p95}
            result["x_sql"] = round(measured.whole.p50 / bare.p50, 1) if bare.p50 else None
        if case.crowded:
            self._crowd(result, client, case.ask)
        self._tell(result)

    def _note(self, group: str, name: str, who: str, measured: Measured, limit: int | None) -> dict[str, Any]:
        if not self._empty:
            self._empty = measured.whole.p50
        result: dict[str, Any] = {
            "group": group, "name": name, "who": who, "limit": limit, "requests": measured.requests,
            "p50": measured.whole.p50, "p95": measured.whole.p95,
            "server_p50": measured.server.p50, "server_p95": measured.server.p95,
            "sql_p50": measured.sql.p50, "sql_p95": measured.sql.p95,
            "cpu": measured.cpu, "queries": measured.queries, "bytes": measured.size,
            "x_empty": round(measured.whole.p50 / self._empty, 1),
        }  # fmt: skip
        self.results.append(result)
        return result

    def _crowd(self, result: dict[str, Any], client: Client, ask: Callable[[int], Ask]) -> None:
        many = crowd(client, ask, self.requests * 2)
        result |= {"crowd_p50": many.whole.p50, "crowd_p95": many.whole.p95, "per_second": many.per_second}

    def _tell(self, result: dict[str, Any]) -> None:
        limit = f" (limit {result['limit']})" if result["limit"] else ""
        self.say(
            f"{result['group']:<9} {result['who']:<6} {result['name']:<44} {result['p95']:>7.1f} ms p95{limit}"
        )

    def _writes(self, made: writes.Writes, client: Client, cleaner: Actor) -> None:
        try:
            token, second = made.token(), made.token()
            measured = one_client(client, lambda i: made.by_api(i, token), self.requests, self._cpu)
            result = self._note("create", "by API, with ledger", "seller", measured, LIMITS["create"])
            # A token of its own: one may call a limited number of times a minute.
            many = crowd(client, lambda i: made.by_api(i, second), min(self.requests * 2, 400))
            result |= {
                "crowd_p50": many.whole.p50,
                "crowd_p95": many.whole.p95,
                "per_second": many.per_second,
            }
            self._tell(result)
            for group, name, ask in (
                ("create", "by form", made.by_form),
                ("edit", "in place", made.in_place),
            ):
                measured = one_client(client, ask, self.requests, self._cpu)
                self._tell(self._note(group, name, "seller", measured, None))
        finally:
            self.say(f"{made.clear(cleaner)} customers that the bench made are deleted again.")

    def _import(self, resource: type[Resource], actor: Actor) -> dict[str, Any]:
        self.say(f"Importing {self.import_rows:,} rows and undoing them ...")
        return writes.imported(resource, actor, self.import_rows).plain()


def told(report: dict[str, Any]) -> list[str]:
    """The report for a terminal."""
    about, memory = report["machine"], report["memory"]
    machine = f"{about['processor']}, {about['cores']} cores, {about['memory_gb']} GB, load {about['load']}"
    versions = f"PostgreSQL {about['postgresql']}, Python {about['python']}"
    web, whole = (memory[which] / 2**20 for which in ("web_process", "all"))
    parts = [
        f"{report['parameters']['customers']:,} customers; {machine}; {versions}",
        "Milliseconds of the whole request, one client; server and SQL as the server says (p50).",
        "CPU: processor time of the web process for one request, which other load on the machine changes least.",
        "alone: the same SQL through psycopg; x: p50 against the empty view and against the SQL alone.",
        *reporting.lines(report["cases"]),
        f"Web process {web:.0f} MB (limit 200), with its parent {whole:.0f} MB",
        f"Database {report['database_bytes'] / 2**30:.1f} GB",
    ]
    parts += reporting.figures(report.get("figures", ()))
    if "import" in report:
        numbers = report["import"]
        speed, back = numbers["rows_per_second"], numbers["undo_rows_per_second"]
        parts.append(
            f"Import of {numbers['rows']:,} rows: {speed:,} rows/s (at least 5,000); undo {back:,} rows/s"
        )
    built = f", of which building {report['built_seconds']}" if report["built_seconds"] else ""
    parts.append(f"{report['seconds']} s{built}")
    return parts


def write_json(path: Path, report: dict[str, Any]) -> None:
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

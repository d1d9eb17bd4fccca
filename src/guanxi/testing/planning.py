"""How statements are planned, for tests that hold them to their indexes beside many rows."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections

Plan = dict[str, Any]


def nodes(plan: Plan) -> Iterator[Plan]:
    """The plan's steps, itself first."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def explain(sql: Any, params: Any, *, using: str = "default", carried_out: bool = False) -> Plan:
    """The plan of a statement, as the role of this connection; with `carried_out` also what it really did."""
    options = "ANALYZE, FORMAT JSON" if carried_out else "FORMAT JSON"
    with connections[using].cursor() as cursor:
        cursor.execute(f"EXPLAIN ({options}) {sql}", params)
        (answer,) = cursor.fetchone()
    plan: Plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    return plan


def read_whole(plan: Plan, tables: set[str]) -> list[str]:
    """Which of these tables a plan reads from end to end."""
    return [
        node["Relation Name"]
        for node in nodes(plan)
        if "Seq Scan" in node["Node Type"] and node["Relation Name"] in tables
    ]


def large_tables(rows: int) -> set[str]:
    """Tables that have more rows than this, by the statistics."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [rows])
        return {row[0] for row in cursor.fetchall()}


@contextmanager
def statements(about: str) -> Iterator[list[tuple[Any, Any]]]:
    """The questions that the block asks in which this text stands, with their parameters."""
    found: list[tuple[Any, Any]] = []

    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if str(sql).startswith("SELECT") and about in str(sql):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found

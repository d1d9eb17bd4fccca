"""What was measured, as a table for a terminal and as JSON; and on what it was measured."""

import os
import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from django.db import connection

HEAD = (
    "", "who", "p50", "p95", "limit", "server", "CPU", "SQL", "queries", "alone", "x empty", "x SQL", "8: p95", "8: /s",
)  # fmt: skip


def machine() -> dict[str, Any]:
    """The machine and the versions; load is the average of the last minute, at the start."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = cursor.fetchone()[0]
        cursor.execute("SHOW shared_buffers")
        buffers = cursor.fetchone()[0]
    return {
        "at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "postgresql": postgres,
        "shared_buffers": buffers,
        "load": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def lines(cases: list[dict[str, Any]]) -> Iterator[str]:
    """The table, group by group; ! stands after a figure above its limit."""
    rows = [_row(case) for case in cases]
    widths = [max(len(row[i]) for row in [HEAD, *rows]) for i in range(len(HEAD))]
    yield _line(HEAD, widths)
    group = ""
    for case, row in zip(cases, rows, strict=True):
        if case["group"] != group:
            group = case["group"]
            yield f"-- {group}"
        yield _line(row, widths)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [row[0].ljust(widths[0]), row[1].ljust(widths[1])]
    cells += [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
    return "  ".join(cells).rstrip()


def _row(case: dict[str, Any]) -> tuple[str, ...]:
    limit = case["limit"]
    over = "!" if limit and case["p95"] > limit else ""
    return (
        case["name"], case["who"], _ms(case["p50"]), _ms(case["p95"]) + over, str(limit or ""),
        _ms(case["server_p50"]), _ms(case["cpu"]), _ms(case["sql_p50"]), str(case["queries"]),
        _ms(case.get("alone_p50")),
        _times(case.get("x_empty")), _times(case.get("x_sql")), _ms(case.get("crowd_p95")),
        _ms(case.get("per_second")),
    )  # fmt: skip


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _times(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def figures(found: Sequence[dict[str, Any]]) -> list[str]:
    """Rates and sizes, each with its limit, for a terminal."""
    return [f"{one['name']}: {one['value']:,} {one['unit']} ({one['limit']})" for one in found]

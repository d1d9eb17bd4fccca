"""/metrics in Prometheus' text form: off unless GUANXI_METRICS_TOKEN is set, asked for with it as bearer.

A web server of several processes answers a scrape with one of them: each leaves its counts in a small file
every second, and the one that is asked adds them up.
"""

import hmac
import json
import os
import shutil
import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any

import psutil
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error, connection, connections
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guanxi.project.health import worker_age
from guanxi.project.logs import watch

# Seconds; the product's own limits (30 to 300 ms) lie on the edges.
BUCKETS = (0.01, 0.03, 0.05, 0.08, 0.15, 0.3, 0.6, 1.0, 3.0, 10.0)
_EVERY = 1.0


class Counts:
    """What one process has counted. Labels are a bounded set: methods, routes as declared, statuses."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.requests: dict[str, int] = defaultdict(int)
        self.buckets: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BUCKETS) + 1))
        self.seconds: dict[str, float] = defaultdict(float)
        self._written = 0.0

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request has been answered."""
        with self._lock:
            self.requests[f"{method}|{route}|{status}"] += 1
            self.buckets[route][bisect_left(BUCKETS, seconds)] += 1
            self.seconds[route] += seconds
            due = monotonic() - self._written > _EVERY
            if due:
                self._written = monotonic()
        if due:
            self.leave()

    def plain(self) -> dict[str, Any]:
        with self._lock:
            return {
                "requests": dict(self.requests),
                "buckets": {route: list(numbers) for route, numbers in self.buckets.items()},
                "seconds": dict(self.seconds),
                "sql": [watch.count, watch.seconds],
            }

    def leave(self) -> None:
        """Write the counts where the other processes of this server find them."""
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f".{os.getpid()}"
        beside.write_text(json.dumps(self.plain()))
        beside.replace(folder / f"{os.getpid()}.json")


counts = Counts()


def _folder() -> Path:
    """One folder per server: its processes have one parent. Those of servers that ended are removed."""
    root = Path(settings.HOME) / "run" / "metrics"
    if root.is_dir():
        for old in root.iterdir():
            if not psutil.pid_exists(int(old.name)) and old.name != str(os.getppid()):
                shutil.rmtree(old, ignore_errors=True)
    return root / str(os.getppid())


def _all_counts() -> Iterator[dict[str, Any]]:
    yield counts.plain()
    folder = _folder()
    for path in folder.glob("*.json") if folder.is_dir() else []:
        if path.stem != str(os.getpid()):
            # Also of a process that has ended and was replaced: its counts were real.
            yield json.loads(path.read_text())


class Measured:
    """Middleware around everything: counts each answer by its route, where the metrics are on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = perf_counter()
        response = self.get_response(request)
        match = getattr(request, "resolver_match", None)
        route = f"/{match.route}" if match is not None else "none"
        method = (
            request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
        )
        counts.note(str(method), route, response.status_code, perf_counter() - started)
        return response


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures; 404 where they are off, 401 without the right token."""
    token = settings.METRICS_TOKEN
    if not token:
        raise Http404
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Bearer realm="metrics"'})
    text = "\n".join([*_requests(), *_database(), ""])
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _requests() -> Iterator[str]:
    requests: dict[str, int] = defaultdict(int)
    buckets: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BUCKETS) + 1))
    seconds: dict[str, float] = defaultdict(float)
    statements, sql_seconds = 0, 0.0
    for one in _all_counts():
        for key, number in one["requests"].items():
            requests[key] += number
        for route, numbers in one["buckets"].items():
            buckets[route] = [a + b for a, b in zip(buckets[route], numbers, strict=True)]
        for route, number in one["seconds"].items():
            seconds[route] += number
        statements += one["sql"][0]
        sql_seconds += one["sql"][1]
    yield from _kind("guanxi_requests_total", "counter", "Requests answered.")
    for key, number in sorted(requests.items()):
        method, route, status = key.split("|")
        yield f"guanxi_requests_total{_labels(method=method, route=route, status=status)} {number}"
    yield from _kind("guanxi_request_seconds", "histogram", "Time from the request to its answer, by route.")
    for route, numbers in sorted(buckets.items()):
        total = 0
        for edge, number in zip([*map(str, BUCKETS), "+Inf"], numbers, strict=True):
            total += number
            yield f"guanxi_request_seconds_bucket{_labels(route=route, le=edge)} {total}"
        yield f"guanxi_request_seconds_sum{_labels(route=route)} {seconds[route]:.6f}"
        yield f"guanxi_request_seconds_count{_labels(route=route)} {total}"
    yield from _kind("guanxi_sql_statements_total", "counter", "SQL statements of the web processes.")
    yield f"guanxi_sql_statements_total {statements}"
    yield from _kind("guanxi_sql_seconds_total", "counter", "Time spent in them.")
    yield f"guanxi_sql_seconds_total {sql_seconds:.6f}"


def _database() -> Iterator[str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1 ORDER BY 1")
            jobs = cursor.fetchall()
        age = worker_age()
    except Error:
        yield from _kind("guanxi_database_up", "gauge", "Whether the database answers.")
        yield "guanxi_database_up 0"
        return
    yield from _kind("guanxi_database_up", "gauge", "Whether the database answers.")
    yield "guanxi_database_up 1"
    yield from _kind("guanxi_jobs", "gauge", "Jobs in the queue, by state.")
    yield from (f"guanxi_jobs{_labels(state=state)} {number}" for state, number in jobs)
    if age is not None:
        yield from _kind("guanxi_worker_heartbeat_age_seconds", "gauge", "Since a worker was last heard of.")
        yield f"guanxi_worker_heartbeat_age_seconds {age:.1f}"
    yield from _kind("guanxi_pool", "gauge", "Database connections of the process that answers.")
    for alias in ("default", "side"):
        pool = getattr(connections[alias], "pool", None)
        stats = pool.get_stats() if pool is not None else {}
        for key in ("pool_size", "pool_available", "pool_max", "requests_waiting", "requests_errors"):
            if key in stats:
                yield f"guanxi_pool{_labels(database=alias, what=key)} {stats[key]}"


def _kind(name: str, kind: str, meaning: str) -> Iterable[str]:
    return (f"# HELP {name} {meaning}", f"# TYPE {name} {kind}")


def _labels(**labels: str) -> str:
    shown = (
        '{}="{}"'.format(key, value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " "))
        for key, value in labels.items()
    )
    return "{" + ",".join(shown) + "}"

"""Asking the same thing many times: by one client, by eight at once, and of the database alone."""

import contextlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client as TestClient

from guanxi.foundation.accounts.models import Account
from guanxi.project.bench.client import Answer, Ask, Client
from guanxi.project.runtime.connection import ConnParams

WARM = 12
AT_ONCE = 8
_ALONE = 60  # repetitions of the statements alone


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 95th percentile, in milliseconds."""

    p50: float
    p95: float


def spread(values: Sequence[float]) -> Spread:
    """Nearest rank, so that a figure is always one that was measured."""
    ordered = sorted(values)
    return Spread(_rank(ordered, 0.5), _rank(ordered, 0.95))


def _rank(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)], 2) if ordered else 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What one client saw: the whole request, and what the server says of itself."""

    requests: int
    whole: Spread
    server: Spread
    sql: Spread
    queries: int
    size: int
    cpu: float


def one_client(
    client: Client, asks: Callable[[int], Ask], requests: int, cpu: Callable[[], float]
) -> Measured:
    """`asks(i)` makes the i-th request; the first few only warm up. `cpu` tells the server's seconds so far."""
    client.close()  # the server may have dropped it meanwhile; the next request opens it again
    for number in range(WARM):
        client.ask(asks(number))
    before = cpu()
    answers = [client.ask(asks(WARM + number)) for number in range(requests)]
    return _measured(answers, cpu() - before)


def _measured(answers: Sequence[Answer], cpu: float) -> Measured:
    queries = sorted(answer.queries for answer in answers)
    sizes = sorted(len(answer.body) for answer in answers)
    return Measured(
        requests=len(answers),
        whole=spread([answer.whole for answer in answers]),
        server=spread([answer.server for answer in answers]),
        sql=spread([answer.sql for answer in answers]),
        queries=queries[len(queries) // 2],
        size=sizes[len(sizes) // 2],
        cpu=round(cpu * 1000 / len(answers), 1),
    )


@dataclass(frozen=True, slots=True)
class Crowd:
    """What eight clients saw that asked as fast as they were answered."""

    whole: Spread
    per_second: float


def crowd(client: Client, asks: Callable[[int], Ask], requests: int) -> Crowd:
    """Eight clients of one session, each on its own connection. Raises the first error of any of them."""
    times: list[float] = []
    errors: list[BaseException] = []
    twins = [client.twin() for _ in range(AT_ONCE)]
    for twin in twins:
        twin.ask(asks(0))
    gate = threading.Barrier(AT_ONCE + 1)

    def work(number: int, twin: Client) -> None:
        gate.wait()
        try:
            mine = [twin.ask(asks(i)).whole for i in range(number, requests, AT_ONCE)]
            times.extend(mine)
        except Exception as error:  # noqa: BLE001 - handed to the caller, who raises it
            errors.append(error)
        finally:
            twin.close()

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(twins)]
    for thread in threads:
        thread.start()
    gate.wait()
    started = perf_counter()
    for thread in threads:
        thread.join()
    seconds = perf_counter() - started
    if errors:
        raise errors[0]
    return Crowd(spread(times), round(len(times) / seconds, 1))


# The same statements without us


class _Recorder:
    def __init__(self) -> None:
        self.statements: list[tuple[Any, Any]] = []

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.statements.append((sql, params))
        return execute(sql, params, many, context)


def statements_of(username: str, ask: Ask) -> list[tuple[Any, Any]]:
    """What the product asks the database for this request: carried out in this process and written down."""
    client = TestClient(SERVER_NAME="localhost", raise_request_exception=True)
    client.force_login(Account.objects.get(username=username), backend=settings.AUTHENTICATION_BACKENDS[0])
    headers = {name: value for name, value in ask.headers.items() if name != "Host"}
    client.get(ask.path, headers=headers)
    recorder = _Recorder()
    with connection.execute_wrapper(recorder):
        response = client.get(ask.path, headers=headers)
    if response.status_code != ask.expects:
        raise RuntimeError(f"{ask.path}: {response.status_code}")
    return recorder.statements


def alone(app: ConnParams, statements: Sequence[tuple[Any, Any]]) -> Spread:
    """The statements through psycopg as the application role, in one transaction, every row fetched."""
    times = []
    with app.connect() as bare:
        bare.autocommit = False
        bare.prepare_threshold = None
        with psycopg.ClientCursor(bare) as cursor:
            for number in range(_ALONE + 5):
                started = perf_counter()
                # A count that may take only so long is cancelled at times; what follows it then is left out.
                with contextlib.suppress(psycopg.errors.QueryCanceled):
                    for sql, params in statements:
                        cursor.execute(sql, params)
                        if cursor.description is not None:
                            cursor.fetchall()
                bare.rollback()
                if number >= 5:
                    times.append((perf_counter() - started) * 1000)
    return spread(times)

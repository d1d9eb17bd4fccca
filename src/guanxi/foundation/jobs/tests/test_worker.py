"""The worker as a process: killed, ended, started again."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from psycopg_pool import PoolTimeout

import guanxi
from guanxi.customers.models import Customer
from guanxi.foundation.jobs import worker
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.jobs.tests import kinds  # noqa: F401  the jobs asked for here
from guanxi.foundation.ledger.models import Operation
from guanxi.testing.worlds import World, in_scope

pytestmark = pytest.mark.slow

_MAIN = """
import os, django
django.setup()
from guanxi.foundation.jobs.tests import kinds
from guanxi.foundation.jobs.worker import run_worker
run_worker()
"""

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start_worker(database: None, tmp_path: Path) -> Iterator[Start]:
    """Starts a worker on this test's database; whatever is left of it ends with the test."""
    with connections["owner"].cursor() as cursor:
        # Jobs that other tests asked for and never ran.
        cursor.execute("DELETE FROM procrastinate_jobs")
    env = {
        **os.environ,
        "GUANXI_DB_NAME": str(connections["default"].settings_dict["NAME"]),
        "DJANGO_SETTINGS_MODULE": "guanxi.project.settings",
        "PYTHONPATH": str(Path(guanxi.__file__).parent.parent),
    }
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        with (tmp_path / f"worker-{len(started)}.log").open("wb") as log:
            started.append(subprocess.Popen([sys.executable, "-c", _MAIN], env=env, stderr=log, stdout=log))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
    for path in sorted(tmp_path.glob("worker-*.log")):
        sys.stdout.write(f"{path.name}\n{path.read_text()[-5000:]}")


def _state(world: World, job: Job) -> Job:
    with in_scope(world.admin):
        return Job.objects.get(id=job.id)


def _until(condition: Callable[[], Any], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


def _ask(world: World, kind: str, **args: Any) -> Job:
    with in_scope(world.seller):
        return enqueue(world.seller, kind, **args)


def _made(world: World) -> int:
    with in_scope(world.admin):
        return Customer.objects.count()


def test_a_job_whose_worker_is_killed_in_the_middle_is_finished_once(
    world: World, start_worker: Start
) -> None:
    first = start_worker()
    job = _ask(world, "tests.make_customers", count=60, pause=0.05, total=60)
    _until(lambda: _state(world, job).done > 0)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert _made(world) == 0
    assert _state(world, job).state == "running"
    start_worker()
    _until(lambda: _state(world, job).state == "done")
    assert _made(world) == 60
    with in_scope(world.admin):
        assert Operation.objects.filter(verb="tests.customers.make").count() == 1
    assert _state(world, job).attempts == 2


def test_a_worker_that_is_asked_to_end_puts_its_job_back(world: World, start_worker: Start) -> None:
    first = start_worker()
    job = _ask(world, "tests.make_customers", count=100, pause=0.05)
    _until(lambda: _state(world, job).done > 0)
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=10) == 0
    waits = _state(world, job)
    assert (waits.state, waits.attempts, waits.done) == ("queued", 0, 0)
    assert _made(world) == 0
    start_worker()
    _until(lambda: _state(world, job).state == "done")
    assert _made(world) == 100


def test_a_worker_ends_in_time_though_its_job_does_not_listen(world: World, start_worker: Start) -> None:
    first = start_worker()
    job = _ask(world, "tests.deaf", seconds=60)
    _until(lambda: _state(world, job).state == "running")
    first.send_signal(signal.SIGTERM)
    first.wait(timeout=10)
    with in_scope(world.admin):
        Job.objects.filter(id=job.id).update(args={"seconds": 0})
    start_worker()
    _until(lambda: _state(world, job).state == "done")
    assert _made(world) == 1


def test_a_worker_waits_for_a_database_that_is_away_longer_than_its_pool_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lives: list[str] = []

    async def serve(ending: asyncio.Event) -> None:
        lives.append("begun")
        if len(lives) == 1:
            raise PoolTimeout("pool initialization incomplete after 30.0 sec")
        ending.set()

    monkeypatch.setattr(worker, "_serve", serve)
    asyncio.run(worker._run())
    assert len(lives) == 2


def test_a_worker_comes_back_after_the_database_was_away(world: World, start_worker: Start) -> None:
    start_worker()
    before = _ask(world, "tests.make_customers", count=1)
    _until(lambda: _state(world, before).state == "done")
    _break_connections()
    after = _ask(world, "tests.make_customers", count=2)
    _until(lambda: _state(world, after).state == "done")
    assert _made(world) == 3


def _break_connections() -> None:
    """Only a role itself may end its own connections, so the application role does it."""
    connections.close_all()
    connections["default"].close_pool()  # type: ignore[attr-defined]
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()"
        )

"""A bulk act on very many rows by a real worker: stopped or killed half-way nothing stays; finished, it undoes."""

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
from django.test import Client

import guanxi
from guanxi.customers.models import Customer
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.ledger.models import Operation
from guanxi.resource.jobs import KIND
from guanxi.testing.worlds import World, in_scope

pytestmark = pytest.mark.slow

ROWS = 20_000
# A small batch, so that there is a half-way on any machine.
_MAIN = """
import django
django.setup()
from guanxi.resource import acting
acting.BATCH = 500
from guanxi.foundation.jobs.worker import run_worker
run_worker()
"""

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start_worker(database: None, tmp_path: Path) -> Iterator[Start]:
    with connections["owner"].cursor() as cursor:
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
        sys.stdout.write(f"{path.name}\n{path.read_text()[-3000:]}")


@pytest.fixture
def manager(world: World, client_for: Callable[[Member], Client]) -> Client:
    """A manager with twenty thousand customers."""
    owner = world.manager.member_id
    with in_scope(world.manager):
        services.create_customers(
            world.manager,
            rows=[
                {"name": f"C {i:05}", "relations": "customer", "owner_id": owner, "grade": "C"}
                for i in range(ROWS)
            ],
        )
    return client_for(world.members["manager"])


def _ask(world: World, manager: Client) -> Job:
    asked = manager.post(
        "/customers/bulk/edit/",
        {"all": "1", "query": "grade=C", "field": "grade", "grade": "A", "save": "1"},
    )
    assert asked.status_code == 302
    with in_scope(world.admin):
        return Job.objects.get(kind=KIND)


def _state(world: World, job: Job) -> Job:
    with in_scope(world.admin):
        return Job.objects.get(id=job.id)


def _until(condition: Callable[[], Any], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


def _changed(world: World) -> int:
    with in_scope(world.admin):
        return Customer.objects.filter(grade="A").count()


def _acts(world: World) -> int:
    with in_scope(world.admin):
        return Operation.objects.filter(verb="customers.customer.edit").count()


def test_stopped_half_way_nothing_of_it_stays_and_it_says_so(
    world: World, manager: Client, start_worker: Start
) -> None:
    start_worker()
    job = _ask(world, manager)
    _until(lambda: 0 < _state(world, job).done < ROWS)  # told while the work's own transaction is open
    assert _changed(world) == 0
    assert manager.post(f"/jobs/{job.id}/stop/").status_code == 302
    _until(lambda: _state(world, job).is_over)
    assert _state(world, job).state == "cancelled"
    assert (_changed(world), _acts(world)) == (0, 0)
    page = manager.get(f"/jobs/{job.id}/")
    assert page.status_code == 200
    assert f"/jobs/{job.id}/restart/" in page.content.decode()


def test_killed_half_way_it_is_done_once_by_the_next_worker_and_undone_as_one(
    world: World, manager: Client, start_worker: Start
) -> None:
    first = start_worker()
    job = _ask(world, manager)
    _until(lambda: 0 < _state(world, job).done < ROWS)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert (_changed(world), _acts(world)) == (0, 0)
    start_worker()
    _until(lambda: _state(world, job).is_over)
    done = _state(world, job)
    assert (done.state, done.done, done.total) == ("done", ROWS, ROWS)
    assert (_changed(world), _acts(world)) == (ROWS, 1)
    assert manager.post(f"/undo/{done.operation_id}/").status_code == 302
    assert _changed(world) == 0

"""Kinds of work for the tests of jobs; a worker under test imports this module."""

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from guanxi.customers.models import Customer
from guanxi.foundation.events import Event, handles
from guanxi.foundation.jobs.registry import job
from guanxi.foundation.jobs.work import JobRun
from guanxi.foundation.ledger.services import operation
from guanxi.kernel.errors import Refused
from guanxi.testing.customers import make_customer


@job("tests.make_customers", "make customers")
def make(run: JobRun) -> dict[str, Any]:
    """`count` customers, slowly: `pause` seconds after each."""
    count = int(run.args["count"])
    with operation(run.actor, "tests.customers.make") as opened:
        for number in range(count):
            make_customer(name=f"第 {number} 家")
            run.progress(number + 1, count)
            time.sleep(float(run.args.get("pause", 0)))
        run.operation_id = opened.id
    return {"total": count}


@job("tests.deaf", "tell nothing")
def deaf(run: JobRun) -> None:
    """Never tells how far it is, so that only the end of its process ends it."""
    with operation(run.actor, "tests.customers.make"):
        make_customer(name="聋")
        time.sleep(float(run.args["seconds"]))


@job("tests.stumble", "fail at first", retries=2)
def stumble(run: JobRun) -> None:
    """Fails as often as asked; what it wrote before is rolled back."""
    tally = Path(run.args["tally"])
    tally.write_text(tally.read_text() + "x")
    with operation(run.actor, "tests.customers.make"):
        make_customer(name="半途")
    if len(tally.read_text()) <= int(run.args["failures"]):
        raise ZeroDivisionError


@job("tests.refuse", "refuse")
def refuse(run: JobRun) -> None:
    with operation(run.actor, "tests.customers.make"):
        make_customer(name="不该有")
    raise Refused("tests_refused")


@dataclass(frozen=True, slots=True)
class CustomersCounted(Event):
    company: UUID
    on: date
    number: int


@handles(CustomersCounted)
def note_count(event: CustomersCounted) -> None:
    from guanxi.foundation.permissions.actor import system_actor

    assert isinstance(event.company, UUID)
    assert isinstance(event.on, date)
    with operation(system_actor(event.company), "tests.customers.count"):
        make_customer(name=f"数到 {event.number}，{event.on:%Y-%m-%d}")


@handles(CustomersCounted)
def count_again(event: CustomersCounted) -> None:
    Customer.objects.count()

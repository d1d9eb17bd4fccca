"""A job's effects and its end are one transaction; it can be watched, stopped, tried again."""

import threading
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.events import publish
from guanxi.foundation.jobs import work as running
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.jobs.services import EVENT_KIND, cancel, enqueue, restart
from guanxi.foundation.jobs.tests.kinds import CustomersCounted
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import current_scope
from guanxi.kernel.errors import NotFound, Refused
from guanxi.testing.worlds import World, in_scope


def _ask(actor: Actor, kind: str, **args: Any) -> Job:
    with in_scope(actor):
        return enqueue(actor, kind, **args)


def _state(world: World, job: Job) -> Job:
    with in_scope(world.admin):
        return Job.objects.get(id=job.id)


def _customers(world: World) -> list[str]:
    with in_scope(world.admin):
        return sorted(Customer.objects.values_list("name", flat=True))


def _deliveries(job: Job) -> list[Any]:
    """When the queue will hand the job out: None is at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at FROM procrastinate_jobs WHERE args->>'job_id' = %s ORDER BY id",
            [str(job.id)],
        )
        return [row[0] for row in cursor.fetchall()]


def test_a_job_acts_for_who_asked_and_its_operation_can_be_found(world: World) -> None:
    job = _ask(world.seller, "tests.make_customers", count=3, total=3)
    assert _customers(world) == []
    run_job(world.tenant_id, job.id)
    done = _state(world, job)
    assert (done.state, done.done, done.total, done.result) == ("done", 3, 3, {"total": 3})
    assert len(_customers(world)) == 3
    with in_scope(world.admin):
        act = Operation.objects.get(id=str(done.operation_id))
    assert (act.actor_id, act.door) == (world.seller.member_id, "job")


def test_a_job_handed_out_twice_is_done_once(world: World) -> None:
    job = _ask(world.seller, "tests.make_customers", count=2)
    for _ in range(2):
        run_job(world.tenant_id, job.id)
    assert len(_customers(world)) == 2
    assert _state(world, job).attempts == 1


def test_a_job_handed_to_two_workers_at_once_is_done_once(world: World) -> None:
    job = _ask(world.seller, "tests.make_customers", count=4, pause=0.05)

    def work() -> None:
        try:
            run_job(world.tenant_id, job.id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(_customers(world)) == 4
    assert _state(world, job).state == "done"


def test_what_is_asked_for_in_a_rolled_back_transaction_is_never_done(world: World) -> None:
    asked: list[Job] = []
    with pytest.raises(ZeroDivisionError), in_scope(world.seller):
        _ask_and_fail(world.seller, asked)
    assert _deliveries(asked[0]) == []
    run_job(world.tenant_id, asked[0].id)
    assert _customers(world) == []
    # Nor what a failed operation asked for, where the transaction around it goes on.
    with in_scope(world.seller), pytest.raises(ZeroDivisionError):
        _ask_and_fail(world.seller, asked)
    assert _deliveries(asked[1]) == []


def _ask_and_fail(actor: Actor, asked: list[Job]) -> None:
    with operation(actor, "tests.thing.change"):
        asked.append(enqueue(actor, "tests.make_customers", count=1))
        raise ZeroDivisionError


def test_ids_and_dates_may_be_asked_with(world: World) -> None:
    job = _ask(world.seller, "tests.make_customers", count=1, customer_id=world.tenant_id)
    assert _state(world, job).args["customer_id"] == str(world.tenant_id)


def test_a_failed_try_leaves_nothing_and_waits_longer_each_time(world: World, tmp_path: Path) -> None:
    tally = tmp_path / "tally"
    tally.write_text("")
    job = _ask(world.seller, "tests.stumble", tally=str(tally), failures=9)
    for tried in (1, 2):
        run_job(world.tenant_id, job.id)
        waits = _state(world, job)
        assert (waits.state, waits.attempts) == ("queued", tried)
        assert "ZeroDivisionError" in waits.error
        assert _customers(world) == []
    first, second = _deliveries(job)[1:]
    assert second > first
    run_job(world.tenant_id, job.id)
    assert _state(world, job).state == "failed"
    assert len(_deliveries(job)) == 3
    # Somebody mends the cause and starts it again.
    tally.write_text("x" * 9)
    with in_scope(world.seller):
        restart(world.seller, job.id)
    run_job(world.tenant_id, job.id)
    done = _state(world, job)
    assert (done.state, done.error) == ("done", "")
    assert _customers(world) == ["半途"]


def test_a_refusal_is_final_and_says_why(world: World) -> None:
    job = _ask(world.seller, "tests.refuse")
    run_job(world.tenant_id, job.id)
    assert (_state(world, job).state, _state(world, job).error) == ("failed", "tests_refused")
    assert _customers(world) == []


def test_a_kind_that_is_gone_fails_and_says_so(world: World) -> None:
    job = _ask(world.seller, "tests.refuse")
    with in_scope(world.admin):
        Job.objects.filter(id=job.id).update(kind="tests.gone")
    run_job(world.tenant_id, job.id)
    assert _state(world, job).state == "failed"


def test_a_person_who_has_left_does_nothing_any_more(world: World) -> None:
    job = _ask(world.seller, "tests.make_customers", count=1)
    with in_scope(world.admin), operation(world.admin, "accounts.member.close"):
        Member.objects.filter(id=world.members["seller"].id).update(left_on="2020-01-01")
    run_job(world.tenant_id, job.id)
    assert _state(world, job).state == "failed"
    assert _customers(world) == []


def test_progress_is_seen_by_others_while_the_work_is_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []

    def look(self: running.JobRun, done: int, total: int | None = None, message: str = "") -> None:
        tell(self, done, total, message)
        thread = threading.Thread(target=_elsewhere)
        thread.start()
        thread.join()

    def _elsewhere() -> None:
        try:
            seen.append((_state(world, job).done, len(_customers(world))))
        finally:
            connections.close_all()

    tell = running.JobRun.progress
    monkeypatch.setattr(running.JobRun, "progress", look)
    job = _ask(world.seller, "tests.make_customers", count=2)
    run_job(world.tenant_id, job.id)
    assert seen == [(1, 0), (2, 0)]
    assert len(_customers(world)) == 2


def test_a_job_that_waits_is_stopped_at_once(world: World) -> None:
    job = _ask(world.seller, "tests.make_customers", count=2)
    with in_scope(world.seller):
        cancel(world.seller, job.id)
    run_job(world.tenant_id, job.id)
    assert _state(world, job).state == "cancelled"
    assert _customers(world) == []
    with in_scope(world.seller):
        with pytest.raises(Refused):
            cancel(world.seller, job.id)
        restart(world.seller, job.id)
    run_job(world.tenant_id, job.id)
    assert len(_customers(world)) == 2


def test_a_job_that_runs_is_stopped_at_its_next_step_and_rolled_back(world: World) -> None:
    job = _ask(world.seller, "tests.make_customers", count=2000, pause=0.05)
    worker = threading.Thread(target=_run_elsewhere, args=(world.tenant_id, job.id))
    worker.start()
    while _state(world, job).done == 0:
        threading.Event().wait(0.02)
    with in_scope(world.seller):
        cancel(world.seller, job.id)
    worker.join()
    assert _state(world, job).state == "cancelled"
    assert _customers(world) == []


def _run_elsewhere(tenant_id: UUID, job_id: UUID) -> None:
    try:
        run_job(tenant_id, job_id)
    finally:
        connections.close_all()


def test_one_stops_ones_own_jobs_and_an_administrator_everybodys(world: World, other_world: World) -> None:
    job = _ask(world.seller, "tests.make_customers", count=1)
    for actor in (world.teammate, other_world.admin):
        with in_scope(actor), pytest.raises(NotFound):
            cancel(actor, job.id)
    with in_scope(world.admin):
        assert cancel(world.admin, job.id).state == "cancelled"


def test_a_job_whose_worker_was_killed_again_and_again_is_given_up(world: World) -> None:
    job = _ask(world.seller, "tests.stumble", tally="/nowhere", failures=0)
    with in_scope(world.admin):
        Job.objects.filter(id=job.id).update(state=Job.State.RUNNING, attempts=3)
    run_job(world.tenant_id, job.id)
    assert (_state(world, job).state, _state(world, job).error) == ("failed", "worker_lost")


def test_jobs_of_two_companies_alternate_without_mixing(world: World, other_world: World) -> None:
    jobs = [(mine, _ask(mine.seller, "tests.make_customers", count=2)) for mine in (world, other_world) * 3]
    for mine, job in jobs:
        run_job(mine.tenant_id, job.id)
        assert current_scope() is None
    assert len(_customers(world)) == len(_customers(other_world)) == 6
    # A job of one company handed out under the other one's name finds nothing.
    stray = _ask(world.seller, "tests.make_customers", count=1)
    run_job(other_world.tenant_id, stray.id)
    assert _state(world, stray).state == "queued"


# Events


def _publish(world: World) -> None:
    from datetime import date

    publish(CustomersCounted(company=world.tenant_id, on=date(2026, 2, 28), number=7))


def _events(world: World) -> list[Job]:
    with in_scope(world.admin):
        return list(Job.objects.filter(kind=EVENT_KIND).order_by("id"))


def test_an_event_is_handled_after_the_commit_once_by_each_handler(world: World) -> None:
    with in_scope(world.seller), operation(world.seller, "tests.thing.change"):
        _publish(world)
        assert _customers_now() == []
    jobs = _events(world)
    assert len(jobs) == 2
    for _ in range(2):
        for job in jobs:
            run_job(world.tenant_id, job.id)
    assert _customers(world) == ["数到 7，2026-02-28"]
    assert {job.state for job in _events(world)} == {"done"}
    assert not any(job.shown for job in jobs)


def _customers_now() -> list[str]:
    return list(Customer.objects.values_list("name", flat=True))


def _publish_and_fail(world: World) -> None:
    _publish(world)
    raise ZeroDivisionError


def test_an_event_of_a_rolled_back_transaction_never_happened(world: World) -> None:
    with pytest.raises(ZeroDivisionError), in_scope(world.seller):
        _publish_and_fail(world)
    assert _events(world) == []

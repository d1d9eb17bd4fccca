"""The worker process: runs queued jobs, takes up what a killed worker left, does the regular work.

It ends within ten seconds of SIGTERM or SIGINT. Jobs that tell their progress are put back at once; one that
does not gets five seconds, then the process ends in the middle of it: its transaction is rolled back, and the
next worker finds it.
"""

import asyncio
import contextlib
import logging
import os
import signal
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import connections
from procrastinate import App, exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import Job as Delivery
from procrastinate.worker import Worker

from guanxi.foundation.accounts.services import tidy_sessions
from guanxi.foundation.jobs.queue import QUEUE
from guanxi.foundation.jobs.registry import nightly_work
from guanxi.foundation.jobs.work import stopping
from guanxi.foundation.ledger.retention import prune
from guanxi.foundation.tenancy.postgresql.install import prepare

log = logging.getLogger(__name__)
CONCURRENCY = 2
_GRACE = 5.0
_LAST = 8.0
# Seconds between looks for lost jobs: a killed worker's connection may take a moment to be missed.
_LOOKS = (0.0, 2.0, 5.0, 30.0)


@app.periodic(cron="17 3 * * *")
@app.task(name="guanxi.upkeep", queue=QUEUE)
def upkeep(timestamp: int) -> None:
    """Every night, as the owner: partitions for the months to come, and what nobody wants to keep."""
    now = datetime.fromtimestamp(timestamp, UTC)
    try:
        prepare()
        tidy_sessions()
        for key, work in nightly_work().items():
            try:
                log.info("nightly work done", extra={"work": key, "came_of_it": str(work(now))})
            except Exception:  # one that fails does not keep the others from their work
                log.exception("nightly work failed", extra={"work": key})
        pruned = prune(now.date())
        log.info(
            "ledger pruned",
            extra={"months": list(pruned.months), "changes": pruned.changes, "operations": pruned.operations},
        )
    finally:
        connections.close_all()


def run_worker() -> None:
    """Work until the process is asked to end. Comes back after the database was away."""
    asyncio.run(_run())


async def _run() -> None:
    loop = asyncio.get_running_loop()
    ending = asyncio.Event()

    def end() -> None:
        stopping.set()
        ending.set()
        # A thread in the middle of a statement cannot be stopped; ending the process can.
        loop.call_later(_LAST, os._exit, 0)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    while not ending.is_set():
        try:
            await _serve(ending)
        except (exceptions.ConnectorException, psycopg.OperationalError, OSError):
            # The second is what the pool raises where the database is away longer than it waits.
            log.warning("the database is away; trying again", exc_info=True)
        if not ending.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), 2)
    log.info("worker ended")


async def _serve(ending: asyncio.Event) -> None:
    """One life of the worker: until it is asked to end, or a connection breaks."""
    # Only the carrier's own statements go this way; jobs defer others inside their own transactions.
    carrier: Any = app.connector
    serving = app.with_connector(carrier.get_worker_connector())
    async with serving.open_async():
        worker: Any = Worker(
            serving,
            queues=[QUEUE],
            concurrency=CONCURRENCY,
            delete_jobs="always",  # our own table says what became of a job
            shutdown_graceful_timeout=_GRACE,
            install_signal_handlers=False,
        )
        await requeue_lost(serving, None)
        log.info("worker started")
        running = asyncio.create_task(worker.run())
        looking = asyncio.create_task(_look_for_lost(serving, worker))
        asked = asyncio.create_task(ending.wait())
        try:
            await asyncio.wait({running, looking, asked}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            worker.stop()
            for task in (looking, asked):
                task.cancel()
            await asyncio.gather(running, looking, asked, return_exceptions=True)
        for task in (running, looking):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error


async def _look_for_lost(serving: App, worker: Any) -> None:
    look = 0
    while True:
        await asyncio.sleep(_LOOKS[min(look, len(_LOOKS) - 1)])
        look += 1
        await requeue_lost(serving, worker.worker_id)


async def requeue_lost(serving: App, own: int | None) -> int:
    """Put jobs back whose worker is gone; returns how many.

    Whoever is at a job holds its lock, and a lock ends with its connection: that is surer, and sooner known,
    than a missing heartbeat. Handing out a job twice does no harm, since the second finds the lock taken.
    """
    manager = serving.job_manager
    silent = {job.id for job in await manager.get_stalled_jobs(queue=QUEUE)}
    lost: list[Delivery] = []
    for job in await manager.list_jobs_async(queue=QUEUE, status="doing"):
        key = job.task_kwargs.get("job_id")
        if own is not None and job.worker_id == own:
            continue
        if job.id in silent or (key is not None and await _is_free(serving, str(key))):
            lost.append(job)
    for job in lost:
        log.warning("a lost job starts again", extra={"job": str(job.task_kwargs.get("job_id", ""))})
        await manager.retry_job(job, retry_at=datetime.now(UTC))
    return len(lost)


async def _is_free(serving: App, key: str) -> bool:
    row = await serving.connector.execute_query_one_async(
        "SELECT pg_try_advisory_xact_lock(hashtextextended(%(key)s, 0)) AS free", key=key
    )
    return bool(row["free"])

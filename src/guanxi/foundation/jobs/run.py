"""Running one job: its changes and its end commit together; progress is told on a second connection."""

import logging
import traceback
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, connections
from django.utils import timezone, translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from guanxi.foundation import events
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.queue import QUEUE, TASK, defer
from guanxi.foundation.jobs.registry import find_kind, job
from guanxi.foundation.jobs.services import EVENT_KIND
from guanxi.foundation.jobs.work import Cancelled, Interrupted, JobRun
from guanxi.foundation.permissions.actor import system_actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.errors import GuanxiError

log = logging.getLogger(__name__)

# For as long as the database is away; what a job itself does wrong is tried again by `run_job`.
_AWAY = RetryStrategy(max_attempts=10_000, wait=2, retry_exceptions={OperationalError, InterfaceError})


@app.task(name=TASK, queue=QUEUE, retry=_AWAY)
def run_job_task(job_id: str, tenant_id: str) -> None:
    try:
        run_job(UUID(tenant_id), UUID(job_id))
    finally:
        # A worker's threads outlive their jobs; what they borrowed goes back to the pool.
        connections.close_all()


def run_job(tenant_id: UUID, job_id: UUID) -> None:
    """Run a queued job to its end. A job that is over, or that another worker is at, is left alone.

    Raises only where the database is away, so that not even the failure can be noted; the carrier then hands
    the job out again.
    """
    tenant = Tenant.objects.filter(id=tenant_id).first()
    if tenant is None:
        log.warning("job of a company that is gone", extra={"job": str(job_id)})
        return
    with scope(tenant_id, door="job"):
        row = _take(job_id)
    if row is None:
        return
    try:
        with (
            translation.override(tenant.language),
            timezone.override(tenant.time_zone),
            scope(tenant_id, actor_id=row.actor_id, door="job"),
        ):
            _work(row)
    except Cancelled:
        _finish(tenant_id, job_id, Job.State.CANCELLED)
    except Interrupted:
        _put_back(tenant_id, job_id)
    except GuanxiError as error:
        log.info("job refused", extra={"job": str(job_id), "code": error.code})
        _finish(tenant_id, job_id, Job.State.FAILED, error.code)
    except Exception:
        _retry(tenant_id, job_id, traceback.format_exc())
        log.exception("job failed", extra={"job": str(job_id)})


def _lock(job_id: UUID) -> bool:
    """Whether nobody else is at this job. The lock ends with the transaction, also when its process is killed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [str(job_id)])
        return bool(cursor.fetchone()[0])


def _take(job_id: UUID) -> Job | None:
    if not _lock(job_id):
        return None
    row = Job.objects.select_for_update().filter(id=job_id).first()
    if row is None or row.is_over:
        return None
    if row.cancel_asked:
        row.state, row.finished_at = Job.State.CANCELLED, timezone.now()
        row.save(update_fields=["state", "finished_at"])
        return None
    # Still marked as running: its worker was killed. A job that kills every worker is not tried for ever.
    if row.state == Job.State.RUNNING and row.attempts > _retries(row):
        row.state, row.finished_at, row.error = Job.State.FAILED, timezone.now(), "worker_lost"
        row.save(update_fields=["state", "finished_at", "error"])
        return None
    row.state, row.started_at, row.attempts = Job.State.RUNNING, timezone.now(), row.attempts + 1
    row.save(update_fields=["state", "started_at", "attempts"])
    return row


def _retries(row: Job) -> int:
    try:
        return find_kind(row.kind).retries
    except LookupError:
        return 0


def _work(row: Job) -> None:
    if not _lock(row.id):
        return
    if Job.objects.filter(id=row.id).values_list("state", flat=True).first() != Job.State.RUNNING:
        return
    kind = find_kind(row.kind)
    actor = load_actor(row.actor_id) if row.actor_id else system_actor(row.tenant_id)
    run = JobRun(row, actor)
    result = kind.work(run) or {}
    row.state, row.result, row.finished_at = Job.State.DONE, result, timezone.now()
    row.operation_id, row.error = run.operation_id, ""
    fields = ["state", "result", "finished_at", "operation_id", "error"]
    if "total" in result:
        row.total = row.done = result["total"]
        fields += ["total", "done"]
    row.save(update_fields=fields)


def _finish(tenant_id: UUID, job_id: UUID, state: str, error: str = "") -> None:
    with scope(tenant_id, door="job"):
        Job.objects.filter(id=job_id).update(state=state, error=error, finished_at=timezone.now())


def _put_back(tenant_id: UUID, job_id: UUID) -> None:
    """For the next worker, at once, and not counted as a try."""
    with scope(tenant_id, door="job"):
        row = Job.objects.select_for_update().get(id=job_id)
        row.state, row.attempts, row.done = Job.State.QUEUED, row.attempts - 1, 0
        row.save(update_fields=["state", "attempts", "done"])
        defer(row)


def _retry(tenant_id: UUID, job_id: UUID, error: str) -> None:
    with scope(tenant_id, door="job"):
        row = Job.objects.select_for_update().get(id=job_id)
        row.error = error
        if row.attempts > _retries(row):
            row.state, row.finished_at = Job.State.FAILED, timezone.now()
        else:
            row.state, row.done = Job.State.QUEUED, 0
            defer(row, attempt=row.attempts)
        row.save(update_fields=["state", "error", "finished_at", "done"])


@job(EVENT_KIND, "event")
def handle_event(run: JobRun) -> None:
    """Hand a committed event to one of its handlers."""
    kind, handler = events.find_handler(run.args["handler"])
    handler(kind.revive(run.args["event"]))

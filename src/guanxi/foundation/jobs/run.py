"""Running one job: its changes and its end commit together; progress is told on a second connection."""

import logging
import time
import traceback
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection
from django.utils import timezone, translation

from guanxi.foundation import events
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.queue import defer
from guanxi.foundation.jobs.registry import find_kind, job
from guanxi.foundation.jobs.services import EVENT_KIND
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.errors import GuanxiError

log = logging.getLogger(__name__)
SIDE = "side"


class Cancelled(Exception):
    """The person who asked for the job has stopped it; what it did is rolled back."""


class JobRun:
    """What the work of a job gets: its actor, its arguments, and a way to tell how far it is."""

    def __init__(self, row: Job, actor: Actor) -> None:
        self.id = row.id
        self.actor = actor
        self.args: dict[str, Any] = row.args
        self.label = row.label
        self.operation_id: UUID | None = None
        self._told_at = 0.0

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Tell how far the job is, at most twice a second. Raises Cancelled where it was asked to stop."""
        now = time.monotonic()
        if now - self._told_at < 0.5 and done != total:
            return
        self._told_at = now
        values: dict[str, Any] = {"done": done}
        if total is not None:
            values["total"] = total
        if message:
            values["message"] = message[:300]
        with _aside(self.actor.tenant_id):
            rows = Job.objects.using(SIDE).filter(id=self.id)
            rows.update(**values)
            if rows.values_list("cancel_asked", flat=True).first():
                raise Cancelled


class _aside:
    """A short transaction of its own on the second connection, while the job's own stays open."""

    def __init__(self, tenant_id: UUID) -> None:
        self.tenant_id = tenant_id

    def __enter__(self) -> None:
        from django.db import transaction

        from guanxi.foundation.tenancy.scope import set_local

        self._atomic = transaction.atomic(using=SIDE)
        self._atomic.__enter__()
        set_local({"tenant": str(self.tenant_id), "actor": "", "door": "job", "operation": ""}, using=SIDE)

    def __exit__(self, *exc: Any) -> None:
        self._atomic.__exit__(*exc)


def run_job(tenant_id: UUID, job_id: UUID) -> None:
    """Run a queued job to its end. A job whose row is over already (it was delivered twice) is left alone."""
    tenant = Tenant.objects.filter(id=tenant_id).first()
    if tenant is None:
        log.warning("job of a company that is gone", extra={"job": str(job_id)})
        return
    with scope(tenant_id, door="job"):
        row = Job.objects.select_for_update().filter(id=job_id).first()
        if row is None or row.is_over:
            return
        row.state, row.started_at, row.attempts = Job.State.RUNNING, timezone.now(), row.attempts + 1
        row.save(update_fields=["state", "started_at", "attempts"])
    try:
        with translation.override(tenant.language), scope(tenant_id, actor_id=row.actor_id, door="job"):
            _work(row)
    except Cancelled:
        _finish(tenant_id, job_id, Job.State.CANCELLED)
    except GuanxiError as error:
        log.info("job refused", extra={"job": str(job_id), "code": error.code})
        _finish(tenant_id, job_id, Job.State.FAILED, error.code)
    except OperationalError:
        _retry(tenant_id, job_id, traceback.format_exc())
        raise
    except Exception:
        _retry(tenant_id, job_id, traceback.format_exc())
        log.exception("job failed", extra={"job": str(job_id)})


def _work(row: Job) -> None:
    kind = find_kind(row.kind)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [str(row.id)])
        if not cursor.fetchone()[0]:
            return  # another worker was handed the same job and is at it
    if Job.objects.filter(id=row.id).values_list("state", flat=True).first() != Job.State.RUNNING:
        return
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


def _retry(tenant_id: UUID, job_id: UUID, error: str) -> None:
    with scope(tenant_id, door="job"):
        row = Job.objects.select_for_update().get(id=job_id)
        row.error = error
        if row.attempts > find_kind(row.kind).retries:
            row.state, row.finished_at = Job.State.FAILED, timezone.now()
        else:
            row.state = Job.State.QUEUED
            defer(row, attempt=row.attempts)
        row.save(update_fields=["state", "error", "finished_at"])


@job(EVENT_KIND, "event")
def handle_event(run: JobRun) -> None:
    """Hand a committed event to one of its handlers."""
    kind, handler = events.find_handler(run.args["handler"])
    handler(kind(**run.args["event"]))

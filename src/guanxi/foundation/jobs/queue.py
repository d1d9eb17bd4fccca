"""The carrier: a job's id is deferred to procrastinate in the same transaction."""

from datetime import UTC, datetime, timedelta

from procrastinate.contrib.django import app

from guanxi.foundation.jobs.models import Job

TASK = "guanxi.run_job"
QUEUE = "guanxi"
_PAUSES = (5, 30, 180, 900, 3600)


def defer(job: Job, *, attempt: int = 0) -> None:
    """Put the job into the queue; later attempts wait 5 s, 30 s, 3 min, 15 min, 1 h."""
    at = None
    if attempt:
        at = datetime.now(UTC) + timedelta(seconds=_PAUSES[min(attempt, len(_PAUSES)) - 1])
    app.configure_task(TASK, queue=QUEUE, schedule_at=at).defer(
        job_id=str(job.id), tenant_id=str(job.tenant_id)
    )

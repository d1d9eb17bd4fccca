"""Asking for work, and telling it to stop or to start again."""

import json
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from guanxi.foundation.design.languages import Text, in_each
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.queue import defer
from guanxi.foundation.jobs.registry import find_kind
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.errors import NotFound, Refused

EVENT_KIND = "events.handle"


def enqueue(
    actor: Actor, kind: str, *, label: Text = "", total: int = 0, shown: bool = True, **args: Any
) -> Job:
    """Ask for work; it starts after the open transaction commits, and not at all if it is rolled back.

    `args` reach the work as JSON holds them: ids and dates as texts. A label of our words is given lazily, and kept in
    every language.
    """
    found = find_kind(kind)
    named = label or found.label
    job = Job(
        kind=kind,
        args=json.loads(json.dumps(args, cls=DjangoJSONEncoder)),
        label=str(named)[:200],
        said=in_each(named) or None,
        actor_id=actor.member_id,
        total=total,
        shown=shown,
    )
    job.save(force_insert=True)
    defer(job)
    return job


def enqueue_event(handler: str, payload: dict[str, Any]) -> None:
    """The outbox of published events: one job per handler."""
    current = require_scope()
    job = Job(
        kind=EVENT_KIND,
        args={"handler": handler, "event": payload},
        label=handler,
        actor_id=current.actor_id,
        shown=False,
    )
    job.save(force_insert=True)
    defer(job)


def cancel(actor: Actor, job_id: UUID) -> Job:
    """Ask a job to stop. One that waits stops at once; one that runs is rolled back at its next step.

    Raises Refused for a job that is over.
    """
    job = _own_job(actor, job_id)
    if job.is_over:
        raise Refused("job_over", {})
    if job.state == Job.State.QUEUED:
        job.state, job.finished_at = Job.State.CANCELLED, timezone.now()
    job.cancel_asked = True
    job.save(update_fields=["state", "finished_at", "cancel_asked"])
    return job


def restart(actor: Actor, job_id: UUID) -> Job:
    """Start a failed or stopped job again. Raises Refused for one that is not."""
    job = _own_job(actor, job_id)
    if job.state not in (Job.State.FAILED, Job.State.CANCELLED):
        raise Refused("job_not_failed", {})
    job.state, job.error, job.cancel_asked, job.finished_at, job.done = Job.State.QUEUED, "", False, None, 0
    job.save(update_fields=["state", "error", "cancel_asked", "finished_at", "done"])
    defer(job)
    return job


def find_job(actor: Actor, job_id: UUID) -> Job:
    """One's own job, or any with the right to manage them. Raises NotFound."""
    return _own(actor, Job.objects.select_related("actor").filter(id=job_id).first())


def _own_job(actor: Actor, job_id: UUID) -> Job:
    return _own(actor, Job.objects.select_for_update().filter(id=job_id).first())


def _own(actor: Actor, job: Job | None) -> Job:
    if job is None or not (job.actor_id == actor.member_id or actor.may("jobs.job.manage")):
        raise NotFound("job_not_found", {})
    return job

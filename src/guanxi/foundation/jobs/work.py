"""What the work of a job is given, and how it ends early."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction

from guanxi.foundation.jobs.models import Job
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import set_local

SIDE = "side"
# Set when this process is asked to end: jobs that tell their progress are put back for the next worker.
stopping = threading.Event()


class Cancelled(Exception):
    """The person who asked for the job has stopped it; what it did is rolled back."""


class Interrupted(Exception):
    """The worker ends before the job does; what it did is rolled back, and it starts again elsewhere."""


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
        """Tell how far the job is, at most twice a second; others see it at once.

        Raises Cancelled where it was asked to stop, Interrupted where the worker ends.
        """
        if stopping.is_set():
            raise Interrupted
        now = time.monotonic()
        if now - self._told_at < 0.5 and done != total:
            return
        self._told_at = now
        values: dict[str, Any] = {"done": done}
        if total is not None:
            values["total"] = total
        if message:
            values["message"] = message[:300]
        with aside(self.actor.tenant_id):
            rows = Job.objects.using(SIDE).filter(id=self.id)
            rows.update(**values)
            if rows.values_list("cancel_asked", flat=True).first():
                raise Cancelled


@contextmanager
def aside(tenant_id: UUID) -> Iterator[None]:
    """A short transaction of its own on the second connection (SIDE), while the job's own stays open: what is
    written in it stays whatever becomes of the job."""
    with transaction.atomic(using=SIDE):
        set_local({"tenant": str(tenant_id), "actor": "", "door": "job", "operation": ""}, using=SIDE)
        yield

"""Taking a company out: asked for, kept for some days, fetched; each step stands in the change log."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.files.services import folder_of
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.notices.services import notify
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import members_who_may
from guanxi.integrations.archives.manifest import Manifest
from guanxi.integrations.archives.packing import pack
from guanxi.kernel.errors import NotFound, Refused

TAKE, FETCH = "integrations.archive.take", "integrations.archive.fetch"
KIND = "integrations.archive"
TAKEN = "archive_taken"  # the notice
KEPT_DAYS = 7
_DAY = 86_400  # seconds
_LISTED = 20
LABEL = _("Archive of the whole company")


def ask(actor: Actor) -> Job:
    """Ask for everything as one file. Raises Forbidden, and Refused while one is being made."""
    actor.require(TAKE)
    if Job.objects.filter(kind=KIND, state__in=(Job.State.QUEUED, Job.State.RUNNING)).exists():
        raise Refused("archive_running", _("An archive is being made already."))
    return enqueue(actor, KIND, label=LABEL)


def make(actor: Actor, path: Path, step: Callable[[int, int], None]) -> Manifest:
    """Write the company to a file, which is there only once it is whole. The log has who took it out, and whoever
    else may do so is told. Raises Forbidden, NoScope outside a scope."""
    actor.require(TAKE)
    part = path.with_name(f"{path.name}.part")
    part.touch(mode=0o600)
    try:
        with operation(actor, TAKE, label=LABEL) as opened:
            manifest = pack(actor, part, step)
            describe(opened, rows=rows_of(manifest), files=len(manifest.files))
            others = {one.pk for one in members_who_may(TAKE)} - {actor.member_id}
            notify(others, TAKEN, who=actor.name, tone="warn")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def rows_of(manifest: Manifest) -> int:
    """How many rows an archive holds, the history's among them."""
    return sum(one.rows or 0 for one in manifest.files)


def archive_path(tenant_id: UUID, job_id: UUID) -> Path:
    """Where the archive that a job made lies."""
    return folder_of(tenant_id) / "archives" / f"{job_id}.zip"


def listed(actor: Actor) -> list[Job]:
    """The archives that were asked for, newest first. Raises Forbidden."""
    actor.require(TAKE)
    rows: Any = Job.objects.filter(kind=KIND).select_related("actor").order_by("-created_at")
    return list(rows[:_LISTED])


def fetch(actor: Actor, job_id: UUID) -> Path:
    """A finished archive, to be handed out; noted in the log. Raises Forbidden, NotFound."""
    actor.require(TAKE)
    job = Job.objects.filter(pk=job_id, kind=KIND, state=Job.State.DONE).first()
    if job is None or not (path := archive_path(actor.tenant_id, job.pk)).is_file():
        raise NotFound("no_archive")
    with operation(actor, FETCH, label=LABEL):
        pass
    return path


def forget_archives(tenant_id: UUID, *, before: float | None = None) -> int:
    """Remove archives, those only that are older than a moment where it is given (seconds since 1970). A person who
    is erased is erased there too. Returns how many."""
    folder, gone = folder_of(tenant_id) / "archives", 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if before is None or path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def forget_old(tenant_id: UUID) -> int:
    """Remove what has lain there longer than it is kept."""
    return forget_archives(tenant_id, before=time.time() - KEPT_DAYS * _DAY)

"""Everything held of a person as a ZIP on disk: private to the company, gone after a week, or with the person.

It lies under the id of the job that packed it. What is half written has another name.
"""

import json
import time
import zipfile
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

from guanxi.foundation.files.services import folder_of, path_of
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.services import find_job
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.privacy.queries.answers import Answer, Encoder, as_data, named_safely
from guanxi.privacy.services.answering import SEE
from guanxi.resource import access
from guanxi.resource.registry import find

EXPORT_KIND = "privacy.export"
KEPT_DAYS = 7
_DAY = 86_400  # seconds


def write_archive(found: Answer, job_id: UUID) -> int:
    """Pack `person.json` and the files; returns its size in bytes. Written again under the same id it is replaced."""
    target = _path(found.person.tenant_id, job_id)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("person.json", json.dumps(as_data(found), ensure_ascii=False, indent=1, cls=Encoder))
        for name, one in named_safely(found.files):
            try:
                book.write(path_of(one), name)
            except NotFound:
                continue  # its bytes are missing on disk; the list still names it
    part.replace(target)
    return target.stat().st_size


def is_kept(job: Job) -> bool:
    """Whether what a job packed is still there."""
    return _path(job.tenant_id, job.pk).is_file()


def find_archive(actor: Actor, job_id: UUID) -> Path:
    """What one's own job packed. Raises Forbidden, and NotFound also where the person is gone since."""
    actor.require(SEE)
    job = find_job(actor, job_id)
    if job.kind != EXPORT_KIND or job.state != Job.State.DONE:
        raise NotFound("no_archive")
    access.get(actor, find("people"), UUID(job.args["person"]))
    path = _path(actor.tenant_id, job_id)
    if not path.is_file():
        raise NotFound("no_archive")
    return path


def forget_archives(tenant_id: UUID, people: Collection[UUID]) -> None:
    """Remove whatever was packed of these people."""
    jobs = Job.objects.filter(kind=EXPORT_KIND, args__person__in=[str(one) for one in people])
    for job_id in jobs.values_list("pk", flat=True):
        for ending in (".zip", ".part"):
            _path(tenant_id, job_id).with_suffix(ending).unlink(missing_ok=True)


def forget_old_archives(tenant_id: UUID) -> None:
    """Remove what has lain there longer than it is kept."""
    folder = folder_of(tenant_id) / "personal-data"
    before = time.time() - KEPT_DAYS * _DAY
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _path(tenant_id: UUID, job_id: UUID) -> Path:
    return folder_of(tenant_id) / "personal-data" / f"{job_id}.zip"

"""Making an archive as a job, and taking old ones away every night."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from guanxi.foundation.design.words import shown_number
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.registry import job
from guanxi.foundation.jobs.results import Outcome
from guanxi.foundation.jobs.work import JobRun
from guanxi.foundation.tenancy.models import Tenant
from guanxi.integrations.archives.services.taking import (
    KEPT_DAYS,
    KIND,
    LABEL,
    archive_path,
    forget_old,
    make,
    rows_of,
)


@job(KIND, LABEL)
def take(run: JobRun) -> dict[str, Any]:
    """The archive, under the job's id; after a kill, once more from the beginning."""
    path = archive_path(run.actor.tenant_id, run.id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    manifest = make(run.actor, path, run.progress)
    return {
        "archived": rows_of(manifest),
        "files": sum(one.name.startswith("attachments/") for one in manifest.files),
        "missing": len(manifest.missing),
        "size": path.stat().st_size,
    }


def read(row: Job) -> Outcome:
    """What came of it, for the pages of jobs; the way to the file as long as it is kept."""
    if not archive_path(row.tenant_id, row.pk).is_file():
        return Outcome(
            sentence=gettext("The file is not there any more. Make another if it is still needed.")
        )
    said = ngettext(
        "Everything is packed; the file is kept for %(n)s day.",
        "Everything is packed; the file is kept for %(n)s days.",
        KEPT_DAYS,
    ) % {"n": KEPT_DAYS}
    facts = [
        (gettext("Rows"), shown_number(row.result.get("archived", 0))),
        (gettext("Attachments"), shown_number(row.result.get("files", 0))),
    ]
    if row.result.get("missing"):
        missing = shown_number(row.result["missing"])
        facts.append((gettext("Attachments whose file is missing on the server"), missing))
    links = ((gettext("Download the archive"), reverse("archive_file", args=[row.pk])),)
    return Outcome(sentence=said, facts=tuple(facts), links=links)


def every_night(_now: datetime) -> int:
    """Take old archives away. Returns how many."""
    return sum(forget_old(one) for one in Tenant.objects.values_list("id", flat=True))

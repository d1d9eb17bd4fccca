"""The two long pieces of work: checking a large file, and importing one."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.registry import job
from guanxi.foundation.jobs.results import Outcome as JobOutcome
from guanxi.foundation.jobs.work import JobRun
from guanxi.integrations.imports.outcomes import Outcome
from guanxi.integrations.imports.services import run_import
from guanxi.integrations.imports.uploads import Upload, as_result, is_kept, open_upload
from guanxi.integrations.imports.words import kept_why, told_why
from guanxi.kernel.errors import GuanxiError, NotFound
from guanxi.resource import registry

IMPORT, CHECK = "imports.import", "imports.check"
_Work = Callable[[JobRun, Upload], dict[str, Any]]


def _of_upload(work: _Work) -> Callable[[JobRun], dict[str, Any]]:
    """Open the job's upload, speak its language, and keep the reason of a refusal beside the file.

    The refusal itself goes on up: the job's transaction must be rolled back.
    """

    @wraps(work)
    def run(job_run: JobRun) -> dict[str, Any]:
        upload = open_upload(job_run.actor.tenant_id, UUID(job_run.args["upload"]))
        with translation.override(upload.language):
            try:
                return work(job_run, upload)
            except GuanxiError as error:
                replace(upload, refused=kept_why(error)).save()
                raise

    return run


@job(IMPORT, _("Import"))
@_of_upload
def import_upload(run: JobRun, upload: Upload) -> dict[str, Any]:
    outcome = _carry_out(run, upload, dry_run=False)
    run.operation_id = outcome.operation_id
    return {**as_result(outcome), "total": outcome.rows}


@job(CHECK, _("Check of a file"))
@_of_upload
def check_upload(run: JobRun, upload: Upload) -> dict[str, Any]:
    outcome = _carry_out(run, upload, dry_run=True)
    upload.keep_check(outcome)
    return {**as_result(outcome), "total": outcome.rows}


def why_refused(row: Job) -> str:
    """Why an import or the check of a file failed, in words; "" for other jobs, and where the file is gone."""
    if row.kind not in (IMPORT, CHECK):
        return ""
    try:
        return told_why(open_upload(row.tenant_id, UUID(row.args["upload"])).refused)
    except NotFound:
        return ""


def read(row: Job) -> JobOutcome:
    """What came of an import, for the pages of jobs."""
    found = row.result
    counts = {
        pgettext("rows", "Created"): found.get("created", 0),
        **({gettext("To be decided"): found["review"]} if found.get("review") else {}),
        pgettext("rows", "Updated"): found.get("updated", 0),
        pgettext("rows", "Skipped"): found.get("skipped", 0),
        pgettext("rows", "Rejected"): found.get("rejected", 0),
        gettext("Values left empty"): found.get("warnings", 0),
    }
    links: tuple[tuple[str, str], ...] = ()
    if is_kept(row.tenant_id, row.args["upload"]):
        url = reverse(f"{row.args['resource']}_import:result", kwargs={"id": row.args["upload"]})
        links = ((gettext("The result in full"), url),)
    return JobOutcome(facts=tuple((label, f"{count:,}") for label, count in counts.items()), links=links)


def _carry_out(run: JobRun, upload: Upload, *, dry_run: bool) -> Outcome:
    resource = registry.find(upload.resource)
    table = upload.table(resource)
    return run_import(
        run.actor,
        resource=resource,
        table=table,
        columns=upload.columns(run.actor, resource, table),
        options=upload.options,
        dry_run=dry_run,
        report_to=upload.report_folder("check" if dry_run else "result"),
        progress=lambda done: run.progress(done, upload.rows),
    )

"""Step 3: how far it is, and what came of it."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_GET

from guanxi.foundation.jobs.models import Job
from guanxi.foundation.ledger.labels import doer_named
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import may_undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.drawing import (
    beside_figures,
    context_of,
    job_of,
    job_shape,
    report_links,
    url_of,
)
from guanxi.integrations.imports.jobs import CHECK, IMPORT
from guanxi.integrations.imports.limits import limit
from guanxi.integrations.imports.sentences import told
from guanxi.integrations.imports.uploads import Upload, find_upload
from guanxi.integrations.imports.words import told_why
from guanxi.kernel.errors import NotFound
from guanxi.resource.declaration import Resource


@require_GET
def result(request: HttpRequest, resource: type[Resource], id: UUID) -> HttpResponse:  # noqa: A002
    """How far the import is, and what came of it."""
    upload, row = _imported(request, resource, id)
    return render(request, "integrations/import_result.html", _result_context(request, resource, upload, row))


@require_GET
def progress(request: HttpRequest, resource: type[Resource], id: UUID) -> HttpResponse:  # noqa: A002
    """The part of a page that changes while a job runs; the whole page where the job has ended."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    upload = find_upload(actor, resource, id)
    row = job_of(upload, IMPORT) or job_of(upload, CHECK)
    if row is None:
        raise NotFound("job_not_found")
    if row.is_over:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    title = upload.name if row.kind == IMPORT else gettext("Checking %(name)s") % {"name": upload.name}
    return render(request, "integrations/job.html", {"job": job_shape(row, title, resource, upload)})


def _imported(request: HttpRequest, resource: type[Resource], upload_id: UUID) -> tuple[Upload, Job]:
    upload = find_upload(request.actor, resource, upload_id)  # type: ignore[attr-defined]
    row = job_of(upload, IMPORT)
    if row is None:
        raise NotFound("job_not_found")
    return upload, row


def _result_context(
    request: HttpRequest, resource: type[Resource], upload: Upload, row: Job
) -> dict[str, Any]:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found: dict[str, Any] = told(row.result) if row.state == Job.State.DONE else {}
    operation = Operation.objects.filter(id=row.operation_id).first() if row.operation_id else None
    undone_by = (
        Operation.objects.filter(id=operation.undone_by_id).first()
        if operation is not None and operation.undone_by_id
        else None
    )
    failed = row.state in (Job.State.FAILED, Job.State.CANCELLED)
    return context_of(
        resource,
        3,
        upload=upload,
        job=job_shape(row, upload.name, resource, upload),
        running=not row.is_over,
        failed=failed,
        stopped=row.state == Job.State.CANCELLED,
        why=told_why(upload.refused) if failed else "",
        found=found,
        # What was undone has no figures any more: nobody should take them for what is there.
        figures=_figures(found) if found and undone_by is None else [],
        beside=beside_figures(found, done=True) if found and undone_by is None else [],
        noted=[note for note in found.get("noted", ()) if note["action"] == "reject"]
        if not undone_by
        else [],
        remarks=found.get("remarks", ()) if undone_by is None else (),
        reports=report_links(resource, upload, "result", found) if undone_by is None else (),
        operation=operation,
        may_undo=operation is not None and undone_by is None and may_undo(actor, operation),
        undone_by=undone_by,
        undone_who=doer_named(undone_by.actor_id) if undone_by else "",
        may_redo=undone_by is not None and may_undo(actor, undone_by),
        kept_days=limit("IMPORT_KEPT_DAYS"),
        url=url_of(resource, "result", id=upload.id),
        start_url=url_of(resource, "start"),
        restart_url=reverse("job_restart", args=[row.id]) if failed else "",
        ended=row.finished_at or timezone.now(),
    )


def _figures(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": pgettext("rows", "Created"), "n": found["created"], "sub": ""},
        {"label": pgettext("rows", "Updated"), "n": found["updated"], "sub": ""},
        *(
            [
                {
                    "label": gettext("To be decided"),
                    "n": found["review"],
                    "sub": pgettext("rows", "created too"),
                }
            ]
            if found["review"]
            else []
        ),
        {"label": pgettext("rows", "Skipped"), "n": found["skipped"], "sub": ""},
        {"label": pgettext("rows", "Rejected"), "n": found["rejected"], "sub": ""},
        {"label": gettext("Values left empty"), "n": found["warnings"], "sub": ""},
    ]


@require_GET
def report(request: HttpRequest, resource: type[Resource], id: UUID, stage: str, name: str) -> FileResponse:  # noqa: A002
    """Rejected rows with their reasons, or warnings, as CSV."""
    upload = find_upload(request.actor, resource, id)  # type: ignore[attr-defined]
    path = upload.report(name, stage)
    stem = upload.name.rpartition(".")[0] or upload.name
    ending = {"rejected": gettext("rejected"), "warnings": gettext("warnings")}[name]
    response = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"{stem}-{ending}.csv",
        content_type="text/csv; charset=utf-8",
    )
    response["Cache-Control"] = "private, no-store"
    return response

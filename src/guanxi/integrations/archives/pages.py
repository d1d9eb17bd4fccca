"""The administrator's page: everything of the company as one file."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.foundation.jobs.models import Job
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import actor_of, tell
from guanxi.integrations.archives.services import taking as services
from guanxi.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class _Line:
    job: Job
    state: str
    size: str
    url: str


@require_http_methods(["GET", "POST"])
def archives(request: HttpRequest) -> HttpResponse:
    """What was taken out; a POST begins another. Raises Forbidden."""
    actor = actor_of(request)
    if request.method == "POST":
        try:
            asked = services.ask(actor)
        except Refused as error:
            tell(request, error.words)
            return HttpResponseRedirect(reverse("archives"))
        return HttpResponseRedirect(reverse("job", args=[asked.pk]))
    lines = [_line(one) for one in services.listed(actor)]
    context = {
        "lines": lines,
        "running": next((one.job for one in lines if not one.job.is_over), None),
        "days": services.KEPT_DAYS,
        "tabs": settings_tabs(actor, "archives"),
        "active": "settings",
    }
    return render(request, "archives/archives.html", context)


def _line(job: Job) -> _Line:
    path = services.archive_path(job.tenant_id, job.pk)
    if job.state == Job.State.DONE and not path.is_file():
        return _Line(job, _("taken away again"), "", "")
    if job.state != Job.State.DONE:
        return _Line(job, str(Job.State(job.state).label), "", reverse("job", args=[job.pk]))
    size = filesizeformat(path.stat().st_size)
    return _Line(job, "", size, reverse("archive_file", args=[job.pk]))


@require_GET
def archive_file(request: HttpRequest, job_id: UUID) -> FileResponse:
    """A finished archive. Raises Forbidden, NotFound."""
    path = services.fetch(actor_of(request), job_id)
    made = timezone.localtime(datetime.fromtimestamp(path.stat().st_mtime, UTC))
    response = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"guanxi-{made:%Y%m%d-%H%M}.zip",
        content_type="application/zip",
    )
    response["Cache-Control"] = "private, no-store"
    return response

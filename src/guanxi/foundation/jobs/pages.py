"""Jobs on the screen: one's own with their progress and result, everybody's for the administrator."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.foundation.design.shapes import Job as JobShape
from guanxi.foundation.design.shapes import Tab
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.registry import find_kind
from guanxi.foundation.jobs.results import failure, outcome
from guanxi.foundation.jobs.services import EVENT_KIND, cancel, find_job, restart
from guanxi.foundation.ledger.labels import doer_named, people_named
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import may_undo
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import actor_of, back_to, listed, place_of, place_text, tell, url_of
from guanxi.kernel.errors import Refused

MANAGE = "jobs.job.manage"
STEP = 50
_STATES: dict[str, Any] = {
    Job.State.QUEUED: "waiting",
    Job.State.RUNNING: "running",
    Job.State.DONE: "done",
    Job.State.FAILED: "failed",
    Job.State.CANCELLED: "failed",
}
_TABS = {
    "": Q(shown=True),
    "running": Q(state__in=[Job.State.QUEUED, Job.State.RUNNING]),
    "failed": Q(state=Job.State.FAILED),
    "quiet": Q(shown=False),
}


def shape(job: Job) -> JobShape:
    """A job as the design system draws it; our own pages poll by themselves."""
    over = job.state == Job.State.CANCELLED
    result = _("Stopped; nothing of it was kept.") if over else ""
    if job.state == Job.State.FAILED:
        result = failure(job) or _("It did not work; nothing of it was kept. It can be started again.")
    if job.state == Job.State.DONE:
        found = outcome(job)
        result = found.sentence or listed(f"{label} {number}" for label, number in found.facts)
    return JobShape(
        id=str(job.id),
        title=label_of(job),
        done=job.done,
        total=job.total,
        state=_STATES[job.state],
        note=job.message,
        result=result,
        url=reverse("job", args=[job.id]),
        stop_url="" if job.is_over or job.cancel_asked else reverse("job_stop", args=[job.id]),
    )


def label_of(job: Job) -> str:
    """What the job is called; a handler of an event by the handler's name."""
    if job.kind == EVENT_KIND:
        return job.label.rpartition(".")[2].replace("_", " ")
    if job.label:
        return job.shown_label
    try:
        return str(find_kind(job.kind).label)
    except LookupError:
        return job.kind


@require_GET
def my_jobs(request: HttpRequest) -> HttpResponse:
    """What one has asked for, newest first."""
    actor = actor_of(request)
    rows, more = _page(request, Job.objects.filter(actor_id=actor.member_id, shown=True))
    context = {"rows": [(row, shape(row)) for row in rows], "more_url": more}
    return render(request, "jobs/mine.html", context)


@require_GET
def running(request: HttpRequest) -> HttpResponse:
    """The foot of the sidebar, asked for while something runs."""
    return render(request, "gx/frame_jobs.html")


@require_GET
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One job: how far it is, or what came of it."""
    return render(request, "jobs/job.html", _context(request, job_id))


@require_GET
def progress(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The part of that page that changes; a finished one is not asked again."""
    return render(request, "jobs/progress.html", _context(request, job_id))


def _context(request: HttpRequest, job_id: UUID) -> dict[str, Any]:
    actor = actor_of(request)
    row = find_job(actor, job_id)
    found = Operation.objects.filter(id=row.operation_id).first() if row.operation_id else None
    manages = actor.may(MANAGE)
    undone = Operation.objects.filter(id=found.undone_by_id).first() if found and found.undone_by_id else None
    return {
        "job": row,
        "shape": shape(row),
        "outcome": outcome(row) if row.state == Job.State.DONE else None,
        "undone": undone,
        "undone_who": doer_named(undone.actor_id) if undone else "",
        "failure": failure(row),
        "trace": row.error if manages and row.error and not failure(row) else "",
        "operation": found,
        "operation_url": url_of("operation", found.id)
        if found and actor.may("ledger.operation.view")
        else "",
        "may_undo": found is not None and found.undone_by_id is None and may_undo(actor, found),
        "may_restart": row.state in (Job.State.FAILED, Job.State.CANCELLED),
        "who": str(row.actor) if row.actor_id else _("The system"),
        "mine": row.actor_id == actor.member_id,
    }


@require_POST
def stop(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Ask a job to stop."""
    actor = actor_of(request)
    try:
        cancel(actor, job_id)
    except Refused as error:
        raise Refused(error.code, _("This job is over already.")) from error
    return HttpResponseRedirect(back_to(request, reverse("job", args=[job_id])))


@require_POST
def start_again(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Start a failed or stopped job again."""
    actor = actor_of(request)
    try:
        row = restart(actor, job_id)
    except Refused as error:
        raise Refused(error.code, _("Only a failed or stopped job can be started again.")) from error
    tell(request, _("“%(job)s” starts again") % {"job": label_of(row)})
    return HttpResponseRedirect(back_to(request, reverse("job", args=[job_id])))


@require_GET
def all_jobs(request: HttpRequest) -> HttpResponse:
    """Everybody's jobs, for the administrator."""
    actor = actor_of(request)
    actor.require(MANAGE)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in _TABS else ""
    rows, more = _page(request, Job.objects.filter(_TABS[chosen]), show=chosen)
    counts = Job.objects.aggregate(
        running=Count("id", filter=_TABS["running"]), failed=Count("id", filter=_TABS["failed"])
    )
    people = people_named(row.actor_id for row in rows)
    kinds = [
        Tab(label=_("All"), url="?", current=not chosen),
        Tab(label=_("Under way"), url="?show=running", current=chosen == "running", count=counts["running"]),
        Tab(label=_("Failed"), url="?show=failed", current=chosen == "failed", count=counts["failed"]),
        Tab(label=_("In the background"), url="?show=quiet", current=chosen == "quiet"),
    ]
    lines = [
        {
            "row": row,
            "label": label_of(row),
            "who": people.get(row.actor_id, "") if row.actor_id else "",
            "tone": {"done": "good", "failed": "bad", "running": "acc"}.get(row.state, ""),
            "may_stop": not row.is_over and not row.cancel_asked,
            "may_restart": row.state in (Job.State.FAILED, Job.State.CANCELLED),
        }
        for row in rows
    ]
    context = {
        "lines": lines,
        "kinds": kinds,
        "more_url": more,
        "tabs": settings_tabs(actor, "jobs_admin"),
        "active": "settings",
    }
    return render(request, "jobs/all.html", context)


def _page(request: HttpRequest, rows: QuerySet[Job], **kept: str) -> tuple[list[Job], str]:
    if (place := place_of(request)) is not None:
        moment, behind = place
        rows = rows.filter(Q(created_at__lt=moment) | Q(created_at=moment, id__lt=behind))
    found = list(rows.order_by("-created_at", "-id")[: STEP + 1])
    more = ""
    if len(found) > STEP:
        end = found[STEP - 1]
        kept = {name: value for name, value in kept.items() if value}
        more = "?" + urlencode({**kept, "after": place_text(end.created_at, end.id)})
    return found[:STEP], more

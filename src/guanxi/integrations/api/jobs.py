"""Long work: one's own jobs, everybody's for who manages them; stopping one and starting it again."""

from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import Field, WithJsonSchema

from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.results import failure
from guanxi.foundation.jobs.services import cancel, find_job, restart
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api import parameters
from guanxi.integrations.api.authentication import for_all_areas
from guanxi.integrations.api.describing import described, limit_parameter, place_parameter, query_parameter
from guanxi.integrations.api.records import reply
from guanxi.integrations.api.schemas import Shown
from guanxi.integrations.imports import sentences
from guanxi.integrations.imports.jobs import why_refused
from guanxi.kernel.errors import Refused

MANAGE = "jobs.job.manage"
_MOST = 200
_Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]


class JobOut(Shown):
    """Long work: how far it is, what came of it."""

    id: UUID
    label: str
    kind: str
    actor: UUID | None = Field(description=gettext_noop("Who asked for it; `null` for the system"))
    state: str = Field(description=gettext_noop("`queued`, `running`, `done`, `failed`, `cancelled`"))
    done: int
    total: int
    result: dict[str, Any]
    why: str = Field(description=gettext_noop("Of one that failed: the reason, where there is one in words"))
    operation: UUID | None = Field(None, description=gettext_noop("What undoes it"))
    asked_at: _Moment
    started_at: _Moment | None
    finished_at: _Moment | None


class JobPage(Shown):
    """Jobs, newest first."""

    items: list[JobOut]
    next: str | None = Field(
        None, description=gettext_noop("What `after` takes for the next page; null at the end")
    )


def routers() -> list[tuple[str, Router]]:
    """Operations by prefix."""
    router = Router(tags=["jobs"])
    asked = [
        query_parameter(
            "whose",
            {"type": "string", "enum": ["mine", "all"], "default": "mine"},
            gettext_noop("`all`: everybody's, which needs the right to manage jobs"),
        ),
        query_parameter(
            "state", {"type": "string", "enum": list(Job.State.values)}, gettext_noop("Only in this state")
        ),
        query_parameter(
            "background",
            {"type": "string", "enum": ["0", "1", "true", "false"]},
            gettext_noop("1: those that work unseen"),
        ),
        place_parameter(),
        limit_parameter(),
    ]
    router.get("", **described("jobs", JobPage, name="", parameters=asked))(list_jobs)
    router.get("/{uuid:id}", **described("job", JobOut, name="jobs"))(read_job)
    router.post("/{uuid:id}/stop", **described("job_stop", JobOut, name="jobs"))(stop_job)
    router.post("/{uuid:id}/restart", **described("job_restart", JobOut, name="jobs"))(restart_job)
    return [("/jobs", router)]


def list_jobs(request: HttpRequest) -> HttpResponse:
    """What one has asked for; with the right to manage jobs what anybody has. Raises Forbidden, Invalid."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    for_all_areas(request)
    query = request.GET.copy()
    limit = parameters.number(query, "limit", most=_MOST) or 50
    rows = Job.objects.filter(shown=not parameters.flag(query, "background"))
    if parameters.choice(query, "whose", ("mine", "all")) == "all":
        actor.require(MANAGE)
    else:
        rows = rows.filter(actor_id__in=[actor.member_id] if actor.member_id else [])
    if state := parameters.choice(query, "state", tuple(Job.State.values)):
        rows = rows.filter(state=state)
    place = parameters.place(query, "after")
    if place is not None:
        rows = rows.filter(Q(created_at__lt=place[0]) | Q(created_at=place[0], id__lt=place[1]))
    found = list(rows.order_by("-created_at", "-id")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    following = f"{last.created_at.isoformat()}~{last.id}" if last is not None else None
    return reply({"items": [told(row) for row in found[:limit]], "next": following})


def read_job(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """One's own job, or anybody's with the right to manage them."""
    return reply(told(find_job(request.actor, id)))  # type: ignore[attr-defined]


def stop_job(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """Ask it to stop: what it has done is taken back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    find_job(actor, id)
    try:
        return reply(told(cancel(actor, id)))
    except Refused as error:
        raise Refused(error.code, _("This job is over already.")) from error


def restart_job(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """Start a failed or stopped job again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    # It runs with all the rights of who asked for it first.
    for_all_areas(request)
    find_job(actor, id)
    try:
        return reply(told(restart(actor, id)))
    except Refused as error:
        raise Refused(error.code, _("Only a failed or stopped job can be started again.")) from error


def told(row: Job) -> dict[str, Any]:
    """A job as `JobOut` promises it."""
    failed = row.state == Job.State.FAILED
    return {
        "id": row.id,
        "label": row.shown_label,
        "kind": row.kind,
        "actor": row.actor_id,
        "state": row.state,
        "done": row.done,
        "total": row.total,
        "result": sentences.told(row.result),
        "why": (why_refused(row) or failure(row)) if failed else "",
        "operation": row.operation_id,
        "asked_at": row.created_at.isoformat(),
        "started_at": row.started_at.isoformat() if row.started_at else None,
        "finished_at": row.finished_at.isoformat() if row.finished_at else None,
    }

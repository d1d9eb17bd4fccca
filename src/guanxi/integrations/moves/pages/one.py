"""One set: its files, whose they name, the rehearsal, the move, and what came of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design import shapes
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import may_undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import actor_of, listed
from guanxi.integrations.imports.drawing import beside_figures, report_links
from guanxi.integrations.imports.sentences import told
from guanxi.integrations.imports.uploads import Upload
from guanxi.integrations.imports.words import said, told_why
from guanxi.integrations.moves.hiring import MANAGE, NEWCOMER
from guanxi.integrations.moves.jobs import REHEARSE, RUN, job_of
from guanxi.integrations.moves.recognising import MEMBERS, NO_PLACE, places
from guanxi.integrations.moves.services import LABEL
from guanxi.integrations.moves.sets import (
    MoveSet,
    add_file,
    choose,
    find_set,
    leave_out,
    set_people,
    welcome_all,
)
from guanxi.kernel.errors import GuanxiError, NotFound
from guanxi.resource.registry import find_by_key

_STATES: dict[str, Any] = {"queued": "waiting", "running": "running", "done": "done"}


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """A set; a POST changes it, rehearses the move or carries it out. Raises Forbidden, NotFound."""
    actor = actor_of(request)
    found = find_set(actor, id)
    problems: list[str] = []
    if request.method == "POST":
        try:
            _changed(request, actor, found)
        except GuanxiError as error:
            problems = [said(error)]
        else:
            return HttpResponseRedirect(reverse("move", args=[id]))
        found = find_set(actor, id)
    status = 422 if problems else 200
    return render(request, "moves/move.html", _context(actor, found, problems), status=status)


move.takes_files = True  # type: ignore[attr-defined]


@require_GET
def move_progress(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """The part of the page that changes while a job runs; the whole page where the job has ended."""
    actor = actor_of(request)
    row = job_of(find_set(actor, id), RUN) or job_of(find_set(actor, id), REHEARSE)
    if row is None:
        raise NotFound("job_not_found")
    if row.is_over:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "integrations/job.html", {"job": _job_shape(row, id)})


def _changed(request: HttpRequest, actor: Actor, found: MoveSet) -> None:
    if _carried_out(found):
        return  # what is there stands in the result
    for file in request.FILES.getlist("files"):
        found = add_file(actor, found, name=file.name or "", chunks=file.chunks())
    for one in found.files:
        holds = request.POST.get(f"holds-{one.upload}")
        if holds is not None and holds != one.holds:
            found = choose(actor, found, one.upload, holds)
    known = {NEWCOMER, *map(str, Member.objects.values_list("id", flat=True))}
    people = {
        key.removeprefix("who-"): value
        for key, value in request.POST.items()
        if key.startswith("who-") and isinstance(value, str) and (value in known or not value)
    }
    if people:
        found = set_people(found, people)
    if request.POST.get("do") == "welcome":
        actor.require(MANAGE)
        found = welcome_all(found)
    wanted = request.POST.get("remove", "")
    for one in found.files:
        if wanted == str(one.upload):
            found = leave_out(actor, found, one.upload)
    kind = {"rehearse": REHEARSE, "run": RUN}.get(request.POST.get("do", ""))
    running = any(
        row is not None and not row.is_over for row in (job_of(found, RUN), job_of(found, REHEARSE))
    )
    if kind is not None and not running:
        found = replace(found, language=get_language() or found.language, refused="").save()
        rows = sum(upload.rows for _resource, upload in found.in_order(actor))
        enqueue(actor, kind, label=LABEL, total=rows, set=str(found.id), state=_state(found))


def _state(found: MoveSet) -> str:
    """Changes with everything that a rehearsal depends on."""
    files = [f"{one.upload}{one.holds}{upload.signature()}" for one, upload in found.uploads()]
    return str(sorted(found.people.items())) + "".join(files)


def _carried_out(found: MoveSet) -> Job | None:
    """The job that moved these files in, or is at it."""
    row = job_of(found, RUN)
    return row if row is not None and row.state not in (Job.State.FAILED, Job.State.CANCELLED) else None


def _context(actor: Actor, found: MoveSet, problems: Sequence[str]) -> dict[str, Any]:
    done, rehearsal = _carried_out(found), job_of(found, REHEARSE)
    failed = job_of(found, RUN) if done is None else None
    if done is None and rehearsal is not None and rehearsal.is_over and rehearsal.state != Job.State.DONE:
        failed = failed or rehearsal
    current = rehearsal is not None and rehearsal.args.get("state") == _state(found)
    shown = done if done is not None else rehearsal if current else None
    running = next((row for row in (done, rehearsal) if row is not None and not row.is_over), None)
    result = told(shown.result) if shown is not None and shown.state == Job.State.DONE else None
    operation = Operation.objects.filter(id=done.operation_id).first() if done and done.operation_id else None
    return {
        "set": found,
        "url": reverse("move", args=[found.id]),
        "problems": [*problems, *([told_why(found.refused)] if failed is not None and found.refused else [])],
        "files": [_file(actor, one.holds, upload) for one, upload in found.uploads()],
        "people": _people(actor, found) if done is None else [],
        "may_welcome": actor.may(MANAGE),
        "added": {name: result.get(name, 0) for name in ("colleagues", "departments")} if result else {},
        "running": _job_shape(running, found.id) if running is not None else None,
        "done": done,
        "stale": rehearsal is not None and not current and done is None and running is None,
        "lines": [_line(found, line, "result" if done else "check") for line in result["files"]]
        if result
        else [],
        "missing": [_missing(holds, upload) for holds, upload in found.without_place()],
        "operation": operation,
        "may_undo": operation is not None and operation.undone_by_id is None and may_undo(actor, operation),
        "undone_by": operation.undone_by_id if operation is not None else None,
        "tabs": settings_tabs(actor, "moves"),
        "active": "settings",
    }


def _file(actor: Actor, holds: str, upload: Upload) -> dict[str, Any]:
    words = {MEMBERS: gettext("Colleagues")}
    words |= {one.key: str(one.label_plural) for one in places(actor)}
    words |= {
        key: gettext("%(what)s: no place yet") % {"what": label} for key, (label, _p) in NO_PLACE.items()
    }
    words[""] = gettext("Leave it out")
    resource = find_by_key(holds) if holds else None
    return {
        "id": upload.id,
        "name": upload.name,
        "rows": ngettext("%(n)s row", "%(n)s rows", upload.rows) % {"n": f"{upload.rows:,}"},
        "holds": words.get(holds, ""),
        "options": [(key, label, key == holds) for key, label in words.items()],
        "columns_url": reverse(f"{resource.key}_import:match", args=[upload.id]) if resource else "",
    }


def _people(actor: Actor, found: MoveSet) -> list[shapes.Field]:
    members = list(Member.objects.filter(left_on__isnull=True).order_by("name_sort", "id"))
    fields = []
    for one in found.colleagues():
        chosen = found.people.get(one.key, "")
        options = [shapes.Option(value="", label=gettext("Nobody of us"), selected=not chosen)]
        if actor.may(MANAGE):
            option = shapes.Option(
                value=NEWCOMER, label=gettext("A new colleague"), selected=chosen == NEWCOMER
            )
            options.append(option)
        options += [
            shapes.Option(value=str(member.id), label=member.name, selected=str(member.id) == chosen)
            for member in members
        ]
        where = " · ".join(filter(None, (one.email, one.department)))
        label = f"{one.name} ({where})" if where else one.name
        fields.append(
            shapes.Field(name=f"who-{one.key}", label=label, kind="select", value=chosen, options=options)
        )
    return fields


def _line(found: MoveSet, line: dict[str, Any], stage: str) -> dict[str, Any]:
    resource = find_by_key(line["resource"])
    upload = next((one for _file, one in found.uploads() if str(one.id) == line["upload"]), None)
    reports = report_links(resource, upload, stage, line) if resource is not None and upload else ()
    return {
        **line,
        "of": str(resource.label_plural) if resource else "",
        "here": line["created"] + line["review"] + line["updated"] + line["skipped"],
        "besides": beside_figures(line, done=True),
        "reports": reports,
        "left": listed(line["left_out"]),
        "reasons": [note for note in line["noted"] if note["action"] == "reject"][:20],
        "empty": line["remarks"][:20],
    }


def _missing(holds: str, upload: Upload) -> dict[str, Any]:
    label = NO_PLACE[holds][0] if holds in NO_PLACE else ""
    why = (
        gettext("%(what)s have no place here yet.") % {"what": label}
        if label
        else gettext("Left out by you.")
    )
    return {"name": upload.name, "rows": upload.rows, "why": why}


def _job_shape(row: Job, set_id: UUID) -> shapes.Job:
    title = gettext("Moving in") if row.kind == RUN else gettext("Rehearsal: nothing of it stays")
    return shapes.Job(
        id=str(row.id),
        title=title,
        done=row.done,
        total=row.total,
        state=_STATES.get(row.state, "failed"),
        note=gettext("All of it or nothing. You may leave this page."),
        poll_url=reverse("move_progress", args=[set_id]),
        stop_url="" if row.cancel_asked else reverse("job_stop", args=[row.id]),
    )

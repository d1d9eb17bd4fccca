"""The two long pieces of work: rehearsing a move, and carrying it out."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.registry import job
from guanxi.foundation.jobs.results import Outcome
from guanxi.foundation.jobs.work import JobRun
from guanxi.integrations.imports.words import kept_why
from guanxi.integrations.moves.services import move_in
from guanxi.integrations.moves.sets import MoveSet, open_set
from guanxi.kernel.errors import GuanxiError

RUN, REHEARSE = "moves.run", "moves.rehearse"


def job_of(found: MoveSet, kind: str) -> Job | None:
    """The newest job of a set."""
    return Job.objects.filter(kind=kind, args__set=str(found.id)).order_by("-created_at").first()


@job(RUN, _("Moving in"))
def run_move(run: JobRun) -> dict[str, Any]:
    return _carry_out(run, rehearse=False)


@job(REHEARSE, _("Rehearsal of a move"))
def rehearse_move(run: JobRun) -> dict[str, Any]:
    return _carry_out(run, rehearse=True)


def _carry_out(run: JobRun, *, rehearse: bool) -> dict[str, Any]:
    move = open_set(run.actor.tenant_id, UUID(run.args["set"]))
    total = sum(upload.rows for _resource, upload in move.in_order(run.actor))
    with translation.override(move.language):
        try:
            found = move_in(
                run.actor, move, rehearse=rehearse, progress=lambda done: run.progress(done, total)
            )
        except GuanxiError as error:
            replace(move, refused=kept_why(error)).save()
            raise
    if found["operation"]:
        run.operation_id = UUID(found["operation"])
    return {**found, "total": total}


def read(row: Job) -> Outcome:
    """What came of a move, for the pages of jobs."""
    files = row.result.get("files", ())
    facts = (
        (gettext("Files"), str(len(files))),
        (pgettext("rows", "Created"), f"{sum(one['created'] for one in files):,}"),
        (pgettext("rows", "Rejected"), f"{sum(one['rejected'] for one in files):,}"),
    )
    links = ((gettext("The result in full"), reverse("move", args=[row.args["set"]])),)
    return Outcome(facts=facts, links=links)

"""An action on more records than a request may wait for: a job with its progress, all of it or nothing.

What it does is one transaction with the job's own end; a person who stops it, or a worker that is killed, leaves
everything as it was.
"""

from collections import Counter
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design.languages import later
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.registry import job
from guanxi.foundation.jobs.results import Outcome
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.jobs.work import JobRun
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.resource import acting, guards
from guanxi.resource.acting import EDIT, Selection, Tally, actions_of, said
from guanxi.resource.actions import Action
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find_by_key

KIND = "resource.act"
AT_ONCE = 500  # records that a request acts on itself


def act_later(
    actor: Actor,
    resource: type[Resource],
    action: Action,
    selection: Selection,
    raw: dict[str, Any],
    *,
    total: int,
    accepted: str = "",
) -> Job:
    """Ask for an action on many. What was given for it must have been cleaned once, so that it fails here if it does.

    `accepted` are codes of warnings to go on in spite of.
    """
    return enqueue(
        actor,
        KIND,
        label=later(
            lambda: " · ".join(
                [str(action.label), *_fields(resource, action, raw), resource.count_words(total)]
            )
        ),
        total=total,
        resource=resource.key,
        action=action.key,
        ids=selection.ids,
        query=selection.query,
        given=raw,
        accepted=accepted,
        language=get_language() or "zh-hans",
    )


def _fields(resource: type[Resource], action: Action, raw: dict[str, Any]) -> list[str]:
    """Of a change: of what."""
    fields = resource.fields()
    return [str(fields[name].label) for name in raw if name in fields] if action.key == EDIT else []


@job(KIND, _("Change of many records"))
def carry_out(run: JobRun) -> dict[str, Any]:
    args = run.args
    resource = find_by_key(args["resource"])
    if resource is None:
        raise Refused("resource_gone")
    with translation.override(args["language"]), guards.accepting([args["accepted"]]):
        action = acting.find(run.actor, resource, args["action"])
        selection = Selection(tuple(UUID(one) for one in args["ids"]), args["query"])
        tally = acting.act_on_many(
            run.actor, resource, action, selection, args["given"], progress=run.progress
        )
    run.operation_id = tally.operation_id
    return {"total": tally.total, "done": tally.done, "left": tally.left.most_common()}


def read(row: Job) -> Outcome:
    """What came of it, for the pages of jobs."""
    resource = find_by_key(row.args["resource"])
    if resource is None:
        return Outcome()
    action = next((one for one in actions_of(resource) if one.key == row.args["action"]), None)
    tally = Tally(
        row.result.get("total", 0), row.result.get("done", 0), Counter(dict(row.result.get("left", ())))
    )
    back = f"{resource.url()}?{row.args['query'] or ''}".rstrip("?")
    return Outcome(
        sentence=said(resource, action, tally) if action is not None else "",
        links=((gettext("Back to the list"), back),),
    )

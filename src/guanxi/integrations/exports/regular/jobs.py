"""Regular exports at work: what is due is asked for every few minutes; each is a job of its owner."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design.words import shown_number
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.registry import job
from guanxi.foundation.jobs.results import Outcome
from guanxi.foundation.jobs.work import JobRun
from guanxi.foundation.notices.services import notify
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.integrations.exports.formats import format_of
from guanxi.integrations.exports.regular import services
from guanxi.integrations.exports.services import write_file
from guanxi.integrations.models import ExportPlan
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused
from guanxi.kinds import Show

log = logging.getLogger(__name__)
OWNER = "owner"


@job(services.KIND, _("Regular export"))
def run(run: JobRun) -> dict[str, Any]:
    """One time of a plan: its file, with a notice; or its end, with the reason."""
    plan = ExportPlan.objects.filter(pk=UUID(run.args["plan"])).first()
    if plan is None:
        return {"refused": gettext("This regular export was deleted.")}
    here, mine = reverse("export_plans"), [plan.owner_id]
    try:
        wanted = services.list_of(run.actor, plan)
        kind = format_of(wanted.resource, plan.format)
        path = services.file_path(run.actor.tenant_id, run.id, kind.ending)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_name(f"{path.name}.part")
        try:
            count = write_file(
                wanted, Show(actor=run.actor, language=get_language() or "zh-hans"), part, kind
            )
            services.keep_for(part, int(run.args["keep"]))
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except (Forbidden, NotFound, Invalid, Refused) as error:
        reason = services.words_of(error)
        services.stop(plan, reason)
        notify(mine, services.STOPPED, url=here, tone="bad", name=plan.name, reason=reason)
        return {"refused": reason}
    notify(mine, services.READY, url=here, name=plan.name, rows=count)
    return {"rows": count, "resource": plan.resource, "ending": kind.ending, "plan": str(plan.pk)}


def read(row: Job) -> Outcome:
    """What came of it, for the pages of jobs."""
    if refused := row.result.get("refused"):
        return Outcome(sentence=str(refused))
    if not services.is_there(row):
        return Outcome(sentence=gettext("The file is not there any more."))
    count = row.result.get("rows", 0)
    said = ngettext("%(n)s row is in the file.", "%(n)s rows are in the file.", count) % {
        "n": shown_number(count)
    }
    return Outcome(sentence=said, links=((gettext("Download"), reverse("export_plan_file", args=[row.pk])),))


def start(now: datetime) -> int:
    """What is due, in every company; one that fails does not keep the others waiting. Returns how many."""
    due = ExportPlan.objects.using(OWNER).filter(due_at__lte=now, paused=False, stopped="")
    started = 0
    for tenant_id in set(due.values_list("tenant_id", flat=True)):
        try:
            with scope(tenant_id, door="job"):
                started += services.start_due(now)
        except Exception:
            log.exception("regular exports were not started", extra={"company": str(tenant_id)})
    return started


def every_night(_now: datetime) -> int:
    """Take away files that are past their days. Returns how many."""
    return sum(services.forget_files(one) for one in Tenant.objects.values_list("id", flat=True))

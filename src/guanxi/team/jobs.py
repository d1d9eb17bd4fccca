"""A handover of more than a request may wait for; who is told that a registration runs out."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design.languages import later
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.registry import job
from guanxi.foundation.jobs.results import Outcome
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.jobs.work import JobRun
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.resource import guards
from guanxi.team.queries.held import held_by
from guanxi.team.rules import Plan
from guanxi.team.services.handover import check_plan, hand_over
from guanxi.team.services.telling import tell_running_out

log = logging.getLogger(__name__)

KIND = "team.handover"


def hand_over_later(
    actor: Actor, member: UUID, *, plan: Plan, reason: str, close: bool, accepted: str = ""
) -> Job:
    """Ask for a handover. Raises what `check_plan` raises; `accepted` are codes of warnings to go on in spite of."""
    name = check_plan(actor, member, plan).name
    return enqueue(
        actor,
        KIND,
        label=later(lambda: gettext("Handover of %(who)s") % {"who": name}),
        total=sum(one.count for one in held_by(member)),
        member=member,
        rest=plan.rest,
        by=plan.by,
        of={value: str(successor) for value, successor in plan.of.items()},
        hand={str(customer): str(successor) for customer, successor in plan.hand.items()},
        reason=reason,
        close=close,
        accepted=accepted,
        language=get_language() or "zh-hans",
    )


@job(KIND, _("Handover"))
def carry_out(run: JobRun) -> dict[str, Any]:
    """All of it or nothing."""
    args = run.args
    plan = Plan(
        UUID(args["rest"]),
        args["by"],
        {value: UUID(successor) for value, successor in args["of"].items()},
        {UUID(customer): UUID(successor) for customer, successor in args["hand"].items()},
    )
    with translation.override(args["language"]), guards.accepting([args["accepted"]]):
        made = hand_over(
            run.actor,
            UUID(args["member"]),
            plan=plan,
            reason=args["reason"],
            close=args["close"],
            progress=run.progress,
        )
    run.operation_id = last_operation_id()
    return {"handover": str(made.pk), "updated": sum(made.counts.values())}


def read(row: Job) -> Outcome:
    """What came of it, for the pages of jobs."""
    url = reverse("handover_done", args=[row.result["handover"]])
    said = gettext("%(n)s records handed over") % {"n": f"{row.result['updated']:,}"}
    return Outcome(sentence=said, links=((gettext("Who got what"), url),))


def tell_every_night(now: datetime) -> int:
    """In every company: tell whose registration runs out. One that fails does not keep the others waiting. Returns of
    how many."""
    told = 0
    for tenant_id, zone in list(Tenant.objects.values_list("id", "time_zone")):
        try:
            with scope(tenant_id, door="job"), timezone.override(zone):
                told += tell_running_out(timezone.localdate(now))
        except Exception:
            log.exception("nobody was told of registrations", extra={"company": str(tenant_id)})
    return told

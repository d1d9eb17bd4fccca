"""Looking for duplicates in what is there: the whole of it when asked, what has changed every night."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers.queries.pairs import kinds
from guanxi.customers.services.recycling import recycle_pools
from guanxi.customers.services.scanning import outdated, scan
from guanxi.foundation.design.languages import later
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.registry import job
from guanxi.foundation.jobs.results import Outcome
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.jobs.work import JobRun
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.errors import Forbidden
from guanxi.resource.registry import find

log = logging.getLogger(__name__)
SCAN = "customers.scan"
_NIGHT = timedelta(hours=26)  # a night's work looks back a little further than a day


def may_scan(actor: Actor, resource: str) -> bool:
    """Whether somebody may look through everything: how much there is, and how much of it twice, is told by it."""
    code = find(resource).permission("merge")
    return actor.may(code) and actor.members_within(code) is None


def scan_all(actor: Actor, resource: str) -> Job:
    """Ask for a look through all records of a kind. Raises Forbidden."""
    if not may_scan(actor, resource):
        raise Forbidden(find(resource).permission("merge"))
    return _ask(actor, resource, total=find(resource).model._default_manager.count())


def _ask(actor: Actor, resource: str, *, total: int, shown: bool = True, **more: Any) -> Job:
    label = later(lambda: gettext("Look for duplicates: %(what)s") % {"what": find(resource).label_plural})
    args: dict[str, Any] = {"after": None, "since": None, "looked": 0, "found": 0, "of": total}
    return enqueue(actor, SCAN, label=label, total=total, shown=shown, resource=resource, **args | more)


@job(SCAN, _("Look for duplicates"))
def look(run: JobRun) -> dict[str, Any]:
    """One slice. What it found stays when the next is stopped or the machine goes down: that one begins where this
    one ended."""
    args = run.args
    before, total = int(args["looked"]), int(args["of"])
    looked, found, onward = scan(
        run.actor,
        args["resource"],
        after=UUID(args["after"]) if args["after"] else None,
        since=parse_datetime(args["since"]) if args["since"] else None,
        progress=lambda done: run.progress(min(before + done, total), total),
    )
    looked, found = before + looked, int(args["found"]) + found
    if onward is not None:
        more = {"after": onward, "since": args["since"], "looked": looked, "found": found}
        _ask(run.actor, args["resource"], total=total, shown=True, **more)
    return {"looked": looked, "found": found, "onward": onward is not None}


def read(row: Job) -> Outcome:
    """What came of it, for the pages of jobs."""
    looked, found = row.result.get("looked", 0), row.result.get("found", 0)
    if row.result.get("onward"):
        said = gettext("%(looked)s looked through so far; the next part goes on.") % {"looked": f"{looked:,}"}
        return Outcome(sentence=said)
    said = ngettext(
        "%(looked)s looked through, %(found)s new pair that may be the same",
        "%(looked)s looked through, %(found)s new pairs that may be the same",
        found,
    ) % {"looked": f"{looked:,}", "found": f"{found:,}"}

    return Outcome(
        sentence=said, links=((gettext("Decide them"), f"{reverse('pairs')}?of={row.args['resource']}"),)
    )


def _tonight(actor: Actor, resource: str, since: datetime) -> int:
    """Ask for what has changed, or for everything where the rules have: how many looks were asked for."""
    rows = find(resource).model._default_manager.order_by()
    if outdated(resource):
        _ask(actor, resource, total=rows.count(), shown=False)
        return 1
    if count := rows.filter(updated_at__gte=since).count():
        _ask(actor, resource, total=count, shown=False, since=since.isoformat())
        return 1
    return 0


def recycle_every_night(now: datetime) -> int:
    """In every company: let customers fall to their pools, and warn whoever loses some soon. Returns how many fell."""
    fell = 0
    for tenant_id, zone in list(Tenant.objects.values_list("id", "time_zone")):
        try:
            with scope(tenant_id, door="job"), timezone.override(zone):
                fell += recycle_pools(system_actor(tenant_id), timezone.localdate(now))
        except Exception:
            log.exception("no customer fell to its pool", extra={"company": str(tenant_id)})
    return fell


def every_night(now: datetime) -> int:
    """In every company: look through what has changed since the night before."""
    asked = 0
    for tenant_id in list(Tenant.objects.values_list("id", flat=True)):
        try:
            with scope(tenant_id, door="job"):
                for resource in kinds():
                    asked += _tonight(system_actor(tenant_id), resource, now - _NIGHT)
        except Exception:
            log.exception("duplicates were not looked for", extra={"company": str(tenant_id)})
    return asked

"""The regular work: telling followers every few minutes, and the morning's summary by mail."""

import logging
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from guanxi.collaboration.queries.news import Heard
from guanxi.collaboration.queries.people import actors_of
from guanxi.collaboration.queries.stories import mass_words, stories
from guanxi.collaboration.services.pulse import active, beat
from guanxi.collaboration.services.sweeping import sweep_remains
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.accounts.queries import mail_works
from guanxi.foundation.jobs.registry import job
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.jobs.work import JobRun
from guanxi.foundation.permissions.actor import system_actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import require_scope, scope

log = logging.getLogger(__name__)
MAIL = "collaboration.mail"
_MOST = 50  # records in one mail


def pulse(now: datetime) -> int:
    """Tell followers in every company where something happened; one that fails does not keep the others waiting."""
    told = 0
    for tenant_id in active(now):
        try:
            with scope(tenant_id, door="job"):
                told += beat(send)
        except Exception:
            log.exception("followers were not told", extra={"company": str(tenant_id)})
    return told


def sweep(now: datetime) -> int:
    """Take away what is left of records that cannot come back, in every company; one that fails keeps none waiting.

    The ledger forgets without a word, so nobody can do this at that moment: it is the work of the night after.
    """
    swept = 0
    for tenant_id in list(Tenant.objects.values_list("id", flat=True)):
        try:
            with scope(tenant_id, door="job"):
                swept += sweep_remains()
        except Exception:
            log.exception("remains were not swept", extra={"company": str(tenant_id)})
    return swept


def send(member_id: UUID, day: date, what: Heard) -> None:
    """Have the summary sent to one member, where mail can be sent at all."""
    if not mail_works():
        return
    actor = system_actor(require_scope().tenant_id)
    enqueue(actor, MAIL, shown=False, member=member_id, day=day, heard=what.as_json())


@job(MAIL, _("The summary of what one follows, by mail"))
def mail(run: JobRun) -> dict[str, Any] | None:
    """Send one summary in its reader's language; of what he may see at this moment."""
    member_id, day = UUID(run.args["member"]), date.fromisoformat(run.args["day"])
    actor = actors_of([member_id]).get(member_id)
    member = Member.objects.filter(id=member_id).select_related("account").first()
    if actor is None or member is None or member.account is None or not mail_works():
        return None
    address = member.email or member.account.email or ""
    if not address:
        return None
    what = Heard.of_json(run.args["heard"])
    language = member.account.language
    with override(language):
        context = {
            "name": member.name,
            "company": Tenant.objects.values_list("name", flat=True).get(id=actor.tenant_id),
            "day": day,
            "stories": list(stories(actor, what, language, most=_MOST)),
            "masses": [words for one in what.masses if (words := mass_words(actor, one))],
            "site": settings.BASE_URL,
            "page": f"{settings.BASE_URL}{reverse('following')}?day={day.isoformat()}",
        }
        if not context["stories"] and not context["masses"]:
            return None
        message = EmailMultiAlternatives(
            subject=gettext("%(company)s: what changed in what you follow") % context,
            body=render_to_string("collaboration/digest.txt", context),
            to=[address],
        )
        message.attach_alternative(render_to_string("collaboration/digest.html", context), "text/html")
    message.send()
    return {"total": 1}

"""Reading the mailboxes every few minutes, each in a job of its own, so that one that hangs keeps no other waiting."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.channels.services.sending import SEND, send_message
from guanxi.channels.services.syncing import SYNC, mailboxes_due, sync_mailbox, take_turn
from guanxi.foundation.jobs.registry import job
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.jobs.work import JobRun
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.tenancy.scope import scope

log = logging.getLogger(__name__)


def ask_all(now: datetime) -> int:
    """Ask for the reading of every mailbox that is due. One company that fails does not keep the others waiting."""
    asked = 0
    for tenant_id, mailbox_id in mailboxes_due(now):
        try:
            with scope(tenant_id, door="job"):
                asked += _ask(mailbox_id, now)
        except Exception:
            log.exception("a mailbox was not asked for", extra={"company": str(tenant_id)})
    return asked


def _ask(mailbox_id: UUID, now: datetime) -> bool:
    mailbox = take_turn(mailbox_id, now)
    if mailbox is None:
        return False
    enqueue(load_actor(mailbox.member_id), SYNC, shown=False, mailbox=mailbox.pk)
    return True


@job(SYNC, _("Reading a mailbox"), retries=0)
def sync(run: JobRun) -> dict[str, Any]:
    """One bounded reading; the next follows at once where something is left."""
    mailbox_id = UUID(run.args["mailbox"])
    counts = sync_mailbox(run.actor, mailbox_id)
    if counts["more"]:
        _ask(mailbox_id, timezone.now())
    return dict(counts)


@job(SEND, _("Sending an e-mail"), retries=3)
def send(run: JobRun) -> dict[str, Any]:
    """Hand one e-mail over to the member's mail server."""
    return {"state": send_message(run.actor, UUID(run.args["message"]))}

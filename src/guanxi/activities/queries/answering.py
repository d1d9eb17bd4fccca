"""Which e-mails of customers wait for an answer, and by when."""

from datetime import datetime

from django.db.models import Q

from guanxi.activities.models import Letter
from guanxi.activities.rules import ANSWER_HOURS
from guanxi.channels.choices import Direction
from guanxi.channels.models import Message
from guanxi.foundation.tenancy.models import company

SETTING = "answer_hours"


def hours() -> int:
    """Working hours within which an e-mail is to be answered; 0 where the company wants no promises made of them."""
    return int(company().settings.get(SETTING, ANSWER_HOURS))


def answered_since(message: Message) -> datetime | None:
    """When one of us first wrote after a message came: in its thread, or to whoever sent it. From any mailbox, but
    nothing a machine wrote, and nothing that did not leave."""
    ours = Message.objects.filter(
        Q(thread=message.thread) | Q(behind__address=message.sender),
        direction=Direction.OUT,
        state__in=("stored", "sent"),
        automatic=False,
        doubtful=False,
        returned=False,
        at__gt=message.at,
    )
    return ours.order_by("at").values_list("at", flat=True).first()


def overdue(now: datetime, limit: int) -> list[Letter]:
    """E-mails that nobody answered in time, and of which nothing became yet; the oldest first."""
    rows = Letter.objects.filter(answer_by__lte=now, answered_at=None, commitment=None)
    return list(
        rows.select_related("message")
        .order_by("answer_by", "id")
        .select_for_update(skip_locked=True, of=("self",))[:limit]
    )

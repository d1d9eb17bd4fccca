"""Who has read a report, and what somebody has still to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from guanxi.foundation.permissions.actor import Actor
from guanxi.reports.models import Reading, Receiver, Report
from guanxi.resource import access
from guanxi.resource.registry import find

MOST = 200  # unread reports that are looked through


@dataclass(frozen=True, slots=True)
class Mark:
    """A receiver, and when he opened the report since it was sent; None where not yet."""

    id: UUID
    name: str
    read_at: datetime | None


def marks_of(report: Report) -> list[Mark]:
    """All receivers of a report, who has not read it first."""
    read = dict(Reading.objects.filter(report=report.pk).values_list("member_id", "read_at"))
    rows = Receiver.objects.filter(report=report).order_by("member__name_sort", "member_id")
    found = []
    for pk, name in rows.values_list("member_id", "member__name"):
        at = read.get(pk)
        counts = at is not None and report.sent_at is not None and at >= report.sent_at
        found.append(Mark(pk, name, at if counts else None))
    return sorted(found, key=lambda one: one.read_at is not None)


def mine_q(actor: Actor) -> tuple[Q, Q]:
    """Reports that were sent to the actor, and those that he has read since."""
    if actor.member_id is None:
        return Q(pk__in=[]), Q(pk__in=[])
    to = Q(pk__in=Receiver.objects.filter(member_id=actor.member_id).values("report_id"))
    read = Reading.objects.filter(
        member_id=actor.member_id, report=OuterRef("pk"), read_at__gte=OuterRef("sent_at")
    )
    return to, Q(Exists(read))


def beside(report: Report, waiting: Sequence[tuple[UUID, datetime]]) -> tuple[UUID | None, UUID | None, int]:
    """Of unread reports those before and after this one in the order in which they were sent, going round at the ends,
    and how many there are beside it."""
    others = [one for one in waiting if one[0] != report.pk]
    if not others or report.sent_at is None:
        return None, None, len(others)
    here = (report.sent_at, report.pk)
    later = [pk for pk, at in others if (at, pk) > here]
    earlier = [pk for pk, at in others if (at, pk) < here]
    return (earlier or later)[-1], (later or earlier)[0], len(others)


def unread(actor: Actor) -> Sequence[tuple[UUID, datetime]]:
    """What was sent to the actor and not read yet, with when, the oldest first; `MOST` at most."""
    if actor.member_id is None:
        return []
    to, read = mine_q(actor)
    rows = access.visible(actor, find("reports")).filter(to, ~read, sent_at__isnull=False)
    return list(rows.order_by("sent_at", "id").values_list("pk", "sent_at")[:MOST])

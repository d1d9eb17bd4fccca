"""Whose a report is beside its author's: those it was sent to, for themselves and not for their superiors. One that was
taken back is its author's alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from guanxi.foundation.permissions.actor import Actor
from guanxi.reports.models import Receiver
from guanxi.resource.reach import Declaration, Discretion, Members, Reach
from guanxi.resource.registry import find


@dataclass(frozen=True, slots=True)
class Received(Reach):
    """Reports that were sent to one of the members; `Sent` leaves of them those to the actor."""

    def q(self, resource: Declaration, within: Members) -> Q:
        mine = Receiver.objects.filter(member_id__in=sorted(within))
        return Q(Exists(mine.filter(report_id=OuterRef("pk"))))

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        return Receiver.objects.filter(report_id=record.pk, member_id__in=sorted(within)).exists()

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        return False  # to whom it went is gone with it


@dataclass(frozen=True, slots=True)
class Sent(Discretion):
    """Of reports that were sent and not taken back those by whom the right reaches, or to the actor; and one's own."""

    def q(self, actor: Actor, verb: str) -> Q:
        sent, within = Q(sent_at__isnull=False), _within(actor, verb)
        if within is not None:
            sent &= Q(member_id__in=sorted(within)) | Q(Exists(_to(actor).filter(report_id=OuterRef("pk"))))
        return sent | Q(member_id=actor.member_id) if actor.member_id else sent

    def shows(self, actor: Actor, record: Any, verb: str) -> bool:
        if actor.member_id is not None and record.member_id == actor.member_id:
            return True
        if record.sent_at is None:
            return False
        within = _within(actor, verb)
        if within is None or record.member_id in within:
            return True
        return _to(actor).filter(report_id=record.pk).exists()

    def showed(self, actor: Actor, image: Mapping[str, Any], verb: str) -> bool:
        mine = str(image.get("member_id") or "") == str(actor.member_id)
        return bool(image.get("sent_at")) or mine


def _within(actor: Actor, verb: str) -> Members | None:
    return actor.members_within(find("reports").permission(verb))


def _to(actor: Actor) -> QuerySet[Receiver]:
    return Receiver.objects.filter(member_id__in=[actor.member_id] if actor.member_id else [])

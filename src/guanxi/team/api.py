"""Operations of the API: what somebody holds, handing it over, accepting it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden
from guanxi.resource.operations import Operation, declare
from guanxi.team.choices import RUN
from guanxi.team.models import Handover, Share
from guanxi.team.queries.handovers import find_handover, shares_of_handover
from guanxi.team.queries.held import held_by
from guanxi.team.rules import Plan
from guanxi.team.services.handover import accept, decline, hand_over, may_hand_over


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Whose holdings."""

    member: UUID


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """How many records of a resource somebody holds."""

    resource: str
    count: int


@dataclass(frozen=True, kw_only=True)
class For:
    """Who takes over the customers with a value in the field that splits them."""

    value: str
    successor: UUID


@dataclass(frozen=True, kw_only=True)
class One:
    """Who takes over a single customer."""

    customer: UUID
    successor: UUID


@dataclass(frozen=True, kw_only=True)
class NewHandover:
    """`rest` takes over what is not given to anybody else. `by` is "", "grade", "region" (its province, as 320000) or
    "industry"; `close` closes the account of whoever hands over."""

    member: UUID
    rest: UUID
    by: str = ""
    of: list[For] = field(default_factory=list)
    hand: list[One] = field(default_factory=list)
    reason: str = ""
    close: bool = False


@dataclass(frozen=True, kw_only=True)
class ShareOut:
    """What one successor got, and whether it was accepted."""

    id: UUID
    successor: UUID
    customers: int
    records: int
    accepted_at: datetime | None
    declined: str


@dataclass(frozen=True, kw_only=True)
class HandoverOut:
    """A handover with its shares; for a successor with his own."""

    id: UUID
    member: UUID
    reason: str
    closed: bool
    shares: list[ShareOut]


@dataclass(frozen=True, kw_only=True)
class Why:
    """Why one cannot take it over."""

    why: str


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="handovers", method="GET", path="handovers/held", act=_held, query=Whose, answer=HeldOut, many=True,
            summary=gettext_noop("What somebody holds"),
        ),
        Operation(
            area="handovers", method="POST", path="handovers", act=_hand_over, body=NewHandover, answer=HandoverOut,
            status=201, summary=gettext_noop("Hand over everything that somebody holds"),
            words=gettext_noop("One operation, undone as one. What belongs to a customer goes with it."),
        ),
        Operation(
            area="handovers", method="GET", path="handovers/{id}", act=_read, answer=HandoverOut,
            summary=gettext_noop("A handover"),
        ),
        Operation(
            area="handovers", method="POST", path="handovers/{id}/accept", act=_accept, answer=ShareOut,
            summary=gettext_noop("Accept what one was given"), words=gettext_noop("By the id of one’s share."),
        ),
        Operation(
            area="handovers", method="POST", path="handovers/{id}/decline", act=_decline, body=Why,
            answer=ShareOut, summary=gettext_noop("Say why one cannot take it over"),
            words=gettext_noop("By the id of one’s share."),
        ),
        handovers=_("Handovers"),
    )  # fmt: skip


def _held(actor: Actor, query: Whose) -> tuple[list[HeldOut], None]:
    if not may_hand_over(actor, query.member):
        raise Forbidden(RUN)
    return [HeldOut(resource=one.resource.key, count=one.count) for one in held_by(query.member)], None


def _hand_over(actor: Actor, body: NewHandover) -> HandoverOut:
    plan = Plan(
        body.rest,
        body.by,
        {one.value: one.successor for one in body.of},
        {one.customer: one.successor for one in body.hand},
    )
    made = hand_over(actor, body.member, plan=plan, reason=body.reason, close=body.close)
    return _told(actor, made)


def _read(actor: Actor, handover_id: UUID) -> HandoverOut:
    return _told(actor, find_handover(actor, handover_id))


def _told(actor: Actor, found: Handover) -> HandoverOut:
    arranged = may_hand_over(actor, found.member_id) or found.by_id == actor.member_id
    shares = shares_of_handover(actor, found, mine=not arranged)
    return HandoverOut(
        id=found.pk,
        member=found.member_id,
        reason=found.reason,
        closed=found.closed,
        shares=[_share(one.share) for one in shares],
    )


def _share(share: Share) -> ShareOut:
    return ShareOut(
        id=share.pk,
        successor=share.successor_id,
        customers=share.counts.get("customers", 0),
        records=sum(share.counts.values()),
        accepted_at=share.accepted_at,
        declined=share.declined,
    )


def _accept(actor: Actor, share_id: UUID) -> ShareOut:
    return _share(accept(actor, share_id))


def _decline(actor: Actor, share_id: UUID, body: Why) -> ShareOut:
    return _share(decline(actor, share_id, why=body.why))

"""Handing over everything that somebody holds, in one operation, and accepting it."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.notices.services import notify
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.services import close_member
from guanxi.foundation.permissions.web import url_of
from guanxi.foundation.tenancy.bulk import Raw, insert_rows
from guanxi.kernel.errors import Forbidden, Invalid, Message, NotFound, Refused
from guanxi.kernel.ids import new_id
from guanxi.resource import access, acting
from guanxi.resource.declaration import Resource
from guanxi.resource.holding import holdings
from guanxi.resource.registry import find
from guanxi.team.choices import ACCEPT, DECLINE, RUN
from guanxi.team.models import Handover, Share, Taken
from guanxi.team.queries.held import CUSTOMERS, rows_of, shares_of, successors_of
from guanxi.team.rules import SPLITS, Plan

GIVEN, ACCEPTED, DECLINED = "team.handover.given", "team.handover.accepted", "team.handover.declined"
_BATCH = 1_000
Progress = Callable[[int, int], None]  # done, of how many; raises to stop


def _no_progress(done: int, total: int) -> None:
    """Nobody waits."""


def may_hand_over(actor: Actor, member: UUID) -> bool:
    """Whether the actor may arrange what becomes of all that somebody holds."""
    within = actor.members_within(RUN)
    return actor.may(RUN) and (within is None or member in within)


def splits(actor: Actor) -> list[str]:
    """By what the actor may split: "" for not at all, else by fields of customers that he may read."""
    customers = find(CUSTOMERS)
    return [one for one in SPLITS if not one or access.is_open(actor, customers.kind(one))]


def check_plan(actor: Actor, member: UUID, plan: Plan) -> Member:
    """The one who hands over. Raises Forbidden, NotFound, and Invalid for a plan nobody can carry out."""
    actor.require(RUN)
    leaver = Member.objects.filter(pk=member).first()
    if leaver is None:
        raise NotFound("member_not_found", {})
    if not may_hand_over(actor, member):
        raise Forbidden(RUN)
    problems = Invalid()
    if plan.by not in splits(actor):
        problems.add("by", Message("split", _("It cannot be split by this.")))
    here = Member.objects.filter(pk__in=plan.successors, left_on__isnull=True)
    if set(here.values_list("pk", flat=True)) != plan.successors:
        problems.add("rest", Message("successor", _("A successor must be somebody who works here.")))
    if member in plan.successors:
        problems.add("rest", Message("self", _("Nobody takes over from himself.")))
    if problems:
        raise problems
    return leaver


def hand_over(
    actor: Actor,
    member: UUID,
    *,
    plan: Plan,
    reason: str = "",
    close: bool = False,
    progress: Progress = _no_progress,
) -> Handover:
    """Give everything that somebody holds to successors, as the plan says; with `close` their account is closed and
    they are signed out. One operation, undone as one; the successors are told.

    What the actor could not assign one by one he does not hand over either. Raises Forbidden, NotFound, Invalid,
    Refused("nothing_held"), Refused("beyond_reach") where not all of it may be given by the actor, Warned where
    somebody gets what he should not without a second thought; and what closing an account raises.
    """
    leaver = check_plan(actor, member, plan)
    made = Handover(member=leaver, by_id=actor.member_id, reason=reason.strip()[:300], closed=close)
    with operation(
        actor, RUN, record_id=made.pk, label=leaver.name, summary={"reason": reason.strip()}
    ) as opened:
        total = _hold(member)
        if not total and not close:
            raise Refused("nothing_held", _("There is nothing to hand over."))
        of_customer, counts, done = _give_all(actor, member, plan, lambda n: progress(n, total))
        made.counts = dict(sum(counts.values(), Counter()))
        made.save(force_insert=True)
        _write_shares(made, counts, of_customer)
        if close:
            close_member(actor, member)
        describe(opened, updated=done)
    tell_successors(made)
    return made


def tell_successors(made: Handover) -> None:
    """Each hears what came to him."""
    for share in made.shares.all():
        count = Counter(share.counts)
        notify(
            [share.successor_id],
            GIVEN,
            url=url_of("handover_done", made.pk),
            who=made.member.name,
            customers=count[CUSTOMERS],
            others=count.total() - count[CUSTOMERS],
            handover=str(made.pk),
        )


def _hold(member: UUID) -> int:
    """Nobody else gives any of it away meanwhile: of two who hand over the same at once the second finds nothing left.
    Returns how many records there are."""
    Member.objects.select_for_update(of=("self",)).get(pk=member)
    locked = (rows_of(one, member).order_by("pk").select_for_update(of=("self",)) for one in holdings())
    return sum(len(rows.values_list("pk", flat=True)) for rows in locked)


def _give_all(
    actor: Actor, member: UUID, plan: Plan, progress: Callable[[int], None]
) -> tuple[dict[UUID, UUID], dict[UUID, Counter[str]], int]:
    """Gives every holding; by customer who got it, by successor how many of what, and how many in all."""
    customers = successors_of(member, plan)
    of_customer = {pk: successor for successor, ids in customers.items() for pk in ids}
    counts: dict[UUID, Counter[str]] = {}
    done = 0
    # What belongs to a customer goes first, as long as it is seen with it.
    for holding in reversed(holdings()):
        resource = find(holding.resource)
        parts = (
            customers if holding.resource == CUSTOMERS else shares_of(holding, member, of_customer, plan.rest)
        )
        for successor, ids in parts.items():
            for some in _batches(ids):
                _give(actor, resource, successor, some)
                done += len(some)
                progress(done)
            counts.setdefault(successor, Counter())[resource.key] = len(ids)
    return of_customer, counts, done


def _give(actor: Actor, resource: type[Resource], successor: UUID, ids: Sequence[UUID]) -> None:
    action = acting.find(actor, resource, "assign")
    given = {action.inputs[0].name: successor}
    if action.service(actor, ids=list(ids), **given) < len(ids):
        said = _("Not all of it is yours to give: %(what)s. Somebody with more rights must do this.")
        raise Refused("beyond_reach", said, {"what": resource.label_plural})


def _batches(ids: Sequence[UUID]) -> Iterator[list[UUID]]:
    rest = iter(ids)
    while some := list(islice(rest, _BATCH)):
        yield some


def _write_shares(made: Handover, counts: dict[UUID, Counter[str]], of_customer: dict[UUID, UUID]) -> None:
    shares = {}
    for successor, count in counts.items():
        share = Share(handover=made, successor_id=successor, counts=dict(count))
        share.save(force_insert=True)
        shares[successor] = share.pk
    moment = Raw(timezone.now().isoformat())
    times = {"created_at": moment, "updated_at": moment}
    insert_rows(
        Taken,
        [
            {"id": new_id(), "share_id": shares[successor], "customer_id": pk, **times}
            for pk, successor in of_customer.items()
        ],
    )


def accept(actor: Actor, share_id: UUID) -> Share:
    """Say that one has taken over what one was given; whoever arranged it is told. Raises NotFound for another's share,
    Refused("accepted")."""
    share = _own(actor, share_id)
    if share.accepted_at is not None:
        raise Refused("accepted", _("You have accepted it already."))
    with operation(actor, ACCEPT, record_id=share.handover_id, label=share.handover.member.name):
        share.accepted_at, share.declined = timezone.now(), ""
        share.save(update_fields=["accepted_at", "declined", "updated_at"])
    _tell(actor, share, ACCEPTED)
    return share


def decline(actor: Actor, share_id: UUID, *, why: str) -> Share:
    """Say why one cannot take it over; whoever arranged it is told, nothing changes hands. Raises NotFound, Invalid
    without a reason."""
    if not why.strip():
        raise Invalid({"why": [Message("required", _("Say why."))]})
    share = _own(actor, share_id)
    with operation(actor, DECLINE, record_id=share.handover_id, label=share.handover.member.name):
        share.accepted_at, share.declined = None, why.strip()[:300]
        share.save(update_fields=["accepted_at", "declined", "updated_at"])
    _tell(actor, share, DECLINED, why=share.declined)
    return share


def _own(actor: Actor, share_id: UUID) -> Share:
    rows = Share.objects.select_related("handover__member").select_for_update(of=("self",))
    share = rows.filter(pk=share_id, successor_id=actor.member_id).first() if actor.member_id else None
    if share is None:
        raise NotFound("not_found", {})
    return share


def _tell(actor: Actor, share: Share, kind: str, **more: str) -> None:
    if share.handover.by_id and share.handover.by_id != actor.member_id:
        notify(
            [share.handover.by_id],
            kind,
            url=url_of("handover_done", share.handover_id),
            tone="warn" if kind == DECLINED else "",
            who=actor.name,
            leaver=share.handover.member.name,
            **more,
        )


def given_words(params: Mapping[str, Any]) -> str:
    """The notice to a successor."""
    if params["others"]:
        return (
            gettext(
                "You take over from %(who)s: %(customers)s customers and %(others)s other records. See the briefs."
            )
            % params
        )
    return gettext("You take over from %(who)s: %(customers)s customers. See the briefs.") % params

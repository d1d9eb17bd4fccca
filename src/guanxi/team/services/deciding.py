"""Deciding on registrations: accept, refuse, settle a collision; extend, withdraw, won; and what must hold after them.

Never are two in force for the same deal. Whoever brings one in force, or keeps it there, holds the row of its customer
until the transaction ends, so that of two who do it at once the second sees the first.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.ledger.undo import needed_verb
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import superiors
from guanxi.foundation.permissions.services import change_settings
from guanxi.kernel.errors import Invalid, Message, Refused
from guanxi.resource import access, guards, writing
from guanxi.resource.registry import find
from guanxi.team.choices import PROTECTION, STATED, State
from guanxi.team.models import Registration
from guanxi.team.queries.registrations import (
    beside,
    days_protected,
    keeps_out,
    lives,
    living_of,
    protected,
    subject_of,
)
from guanxi.team.rules.registration import EXTENSIONS, MOST_PROTECTED, overlap, protected_until
from guanxi.team.services.registrations import DECIDED, SUBJECT
from guanxi.team.services.telling import ACCEPTED, REFUSED, tell_decided, tell_extended

MANAGE = "settings.company.manage"
_PROTECTED = _("%(who)s holds %(line)s at %(customer)s, in force until %(until)s.")
_APART = _("{first} and {second} both hold {line}, in force. Let one of them be withdrawn or decided first.")


def _resource() -> Any:
    return find("registrations")


def accept(actor: Actor, *, ids: Collection[UUID]) -> int:
    """Put submitted ones in force, protected from today. Returns how many. Raises Forbidden, and Refused where one for
    the same is in force or where it is one's own and somebody else is to decide."""
    until = protected_until(timezone.localdate(), days_protected())
    values = {"state": State.IN_FORCE.value, "until": until, **_decided(actor, "")}
    done = _change(actor, "accept", "review", ids, {"state": State.SUBMITTED}, lambda one: values, holds=True)
    tell_decided(actor, done, ACCEPTED)
    return len(done)


def refuse(actor: Actor, *, ids: Collection[UUID], why: str) -> int:
    """Turn submitted ones down. Returns how many. Raises Forbidden, Invalid without a reason."""
    values = {"state": State.REFUSED.value, **_decided(actor, _reason(why))}
    done = _change(actor, "refuse", "review", ids, {"state": State.SUBMITTED}, lambda one: values)
    tell_decided(actor, done, REFUSED)
    return len(done)


def settle(actor: Actor, registration_id: UUID, *, why: str) -> Registration:
    """Decide a collision: this one is in force, all others for the same are refused, as one operation, with the reason
    on each. Raises NotFound, Forbidden, Invalid without a reason, and Refused where there is none, where not all of
    them are the actor's to decide, or somebody else is at it."""
    resource, reason = _resource(), _reason(why)
    found: Registration = access.get(actor, resource, registration_id, verb="review", lock=True)
    _hold([found.customer_id])
    others = beside(found, living_of([found.customer_id])) if lives(found) else []
    if not others:
        raise Refused("no_collision", _("Nobody else registered the same any more."))
    mine = access.visible(actor, resource, "review").filter(pk__in=[one.pk for one in others])
    if mine.count() < len(others):
        said = _(
            "Not all who registered the same are yours to decide about. A superior of all of them must do it."
        )
        raise Refused("beyond_reach", said)
    _not_by_a_party(actor, [found, *others])
    losers = list(mine.order_by("pk").select_for_update(of=("self",), skip_locked=True))
    if len(losers) < len(others):
        raise Refused("busy", _("Somebody else is deciding on this right now. Look again in a moment."))
    with operation(actor, resource.act("settle"), record_id=found.pk, label=found.line) as opened:
        guards.check(actor, resource, "review", [found, *losers])
        decided = _decided(actor, reason)
        writing.update_each(
            resource, [(one, {"state": State.REFUSED.value, "until": None, **decided}) for one in losers]
        )
        until = found.until if keeps_out(found) else protected_until(timezone.localdate(), days_protected())
        values = {"state": State.IN_FORCE.value, "until": until, **decided}
        writing.update_each(resource, [(found, values)])
        describe(opened, updated=1 + len(losers), reason=reason)
    tell_decided(actor, [found], ACCEPTED)
    tell_decided(actor, losers, REFUSED)
    return found


def extend(actor: Actor, *, ids: Collection[UUID], proof: str) -> int:
    """Put the last day off by as many days as an acceptance gives, on evidence of progress. Returns how many. Raises
    Forbidden, Invalid without evidence, Refused for what was extended twice."""
    shown = _said("proof", proof, _("Say what has moved since."))[:1000]
    days = days_protected()

    def longer(one: Registration) -> dict[str, Any]:
        if one.extensions >= EXTENSIONS:
            raise Refused(
                "extended_enough", _("It was extended %(n)s times, and not more."), {"n": EXTENSIONS}
            )
        until = protected_until(one.until or timezone.localdate(), days)
        return {"until": until, "extensions": one.extensions + 1, "progress": shown}

    states = {"state": State.IN_FORCE, "until__gte": timezone.localdate()}
    done = _change(actor, "extend", "edit", ids, states, longer, holds=True)
    tell_extended(actor, done)
    return len(done)


def withdraw(actor: Actor, *, ids: Collection[UUID], why: str = "") -> int:
    """Give up what was submitted or is in force. Returns how many. Raises Forbidden."""
    states = {"state__in": (State.SUBMITTED, State.IN_FORCE)}
    values = {"state": State.WITHDRAWN.value, "until": None, "reason": why.strip()[:300]}
    return len(_change(actor, "withdraw", "edit", ids, states, lambda one: values))


def win(actor: Actor, *, ids: Collection[UUID]) -> int:
    """The deal was made; also of one that expired meanwhile. Returns how many. Raises Forbidden."""
    values = {"state": State.WON.value}
    return len(_change(actor, "win", "edit", ids, {"state": State.IN_FORCE}, lambda one: values))


def _change(
    actor: Actor,
    act: str,
    verb: str,
    ids: Collection[UUID],
    which: Mapping[str, Any],
    values: Callable[[Registration], Mapping[str, Any]],
    *,
    holds: bool = False,
) -> list[Registration]:
    """Change those of the rows that are as `which` says; with `holds` none of them may be in force beside another."""
    resource = _resource()
    actor.require(resource.permission(verb))
    rows = access.visible(actor, resource, verb).filter(pk__among=ids, **which)
    found: list[Registration] = list(rows.order_by("pk").select_for_update(of=("self",)))
    if verb == "review":
        _not_by_a_party(actor, found)
    only = found[0] if len(found) == 1 else None
    with operation(
        actor, resource.act(act), record_id=only.pk if only else None, label=only.line if only else ""
    ) as opened:
        guards.check(actor, resource, verb, found)
        if holds:
            _hold({one.customer_id for one in found})
        writing.update_each(resource, [(one, values(one)) for one in found])
        if holds:
            _alone(found)
        describe(opened, updated=len(found))
    return found


def _decided(actor: Actor, reason: str) -> dict[str, Any]:
    return {"reviewed_by_id": actor.member_id, "reviewed_at": timezone.now(), "reason": reason}


def _reason(why: str) -> str:
    return _said("why", why, _("Say why."))[:300]


def _said(name: str, text: str, missing: Any) -> str:
    if not text.strip():
        raise Invalid({name: [Message("required", missing)]})
    return text.strip()


def _not_by_a_party(actor: Actor, found: Sequence[Registration]) -> None:
    """Raises Refused where somebody would decide about what he entered, or ever held himself, who has a superior for
    that: it does not help to let it be somebody else's meanwhile."""
    if actor.member_id is None:
        return
    if any(one.owner_id == actor.member_id for one in found):
        said = _("You registered it yourself: %(who)s decides.")
    elif _was_his(actor.member_id, [one.pk for one in found]):
        said = _("You entered it, or it was yours: %(who)s decides.")
    else:
        return
    above = superiors([actor.member_id]).get(actor.member_id)
    if above is not None:
        raise Refused("own", said, {"who": above.name})


def _was_his(member: UUID, ids: Sequence[UUID]) -> bool:
    changes = Change.objects.filter(table_name=Registration._meta.db_table, row_id__in=ids)
    entered = Q(action=Change.INSERT, actor_id=member)
    return changes.filter(entered | Q(new__owner_id=str(member)) | Q(old__owner_id=str(member))).exists()


def _hold(customers: Iterable[UUID]) -> None:
    """Nobody else brings a registration of these customers in force until the transaction ends."""
    rows = Customer.objects.filter(pk__in=set(customers)).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def _alone(found: Iterable[Registration]) -> None:
    """Raises Refused where one that is in force now is beside another one in force, whose customers are held."""
    mine = list(found)
    there = Registration.objects.filter(
        protected(timezone.localdate()), customer_id__in={one.customer_id for one in mine}
    ).select_related("owner", "customer")
    others = list(there.order_by("pk"))
    for one in mine:
        for other in beside(one, others):
            said = {
                "who": other.owner.name if other.owner else "—",
                "line": other.line,
                "customer": other.customer.name,
                "until": other.until.isoformat() if other.until else "",
            }
            raise Refused("protected", _PROTECTED, said)


def follow(actor: Actor, undoing: Operation) -> None:
    """After an undo that brought registrations back, or customers together: no two are in force for the same, and what
    was decided on is for the same as then. Raises Refused("protected"), Refused("decided")."""
    changes = Change.objects.filter(operation_id=undoing.id, table_name=Registration._meta.db_table)
    # Where customers are made one or taken apart, theirs go with them.
    follows = needed_verb(undoing) == find("customers").act("merge")
    subject = [name for name in SUBJECT if not (follows and name == "customer_id")]
    moved = changes.filter(action=Change.UPDATE, new__has_any_keys=subject).values("row_id")
    if Registration.objects.filter(pk__in=moved).exclude(state=State.SUBMITTED).exists():
        raise Refused("decided", DECIDED)
    touched = changes.exclude(action=Change.DELETE).values("row_id")
    today = timezone.localdate()
    back = list(Registration.objects.filter(protected(today), pk__in=touched))
    if back:
        _hold({one.customer_id for one in back})
        _alone(back)


@guards.guard("customers", "merge", order=40, warns=False)
def none_is_lost_by_merging(
    attempt: guards.Attempt, records: Sequence[Customer]
) -> Mapping[UUID, guards.Verdict]:
    """Customers of which different ones are protected for the same deal are not made one."""
    ids = {one.pk for one in records}
    rows = Registration.objects.filter(protected(timezone.localdate()), customer_id__in=ids)
    held = list(rows.select_related("owner").order_by("created_at", "pk"))
    for at, one in enumerate(held):
        for other in held[at + 1 :]:
            if other.customer_id != one.customer_id and _would_overlap(one, other):
                names = [each.owner.name if each.owner else "—" for each in (one, other)]
                said = format_lazy(_APART, first=names[0], second=names[1], line=one.line)
                return {pk: guards.block("team.both_in_force", said) for pk in ids}
    return {}


def _would_overlap(one: Registration, other: Registration) -> bool:
    return overlap(subject_of(one), replace(subject_of(other), customer=one.customer_id))


def change_protection(actor: Actor, days: int | None) -> None:
    """Set for how many days what is accepted from now on is protected. Raises Forbidden, Invalid. Noted, not
    undoable."""
    actor.require(MANAGE)
    if days is None or not 1 <= days <= MOST_PROTECTED:
        said = _("Between 1 and %(most)s days.")
        raise Invalid({"days": [Message("range", said, {"most": MOST_PROTECTED})]})
    change_settings(actor, STATED, {PROTECTION: days})

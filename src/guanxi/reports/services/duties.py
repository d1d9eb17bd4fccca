"""Saying who must send a report by when."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.design.languages import later
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import Role
from guanxi.kernel.errors import Invalid, Malformed, Message, NotFound
from guanxi.kernel.moments import parse_moment
from guanxi.reports.choices import ADD_DUTY, CHANGE_DUTY, MANAGE, REMOVE_DUTY, Period
from guanxi.reports.models import Duty, Obliged
from guanxi.reports.rules import OFFSETS

_KINDS: dict[str, Any] = {"role": Role, "department": Department, "member": Member}


def save_duty(
    actor: Actor,
    duty_id: UUID | None = None,
    *,
    period: str,
    by: str,
    offset: int,
    who: Collection[tuple[str, UUID]],
) -> Duty:
    """Add a duty, or change one. `by` is a time of day, `offset` one of `OFFSETS`, `who` are ("role", id),
    ("department", id) and ("member", id). Raises Forbidden, NotFound, Invalid."""
    actor.require(MANAGE)
    duty = (
        Duty() if duty_id is None else Duty.objects.select_for_update(of=("self",)).filter(pk=duty_id).first()
    )
    if duty is None:
        raise NotFound("not_found", {})
    problems = Invalid()
    if period not in Period.values:
        problems.add("period", Message("choice", _("Daily or weekly.")))
    elif offset not in OFFSETS[period]:
        problems.add("offset", Message("offset", _("A report cannot be due on that day.")))
    time = _time(by)
    if not time:
        problems.add("by", Message("time", _("This is no time of day, such as 18:30.")))
    if not who or not _are_here(who):
        problems.add("who", Message("who", _("Say who: roles, departments or people who are here.")))
    if problems:
        raise problems
    duty.period, duty.by, duty.offset = period, time, offset
    verb = ADD_DUTY if duty_id is None else CHANGE_DUTY
    with operation(actor, verb, record_id=duty.pk, label=later(lambda: str(duty))):
        duty.save(force_insert=duty_id is None)
        _oblige(duty, set(who))
    return duty


def _time(text: str) -> str:
    try:
        found = parse_moment(f"2000-01-01 {text.strip()}") if text.strip() else None
    except Malformed:
        return ""
    return f"{found:%H:%M}" if found is not None else ""


def _are_here(who: Collection[tuple[str, UUID]]) -> bool:
    for kind, model in _KINDS.items():
        wanted = {pk for one, pk in who if one == kind}
        rows = model.objects.filter(pk__in=wanted)
        if model is Member:
            rows = rows.filter(left_on__isnull=True)
        if rows.count() < len(wanted):
            return False
    return {kind for kind, _pk in who} <= set(_KINDS)


def _oblige(duty: Duty, who: set[tuple[str, UUID]]) -> None:
    for one in Obliged.objects.filter(duty=duty):
        held = next((kind, pk) for kind in _KINDS if (pk := getattr(one, f"{kind}_id")) is not None)
        if held in who:
            who.discard(held)
        else:
            one.delete()
    for kind, pk in sorted(who, key=str):
        Obliged(duty=duty, **{f"{kind}_id": pk}).save(force_insert=True)


def remove_duty(actor: Actor, duty_id: UUID) -> None:
    """Nobody owes that report any more. Raises Forbidden, NotFound."""
    actor.require(MANAGE)
    duty = Duty.objects.select_for_update(of=("self",)).filter(pk=duty_id).first()
    if duty is None:
        raise NotFound("not_found", {})
    with operation(actor, REMOVE_DUTY, record_id=duty.pk, label=later(lambda: str(duty))):
        Obliged.objects.filter(duty=duty).delete()
        duty.delete()

"""How far a sale is: on to a stage, back, won, lost, open again; one verb each, actor first."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.words import exact
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message, Refused
from guanxi.resource import access, guards, writing
from guanxi.resource.registry import find
from guanxi.sales.choices import StageKind
from guanxi.sales.models import Move, Opportunity
from guanxi.sales.queries.pipelines import ways
from guanxi.sales.services import standing
from guanxi.sales.services.entering import enters
from guanxi.sales.services.holding import hold
from guanxi.sales.services.proofs import prove

NOTHING: Mapping[UUID, str] = MappingProxyType({})

_BY = {
    StageKind.WON: _("%(who)s marked it as won on %(day)s."),
    StageKind.LOST: _("%(who)s marked it as lost on %(day)s."),
    StageKind.OPEN: _("It is open already. %(who)s opened it again on %(day)s."),
}


def _resource() -> Any:
    return find("opportunities")


def move_opportunity(
    actor: Actor,
    opportunity_id: UUID,
    *,
    stage: UUID,
    reason: str = "",
    proofs: Mapping[UUID, str] = NOTHING,
) -> Opportunity:
    """Put an open sale into another open stage of its pipeline, or of another one. `proofs` says of evidence by its id
    that it is there, in a word of what shows it. Raises NotFound, Forbidden, Invalid for what is no open stage, for an
    empty field that the stage asks for or a step back without the reason it asks for, Unproven where evidence is
    missing and no reason given, Refused for a closed sale."""
    one = _locked(actor, opportunity_id, "move")
    wanted = ways().stages.get(stage)
    if wanted is None or wanted.kind != StageKind.OPEN:
        raise Invalid({"stage": [Message("stage", _("Choose an open stage."))]})
    if one.state != StageKind.OPEN:
        raise Refused("closed", _who_did(one))
    if wanted.pk == one.stage_id:
        return one
    values = {"stage_id": wanted.pk, "pipeline_id": wanted.pipeline_id}
    return _write(actor, "move", one, values, reason, proofs)


def win_opportunity(
    actor: Actor,
    opportunity_id: UUID,
    *,
    closed_on: date | None = None,
    reason: str = "",
    proofs: Mapping[UUID, str] = NOTHING,
) -> Opportunity:
    """The sale is won, on a day not after today. Raises NotFound, Forbidden, Invalid for a day to come, Unproven where
    evidence is missing and no reason given, and Refused with who was quicker where it is closed already."""
    one = _locked(actor, opportunity_id, "close")
    if one.state != StageKind.OPEN:
        raise Refused("closed", _who_did(one))
    return _write(actor, "win", one, _ended(one, StageKind.WON, closed_on), reason, proofs)


def lose_opportunity(
    actor: Actor,
    opportunity_id: UUID,
    *,
    lost_reason: UUID | None,
    lost_to: str = "",
    lost_remark: str = "",
    closed_on: date | None = None,
) -> Opportunity:
    """The sale is lost: why, to whom, on a day not after today. Raises NotFound, Forbidden, Invalid without a reason or
    for a day to come, and Refused with who was quicker where it is closed already."""
    one = _locked(actor, opportunity_id, "close")
    if one.state != StageKind.OPEN:
        raise Refused("closed", _who_did(one))
    if lost_reason is None:
        raise Invalid({"lost_reason": [Message("required", _("Say why it was lost."))]})
    lost = {"lost_reason_id": lost_reason, "lost_to": lost_to[:200], "lost_remark": lost_remark[:1000]}
    return _write(actor, "lose", one, _ended(one, StageKind.LOST, closed_on) | lost)


def reopen_opportunity(
    actor: Actor, opportunity_id: UUID, *, reason: str, stage: UUID | None = None
) -> Opportunity:
    """Open a closed sale again, in the stage it was in before it closed, or in another. Raises NotFound, Forbidden,
    Invalid without a reason, Refused for an open one."""
    one = _locked(actor, opportunity_id, "reopen")
    if one.state == StageKind.OPEN:
        raise Refused("open", _who_did(one))
    if not reason.strip():
        raise Invalid({"reason": [Message("required", _("Say why it is open again."))]})
    found = ways()
    before = stage or _last_open(one)
    wanted = (found.stages.get(before) if before else None) or found.first(one.pipeline_id)
    if wanted.kind != StageKind.OPEN:
        raise Invalid({"stage": [Message("stage", _("Choose an open stage."))]})
    values = {
        "stage_id": wanted.pk,
        "pipeline_id": wanted.pipeline_id,
        "reopened": one.reopened + 1,
        "lost_reason_id": None,
        "lost_to": "",
        "lost_remark": "",
    }
    return _write(actor, "reopen", one, values, reason)


def _locked(actor: Actor, opportunity_id: UUID, verb: str) -> Opportunity:
    found: Opportunity = access.get(actor, _resource(), opportunity_id, verb=verb, lock=True)
    return found


def _ended(one: Opportunity, kind: StageKind, closed_on: date | None) -> dict[str, Any]:
    today = timezone.localdate()
    if closed_on is not None and closed_on > today:
        raise Invalid({"closed_on": [Message("future", _("Not a day to come."))]})
    end = ways().end(one.pipeline_id, kind)
    return {"stage_id": end.pk, "pipeline_id": end.pipeline_id, "closed_on": closed_on or today}


def _write(
    actor: Actor,
    act: str,
    one: Opportunity,
    values: dict[str, Any],
    reason: str = "",
    proofs: Mapping[UUID, str] = NOTHING,
) -> Opportunity:
    resource = _resource()
    completed = standing.changed(one, values)
    hold([completed])
    with operation(actor, resource.act(act), record_id=one.pk, label=one.name) as opened:
        guards.check(actor, resource, act, [one], completed)
        prove(actor, one, proofs)
        skipped = "" if act == "reopen" else enters(one, completed, reason)
        # The line that the database writes says both.
        said = {"reason": reason.strip()[:300], "skipped": skipped}
        describe(opened, **{name: text for name, text in said.items() if text})
        writing.update(resource, one, completed, expected_version=None)
        one.refresh_from_db()
    return one


def _last_open(one: Opportunity) -> UUID | None:
    """The open stage it was in last."""
    moves = Move.objects.filter(opportunity=one.pk, former_state=StageKind.OPEN).exclude(state=StageKind.OPEN)
    return moves.order_by("-created_at", "-pk").values_list("former_stage", flat=True).first()


def _who_did(one: Opportunity) -> str:
    """Who brought it where it is, and when."""
    moves = Move.objects.filter(opportunity=one.pk, state=one.state).exclude(former_state=one.state)
    last = moves.order_by("-created_at", "-pk").first()
    by = last.by if last else None
    who = Member.objects.filter(pk=by).values_list("name", flat=True).first() if by else None
    day = one.closed_on or timezone.localdate(last.created_at if last else None)
    return str(_BY[StageKind(one.state)]) % {"who": who or "—", "day": exact(day)}

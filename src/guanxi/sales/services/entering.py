"""Whether a sale may enter a stage: its fields, its evidence, a reason for a step back."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message, Refused
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.choices import StageKind, in_readers_language
from guanxi.sales.models import Opportunity, Stage
from guanxi.sales.queries.evidence import Asked, is_back, missing
from guanxi.sales.queries.pipelines import ways

_OWN_VERB = {
    StageKind.WON: _("A sale is won by its own act, on its card."),
    StageKind.LOST: _("Say why it was lost: a sale is lost by its own act, on its card."),
}
_CLOSED = _("This sale is closed. Open it again first.")


class Unproven(Refused):
    """Evidence is missing, and nobody gave a reason to go on without it. `missing` is what."""

    def __init__(self, stage: Stage, missing: Sequence[Asked]) -> None:
        self.missing = list(missing)
        super().__init__(
            "evidence",
            _("Missing for %(stage)s: %(what)s. Add it, or go on with a reason, which the team sees."),
            {"stage": in_readers_language(stage.name), "what": named(missing)},
        )


def named(asked: Sequence[Asked]) -> str:
    """Pieces of evidence in a line of words."""
    return gettext("; ").join(str(one.evidence) for one in asked)


def may_enter(actor: Actor, changes: Sequence[tuple[Opportunity, Mapping[str, Any]]]) -> None:
    """Of sales with the complete values to be written those that change their stage. Raises Forbidden, Invalid beside
    fields that a stage wants filled in, Unproven, and Refused for a closed sale or an end of the pipeline, which have
    verbs of their own."""
    resource = find("opportunities")
    stages = ways().stages
    for one, values in changes:
        wanted = values.get("stage_id", one.stage_id)
        if wanted == one.stage_id:
            continue
        access.require(actor, resource, one, "move")
        kind = stages[wanted].kind
        if one.state != StageKind.OPEN:
            raise Refused("closed", _CLOSED)
        if kind != StageKind.OPEN:
            raise Refused("own_verb", _OWN_VERB[StageKind(kind)])
        enters(one, values, "")


def enters(one: Opportunity, values: Mapping[str, Any], reason: str) -> str:
    """What is skipped by going on in spite of it, "" for nothing. Raises Invalid, Unproven where there is no reason."""
    found = ways()
    stage = found.stages[values["stage_id"]]
    then = copy.copy(one)
    for name, value in values.items():
        setattr(then, name, value)
    then.stage_id = one.stage_id
    resource = find("opportunities")
    empty = [
        name
        for name in stage.required
        if name in resource.fields() and resource.kind(name).is_blank(resource.kind(name).value(then))
    ]
    if empty:
        said = _("%(stage)s asks for this.")
        words = {"stage": in_readers_language(stage.name)}
        raise Invalid({name: [Message("required", said, words)] for name in empty})
    if is_back(found, one, stage) and found.stages[one.stage_id].back_asks and not reason.strip():
        raise Invalid({"reason": [Message("required", _("Say why it goes back."))]})
    lacking = missing(found, then, stage)
    if lacking and not reason.strip():
        raise Unproven(stage, lacking)
    return named(lacking)

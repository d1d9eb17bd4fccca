"""Making leads one that are the same."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.customers.services.merging import settle_pairs
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.kinds import Show
from guanxi.marketing.choices import State
from guanxi.marketing.models import Lead
from guanxi.resource import access, merging
from guanxi.resource.registry import find

# What a lead has one of; what the others say otherwise stays in words.
_TOLD = (
    "name", "person", "post", "phone", "email", "wechat", "budget", "decider", "timing", "source", "source_detail",
    "number",
)  # fmt: skip
_FURTHEST = (State.QUALIFIED, State.WORKING, State.NEW, State.DISCARDED)


def merge_leads(
    actor: Actor,
    *,
    ids: Collection[UUID],
    keep: UUID | None = None,
    choices: Mapping[str, UUID] | None = None,
) -> Lead:
    """Make leads one: `keep`, else the oldest, as far as the one that came furthest, with everything that hangs on the
    others; what they say otherwise stands in the remarks. Raises Forbidden, NotFound, Invalid, Refused("converted")
    for one that was converted, and Refused("closed") where they differ in what is closed to the actor."""
    resource = find("leads")
    with operation(actor, resource.act("merge")) as opened:
        kept, _moved = merging.merge(
            actor, resource, ids=ids, keep=keep, choices=choices, settle=partial(_settle, actor)
        )
        merging.name_after(opened, kept)
        settle_pairs(actor, "leads", kept.pk, set(ids) - {kept.pk})
    kept.refresh_from_db()
    return kept  # type: ignore[no-any-return]


def _settle(actor: Actor, values: dict[str, Any], records: Sequence[Lead]) -> None:
    states = {record.state for record in records}
    if State.CONVERTED in states:
        raise Refused("converted", _("What was converted is merged as a customer, not as a lead."))
    values["state"] = next(state.value for state in _FURTHEST if state in states)
    if values["state"] != State.DISCARDED:
        values |= {"discard_reason": "", "discard_note": ""}
    values["twin_id"] = next((record.twin_id for record in records if record.twin_id), None)
    resource, show, lines = find("leads"), Show(actor=actor), []
    for name in _TOLD:
        kind = resource.kind(name)
        said = {kind.value(record): record for record in records if not kind.is_blank(kind.value(record))}
        said.pop(values.get(kind.column), None)
        if said and not access.is_open(actor, kind):
            raise Refused(
                "closed", _("They differ in what is not shown to you: somebody else must merge them.")
            )
        lines += [f"{kind.label}: {kind.text(record, show)}" for record in said.values()]
    if lines:
        values["remarks"] = "\n".join([*filter(None, [values.get("remarks")]), *lines])

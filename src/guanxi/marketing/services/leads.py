"""Writes of leads: take one down, qualify, discard, revive; and the usual verbs of a declared record."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.activities.services.subjects import let_go
from guanxi.customers.choices import Pooled
from guanxi.customers.queries.duplicates import surest_of
from guanxi.customers.queries.marks import hold
from guanxi.customers.queries.pools import pool_of
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message, Refused
from guanxi.kinds.kind import PREFIX
from guanxi.marketing.choices import OPEN, DiscardReason, State
from guanxi.marketing.models import Lead
from guanxi.marketing.queries.alike import LEADS, SURE, alike, as_customer, lead_of, twin_of
from guanxi.resource import access, guards, writing
from guanxi.resource.registry import find
from guanxi.resource.standard import may_assign, standard

Data = Mapping[str, Any]
_usual = standard(LEADS)
_ASKED = ("need", "budget", "decider", "timing")


def _resource() -> Any:
    return find(LEADS)


def create_lead(actor: Actor, *, data: Data, allow_duplicate: bool = False) -> Lead:
    """Take a lead down from outside values; whoever does answers for it unless `owner` says otherwise.

    Raises Forbidden, Invalid, and Refused("duplicate") with the leads, customers and people it is certainly or likely
    the same as, unless `allow_duplicate`.
    """
    resource = _resource()
    actor.require(resource.permission("create"))
    values = writing.clean(actor, resource, {"name": data.get("person") or data.get("phone") or "", **data})
    if "owner" not in data:
        values["owner_id"] = actor.member_id
    may_assign(actor, resource, values.get("owner_id"), at_birth=True)
    hold(LEADS, [lead_of(values)])
    found = alike(actor, values)
    if not allow_duplicate and any(one.verdict in SURE for one in found):
        raise Refused("duplicate", _("This lead seems to be known already."), {"duplicates": found})
    values["twin_id"] = twin_of(found)
    _into_pools([values])
    with operation(actor, resource.act("create"), label=values["name"], summary={"created": 1}):
        guards.check_new(actor, resource, [values])
        made: Lead = writing.insert(resource, values)
    return made


def create_leads(actor: Actor, *, rows: Sequence[dict[str, Any]]) -> list[UUID]:
    """The set form of `create_lead`, for an import: rows by stored column, cleaned and compared with leads before."""
    for row, sure in zip(rows, surest_of([as_customer(row) for row in rows]), strict=True):
        row["twin_id"] = sure[0] if sure is not None else None
    _into_pools(rows)
    made: list[UUID] = _usual.create_many(actor, rows=rows)
    return made


def _into_pools(rows: Sequence[dict[str, Any]]) -> None:
    """The pool of whoever answers for each, where none is said."""
    owners = {row["owner_id"] for row in rows if row.get("owner_id") and not row.get("pool_id")}
    pools = {owner: pool_of(owner, of=Pooled.LEADS) for owner in owners}
    for row in rows:
        if row.get("owner_id") and not row.get("pool_id"):
            row["pool_id"] = pools[row["owner_id"]]


def pooled(values: dict[str, Any]) -> None:
    """What follows from an owner who comes or goes: since when a lead lies in its pool."""
    if "owner_id" in values:
        values["pooled_at"] = None if values["owner_id"] else values.get("pooled_at") or timezone.now()


def qualify(actor: Actor, lead_id: UUID, *, expected_version: int | None = None, **answers: Any) -> Lead:
    """Say that a lead is worth selling to, by what was answered (`need`, `budget`, `decider`, `timing`, and the
    company's own questions); at least what they need has to be known. Raises NotFound, Forbidden, Invalid, Refused."""
    resource = _resource()
    found: Lead = access.get(actor, resource, lead_id, verb="edit", lock=True)
    if found.state not in (State.NEW, State.WORKING):
        raise Refused("lead_state", _("It is not to be qualified any more."))
    values: dict[str, Any] = {
        name: value for name, value in answers.items() if name in _ASKED or name.startswith(PREFIX)
    }
    if not values.get("need", found.need):
        raise Invalid({"need": [Message("required", _("Say what they need."))]})
    with operation(actor, resource.act("qualify"), record_id=found.pk, label=str(found)):
        guards.check_edit(actor, resource, [found], values)
        writing.update(
            resource, found, values | {"state": State.QUALIFIED.value}, expected_version=expected_version
        )
    return found


def discard_leads(actor: Actor, *, ids: Collection[UUID], why: str, note: str = "") -> int:
    """Nothing came of them; `why` is a code of DiscardReason. Those that are converted stay; returns how many. Raises
    Forbidden."""
    reason = ": ".join(filter(None, (str(DiscardReason(why).label), note.strip())))
    values = {"state": State.DISCARDED.value, "discard_reason": why, "discard_note": note.strip()[:300]}
    return _change(actor, "discard", ids, OPEN, lambda one: values, {"reason": reason, "why": why})


def revive_leads(actor: Actor, *, ids: Collection[UUID]) -> int:
    """What was discarded is worked on again. Returns how many. Raises Forbidden."""
    values = {"state": State.WORKING.value, "discard_reason": "", "discard_note": ""}
    return _change(actor, "revive", ids, (State.DISCARDED,), lambda one: values, {})


def take_up(actor: Actor, *, ids: Collection[UUID]) -> int:
    """New ones are being worked on. Returns how many. Raises Forbidden."""
    return _change(actor, "take_up", ids, (State.NEW,), lambda one: {"state": State.WORKING.value}, {})


def _change(
    actor: Actor, verb: str, ids: Collection[UUID], states: Collection[str], values: Any, summary: Any
) -> int:
    resource = _resource()
    actor.require(resource.permission("edit"))
    rows = access.visible(actor, resource, "edit").filter(pk__among=ids, state__in=[*states])
    found = list(rows.order_by("pk").select_for_update(of=("self",)))
    only = found[0] if len(found) == 1 else None
    with operation(
        actor,
        resource.act(verb),
        record_id=only.pk if only else None,
        label=str(only) if only else "",
        summary=summary,
    ) as opened:
        guards.check_edit(actor, resource, found)
        count = writing.update_each(resource, [(one, values(one)) for one in found])
        describe(opened, updated=count)
    return count


def touched(ids: Collection[UUID]) -> None:
    """After a touch about leads was written, inside its operation: nobody's new any more."""
    resource = _resource()
    rows = Lead.objects.filter(pk__in=list(ids), state=State.NEW).select_for_update()
    writing.update_each(resource, [(one, {"state": State.WORKING.value}) for one in rows])


edit_lead, edit_leads, edit_each = _usual.edit, _usual.edit_many, _usual.edit_each
update_imported = _usual.update_imported


def delete_leads(actor: Actor, *, ids: Collection[UUID]) -> int:
    """Delete leads with what was done about them alone. Raises NotFound, Forbidden, Refused."""
    resource = _resource()
    some = list(access.visible(actor, resource).filter(pk__in=list(ids))[:2])
    only = some[0] if len(some) == 1 else None
    with operation(
        actor, resource.act("delete"), record_id=only.pk if only else None, label=str(only) if only else ""
    ):
        count = int(_usual.remove_many(actor, ids=ids))
        let_go(LEADS, ids)
    return count

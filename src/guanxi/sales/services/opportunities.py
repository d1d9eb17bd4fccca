"""Opening an opportunity and changing what is written of it; how far it is follows the rules of `moving`."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from guanxi.foundation.ledger.services import created_in, describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.resource import access, guards, writing
from guanxi.resource.registry import find
from guanxi.resource.standard import may_assign, standard
from guanxi.sales.models import Opportunity
from guanxi.sales.services import histories, standing
from guanxi.sales.services.entering import may_enter
from guanxi.sales.services.holding import hold
from guanxi.sales.services.parts import other_currency, recount

Data = Mapping[str, Any]
_usual = standard("opportunities")


def _resource() -> Any:
    return find("opportunities")


def open_opportunity(actor: Actor, *, data: Data, allow_duplicate: bool = False) -> Opportunity:
    """Open a sale from outside values; without others it is the actor's, in the first stage of the usual pipeline.
    Raises Forbidden, Invalid, guards.Warned."""
    resource = _resource()
    actor.require(resource.permission("create"))
    values = writing.clean(actor, resource, data)
    if "owner" not in data:
        values["owner_id"] = actor.member_id
    may_assign(actor, resource, values.get("owner_id"), at_birth=True)
    with operation(actor, resource.act("create"), label=str(values.get("name", "")), summary={"created": 1}):
        standing.begun(actor, [values])
        hold([values])
        guards.check_new(actor, resource, [values])
        made: Opportunity = writing.insert(resource, values)
        made.refresh_from_db()
    return made


def open_opportunities(actor: Actor, *, rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
    """The set form, for an import: rows by stored column, cleaned before. Nothing is asked of their stages: they were
    reached elsewhere, and their history begins when they were. Raises Forbidden, Invalid."""
    resource = _resource()
    actor.require(resource.permission("create"))
    for owner in {row.get("owner_id") for row in rows}:
        may_assign(actor, resource, owner, at_birth=True)
    with operation(actor, resource.act("create")) as opened:
        completed = [row if isinstance(row, dict) else dict(row) for row in rows]
        standing.begun(actor, completed)
        hold(completed)
        guards.check_new(actor, resource, completed)
        made = writing.insert_many(resource, completed)
        histories.told_since(opened.id, made)
        describe(opened, created=len(made))
    return made


def edit_opportunity(
    actor: Actor, opportunity_id: UUID, *, data: Data, expected_version: int | None
) -> Opportunity:
    """Change given fields. A stage is entered by the rules of `move_opportunity`, without a word of why. Raises
    NotFound, Forbidden, Invalid, Stale, Refused, guards.Warned."""
    resource = _resource()
    one: Opportunity = access.get(actor, resource, opportunity_id, verb="edit", lock=True)
    values = writing.clean(actor, resource, data, partial=True)
    if "owner_id" in values and values["owner_id"] != one.owner_id:
        may_assign(actor, resource, values["owner_id"])
    standing.settle(values, one.currency)
    if writing.stands(resource, one, values, expected_version=expected_version):
        return one
    completed = standing.changed(one, values)
    hold([completed])
    with operation(actor, resource.act("edit"), record_id=one.pk, label=one.name):
        guards.check_edit(actor, resource, [one], completed)
        may_enter(actor, [(one, completed)])
        counted = other_currency([(one, completed)])
        writing.update(resource, one, completed, expected_version=expected_version)
        recount(actor, counted)
        one.refresh_from_db()
    return one


def edit_opportunities(actor: Actor, *, ids: Collection[UUID], data: Data) -> int:
    """Set the same fields on many; those beyond reach are left alone. Returns how many changed. Raises Forbidden,
    Invalid, Refused where one may not enter the stage, guards.Warned."""
    resource = _resource()
    actor.require(resource.permission("edit"))
    values = writing.clean(actor, resource, data, partial=True)
    if "owner_id" in values:
        may_assign(actor, resource, values["owner_id"])
    rows = access.visible(actor, resource, "edit").filter(pk__among=ids).order_by("pk")
    mine = list(rows.select_for_update(of=("self",)))
    with operation(actor, resource.act("edit")) as opened:
        guards.check_edit(actor, resource, mine, values)
        count = _write(actor, [(one, values) for one in mine])
        describe(opened, updated=count)
    return count


def edit_each(actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[Any]:
    """The set form of `edit_opportunity`: cleaned values by stored column for each of many. All or none, in the order
    given. Raises NotFound, Forbidden, Refused."""
    resource = _resource()
    actor.require(resource.permission("edit"))
    ids = {pk for pk, _values in changes}
    rows = access.visible(actor, resource, "edit").filter(pk__in=ids).order_by("pk")
    records = {row.pk: row for row in rows.select_for_update(of=("self",))}
    if len(records) < len(ids):
        raise NotFound("not_found", {"resource": resource.key})
    wanted = [(records[pk], values) for pk, values in changes]
    for owner in {v["owner_id"] for one, v in wanted if v.get("owner_id", one.owner_id) != one.owner_id}:
        may_assign(actor, resource, owner)
    with operation(actor, resource.act("edit")):
        guards.check_edit(actor, resource, list(records.values()))
        _write(actor, wanted)
        for one in records.values():
            one.refresh_from_db()
    return [one for one, _values in wanted]


def update_imported(
    actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]], fresh: Collection[UUID] = ()
) -> int:
    """An import's writes to existing sales; of their stages nothing is asked. Raises Forbidden, Invalid."""
    resource = _resource()
    actor.require(resource.permission("edit" if not fresh else "create"))
    ids = {pk for pk, _values in changes}
    rows = access.visible(actor, resource, "edit").filter(pk__in=ids).select_for_update(of=("self",))
    records = {row.pk: row for row in rows}
    with operation(actor, resource.act("edit")) as opened:
        if rest := ids & set(fresh) - records.keys():
            records |= Opportunity.objects.in_bulk(list(created_in(opened.id, rest)))
        wanted = [(records[pk], values) for pk, values in changes if pk in records]
        guards.check_edit(actor, resource, [one for one, _values in wanted])
        completed = standing.all_changed(wanted)
        hold([values for _one, values in completed])
        return _put(actor, completed)


def _write(actor: Actor, wanted: Sequence[tuple[Opportunity, Mapping[str, Any]]]) -> int:
    completed = standing.all_changed(wanted)
    hold([values for _one, values in completed])
    may_enter(actor, completed)
    return _put(actor, completed)


def _put(actor: Actor, completed: Sequence[tuple[Opportunity, Mapping[str, Any]]]) -> int:
    counted = other_currency(completed)
    count = writing.update_each(_resource(), completed)
    recount(actor, counted)
    return count


delete_opportunities = _usual.remove_many

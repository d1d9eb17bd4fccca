"""Writes of commitments: promise, keep, put off, break, withdraw; and the usual verbs of a declared record."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.activities.choices import Promised
from guanxi.activities.models import Activity, Commitment
from guanxi.activities.queries.subjects import Changes, changed, complete, completed
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.resource import access, guards, writing
from guanxi.resource.registry import find
from guanxi.resource.standard import may_assign, standard

Data = Mapping[str, Any]
_usual = standard("commitments")


def _resource() -> Any:
    return find("commitments")


def create_commitment(actor: Actor, *, data: Data, allow_duplicate: bool = False) -> Commitment:
    """A promise from outside values; whoever writes it down answers for it unless `owner` says otherwise.

    Raises Forbidden, Invalid.
    """
    resource = _resource()
    actor.require(resource.permission("create"))
    values = _new(actor, data)
    with operation(actor, resource.act("create"), label=values["what"], summary={"created": 1}):
        guards.check_new(actor, resource, [values])
        made: Commitment = writing.insert(resource, values)
    return made


def _new(actor: Actor, data: Data) -> dict[str, Any]:
    resource = _resource()
    values = completed(writing.clean(actor, resource, {**resource.defaults, **data}))
    if "owner" not in data:
        values["owner_id"] = actor.member_id
    may_assign(actor, resource, values.get("owner_id"), at_birth=True)
    return values | _begun(values)


def _begun(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a new one begins with. Of what comes in settled nobody says on which day it was: on the day it was due, or
    today where that is still to come."""
    due: date = values["due"]
    settled = values.get("state", Promised.OPEN) != Promised.OPEN
    return {"first_due": due, "settled_on": min(due, timezone.localdate()) if settled else None}


def promise_at(actor: Actor, activity: Activity, promises: Sequence[Data]) -> None:
    """Enter what was promised at an activity just written, inside its operation. Raises Forbidden, and Invalid beside
    `promises`."""
    if not promises:
        return
    resource = _resource()
    actor.require(resource.permission("create"))
    rows = []
    for one in promises:
        about = {"about_id": activity.about_id} if activity.about_id else {}
        data = {"customer": activity.customer_id, **about, "activity": activity.pk, **one}
        try:
            rows.append(_new(actor, data))
        except Invalid as error:
            raise Invalid({"promises": [text for said in error.fields.values() for text in said]}) from error
    guards.check_new(actor, resource, rows)
    writing.insert_many(resource, rows)


def create_commitments(actor: Actor, *, rows: Sequence[dict[str, Any]]) -> list[UUID]:
    """The set form of `create_commitment`, for an import: rows by stored column, cleaned before."""
    for row in rows:
        row.update({name: value for name, value in _begun(row).items() if row.get(name) is None})
    complete(rows)
    made: list[UUID] = _usual.create_many(actor, rows=rows)
    return made


def edit_commitment(
    actor: Actor, commitment_id: UUID, *, data: Data, expected_version: int | None
) -> Commitment:
    """Change given fields; a later day is counted as a putting off. Raises NotFound, Forbidden, Invalid, Stale."""
    resource = _resource()
    found: Commitment = access.get(actor, resource, commitment_id, verb="edit", lock=True)
    values = completed(writing.clean(actor, resource, data, partial=True), fresh=False)
    if values.get("owner_id", found.owner_id) != found.owner_id:
        may_assign(actor, resource, values["owner_id"])
    values |= _counted(found, values)
    if writing.stands(resource, found, values, expected_version=expected_version):
        return found
    with operation(actor, resource.act("edit"), record_id=found.pk, label=found.what):
        guards.check_edit(actor, resource, [found], values)
        writing.update(resource, found, values, expected_version=expected_version)
    return found


def _counted(found: Commitment, values: Mapping[str, Any]) -> dict[str, Any]:
    """Once more put off, where the day that is written is a later one of what is still open."""
    due: date | None = values.get("due")
    still_open = found.state == Promised.OPEN and values.get("state", Promised.OPEN) == Promised.OPEN
    return {"moved": found.moved + 1} if still_open and due is not None and due > found.due else {}


def _each_counted(changes: Changes) -> Changes:
    standing = Commitment.objects.in_bulk([one for one, values in changes if "due" in values])
    return [
        (one, {**values, **_counted(standing[one], values)} if one in standing else values)
        for one, values in changes
    ]


def edit_each(actor: Actor, *, changes: Changes) -> list[Any]:
    """The set form of `edit_commitment`: cleaned values by stored column. Raises NotFound, Forbidden."""
    found: list[Any] = _usual.edit_each(actor, changes=changed(_each_counted(changes)))
    return found


def update_imported(actor: Actor, *, changes: Changes, fresh: Collection[UUID] = ()) -> int:
    """An import's writes to existing ones. Raises Forbidden."""
    return int(_usual.update_imported(actor, changes=changed(_each_counted(changes)), fresh=fresh))


def keep(actor: Actor, *, ids: Collection[UUID], on: date | None = None) -> int:
    """What was promised was done, today or `on` a day before. Returns how many were open and are kept now. Raises
    Forbidden."""
    values: dict[str, Any] = {"state": Promised.KEPT.value}
    if on is not None:
        values["settled_on"] = min(on, timezone.localdate())
    return _change_open(actor, "keep", ids, lambda one: values)


def break_(actor: Actor, *, ids: Collection[UUID], why: str = "") -> int:
    """What was promised will not be done. Returns how many. Raises Forbidden."""
    return _settle(actor, "break", ids, Promised.BROKEN, why)


def withdraw(actor: Actor, *, ids: Collection[UUID], why: str = "") -> int:
    """What was promised is no longer wanted by whom it was promised to. Returns how many. Raises Forbidden."""
    return _settle(actor, "withdraw", ids, Promised.WITHDRAWN, why)


def put_off(actor: Actor, *, ids: Collection[UUID], until: date, why: str = "") -> int:
    """Promise for another day: a later one counts as put off, one in the past is refused. Returns how many changed.
    Raises Forbidden, Invalid."""
    if until < timezone.localdate():
        raise Invalid({"until": [Message("past", _("That day has passed."))]})

    def later(one: Commitment) -> dict[str, Any]:
        values: dict[str, Any] = {"due": until, "why": why or one.why}
        return values | _counted(one, values)

    return _change_open(actor, "put_off", ids, later)


def _settle(actor: Actor, verb: str, ids: Collection[UUID], state: Promised, why: str) -> int:
    return _change_open(actor, verb, ids, lambda one: {"state": state.value, "why": why or one.why})


def _change_open(
    actor: Actor, verb: str, ids: Collection[UUID], values: Callable[[Commitment], dict[str, Any]]
) -> int:
    resource = _resource()
    actor.require(resource.permission("edit"))
    rows = access.visible(actor, resource, "edit").filter(pk__among=ids, state=Promised.OPEN)
    found = list(rows.order_by("pk").select_for_update(of=("self",)))
    only = found[0] if len(found) == 1 else None
    with operation(
        actor, resource.act(verb), record_id=only.pk if only else None, label=only.what if only else ""
    ) as opened:
        guards.check_edit(actor, resource, found)
        count = writing.update_each(resource, [(one, values(one)) for one in found])
        describe(opened, updated=count)
    return count


edit_commitments, delete_commitments = _usual.edit_many, _usual.remove_many

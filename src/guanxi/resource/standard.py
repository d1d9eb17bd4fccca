"""The usual verbs, for an entity whose writing follows no rules of its own.

::

    class Warehouses(Resource):
        …
        create, create_many, edit, edit_many, edit_each, remove_many, update_imported = standard("warehouses")

An entity with rules writes its own services; what it takes from here are the checks of owners.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.ledger.services import created_in, describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, NotFound
from guanxi.resource import access, guards, writing
from guanxi.resource.actions import Action
from guanxi.resource.declaration import Resource
from guanxi.resource.links import MemberLink
from guanxi.resource.registry import find


class Verbs(NamedTuple):
    """In the order in which a declaration takes them."""

    create: Callable[..., Any]
    create_many: Callable[..., Any]
    edit: Callable[..., Any]
    edit_many: Callable[..., Any]
    edit_each: Callable[..., Any]
    remove_many: Callable[..., Any]
    update_imported: Callable[..., Any]


# What else follows from rows that were written, inside the operation: (actor, their ids).
After = Callable[[Actor, Collection[UUID]], None]


def _nothing(actor: Actor, ids: Collection[UUID]) -> None:
    """Nothing follows."""


class _Standard:
    def __init__(self, key: str, after: After = _nothing) -> None:
        self._key, self._after = key, after

    @property
    def resource(self) -> type[Resource]:
        return find(self._key)

    def create(self, actor: Actor, *, data: Mapping[str, Any], allow_duplicate: bool = False) -> Any:
        """Create a record. Raises Forbidden, Invalid."""
        resource = self.resource
        actor.require(resource.permission("create"))
        values = writing.clean(actor, resource, data)
        if resource.owner:
            column = resource.kind(resource.owner).column
            if resource.owner not in data:
                values[column] = actor.member_id
            may_assign(actor, resource, values.get(column), at_birth=True)
        label = str(values.get(resource.kind(resource.title).column, ""))
        with operation(actor, resource.act("create"), label=label, summary={"created": 1}):
            guards.check_new(actor, resource, [values])
            record = writing.insert(resource, values)
            self._after(actor, [record.pk])
        return self._read(record)

    def _read(self, record: Any) -> Any:
        """The record as it stands, where something followed from writing it."""
        if self._after is not _nothing:
            record.refresh_from_db()
        return record

    def create_many(self, actor: Actor, *, rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
        """Create records from values by stored column, cleaned before."""
        resource = self.resource
        actor.require(resource.permission("create"))
        if resource.owner:
            column = resource.kind(resource.owner).column
            for owner in {row.get(column) for row in rows}:
                may_assign(actor, resource, owner, at_birth=True)
        with operation(actor, resource.act("create")) as opened:
            guards.check_new(actor, resource, rows)
            made = writing.insert_many(resource, rows)
            self._after(actor, made)
            describe(opened, created=len(made))
        return made

    def edit(
        self, actor: Actor, record_id: UUID, *, data: Mapping[str, Any], expected_version: int | None
    ) -> Any:
        """Change given fields of one record. Raises NotFound, Forbidden, Invalid, Stale."""
        resource = self.resource
        record = access.get(actor, resource, record_id, verb="edit", lock=True)
        values = writing.clean(actor, resource, data, partial=True)
        if resource.owner and resource.kind(resource.owner).column in values:
            wanted = values[resource.kind(resource.owner).column]
            if wanted != resource.kind(resource.owner).value(record):
                may_assign(actor, resource, wanted)
        if writing.stands(resource, record, values, expected_version=expected_version):
            return record
        with operation(actor, resource.act("edit"), record_id=record.pk, label=str(record)):
            guards.check_edit(actor, resource, [record], values)
            writing.update(resource, record, values, expected_version=expected_version)
            self._after(actor, [record.pk])
        return self._read(record)

    def edit_many(self, actor: Actor, *, ids: Collection[UUID], data: Mapping[str, Any]) -> int:
        """Set the same fields on many; those beyond reach are left alone. Returns how many changed."""
        resource = self.resource
        actor.require(resource.permission("edit"))
        values = writing.clean(actor, resource, data, partial=True)
        if resource.owner and resource.kind(resource.owner).column in values:
            may_assign(actor, resource, values[resource.kind(resource.owner).column])
        rows = access.visible(actor, resource, "edit").filter(pk__among=ids)
        mine = list(rows.values_list("pk", flat=True))
        with operation(actor, resource.act("edit")) as opened:
            guards.check_edit(actor, resource, mine, values)
            count = writing.update_many(resource, mine, values)
            self._after(actor, mine)
            describe(opened, updated=count)
        return count

    def edit_each(self, actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[Any]:
        """The set form of `edit`: cleaned values by stored column for each of many records. All or none.

        Returns the records in the order given. Raises NotFound, Forbidden.
        """
        resource = self.resource
        actor.require(resource.permission("edit"))
        ids = {record_id for record_id, _values in changes}
        rows = access.visible(actor, resource, "edit").filter(pk__in=ids).order_by("pk")
        records = {row.pk: row for row in rows.select_for_update(of=("self",))}
        if len(records) < len(ids):
            raise NotFound("not_found", {"resource": resource.key})
        wanted = [(records[record_id], values) for record_id, values in changes]
        if resource.owner:
            owner = resource.kind(resource.owner)
            given = {
                v[owner.column] for r, v in wanted if v.get(owner.column, owner.value(r)) != owner.value(r)
            }
            for one in given:
                may_assign(actor, resource, one)
        with operation(actor, resource.act("edit")):
            guards.check_edit(actor, resource, list(records.values()))
            writing.update_each(resource, wanted)
            self._after(actor, ids)
        return [self._read(record) for record, _values in wanted]

    def remove_many(self, actor: Actor, *, ids: Collection[UUID]) -> int:
        """Delete records. Raises NotFound for one unseen, Forbidden, Refused where something hangs on one."""
        resource = self.resource
        wanted = set(ids)
        names = removable(actor, resource, wanted)
        only = next(iter(names.items())) if len(names) == 1 else (None, "")
        verb = resource.act("delete")
        with operation(actor, verb, record_id=only[0], label=only[1]) as opened:
            guards.check(actor, resource, "delete", wanted)
            count = writing.delete(resource, wanted)
            self._after(actor, wanted)
            describe(opened, deleted=count)
        return count

    def assign(self, actor: Actor, *, ids: Collection[UUID], **given: UUID | None) -> int:
        """Give records to somebody; those beyond reach are left alone. Returns how many changed hands."""
        resource = self.resource
        ((name, owner),) = given.items()
        may_assign(actor, resource, owner)
        values = {resource.kind(name).column: owner}
        rows = access.visible(actor, resource).filter(
            access.reach_q(actor, resource, "assign"), pk__among=ids
        )
        mine = list(rows.values_list("pk", flat=True))
        with operation(actor, resource.act("assign")) as opened:
            guards.check(actor, resource, "assign", mine, values)
            count = writing.update_many(resource, mine, values)
            describe(opened, updated=count)
        return count

    def update_imported(
        self, actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]], fresh: Collection[UUID] = ()
    ) -> int:
        """Write an import's cleaned values to records; of `fresh` those this operation created."""
        resource = self.resource
        actor.require(resource.permission("edit" if not fresh else "create"))
        ids = {record_id for record_id, _values in changes}
        rows = access.visible(actor, resource, "edit").filter(pk__in=ids).select_for_update(of=("self",))
        records = {row.pk: row for row in rows}
        with operation(actor, resource.act("edit")) as opened:
            rest = ids & set(fresh) - records.keys()
            if rest:
                made = created_in(opened.id, rest)
                records |= resource.model._default_manager.in_bulk(list(made))
            wanted = [(records[one], values) for one, values in changes if one in records]
            guards.check_edit(actor, resource, [record for record, _values in wanted])
            count = writing.update_each(resource, wanted)
            self._after(actor, [record.pk for record, _values in wanted])
        return count


def standard(key: str, after: After = _nothing) -> Verbs:
    """The verbs of the resource with this key. Each takes the actor first and the rest by keyword.

    `after` is called inside the operation with the ids that were written: for what follows from rows in other ones.
    """
    own = _Standard(key, after)
    return Verbs(
        own.create,
        own.create_many,
        own.edit,
        own.edit_many,
        own.edit_each,
        own.remove_many,
        own.update_imported,
    )


def assigning(key: str, owner: str) -> Action:
    """The action that gives records of a resource to somebody; `owner` is the field that says to whom."""
    return Action(
        key="assign",
        label=_("Assign an owner"),
        service=_Standard(key).assign,
        verb="assign",
        inputs=(MemberLink(name=owner, label=_("Owner"), required=True),),
        icon="user-check",
        said=_("%(what)s assigned"),
        order=20,
    )


def may_assign(
    actor: Actor, resource: type[Resource], owner_id: UUID | None, *, at_birth: bool = False
) -> None:
    """Raises Forbidden where the actor may not give a record to this person; what he creates he may keep."""
    if at_birth and owner_id == actor.member_id:
        return
    code = resource.permission("assign")
    actor.require(code)
    within = actor.members_within(code)
    if within is not None and owner_id is not None and owner_id not in within:
        raise Forbidden(code)


def removable(actor: Actor, resource: type[Resource], ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of records about to be deleted. Raises NotFound for one unseen, Forbidden for one beyond reach."""
    rows = access.visible(actor, resource, "delete").filter(pk__among=ids)
    found = {row.pk: str(row) for row in rows}
    missing = set(ids) - found.keys()
    if missing:
        seen = access.visible(actor, resource).filter(pk__in=missing)
        if seen.count() < len(missing):
            raise NotFound("not_found", {"resource": resource.key})
        raise Forbidden(resource.permission("delete"))
    return found

"""Roles and field rules through the API: what each may do and on whose records, which fields it sees."""

from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation.permissions import services
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import Assignment, FieldRule, Grant, Role
from guanxi.kernel.errors import NotFound
from guanxi.resource.operations import Operation, declare

MANAGE = "permissions.role.manage"


@dataclass(frozen=True, kw_only=True)
class NewRole:
    """A role; `grants` is permission code to reach: `own`, `department`, `below`, `all`."""

    name: str
    note: str = ""
    grants: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ChangedRole:
    """What is to be changed."""

    name: str | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class CopiedRole:
    """What the copy is called."""

    name: str


@dataclass(frozen=True, kw_only=True)
class RoleGrants:
    """Permission code to reach; "" takes the code away, codes that are not named stay."""

    grants: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class FieldMode:
    """A field of a resource for a role: `read_only`, `mask`, `hide`, or "" for no rule."""

    resource: str
    field: str
    mode: str


@dataclass(frozen=True, kw_only=True)
class RoleFields:
    """Rules of fields; those that are not named stay."""

    fields: list[FieldMode]


@dataclass(frozen=True, kw_only=True)
class RoleOut:
    """A role. `code` is that of a ready-made one; `people` how many have it."""

    id: UUID
    version: int
    code: str
    name: str
    note: str
    grants: dict[str, str]
    fields: list[FieldMode]
    people: int


def register() -> None:
    """Called once at start-up."""
    one = "roles/{id}"
    declare(
        Operation(
            area="roles", method="GET", path="roles", act=_roles, answer=RoleOut, many=True,
            summary=gettext_noop("Roles"),
        ),
        Operation(
            area="roles", method="POST", path="roles", act=_create, body=NewRole, answer=RoleOut, status=201,
            summary=gettext_noop("Make a role"),
            words=gettext_noop("Nobody gives or takes rights that he does not hold himself."),
        ),
        Operation(area="roles", method="GET", path=one, act=_read, answer=RoleOut, summary=gettext_noop("Read a role")),
        Operation(
            area="roles", method="PATCH", path=one, act=_edit, body=ChangedRole, answer=RoleOut, guarded=True,
            summary=gettext_noop("Change a role"),
        ),
        Operation(
            area="roles", method="DELETE", path=one, act=_delete, status=204, summary=gettext_noop("Delete a role"),
            words=gettext_noop("One that nobody has."),
        ),
        Operation(
            area="roles", method="POST", path=f"{one}/copy", act=_copy, body=CopiedRole, answer=RoleOut, status=201,
            summary=gettext_noop("Copy a role"),
        ),
        Operation(
            area="roles", method="POST", path=f"{one}/grants", act=_grant, body=RoleGrants, answer=RoleOut,
            guarded=True, summary=gettext_noop("Change what a role may do"),
            words=gettext_noop("Nobody gives or takes rights that he does not hold himself."),
        ),
        Operation(
            area="roles", method="POST", path=f"{one}/fields", act=_restrict, body=RoleFields, answer=RoleOut,
            guarded=True, summary=gettext_noop("Change which fields a role sees"),
        ),
        roles=_("Roles"),
    )  # fmt: skip


def _roles(actor: Actor) -> tuple[list[RoleOut], str | None]:
    actor.require(MANAGE)
    return _told(list(Role.objects.order_by("position", "name", "id"))), None


def _told(found: list[Role]) -> list[RoleOut]:
    grants: dict[UUID, dict[str, str]] = {one.id: {} for one in found}
    rules: dict[UUID, list[FieldMode]] = {one.id: [] for one in found}
    people = dict.fromkeys(grants, 0)
    for grant in Grant.objects.filter(role__in=found).order_by("code"):
        grants[grant.role_id][grant.code] = grant.reach
    for rule in FieldRule.objects.filter(role__in=found).order_by("resource", "field"):
        rules[rule.role_id].append(FieldMode(resource=rule.resource, field=rule.field, mode=rule.mode))
    for role_id in Assignment.objects.filter(role__in=found).values_list("role_id", flat=True):
        people[role_id] += 1
    return [
        RoleOut(
            id=one.id,
            version=one.version,
            code=one.code,
            name=one.shown_name,
            note=one.shown_note,
            grants=grants[one.id],
            fields=rules[one.id],
            people=people[one.id],
        )
        for one in found
    ]


def _one(role_id: UUID) -> RoleOut:
    return _told([_found(role_id)])[0]


def _found(role_id: UUID) -> Role:
    found = Role.objects.filter(id=role_id).first()
    if found is None:
        raise NotFound("role_not_found")
    return found


def _read(actor: Actor, role_id: UUID) -> RoleOut:
    actor.require(MANAGE)
    return _one(role_id)


def _create(actor: Actor, body: NewRole) -> RoleOut:
    return _one(services.create_role(actor, name=body.name, note=body.note, grants=body.grants).id)


def _edit(actor: Actor, role_id: UUID, body: ChangedRole, *, expected_version: int | None) -> RoleOut:
    actor.require(MANAGE)
    held = _found(role_id)
    name = held.name if body.name is None else body.name
    note = held.note if body.note is None else body.note
    services.edit_role(actor, role_id, name=name, note=note, version=expected_version)
    return _one(role_id)


def _delete(actor: Actor, role_id: UUID) -> None:
    services.delete_role(actor, role_id)


def _copy(actor: Actor, role_id: UUID, body: CopiedRole) -> RoleOut:
    return _one(services.copy_role(actor, role_id, name=body.name).id)


def _grant(actor: Actor, role_id: UUID, body: RoleGrants, *, expected_version: int | None) -> RoleOut:
    services.set_grants(actor, role_id, body.grants, version=expected_version)
    return _one(role_id)


def _restrict(actor: Actor, role_id: UUID, body: RoleFields, *, expected_version: int | None) -> RoleOut:
    modes = {(one.resource, one.field): one.mode for one in body.fields}
    services.set_field_rules(actor, role_id, modes, version=expected_version)
    return _one(role_id)

"""Roles and what they grant."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import REACHES, Actor
from guanxi.foundation.permissions.acts import act
from guanxi.foundation.permissions.codes import ADMINISTRATOR, find_code
from guanxi.foundation.permissions.models import Assignment, FieldRule, Grant, Role
from guanxi.foundation.permissions.services.integrity import (
    check_version,
    grants_of_roles,
    invalid,
    refuse_raising,
    serialise,
    text,
)
from guanxi.kernel.errors import NotFound, Refused

MANAGE = "permissions.role.manage"


def create_role(actor: Actor, *, name: str, note: str = "", grants: Mapping[str, str] | None = None) -> Role:
    """Add a role. Raises Forbidden, Invalid, Refused (rights beyond one's own)."""
    actor.require(MANAGE)
    with transaction.atomic():
        serialise()
        wanted = _checked(grants or {})
        refuse_raising(actor, wanted)
        role = _new_role(name, note)
        with act(actor, "permissions.role.create", record_id=role.id, label=role.named):
            role.save(force_insert=True)
            for code, reach in wanted.items():
                Grant(role_id=role.id, code=code, reach=reach).save(force_insert=True)
    return role


def copy_role(actor: Actor, role_id: UUID, *, name: str) -> Role:
    """A new role with the grants and field rules of another one, to be changed freely."""
    actor.require(MANAGE)
    with transaction.atomic():
        serialise()
        pattern = locked_role(role_id)
        grants = grants_of_roles([pattern.id])
        refuse_raising(actor, grants)
        role = _new_role(name, pattern.note)
        with act(actor, "permissions.role.copy", record_id=role.id, label=role.named):
            role.save(force_insert=True)
            for code, reach in grants.items():
                Grant(role_id=role.id, code=code, reach=reach).save(force_insert=True)
            for rule in FieldRule.objects.filter(role_id=pattern.id):
                FieldRule(role_id=role.id, resource=rule.resource, field=rule.field, mode=rule.mode).save(
                    force_insert=True
                )
    return role


def edit_role(actor: Actor, role_id: UUID, *, name: str, note: str = "", version: int | None = None) -> Role:
    """Rename or describe a role. Raises NotFound, Invalid, Stale."""
    actor.require(MANAGE)
    with transaction.atomic():
        serialise()
        role = locked_role(role_id)
        check_version(role.version, version)
        values = {"name": text("name", name, most=100, required=True), "note": text("note", note, most=300)}
        changed: dict[str, Any] = {key: value for key, value in values.items() if getattr(role, key) != value}
        if not changed:
            return role
        if "name" in changed:
            _check_name(changed["name"], role.id)
        with act(actor, "permissions.role.edit", record_id=role.id, label=values["name"]):
            for key, value in changed.items():
                setattr(role, key, value)
            role.save(update_fields=[*changed, "updated_at"])
    role.refresh_from_db()
    return role


def set_grants(actor: Actor, role_id: UUID, grants: Mapping[str, str], *, version: int | None = None) -> Role:
    """Change what a role grants: code to reach, "" takes the code away; codes not named stay.

    Raises NotFound, Invalid, Stale, Refused: the administrator's role is fixed, and nobody gives or takes
    what he does not hold himself.
    """
    actor.require(MANAGE)
    with transaction.atomic():
        serialise()
        role = locked_role(role_id)
        check_version(role.version, version)
        if role.code == ADMINISTRATOR:
            raise Refused(
                "administrator_fixed", _("The administrator may do everything; this cannot be changed.")
            )
        held = {grant.code: grant for grant in Grant.objects.filter(role_id=role.id)}
        wanted = _checked({code: reach for code, reach in grants.items() if reach})
        changed = {
            code: reach for code, reach in wanted.items() if code not in held or held[code].reach != reach
        }
        dropped = [held[code] for code, reach in grants.items() if not reach and code in held]
        if not changed and not dropped:
            return role
        refuse_raising(actor, changed)
        refuse_raising(actor, {code: held[code].reach for code in changed if code in held})
        refuse_raising(actor, {grant.code: grant.reach for grant in dropped})
        with act(actor, "permissions.role.grant", record_id=role.id, label=role.named):
            for code, reach in changed.items():
                grant = held.get(code)
                if grant is None:
                    Grant(role_id=role.id, code=code, reach=reach).save(force_insert=True)
                else:
                    grant.reach = reach
                    grant.save(update_fields=["reach", "updated_at"])
            for grant in dropped:
                grant.delete()
            role.save(
                update_fields=["updated_at"]
            )  # raises the version that the next form is checked against
    role.refresh_from_db()
    return role


def delete_role(actor: Actor, role_id: UUID) -> None:
    """Remove a role nobody has. Raises NotFound, Refused (in use, the administrator's)."""
    actor.require(MANAGE)
    with transaction.atomic():
        serialise()
        role = locked_role(role_id)
        if role.code == ADMINISTRATOR:
            raise Refused(
                "administrator_fixed", _("The administrator may do everything; this cannot be changed.")
            )
        refuse_raising(actor, grants_of_roles([role.id]))
        if Assignment.objects.filter(role_id=role.id).exists():
            raise Refused("role_in_use", _("People still have this role. Give them another one first."))
        with act(actor, "permissions.role.delete", record_id=role.id, label=role.named):
            role.delete()


def locked_role(role_id: UUID) -> Role:
    """The role, locked. Raises NotFound."""
    role = Role.objects.select_for_update().filter(id=role_id).first()
    if role is None:
        raise NotFound("role_not_found", {})
    return role


def _new_role(name: str, note: str) -> Role:
    name = text("name", name, most=100, required=True)
    _check_name(name, None)
    last = Role.objects.aggregate(last=Max("position"))["last"]
    return Role(name=name, note=text("note", note, most=300), position=0 if last is None else last + 1)


def _check_name(name: str, of: UUID | None) -> None:
    if Role.objects.filter(name=name).exclude(id__in=[of] if of else []).exists():
        raise invalid("name", "taken", _("There is a role of this name already."))


def _checked(grants: Mapping[str, str]) -> dict[str, str]:
    result = {}
    for code, reach in grants.items():
        known = find_code(code)
        if known is None or reach not in REACHES:
            raise invalid("grants", "code_unknown", _("This right is not known: %(code)s"), code=code)
        result[code] = reach if known.reach else "all"
    return result

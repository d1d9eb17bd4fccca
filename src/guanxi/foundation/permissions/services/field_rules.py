"""Fields that are hidden, masked or read-only for a role."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import MODES, Actor
from guanxi.foundation.permissions.acts import act
from guanxi.foundation.permissions.codes import ADMINISTRATOR, catalogue
from guanxi.foundation.permissions.models import FieldRule, Role
from guanxi.foundation.permissions.services.integrity import (
    check_version,
    invalid,
    refuse_freeing,
    serialise,
)
from guanxi.foundation.permissions.services.roles import locked_role
from guanxi.kernel.errors import Refused


def set_field_rules(
    actor: Actor, role_id: UUID, modes: Mapping[tuple[str, str], str], *, version: int | None = None
) -> Role:
    """Set several rules, (resource, field) to mode, as one operation. Raises as set_field_rule, and Stale."""
    actor.require("permissions.role.manage")
    with transaction.atomic():
        serialise()
        role = locked_role(role_id)
        check_version(role.version, version)
        rules = FieldRule.objects.filter(role_id=role.id).values_list("resource", "field", "mode")
        held = {(resource, name): mode for resource, name, mode in rules}
        changed = {key: mode for key, mode in modes.items() if held.get(key, "") != mode}
        if changed:
            with act(actor, "permissions.role.restrict", record_id=role.id, label=role.named):
                for (resource, name), mode in changed.items():
                    set_field_rule(actor, role_id, resource=resource, field=name, mode=mode)
    role.refresh_from_db()
    return role


def set_field_rule(actor: Actor, role_id: UUID, *, resource: str, field: str, mode: str = "") -> Role:
    """Restrict a field of a resource for a role; "" frees it again.

    Raises NotFound, Invalid for an unknown field or mode, Refused for the administrator's role and for one's
    own role by anybody but an administrator (a freed field would raise himself).
    """
    actor.require("permissions.role.manage")
    with transaction.atomic():
        serialise()
        role = locked_role(role_id)
        if role.code == ADMINISTRATOR:
            raise Refused(
                "administrator_fixed", _("The administrator may do everything; this cannot be changed.")
            )
        known = catalogue().get(resource)
        found = next((one for one in known.fields if one.name == field), None) if known else None
        rule = FieldRule.objects.filter(role_id=role.id, resource=resource, field=field).first()
        if mode and (found is None or mode not in MODES or not found.takes(mode)):
            raise invalid("mode", "rule_unknown", _("This field cannot be restricted in this way."))
        if (rule.mode if rule else "") == mode:
            return role
        refuse_freeing(actor, resource, field)
        with act(
            actor,
            "permissions.role.restrict",
            record_id=role.id,
            label=role.name,
            resource=resource,
            field=field,
        ):
            if rule is None:
                FieldRule(role_id=role.id, resource=resource, field=field, mode=mode).save(force_insert=True)
            elif mode:
                rule.mode = mode
                rule.save(update_fields=["mode", "updated_at"])
            else:
                rule.delete()
            role.save(update_fields=["updated_at"])
    return role

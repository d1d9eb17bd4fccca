"""The tree of departments."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.acts import act
from guanxi.foundation.permissions.queries import departments_below
from guanxi.foundation.permissions.rules import makes_circle
from guanxi.foundation.permissions.services.integrity import (
    check_version,
    invalid,
    is_administrator,
    serialise,
    text,
)
from guanxi.kernel.errors import NotFound, Refused

MANAGE = "accounts.member.manage"


def create_department(
    actor: Actor, *, name: str, parent_id: UUID | None = None, head_id: UUID | None = None
) -> Department:
    """Add a department at the end of its siblings. Raises Forbidden, Invalid."""
    actor.require(MANAGE)
    with transaction.atomic():
        serialise()
        name = text("name", name, most=100, required=True)
        _check_parent(parent_id)
        _check_head(head_id)
        _check_name(name, parent_id, None)
        last = Department.objects.filter(parent_id=parent_id).aggregate(last=Max("position"))["last"]
        department = Department(
            name=name, parent_id=parent_id, head_id=head_id, position=0 if last is None else last + 1
        )
        with act(actor, "accounts.department.create", record_id=department.id, label=name):
            department.save(force_insert=True)
    return department


def edit_department(
    actor: Actor, department_id: UUID, *, version: int | None = None, **changes: Any
) -> Department:
    """Change `name` or `head_id`. Raises NotFound, Invalid, Stale."""
    actor.require(MANAGE)
    with transaction.atomic():
        serialise()
        department = _locked(department_id)
        check_version(department.version, version)
        if unknown := set(changes) - {"name", "head_id"}:
            raise TypeError(f"a department has no {unknown}")
        if "name" in changes:
            changes["name"] = text("name", changes["name"], most=100, required=True)
            _check_name(changes["name"], department.parent_id, department.id)
        _check_head(changes.get("head_id"))
        _write(actor, "accounts.department.edit", department, changes)
    return department


def move_department(
    actor: Actor, department_id: UUID, *, parent_id: UUID | None, version: int | None = None
) -> Department:
    """Hang a department under another one, or at the top. Raises NotFound, Invalid (circle, name), Stale.

    Refused where somebody other than an administrator would widen his own reach by it.
    """
    actor.require(MANAGE)
    with transaction.atomic():
        serialise()
        department = _locked(department_id)
        check_version(department.version, version)
        if department.parent_id == parent_id:
            return department
        _check_parent(parent_id)
        parents = dict(Department.objects.values_list("id", "parent_id"))
        if makes_circle(parents, department.id, parent_id):
            raise invalid("parent_id", "department_circle", _("A department cannot lie beneath itself."))
        _check_name(department.name, parent_id, department.id)
        if (
            not is_administrator(actor)
            and actor.department_id
            and parent_id in departments_below(actor.department_id)
        ):
            raise Refused(
                "own_reach", _("You cannot move a department under your own. Ask an administrator.")
            )
        last = Department.objects.filter(parent_id=parent_id).aggregate(last=Max("position"))["last"]
        changes = {"parent_id": parent_id, "position": 0 if last is None else last + 1}
        _write(actor, "accounts.department.move", department, changes)
    return department


def reorder_departments(actor: Actor, department_ids: Sequence[UUID]) -> None:
    """Put siblings into this order. Raises Invalid where they are not all children of one parent."""
    actor.require(MANAGE)
    with transaction.atomic():
        serialise()
        rows = {row.id: row for row in Department.objects.select_for_update().filter(id__in=department_ids)}
        if len(rows) != len(department_ids) or len({row.parent_id for row in rows.values()}) > 1:
            raise invalid(
                "department_ids",
                "not_siblings",
                _("Only departments under the same one can be put in order."),
            )
        with act(actor, "accounts.department.reorder", label=", ".join(rows[i].name for i in department_ids)):
            for position, one in enumerate(department_ids):
                if rows[one].position != position:
                    rows[one].position = position
                    rows[one].save(update_fields=["position", "updated_at"])


def delete_department(actor: Actor, department_id: UUID) -> None:
    """Remove an empty department. Raises NotFound, Refused while people or departments are in it."""
    actor.require(MANAGE)
    with transaction.atomic():
        serialise()
        department = _locked(department_id)
        if Department.objects.filter(parent_id=department.id).exists():
            raise Refused("department_has_children", _("Move or delete the departments beneath it first."))
        if Member.objects.filter(department_id=department.id).exists():
            raise Refused(
                "department_has_members",
                _("There are still people in it, among them perhaps some who have left. Move them first."),
            )
        with act(actor, "accounts.department.delete", record_id=department.id, label=department.name):
            department.delete()


def _write(actor: Actor, verb: str, department: Department, changes: dict[str, Any]) -> None:
    changed = {key: value for key, value in changes.items() if getattr(department, key) != value}
    if not changed:
        return
    with act(actor, verb, record_id=department.id, label=changed.get("name", department.name)):
        for key, value in changed.items():
            setattr(department, key, value)
        department.save(update_fields=[*changed, "updated_at"])
    department.refresh_from_db()


def _locked(department_id: UUID) -> Department:
    department = Department.objects.select_for_update().filter(id=department_id).first()
    if department is None:
        raise NotFound("department_not_found", {})
    return department


def _check_parent(parent_id: UUID | None) -> None:
    if parent_id is not None and not Department.objects.filter(id=parent_id).exists():
        raise invalid("parent_id", "not_there", _("This is not there any more. Choose another."))


def _check_head(head_id: UUID | None) -> None:
    if head_id is not None and not Member.objects.filter(id=head_id, left_on__isnull=True).exists():
        raise invalid("head_id", "not_there", _("This is not there any more. Choose another."))


def _check_name(name: str, parent_id: UUID | None, of: UUID | None) -> None:
    if Department.objects.filter(name=name, parent_id=parent_id).exclude(id__in=[of] if of else []).exists():
        raise invalid("name", "taken", _("There is a department of this name here already."))

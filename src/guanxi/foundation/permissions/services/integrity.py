"""What must hold for a company's people, whoever changed them and however."""

from collections.abc import Mapping
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.codes import ADMINISTRATOR
from guanxi.foundation.permissions.models import Assignment, Grant, Role
from guanxi.foundation.permissions.rules import beyond, has_circle, widest
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.errors import Invalid, Message, Refused, Stale
from guanxi.kernel.text import TextTooLong, clean_text

_LOCK = 0x67780001


def serialise() -> None:
    """Changes of people and rights of one company go one after another, so that what was checked holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, str(require_scope().tenant_id)]
        )


def is_administrator(actor: Actor) -> bool:
    """The system, or a member with the ready-made role of administrator."""
    return actor.is_system or ADMINISTRATOR in actor.roles


def check_people() -> None:
    """Raises Refused where no administrator who can work is left, or a tree runs in a circle."""
    administrators = Assignment.objects.filter(
        role__code=ADMINISTRATOR, member__left_on__isnull=True, member__account__isnull=False
    )
    if not administrators.exists():
        raise Refused(
            "last_administrator",
            _("The company would have no administrator left. Make somebody else one first."),
        )
    if has_circle(dict(Department.objects.values_list("id", "parent_id"))):
        raise Refused("department_circle", _("A department cannot lie beneath itself."))
    if has_circle(dict(Member.objects.values_list("id", "superior_id"))):
        raise Refused("superior_circle", _("A person cannot be their own superior, however far up."))


def grants_of_roles(role_ids: list[UUID]) -> dict[str, str]:
    """What these roles grant together."""
    return widest(Grant.objects.filter(role_id__in=role_ids).values_list("code", "reach"))


def refuse_raising(actor: Actor, wanted: Mapping[str, str]) -> None:
    """Raises Refused where something would be granted that the actor does not hold himself."""
    if not is_administrator(actor) and beyond(actor.grants, wanted):
        raise _beyond()


def refuse_changing_roles(actor: Actor, member_id: UUID, role_ids: list[UUID]) -> None:
    """Raises Refused where somebody who is no administrator would change his own roles, an administrator's,
    or give or take rights beyond his own."""
    if is_administrator(actor):
        return
    if member_id == actor.member_id:
        raise Refused("own_roles", _("You cannot change your own roles. Ask an administrator."))
    if Role.objects.filter(id__in=role_ids, code=ADMINISTRATOR).exists():
        raise Refused("administrators_only", _("Only an administrator makes or unmakes an administrator."))
    refuse_raising(actor, grants_of_roles(role_ids))


def refuse_freeing(actor: Actor, resource: str, field: str) -> None:
    """Raises Refused where somebody would change the rule of a field that is restricted for himself."""
    if not is_administrator(actor) and actor.field_mode(resource, field) is not None:
        raise _beyond()


def _beyond() -> Refused:
    return Refused(
        "beyond_own_rights",
        _("You cannot give rights that you do not have yourself. Ask an administrator."),
    )


def may_act_for(actor: Actor, member_id: UUID) -> bool:
    """Whether the actor holds everything that the member holds: needed to set a password or to see as him."""
    if is_administrator(actor):
        return True
    theirs = widest(Grant.objects.filter(role__assignments__member_id=member_id).values_list("code", "reach"))
    return not beyond(actor.grants, theirs)


def may_see_as(actor: Actor, member_id: UUID) -> bool:
    """Whether the actor may look through this member's eyes: holds the code, and everything the member holds."""
    return (
        actor.may("accounts.member.see_as") and member_id != actor.member_id and may_act_for(actor, member_id)
    )


def refuse_higher(actor: Actor, member_id: UUID) -> None:
    """Raises Refused for a member with more rights than the actor."""
    if not may_act_for(actor, member_id):
        raise Refused(
            "member_outranks",
            _("This person has rights that you do not have. Ask an administrator to do this."),
        )


def check_version(current: int, expected: int | None) -> None:
    """Raises Stale where the form was filled in over an older version."""
    if expected is not None and current != expected:
        raise Stale(current, expected)


def invalid(name: str, code: str, text: object, /, **params: object) -> Invalid:
    """One message beside one field."""
    return Invalid({name: [Message(code, text, params)]})


def text(name: str, value: str, *, most: int, required: bool = False, lines: bool = False) -> str:
    """Outside text as it is stored. Raises Invalid beside the field."""
    try:
        cleaned = clean_text(value, multiline=lines, max_length=most)
    except TextTooLong as error:
        raise invalid(name, "too_long", _("At most %(limit)s characters."), limit=error.limit) from error
    if required and not cleaned:
        raise invalid(name, "required", _("Fill this in."))
    return cleaned

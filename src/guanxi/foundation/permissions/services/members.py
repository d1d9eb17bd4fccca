"""People of the company: who they are, where they stand, what roles they have, whether they may sign in."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Account, Department, Member
from guanxi.foundation.accounts.services import leave_company, reopen_account
from guanxi.foundation.accounts.services import set_password as set_account_password
from guanxi.foundation.accounts.services.accounts import refuse_foreign
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.acts import act
from guanxi.foundation.permissions.models import Assignment, Role
from guanxi.foundation.permissions.rules import makes_circle
from guanxi.foundation.permissions.services.integrity import (
    check_people,
    check_version,
    invalid,
    is_administrator,
    refuse_changing_roles,
    refuse_higher,
    serialise,
    text,
)
from guanxi.foundation.permissions.services.sign_ins import make_sign_in
from guanxi.foundation.tenancy.models import Tenant
from guanxi.kernel.errors import NotFound, Refused
from guanxi.kernel.pinyin import person_sort_key

MANAGE = "accounts.member.manage"
GIVE = "permissions.role.manage"
_TEXTS = {"name": 100, "title": 100, "phone": 40, "number": 40}


def create_member(
    actor: Actor,
    *,
    name: str,
    department_id: UUID | None = None,
    superior_id: UUID | None = None,
    title: str = "",
    email: str = "",
    phone: str = "",
    number: str = "",
    role_ids: Collection[UUID] = (),
    username: str = "",
    password: str = "",
    account: Account | None = None,
) -> Member:
    """Add a person. With `username` they get a sign-in whose `password` must be changed at the first use.

    `account` links an existing sign-in instead (set-up and command line only). Raises Forbidden, Invalid,
    Refused (rights beyond one's own).
    """
    actor.require(MANAGE)
    if account is not None and not actor.is_system:
        raise Refused("account_link", _("A person joins another company through whoever runs the server."))
    values = _cleaned(
        name=name, department_id=department_id, superior_id=superior_id, title=title,
        email=email, phone=phone, number=number,
    )  # fmt: skip
    with transaction.atomic():
        serialise()
        _check_number(values["number"], None)
        if username and account is None:
            account = make_sign_in(
                name=values["name"], username=username, password=password, email=values["email"],
                phone=values["phone"], language=_language(actor), must_change=True,
            )  # fmt: skip
        member = Member(account=account, name_sort=person_sort_key(values["name"]), **values)
        with act(actor, "accounts.member.create", record_id=member.id, label=member.name):
            member.save(force_insert=True)
            if role_ids:
                _change_roles(actor, member, give=set(role_ids), withdraw=set())
    return member


def edit_member(actor: Actor, member_id: UUID, *, version: int | None = None, **changes: Any) -> Member:
    """Change what is written of a person: any of create_member's first seven fields.

    Raises NotFound, Invalid, Stale, and Refused where somebody would move himself to a wider reach.
    """
    actor.require(MANAGE)
    with transaction.atomic():
        serialise()
        member = _locked(member_id)
        check_version(member.version, version)
        values = _cleaned(**changes)
        changed = {key: value for key, value in values.items() if getattr(member, key) != value}
        if not changed:
            return member
        if {"department_id", "superior_id"} & set(changed) and not is_administrator(actor):
            if member.id == actor.member_id:
                raise Refused("own_place", _("You cannot move yourself. Ask an administrator."))
            refuse_higher(actor, member.id)
        superiors = dict(Member.objects.values_list("id", "superior_id"))
        if changed.get("superior_id") and makes_circle(superiors, member.id, changed["superior_id"]):
            raise invalid(
                "superior_id", "superior_circle", _("A person cannot be their own superior, however far up.")
            )
        if "number" in changed:
            _check_number(changed["number"], member.id)
        if "name" in changed:
            changed["name_sort"] = person_sort_key(changed["name"])
        with act(actor, "accounts.member.edit", record_id=member.id, label=changed.get("name", member.name)):
            for key, value in changed.items():
                setattr(member, key, value)
            member.save(update_fields=[*changed, "updated_at"])
    member.refresh_from_db()
    return member


def close_member(actor: Actor, member_id: UUID, *, left_on: date | None = None) -> Member:
    """The person has left: signed out for good here. What they own stays theirs until it is handed over.

    Who has them as superior, and departments they head, stay as they are: see queries.holds_of_member.
    Raises NotFound, Refused (closing oneself, the last administrator, somebody with more rights).
    """
    actor.require(MANAGE)
    with transaction.atomic():
        member = _locked(member_id)
        if member.id == actor.member_id:
            raise Refused("close_self", _("You cannot close your own account. Ask another administrator."))
        if member.left_on is not None:
            raise Refused("member_closed", _("This person is closed already."))
        refuse_higher(actor, member.id)
        with act(actor, "accounts.member.close", record_id=member.id, label=member.name):
            member.left_on = left_on or timezone.localdate()
            member.save(update_fields=["left_on", "updated_at"])
        check_people()
        if member.account_id:
            leave_company(member.account_id)
    return member


def reopen_member(actor: Actor, member_id: UUID) -> Member:
    """The person is back, with the roles they had. Raises NotFound, Refused."""
    actor.require(MANAGE)
    with transaction.atomic():
        member = _locked(member_id)
        if member.left_on is None:
            raise Refused("member_open", _("This person is not closed."))
        refuse_higher(actor, member.id)
        with act(actor, "accounts.member.reopen", record_id=member.id, label=member.name):
            member.left_on = None
            member.save(update_fields=["left_on", "updated_at"])
        if member.account_id:
            reopen_account(member.account_id)
    return member


def set_password(actor: Actor, member_id: UUID, *, password: str, username: str = "") -> Member:
    """Give a person a new password, or their first sign-in with `username`; to be changed at the first use.

    Raises NotFound, Invalid, Refused (more rights than the actor's, a sign-in of another company too).
    """
    actor.require(MANAGE)
    with transaction.atomic():
        member = _locked(member_id)
        if member.left_on is not None:
            raise Refused("member_closed", _("This person is closed already."))
        refuse_higher(actor, member.id)
        with act(actor, "accounts.member.set_password", record_id=member.id, label=member.name):
            if member.account is None:
                member.account = make_sign_in(
                    name=member.name, username=username, password=password, email=member.email,
                    phone=member.phone, language=_language(actor), must_change=True,
                )  # fmt: skip
                member.save(update_fields=["account", "updated_at"])
            else:
                refuse_foreign(member.account.id, tenant_id=member.tenant_id)
                set_account_password(member.account.id, password, must_change=True)
    return member


def give_role(actor: Actor, member_id: UUID, role_id: UUID) -> None:
    """Give one role. Raises NotFound, Refused (to oneself, beyond one's own rights)."""
    _roles_changed(actor, member_id, give={role_id}, withdraw=set())


def withdraw_role(actor: Actor, member_id: UUID, role_id: UUID) -> None:
    """Take one role away. Raises NotFound, Refused (the last administrator, beyond one's own rights)."""
    _roles_changed(actor, member_id, give=set(), withdraw={role_id})


def set_roles(actor: Actor, member_id: UUID, role_ids: Collection[UUID]) -> None:
    """Make these a person's roles, no others."""
    held = set(Assignment.objects.filter(member_id=member_id).values_list("role_id", flat=True))
    _roles_changed(actor, member_id, give=set(role_ids) - held, withdraw=held - set(role_ids))


def _roles_changed(actor: Actor, member_id: UUID, *, give: set[UUID], withdraw: set[UUID]) -> None:
    actor.require(GIVE)
    with transaction.atomic():
        member = _locked(member_id)
        if not give and not withdraw:
            return
        with act(actor, "accounts.member.set_roles", record_id=member.id, label=member.name):
            _change_roles(actor, member, give=give, withdraw=withdraw)
        if withdraw:
            check_people()


def _change_roles(actor: Actor, member: Member, *, give: set[UUID], withdraw: set[UUID]) -> None:
    actor.require(GIVE)
    if Role.objects.filter(id__in=give | withdraw).count() != len(give | withdraw):
        raise invalid("role_ids", "role_gone", _("This role is not there any more."))
    refuse_changing_roles(actor, member.id, list(give | withdraw))
    held = set(
        Assignment.objects.filter(member_id=member.id, role_id__in=give).values_list("role_id", flat=True)
    )
    for role_id in sorted(give - held):
        Assignment(member_id=member.id, role_id=role_id).save(force_insert=True)
    Assignment.objects.filter(member_id=member.id, role_id__in=withdraw).delete()


def _locked(member_id: UUID) -> Member:
    # The lock is on the member alone: the account is a global row that others may be reading.
    member = Member.objects.select_for_update(of=("self",)).filter(id=member_id).first()
    if member is None:
        raise NotFound("member_not_found", {})
    return member


def _cleaned(**values: Any) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in values.items():
        if key in _TEXTS:
            result[key] = text(key, value, most=_TEXTS[key], required=key == "name")
        elif key == "email":
            result[key] = _address(key, value)
        elif key == "department_id":
            result[key] = _existing(Department, key, value)
        elif key == "superior_id":
            result[key] = _existing(Member, key, value)
        else:
            raise TypeError(f"a member has no {key}")
    return result


def _address(name: str, value: str) -> str:
    cleaned = text(name, value, most=254).lower()
    if cleaned:
        try:
            validate_email(cleaned)
        except ValidationError as error:
            raise invalid(
                name, "email", _("This is not a complete e-mail address, like name@example.com.")
            ) from error
    return cleaned


def _existing(model: type[Department] | type[Member], key: str, value: UUID | None) -> UUID | None:
    if value is not None and not model._default_manager.filter(id=value).exists():
        raise invalid(key, "not_there", _("This is not there any more. Choose another."))
    return value


def _check_number(number: str, of: UUID | None) -> None:
    if number and Member.objects.filter(number=number).exclude(id__in=[of] if of else []).exists():
        raise invalid("number", "taken", _("Somebody else has this employee number."))


def _language(actor: Actor) -> str:
    return Tenant.objects.values_list("language", flat=True).get(id=actor.tenant_id)

"""A new company with its roles and first administrator, and the roles of companies after an upgrade."""

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.permissions.acts import act
from guanxi.foundation.permissions.beginnings import beginnings
from guanxi.foundation.permissions.codes import ADMINISTRATOR, READY_ROLES, all_codes
from guanxi.foundation.permissions.models import Assignment, Grant, Role
from guanxi.foundation.permissions.services.integrity import invalid, text
from guanxi.foundation.permissions.services.sign_ins import make_sign_in
from guanxi.foundation.tenancy.models import LEDGER_MONTHS, Tenant, company_changed
from guanxi.foundation.tenancy.scope import current_scope, scope
from guanxi.kernel.errors import NotFound
from guanxi.kernel.ids import new_id
from guanxi.kernel.pinyin import person_sort_key, sort_key


def create_company(
    *,
    name: str,
    admin_name: str,
    username: str = "",
    password: str = "",
    email: str = "",
    language: str = "zh-hans",
    time_zone: str = "Asia/Shanghai",
    slug: str = "",
    account: Account | None = None,
) -> Tenant:
    """A company with its ready-made roles and one administrator, whose sign-in is made here.

    `account` makes an existing sign-in the administrator instead. Opens its own scope. Raises Invalid with
    messages beside name, slug, username and password; nothing is kept then.
    """
    name = text("name", name, most=200, required=True)
    tenant = Tenant(id=new_id(), name=name, language=language, time_zone=time_zone)
    actor = system_actor(tenant.id)
    with scope(tenant.id, door="setup"), translation.override(language):
        if account is None:
            account = make_sign_in(
                name=text("admin_name", admin_name, most=100, required=True), username=username,
                password=password, email=email, phone="", language=language, must_change=False,
            )  # fmt: skip
        tenant.slug = _free_slug(slug, name)
        tenant.save(force_insert=True)
        with act(actor, "tenancy.company.create", label=name):
            sync_roles(tenant.id)
            member = Member(
                account=account,
                name=text("admin_name", admin_name, most=100) or account.name,
                email=account.email or "",
            )
            member.name_sort = person_sort_key(member.name)
            member.save(force_insert=True)
            role = Role.objects.get(code=ADMINISTRATOR)
            Assignment(member_id=member.id, role_id=role.id).save(force_insert=True)
        tenant.refresh_from_db()
    return tenant


def edit_company(
    actor: Actor, *, name: str, language: str, time_zone: str, retention_months: int | None = None
) -> Tenant:
    """Change the company's details; `retention_months` None keeps the change log for ever. As long as it is what
    holds anyway, the company goes on following the installation's setting.

    Raises Forbidden, Invalid. The company is a row outside the wall, so this act is noted, not undoable.
    """
    actor.require("settings.company.manage")
    tenant = Tenant.objects.select_for_update().get(id=actor.tenant_id)
    name = text("name", name, most=200, required=True)
    if language not in dict(settings.LANGUAGES):
        raise invalid("language", "not_there", _("This is not there any more. Choose another."))
    if time_zone not in available_timezones():
        raise invalid("time_zone", "not_there", _("This is not there any more. Choose another."))
    differs = (retention_months or 0) != tenant.ledger_months
    if differs and retention_months is not None and not 6 <= retention_months <= 1200:
        raise invalid(
            "retention_months", "range", _("At least 6 months, or leave it empty to keep everything.")
        )
    old = {"name": tenant.name, "language": tenant.language, "time_zone": tenant.time_zone}
    tenant.name, tenant.language, tenant.time_zone = name, language, time_zone
    if differs:
        tenant.settings = {**tenant.settings, LEDGER_MONTHS: retention_months}
    new = {"name": name, "language": language, "time_zone": time_zone}
    changed = {key: [old[key], new[key]] for key in new if old[key] != new[key]}
    with act(actor, "settings.company.edit", label=name, changed=changed):
        tenant.save(update_fields=["name", "language", "time_zone", "settings"])
    company_changed()
    return tenant


def change_settings(actor: Actor, verb: str, values: Mapping[str, Any], **said: Any) -> None:
    """Set keys of the company's settings. The caller has asked for the right and checked them. As the company is a row
    outside the wall, this act is noted, with what is `said` of it, and not undoable."""
    tenant = Tenant.objects.select_for_update().get(id=actor.tenant_id)
    tenant.settings = {**tenant.settings, **values}
    with act(actor, verb, label=tenant.name, **said):
        tenant.save(update_fields=["settings"])
    company_changed()


def sync_roles(tenant_id: UUID) -> int:
    """Give a company the ready-made roles and grants of parts it did not know yet; returns how many rows.

    What people have changed or deleted stays so: only newly registered codes and roles are added. The
    administrator always holds every code. Run at every start; opens its own scope where none is open.
    """
    opened: AbstractContextManager[Any] = nullcontext() if current_scope() else scope(tenant_id, door="setup")
    with opened:
        tenant = Tenant.objects.select_for_update().filter(id=tenant_id).first()
        if tenant is None:
            raise NotFound("company_not_found", {})
        with translation.override(tenant.language):
            return _sync(tenant)


def _sync(tenant: Tenant) -> int:
    known_codes = set(tenant.settings.get("known_codes", ()))
    known_roles = set(tenant.settings.get("known_roles", ()))
    codes = {code.key: code for code in all_codes()}
    new_roles = [ready for ready in READY_ROLES if ready.code not in known_roles]
    known_parts = set(tenant.settings.get("known_parts", ()))
    new_parts = {key: make for key, make in beginnings().items() if key not in known_parts}
    if not new_roles and not codes.keys() - known_codes and not new_parts:
        return 0
    with act(system_actor(tenant.id), "permissions.role.sync"):
        made = 0
        taken = set(Role.objects.values_list("name", flat=True))
        existing = dict(Role.objects.exclude(code="").values_list("code", "id"))
        for ready in new_roles:
            if ready.code in existing:
                continue
            role_name = str(ready.name)
            if role_name in taken:
                role_name = f"{role_name} ({ready.code})"
            position = [one.code for one in READY_ROLES].index(ready.code)
            role = Role(code=ready.code, name=role_name, note=str(ready.note), position=position)
            role.save(force_insert=True)
            existing[ready.code] = role.id
            made += 1
        held = set(Grant.objects.filter(role__code__gt="").values_list("role__code", "code"))
        fresh_roles = {ready.code for ready in new_roles}
        for code in codes.values():
            for role_code, reach in code.defaults.items():
                fresh = code.key not in known_codes or role_code in fresh_roles or role_code == ADMINISTRATOR
                if fresh and role_code in existing and (role_code, code.key) not in held:
                    Grant(role_id=existing[role_code], code=code.key, reach=reach).save(force_insert=True)
                    made += 1
        tenant.settings = {
            **tenant.settings,
            "known_codes": sorted(known_codes | codes.keys()),
            "known_roles": sorted(known_roles | {ready.code for ready in READY_ROLES}),
            "known_parts": sorted(known_parts | new_parts.keys()),
        }
        tenant.save(update_fields=["settings"])
        for make in new_parts.values():
            make()
    return made


def _free_slug(wanted: str, name: str) -> str:
    taken = set(Tenant.objects.values_list("slug", flat=True))
    if wanted:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", wanted):
            raise invalid("slug", "slug", _("Small letters, digits and hyphens only."))
        if wanted in taken:
            raise invalid("slug", "taken", _("Another company has this short name."))
        return wanted
    sounds = re.sub(r"[^a-z0-9]+", "", sort_key(name).split(" ")[0].lower().replace("'", ""))[:40]
    base = sounds or "company"
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug

"""The foundation's own words in the change log."""

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.ledger.labels import Image, TableLabels, label_table, label_verbs
from guanxi.foundation.permissions.codes import catalogue, find_code, in_readers_language
from guanxi.foundation.permissions.models import Assignment, FieldRule, Grant, Role
from guanxi.foundation.permissions.web import url_of


def register_words() -> None:
    """Tables and verbs of people, rights, the company and the ledger itself."""
    label_table(
        Member._meta.db_table,
        TableLabels(
            name=_("person"),
            url=lambda one: url_of("person", one),
            columns={
                "name": _("Name"),
                "account_id": _("sign-in"),
                "department_id": _("department"),
                "superior_id": _("superior"),
            },
        ),
    )
    label_table(
        Department._meta.db_table,
        TableLabels(
            name=_("department"),
            url=lambda one: f"{url_of('people')}?department={one}",
            columns={"parent_id": _("under"), "head_id": _("head")},
        ),
    )
    label_table(
        Role._meta.db_table,
        TableLabels(
            name=_("role"), row=_role, url=lambda one: url_of("role", one), hidden=frozenset({"code"})
        ),
    )
    label_table(
        Grant._meta.db_table,
        TableLabels(
            name=_("right"),
            row=_grant,
            columns={"code": _("right"), "reach": _("reach"), "role_id": _("role")},
            values={"code": _code},
        ),
    )
    label_table(
        Assignment._meta.db_table,
        TableLabels(
            name=_("given role"),
            row=lambda image: "",
            columns={"member_id": _("person"), "role_id": _("role")},
        ),
    )
    label_table(
        FieldRule._meta.db_table,
        TableLabels(
            name=_("field rule"),
            row=_rule,
            hidden=frozenset({"resource", "field"}),
            columns={"mode": _("limit"), "role_id": _("role")},
        ),
    )
    label_verbs(
        {
            "accounts.member.create": _("added a person"),
            "accounts.member.edit": _("changed a person"),
            "accounts.member.close": _("closed a person"),
            "accounts.member.reopen": _("reopened a person"),
            "accounts.member.set_roles": _("changed somebody's roles"),
            "accounts.member.set_password": _("set somebody's password"),
            "accounts.department.create": _("added a department"),
            "accounts.department.edit": _("changed a department"),
            "accounts.department.move": _("moved a department"),
            "accounts.department.reorder": _("put departments in order"),
            "accounts.department.delete": _("deleted a department"),
            "permissions.role.create": _("added a role"),
            "permissions.role.copy": _("copied a role"),
            "permissions.role.edit": _("renamed a role"),
            "permissions.role.grant": _("changed the rights of a role"),
            "permissions.role.restrict": _("changed the field rules of a role"),
            "permissions.role.delete": _("deleted a role"),
            "permissions.role.sync": _("added ready-made roles and rights"),
            "tenancy.company.create": _("set up the company"),
            "settings.company.edit": _("changed the company's details"),
            "ledger.operation.undo": _("undid"),
            "ledger.operation.erase": _("erased personal data"),
        }
    )


def _code(value: object) -> str:
    known = find_code(str(value))
    return str(known.label) if known else str(value)


def _role(image: Image) -> str:
    return in_readers_language(str(image.get("code") or ""), str(image.get("name") or ""), "")[0]


def _grant(image: Image) -> str:
    return _code(image["code"]) if image.get("code") else ""


def _rule(image: Image) -> str:
    resource = catalogue().get(str(image.get("resource", "")))
    if resource is None:
        return str(image.get("field") or "")
    name = next((str(one.label) for one in resource.fields if one.name == image.get("field")), "")
    return f"{resource.label} · {name}" if name else str(resource.label)

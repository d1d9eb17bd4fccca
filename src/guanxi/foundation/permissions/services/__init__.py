"""Writes to companies, people, departments, roles and field rules."""

from guanxi.foundation.permissions.services.companies import (
    change_settings,
    create_company,
    edit_company,
    sync_roles,
)
from guanxi.foundation.permissions.services.departments import (
    create_department,
    delete_department,
    edit_department,
    move_department,
    reorder_departments,
)
from guanxi.foundation.permissions.services.field_rules import set_field_rule, set_field_rules
from guanxi.foundation.permissions.services.integrity import check_people
from guanxi.foundation.permissions.services.members import (
    close_member,
    create_member,
    edit_member,
    give_role,
    reopen_member,
    set_password,
    set_roles,
    withdraw_role,
)
from guanxi.foundation.permissions.services.roles import (
    copy_role,
    create_role,
    delete_role,
    edit_role,
    set_grants,
)

__all__ = [
    "change_settings",
    "check_people",
    "close_member",
    "copy_role",
    "create_company",
    "create_department",
    "create_member",
    "create_role",
    "delete_department",
    "delete_role",
    "edit_company",
    "edit_department",
    "edit_member",
    "edit_role",
    "give_role",
    "move_department",
    "reopen_member",
    "reorder_departments",
    "set_field_rule",
    "set_field_rules",
    "set_grants",
    "set_password",
    "set_roles",
    "sync_roles",
    "withdraw_role",
]

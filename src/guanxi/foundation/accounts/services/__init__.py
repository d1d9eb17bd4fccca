"""Writes to accounts, their passwords, sessions and what is remembered of their sign-ins.

Accounts are global: these services know no company and no permission. Whoever acts on somebody else's account
(an administrator, through `permissions`) is checked by the caller; what would reach into another company is
refused here.
"""

from guanxi.foundation.accounts.services.accounts import (
    change_email,
    change_name,
    change_phone,
    change_username,
    choose_language,
    choose_theme,
    close_account,
    create_account,
    leave_company,
    reopen_account,
)
from guanxi.foundation.accounts.services.factors import remove_second_step
from guanxi.foundation.accounts.services.first_visit import check_setup_token, drop_setup_token, setup_token
from guanxi.foundation.accounts.services.passwords import check_password_rules, set_password
from guanxi.foundation.accounts.services.security_log import Source, record_event
from guanxi.foundation.accounts.services.sessions import (
    end_session,
    end_sessions,
    tidy_sessions,
    touch_session,
)

__all__ = [
    "Source",
    "change_email",
    "change_name",
    "change_phone",
    "change_username",
    "check_password_rules",
    "check_setup_token",
    "choose_language",
    "choose_theme",
    "close_account",
    "create_account",
    "drop_setup_token",
    "end_session",
    "end_sessions",
    "leave_company",
    "record_event",
    "remove_second_step",
    "reopen_account",
    "set_password",
    "setup_token",
    "tidy_sessions",
    "touch_session",
]

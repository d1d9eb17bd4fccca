"""Passwords by NIST 800-63B: long enough, not known to be bad, no rules of composition, no forced change."""

from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Account
from guanxi.foundation.accounts.services.security_log import record_event
from guanxi.foundation.accounts.services.sessions import end_sessions
from guanxi.kernel.errors import Invalid, Message

LONGEST = 1024  # far above what anybody types; only there so that nobody makes us hash a book


def check_password_rules(password: str, account: Account | None = None) -> None:
    """Raises Invalid ("password") for one that is short, known to be bad, or close to the account's names."""
    if len(password) > LONGEST:
        raise Invalid(
            {"password": [Message("too_long", _("At most %(most)s characters."), {"most": LONGEST})]}
        )
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Invalid(
            {"password": [Message(one.code or "password", one.messages[0]) for one in error.error_list]}
        ) from None


def store_password(account: Account, password: str, *, must_change: bool | None = None) -> None:
    """Put a checked password on the account without saving it."""
    account.set_password(password)
    account.password_changed_at = timezone.now()
    if must_change is not None:
        account.must_change_password = must_change


def set_password(
    account_id: UUID, password: str, *, must_change: bool = False, keep_session: str | None = None
) -> Account:
    """Set a password; every session but `keep_session` (a session key) ends.

    `must_change` for one that somebody else has chosen: its person picks a new one at the next sign-in.
    An administrator's caller first calls `accounts.refuse_foreign`. Raises Invalid.
    """
    account = Account.objects.get(id=account_id)
    check_password_rules(password, account)
    store_password(account, password, must_change=must_change)
    account.save(update_fields=["password", "password_changed_at", "must_change_password"])
    end_sessions(account_id, keep=keep_session)
    record_event("password_set_for" if must_change else "password_changed", account_id=account_id)
    return account

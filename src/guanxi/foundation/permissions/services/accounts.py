"""Sign-ins that an administrator hands out: made with a first password that must be changed."""

import re
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Account
from guanxi.foundation.permissions.services.integrity import invalid, text
from guanxi.kernel.errors import Invalid, Message, Refused
from guanxi.kernel.phones import parse_phone

_USERNAME = re.compile(r"[\w.@+-]{2,150}")


def make_account(
    *, name: str, username: str, password: str, email: str = "", phone: str = "", language: str = "zh-hans",
    must_change_password: bool = True,
) -> Account:  # fmt: skip
    """A new sign-in. Raises Invalid with messages beside username and password.

    An e-mail address or mobile that another account signs in with is not taken over, and not told of either:
    this account then signs in by its name alone.
    """
    wrong = Invalid()
    username = text("username", username, most=150)
    if not _USERNAME.fullmatch(username):
        wrong.add(
            "username",
            Message(
                "username", _("At least two letters, digits or Chinese characters; of signs only . _ - @ +")
            ),
        )
    elif Account.objects.filter(username__iexact=username).exists():
        wrong.add("username", Message("taken", _("This sign-in name is taken. Choose another.")))
    mobile = parse_phone(phone) if phone else None
    account = Account(
        username=username,
        name=name,
        email=_free_email(email),
        phone=_free_phone(mobile.e164) if mobile and mobile.valid else None,
        language=language,
        must_change_password=must_change_password,
    )
    _check_password(wrong, password, account)
    if wrong:
        raise wrong
    account.set_password(password)
    account.save(force_insert=True)
    return account


def change_password(account: Account, password: str, *, must_change: bool) -> None:
    """Set a password and sign the account out everywhere. Raises Invalid beside `password`."""
    wrong = Invalid()
    _check_password(wrong, password, account)
    if wrong:
        raise wrong
    account.set_password(password)
    account.must_change_password = must_change
    account.save(update_fields=["password", "must_change_password"])
    end_sessions(account.id)


def refuse_shared(account_id: UUID, tenant_id: UUID) -> None:
    """Raises Refused for a sign-in that also opens another company: its password is its person's alone."""
    if any(company != tenant_id for company in companies_of(account_id)):
        raise Refused(
            "account_elsewhere",
            _(
                "This sign-in also opens another company. The person has to change the password themselves."
            ),
        )


def companies_of(account_id: UUID) -> list[UUID]:
    """Companies the account is an active member of, over all walls."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id FROM guanxi_memberships(%s)", [account_id])
        return [row[0] for row in cursor.fetchall()]


def end_sessions(account_id: UUID) -> int:
    """Sign the account out on every device. Returns how many sessions ended."""
    sessions = list(UserSession.objects.filter(user_id=account_id))
    for session in sessions:
        session.end()
    return len(sessions)


def address(name: str, value: str) -> str:
    """An e-mail address as stored, or "". Raises Invalid beside the field."""
    cleaned = text(name, value, most=254).lower()
    if cleaned:
        try:
            validate_email(cleaned)
        except ValidationError as error:
            raise invalid(
                name, "email", _("This is not an e-mail address, such as wang@example.com.")
            ) from error
    return cleaned


def _free_email(email: str) -> str | None:
    email = address("email", email)
    return None if not email or Account.objects.filter(email__iexact=email).exists() else email


def _free_phone(phone: str) -> str | None:
    return None if not phone or Account.objects.filter(phone=phone).exists() else phone


def _check_password(wrong: Invalid, password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        for one in error.messages:
            wrong.add("password", Message("password", one))

"""Making, changing and closing accounts."""

import re
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Account
from guanxi.foundation.accounts.queries import memberships, sign_in_name
from guanxi.foundation.accounts.services.passwords import check_password_rules, store_password
from guanxi.foundation.accounts.services.security_log import record_event
from guanxi.foundation.accounts.services.sessions import end_sessions
from guanxi.kernel.errors import Invalid, Message, Refused
from guanxi.kernel.phones import parse_phone
from guanxi.kernel.text import TextTooLong, clean_text

_NAME = re.compile(r"[\w.\-]{1,100}")


def create_account(
    *,
    name: str,
    username: str,
    password: str,
    email: str = "",
    phone: str = "",
    language: str = "",
    must_change_password: bool = False,
) -> Account:
    """A new account. `must_change_password` for a password that somebody else has chosen.

    Raises Invalid, field by field (name, username, email, phone, password).
    """
    found = Invalid()
    account = Account(must_change_password=must_change_password)
    account.language = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    for field, clean, value in (
        ("name", _clean_name, name),
        ("username", _clean_username, username),
        ("email", _clean_email, email),
        ("phone", _clean_phone, phone),
    ):
        try:
            setattr(account, field, clean(value))
        except _Wrong as wrong:
            found.add(field, wrong.message)
    for field, taken in _taken(account).items():
        found.add(field, taken)
    try:
        check_password_rules(password, account)
    except Invalid as error:
        for message in error.fields.get("password", []):
            found.add("password", message)
    if found:
        raise found
    store_password(account, password)
    _save(account)
    return account


def change_name(account: Account, name: str) -> None:
    """Change the name the account is greeted by. Raises Invalid."""
    _change(account, "name", _clean_name, name)


def change_username(account: Account, username: str) -> None:
    """Change the sign-in name. Raises Invalid."""
    _change(account, "username", _clean_username, username)


def change_email(account: Account, email: str) -> None:
    """Change or (with "") remove the e-mail one can sign in with. Raises Invalid."""
    _change(account, "email", _clean_email, email)


def change_phone(account: Account, phone: str) -> None:
    """Change or (with "") remove the mobile number one can sign in with. Raises Invalid."""
    _change(account, "phone", _clean_phone, phone)


def choose_language(account: Account, language: str) -> None:
    """Remember the language of the screens. Raises Invalid for one that we do not have."""
    if language not in dict(settings.LANGUAGES):
        raise Invalid({"language": [Message("unknown_language", _("There is no such language."))]})
    Account.objects.filter(id=account.id).update(language=language)
    account.language = language


def choose_theme(account: Account, theme: str) -> None:
    """Remember the theme: "system", "light" or "dark". Raises Invalid."""
    if theme not in Account.Theme.values:
        raise Invalid({"theme": [Message("unknown_theme", _("There is no such theme."))]})
    Account.objects.filter(id=account.id).update(theme=theme)
    account.theme = theme


def close_account(account_id: UUID) -> None:
    """Nobody signs in with this account any more; those who are signed in are out at once."""
    Account.objects.filter(id=account_id).update(is_active=False)
    end_sessions(account_id)
    record_event("account_closed", account_id=account_id)


def reopen_account(account_id: UUID) -> None:
    """A closed account works again, with the password it had."""
    Account.objects.filter(id=account_id).update(is_active=True)
    record_event("account_reopened", account_id=account_id)


def leave_company(account_id: UUID) -> None:
    """After a member has left: end the account's sessions, and close it where no company is left to it."""
    if memberships(account_id):
        end_sessions(account_id)
    else:
        close_account(account_id)


def refuse_foreign(account_id: UUID, *, tenant_id: UUID) -> None:
    """Raises Refused for an account that also belongs to another company: only its person may change it."""
    if any(one.tenant_id != tenant_id for one in memberships(account_id)):
        raise Refused(
            "account_of_several_companies",
            _("This account also belongs to another company. Only its person can change how they sign in."),
        )


_PERSONAL = ("mobile", "landline", "voip")  # 12345 and 400 numbers are valid, but nobody's own


class _Wrong(Exception):
    def __init__(self, code: str, text: object) -> None:
        self.message = Message(code, text)
        super().__init__(code)


def _clean_name(value: str) -> str:
    try:
        name = clean_text(value, max_length=100)
    except TextTooLong:
        raise _Wrong("too_long", _("The name is too long: at most 100 characters.")) from None
    if not name:
        raise _Wrong("required", _("Enter a name."))
    return name


def _clean_username(value: str) -> str:
    username = sign_in_name(value)
    if not username:
        raise _Wrong("required", _("Enter a sign-in name."))
    if not _NAME.fullmatch(username):
        raise _Wrong("username", _("Letters, digits, dots, hyphens and underscores, at most 100, no blanks."))
    if username.isdecimal():
        # A number would be taken for a telephone.
        raise _Wrong("username_number", _("A sign-in name needs at least one letter."))
    return username


def _clean_email(value: str) -> str | None:
    email = sign_in_name(value)
    if not email:
        return None
    try:
        validate_email(email)
    except ValidationError:
        raise _Wrong("email", _("This is not a complete e-mail address, like name@example.com.")) from None
    if len(email) > 254:
        raise _Wrong("email", _("This is not a complete e-mail address, like name@example.com."))
    return email


def _clean_phone(value: str) -> str | None:
    if not value.strip():
        return None
    phone = parse_phone(value)
    if not phone.valid or phone.kind not in _PERSONAL or len(phone.e164) > 20:
        raise _Wrong(
            "phone", _("This is not a telephone number. Foreign numbers begin with + and the country.")
        )
    return phone.e164


_TAKEN = {
    "username": _("Somebody already uses this sign-in name."),
    "email": _("Somebody already signs in with this e-mail."),
    "phone": _("Somebody already signs in with this number."),
}


def _taken(account: Account) -> dict[str, Message]:
    found = {}
    for field, text in _TAKEN.items():
        value = getattr(account, field)
        if value and Account.objects.exclude(id=account.id).filter(**{field: value}).exists():
            found[field] = Message("taken", text)
    return found


def _change(account: Account, field: str, clean: object, value: str) -> None:
    assert callable(clean)  # noqa: S101 - one of ours above
    try:
        setattr(account, field, clean(value))
    except _Wrong as wrong:
        raise Invalid({field: [wrong.message]}) from None
    taken = _taken(account) if field in _TAKEN else {}
    if field in taken:
        raise Invalid({field: [taken[field]]})
    _save(account, field)
    record_event(f"{field}_changed", account_id=account.id)


def _save(account: Account, *fields: str) -> None:
    try:
        with transaction.atomic():
            if fields:
                account.save(update_fields=fields)
            else:
                account.save(force_insert=True)
    except IntegrityError:
        # Somebody was quicker between the look and the save.
        taken = _taken(account)
        if not taken:
            raise
        raise Invalid({field: [message] for field, message in taken.items()}) from None

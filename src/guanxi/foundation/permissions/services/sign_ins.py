"""Sign-ins that are handed out with a person's entry."""

from guanxi.foundation.accounts.models import Account
from guanxi.foundation.accounts.services import create_account
from guanxi.kernel.phones import parse_phone


def make_sign_in(
    *, name: str, username: str, password: str, email: str, phone: str, language: str, must_change: bool
) -> Account:
    """A new account. Raises Invalid beside username and password.

    An e-mail or mobile that another account signs in with is left to it, and nobody is told of that account:
    it may be a stranger's of another company. This one then signs in by its name.
    """
    mobile = parse_phone(phone)
    number = mobile.e164 if mobile.valid and not Account.objects.filter(phone=mobile.e164).exists() else ""
    address = "" if Account.objects.filter(email=email.lower()).exists() else email
    return create_account(
        name=name, username=username, password=password, email=address, phone=number, language=language,
        must_change_password=must_change,
    )  # fmt: skip

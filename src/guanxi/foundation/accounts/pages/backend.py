"""Who is it: a name, an e-mail or a phone number, and a password."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from guanxi.foundation.accounts.models import Account
from guanxi.foundation.accounts.queries import find_account


class SignInBackend(ModelBackend):
    """Closed and unknown accounts, and wrong passwords, take the same time and get the same answer."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Account | None:
        if not username or not password:
            return None
        account = find_account(username)
        if account is None:
            Account().set_password(password)
            return None
        return account if account.check_password(password) and account.is_active else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Rights belong to members."""
        return False

"""What allauth asks us: who may sign up, how attempts count, what is written down, how mail goes out."""

import logging
import threading
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Account
from guanxi.foundation.accounts.queries import find_account, sign_in_name
from guanxi.foundation.accounts.services import record_event
from guanxi.foundation.accounts.services.factors import seal_factor, unseal_factor
from guanxi.foundation.accounts.services.passwords import store_password

_log = logging.getLogger("guanxi.mail")

_WRONG = _("Name or password is not right.")
_TOO_MANY = _("Too many wrong attempts. Wait five minutes, or ask your administrator for a new password.")
_WRONG_CODE = _("The code is not right. Codes change every 30 seconds; take the one that is shown now.")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up; accounts are made by an administrator or at the first visit."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _WRONG,
        "invalid_login": _WRONG,
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("The password you have now is not right."),
        "incorrect_code": _WRONG_CODE,
        "invalid_password_reset": _("This link has been used or is too old. Ask for a new one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves."""

    def get_user_search_fields(self) -> list[str]:
        return ["username"]

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        if len(password) > 1024:
            raise self.validation_error("password_too_long")
        return cast("str", super().clean_password(password, user))

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        account = cast("Account", user)
        store_password(account, password, must_change=False)
        account.save(update_fields=["password", "password_changed_at", "must_change_password"])

    # Throttling: attempts count per account, whichever of its names is typed, and per address.

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        login = str(credentials.get("username", ""))
        account = find_account(login)
        return f"account:{account.id}" if account else f"login:{sign_in_name(login)[:254]}"

    def attempts_left(self, request: HttpRequest, login: str) -> int | None:
        """How often the password may still be wrong, or None where nothing has been tried."""
        for rate in ratelimit.get_rates(app="allauth.account", action="login_failed"):
            if rate.per == "key":
                key = ratelimit.get_cache_key(
                    request,
                    app="allauth.account",
                    action="login_failed",
                    rate=rate,
                    key=self._get_login_attempts_cache_key(request, username=login),
                )
                return max(int(rate.amount) - len(cache.get(key, [])), 0)
        return None

    # What happened is written down.

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        record_event("signed_in", account_id=cast("Account", user).id)
        return cast("HttpResponse", super().post_login(request, user, **kwargs))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        account = find_account(str(credentials.get("username", "")))
        record_event("sign_in_failed", account_id=account.id if account else None)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Called for every change of password or second step, as account/email/password_changed …"""
        record_event(template_prefix.rsplit("/", 1)[-1], account_id=cast("Account", user).id)

    # Mail

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        with translation.override(cast("Account", user).language):
            super().send_password_reset_mail(user, email, context)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send beside the request, so that its time does not tell whether there is such an account."""
        message: EmailMessage = self.render_mail(template_prefix, email, context)
        threading.Thread(target=_send, args=(message,), name="guanxi-mail", daemon=True).start()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except (OSError, DatabaseError):
        _log.exception("mail was not sent")
    finally:
        connection.close()


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors and passkeys."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _WRONG_CODE,
        "cannot_generate_recovery_codes": _("Recovery codes go with a second step; set one up first."),
    }

    def encrypt(self, text: str) -> str:
        return seal_factor(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal_factor(encrypted_text)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # noqa: A002 - allauth's name
        return str(_("This device"))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Guanxi"}

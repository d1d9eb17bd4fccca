"""Forms of the second step and of passkeys, on top of allauth's."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.foundation.accounts.services import record_event


def _code_field(form: forms.BaseForm) -> None:
    form.fields["code"].label = pgettext_lazy("second step", "Code")
    form.fields["code"].widget.attrs = {
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
        "autocapitalize": "none",
    }


class SecondStepForm(AuthenticateForm):  # type: ignore[misc]
    """A code of the app, or one of the recovery codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self)

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        record_event("second_step_failed", account_id=self.user.pk)


class ConfirmCodeForm(ReauthenticateForm):  # type: ignore[misc]
    """The same, before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self)

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        record_event("second_step_failed", account_id=self.user.pk)


class ActivateAppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code, which proves that the app has our secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self)


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A name for the passkey, and what the device made. Each one signs in without a password."""

    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the device")
        self.fields["name"].max_length = 60

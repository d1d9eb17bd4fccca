"""Forms of signing in and of passwords, on top of allauth's."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm, ReauthenticateForm, ResetPasswordForm, ResetPasswordKeyForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guanxi.foundation.accounts.pages.adapter import AccountAdapter

_RULES = _("At least 8 characters. A sentence is easier to remember than symbols.")


class SignInForm(LoginForm):  # type: ignore[misc]
    """A name, e-mail or phone number, and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Name, e-mail or mobile"),
            max_length=254,
            widget=forms.TextInput(
                attrs={"autocomplete": "username webauthn", "autocapitalize": "none", "spellcheck": "false"}
            ),
        )
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        _plain(self)
        self.order_fields(["login", "password"])

    def user_credentials(self) -> dict[str, str]:
        return {"username": self.cleaned_data["login"], "password": self.cleaned_data["password"]}

    def clean(self) -> dict[str, Any]:
        try:
            return dict(super().clean() or {})
        except ValidationError as error:
            self.add_error(
                "password", error if error.code == "too_many_login_attempts" else self._with_rest(error)
            )
            return dict(self.cleaned_data)

    def _with_rest(self, error: ValidationError) -> ValidationError:
        left = AccountAdapter(self.request).attempts_left(self.request, self.cleaned_data["login"])
        if left is None or left > 3:
            return error
        if left == 0:
            return ValidationError(
                _("Name or password is not right. Wait five minutes before the next attempt.")
            )
        words = ngettext(
            "Name or password is not right; %(n)s more attempt.",
            "Name or password is not right; %(n)s more attempts.",
            left,
        )
        return ValidationError(words % {"n": left})


class ConfirmPasswordForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something delicate."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        _plain(self)


class _OnePassword(forms.Form):
    """A new password is typed once: it can be made visible, and there is a way back for one mistyped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = _RULES
        _plain(self)


class ChangePasswordForm(_OnePassword, AllauthChangePasswordForm):  # type: ignore[misc]
    """The old password and a new one; without the old where an administrator had set it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.user is not None and self.user.must_change_password:
            del self.fields["oldpassword"]
        else:
            self.fields["oldpassword"].label = _("Password you have now")
            self.fields["oldpassword"].help_text = ""

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        if self.user is not None and self.user.check_password(password):
            raise ValidationError(_("This is the password you have now. Choose another one."))
        return password


class NewPasswordForm(_OnePassword, ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, for whoever came by the link in the mail."""


class ForgottenForm(ResetPasswordForm):  # type: ignore[misc]
    """Where to send the link to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        _plain(self)


def _plain(form: forms.BaseForm) -> None:
    """Labels stand above fields here; a placeholder would only repeat them."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)

"""Signing in, a forgotten password, a new password."""

from typing import Any, cast

from allauth.account.views import LoginView, LogoutView, PasswordChangeView, PasswordResetView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Account
from guanxi.foundation.accounts.queries import mail_works
from guanxi.foundation.accounts.services import end_sessions
from guanxi.foundation.design.forms import field_of
from guanxi.foundation.tenancy.models import Tenant


class _Answers422:
    """A form that was wrong is answered with 422, as everywhere here."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class SignIn(_Answers422, LoginView):  # type: ignore[misc]
    """The sign-in page. Where one company alone lives here, it bears its name."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        companies = list(Tenant.objects.values_list("name", flat=True)[:2])
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "password": field_of(context["form"]["password"], {"required": False}),
            "company": companies[0] if len(companies) == 1 else "",
            "empty": not companies,
        }

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        return remember(self.request, response)


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The account's language and theme as cookies, so that the sign-in page has them next time."""
    if request.user.is_authenticated:
        account = request.user
        theme = "auto" if account.theme == Account.Theme.SYSTEM else account.theme
        for name, value in ((settings.LANGUAGE_COOKIE_NAME, account.language), ("gx_theme", theme)):
            response.set_cookie(
                name, value, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax", secure=settings.SECURE
            )
    return response


class SignOut(LogoutView):  # type: ignore[misc]
    """Signing out. The browser is told to forget what pages have kept in it, for reading without network above all."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class Forgotten(_Answers422, PasswordResetView):  # type: ignore[misc]
    """Asks where to send the link to; where there is no mail it says whom to ask, and names no account."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "mail_works": mail_works()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not mail_works():
            return cast("HttpResponseBase", self.get(request, *args, **kwargs))
        return cast("HttpResponseBase", super().post(request, *args, **kwargs))


class ChangePassword(_Answers422, PasswordChangeView):  # type: ignore[misc]
    """A new password. Every other device is signed out, for the old one may have been known to somebody."""

    def get_template_names(self) -> list[str]:
        forced = cast("Account", self.request.user).must_change_password
        return ["account/password_first.html" if forced else "account/password_change.html"]

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        end_sessions(form.user.id, keep=self.request.session.session_key)
        messages.success(self.request, _("The password is changed. Other devices have been signed out."))
        return response


sign_in = SignIn.as_view()
forgotten = Forgotten.as_view()
change_password = ChangePassword.as_view()
change_password.with_old_password = True
sign_out = SignOut.as_view()

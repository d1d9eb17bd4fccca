"""One's own account: name, sign-in, second steps, passkeys, devices, language and theme."""

from typing import Any, cast

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.foundation.accounts.models import Account
from guanxi.foundation.accounts.pages.adapter import AccountAdapter
from guanxi.foundation.accounts.pages.devices import describe_device
from guanxi.foundation.accounts.pages.events import event_words
from guanxi.foundation.accounts.queries import live_sessions, own_pages, recent_events
from guanxi.foundation.accounts.services import (
    change_email,
    change_name,
    change_phone,
    change_username,
    choose_language,
    choose_theme,
    end_session,
    end_sessions,
    record_event,
)
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kernel.phones import format_phone


class ProfileForm(forms.Form):
    """Who one is, and by what one signs in."""

    name = forms.CharField(
        label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    username = forms.CharField(
        label=_("Sign-in name"), max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )  # fmt: skip
    email = forms.CharField(
        label=_("E-mail"), max_length=254, required=False, help_text=_("Also for signing in."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Mobile"), max_length=40, required=False, help_text=_("Also for signing in."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), strip=False, required=False, max_length=1024,
        help_text=_("Needed when you change how you sign in."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


_CHANGES = {"name": change_name, "username": change_username, "email": change_email, "phone": change_phone}


def _profile(account: Account) -> dict[str, str]:
    phone = format_phone(account.phone, translation.get_language() or "") if account.phone else ""
    return {
        "name": account.name,
        "username": account.username,
        "email": account.email or "",
        "phone": phone,
    }


def _shown(request: HttpRequest, form: ProfileForm | None = None, status: int = 200) -> HttpResponse:
    account = cast("Account", request.user)
    factors = list(Authenticator.objects.filter(user_id=account.id).order_by("created_at"))
    codes = next((f for f in factors if f.type == Authenticator.Type.RECOVERY_CODES), None)
    sessions = [
        {
            "row": row,
            "device": describe_device(row.user_agent),
            "here": row.session_key == request.session.session_key,
        }
        for row in live_sessions(account.id)
    ]
    context: dict[str, Any] = {
        "account": account,
        "form": form or ProfileForm(initial=_profile(account)),
        "app": next((f for f in factors if f.type == Authenticator.Type.TOTP), None),
        "passkeys": [f for f in factors if f.type == Authenticator.Type.WEBAUTHN],
        "codes": codes,
        "own_pages": [page for page in own_pages.values() if _may(request, page.code)],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "sessions": sorted(sessions, key=lambda one: not one["here"]),
        "events": [
            {"words": event_words(event), "device": describe_device(event.user_agent), "event": event}
            for event in recent_events(account.id)
        ],
    }
    return render(request, "account/own.html", context, status=status)


def _may(request: HttpRequest, code: str) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and actor.may(code)


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """The page of one's account and its security."""
    return _shown(request)


@require_POST
def profile(request: HttpRequest) -> HttpResponse:
    """Change name and sign-in. What one signs in with asks for the password once more."""
    account = cast("Account", request.user)
    form = ProfileForm(request.POST)
    before = _profile(account)
    if form.is_valid():
        changed = [name for name in _CHANGES if form.cleaned_data[name].strip() != before[name]]
        if set(changed) - {"name"}:
            _confirm(request, account, form)
        for name in changed if form.is_valid() else ():
            try:
                _CHANGES[name](account, form.cleaned_data[name])
            except Invalid as error:
                for said in error.fields.get(name, []):
                    form.add_error(name, str(said))
        if form.is_valid():
            messages.success(request, _("Saved."))
            return redirect("account")
    account.refresh_from_db()
    return _shown(request, form, status=422)


def _confirm(request: HttpRequest, account: Account, form: ProfileForm) -> None:
    """Ask for the password, counted as an attempt to sign in: a borrowed session is no place to guess it."""
    try:
        if not AccountAdapter(request).reauthenticate(account, form.cleaned_data["password"]):
            form.add_error("password", _("The password is not right."))
    except ValidationError as error:
        form.add_error("password", error)


@require_POST
def end_one(request: HttpRequest, row_id: int) -> HttpResponse:
    """Sign out one of one's own devices. Raises NotFound for anybody else's."""
    if not end_session(cast("Account", request.user).id, row_id):
        raise NotFound("session_not_found", {})
    messages.success(request, _("That device is signed out."))
    return redirect("account")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out every device but this one."""
    account = cast("Account", request.user)
    end_sessions(account.id, keep=request.session.session_key)
    record_event("other_sessions_ended", account_id=account.id)
    messages.success(request, _("All other devices are signed out."))
    return redirect("account")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the screens: of the account where there is one, of this browser in any case."""
    choice = request.POST.get("language", "")
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = redirect(target)
    if choice in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            choose_language(request.user, choice)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            choice,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.SECURE,
        )
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Choose light, dark or as the device has it."""
    choice = request.POST.get("theme", "")
    choose_theme(cast("Account", request.user), "system" if choice == "auto" else choice)
    response = redirect("account")
    response.set_cookie(
        "gx_theme", choice, max_age=settings.LANGUAGE_COOKIE_AGE, samesite="Lax", secure=settings.SECURE
    )
    return response


# Not the theme: it is written to the account, and whoever looks through borrowed eyes writes nothing.
language.while_observing = True  # type: ignore[attr-defined]
language.with_old_password = True  # type: ignore[attr-defined]

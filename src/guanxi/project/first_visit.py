"""The first visit of an empty installation: its company and administrator, by a token that was printed."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from guanxi.foundation.accounts.queries import find_account
from guanxi.foundation.accounts.services import check_setup_token, drop_setup_token, record_event
from guanxi.foundation.permissions.services import create_company
from guanxi.kernel.errors import Invalid


class FirstVisitForm(forms.Form):
    """The company and the person who looks after it."""

    name = forms.CharField(
        label=_("Company name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    admin_name = forms.CharField(
        label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    username = forms.CharField(
        label=_("Sign-in name"), max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail, if you like"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=1024,
        help_text=_("At least 8 characters. A sentence is easier to remember than symbols."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip


@login_not_required
@never_cache
@sensitive_post_parameters("password", "token")
def first_visit(request: HttpRequest) -> HttpResponse:
    """Ask for the company and its administrator. 404 without the token, and once a company exists."""
    token = request.POST.get("token") or request.GET.get("token") or ""
    if not check_setup_token(token):
        raise Http404
    form = FirstVisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _found(request, form.cleaned_data)
        except Invalid as error:
            for name, messages in error.fields.items():
                for message in messages:
                    form.add_error(name if name in form.fields else None, str(message))
            for message in error.messages:
                form.add_error(None, str(message))
    status = 422 if form.is_bound else 200
    return render(request, "project/first_visit.html", {"form": form, "token": token}, status=status)


def _found(request: HttpRequest, entered: dict[str, Any]) -> HttpResponse:
    create_company(**entered, language=get_language() or settings.LANGUAGE_CODE)
    drop_setup_token()
    account = find_account(entered["username"])
    if account is not None:
        login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
        record_event("first_visit", account_id=account.id)
    return redirect("/")

"""The administration page of outgoing mail: settings, and a test that shows the server's words."""

import smtplib
from dataclasses import replace
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guanxi.foundation.accounts.models import Account
from guanxi.foundation.design.shapes import FieldGroup, Option
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, tell
from guanxi.foundation.tenancy.models import Tenant
from guanxi.kernel.errors import Refused
from guanxi.project.mail.backend import Backend, server_words
from guanxi.project.mail.stored import Security, Smtp, save, set_by_provider, smtp_settings
from guanxi.project.models import MailSettings

CODE = "settings.mail.manage"
_NAMES = ("host", "port", "security", "username", "password", "sender")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def mail_settings(request: HttpRequest) -> HttpResponse:
    """Show, test or save. Raises Forbidden without the right."""
    actor = actor_of(request)
    actor.require(CODE)
    locked = _locked()
    stored = smtp_settings()
    draft = Draft(_values(stored))
    result: dict[str, Any] = {}
    if request.method == "POST":
        if locked:
            raise Refused("mail_of_provider", locked)
        draft = Draft({name: request.POST.get(name, "").strip() for name in _NAMES})
        smtp = _read(draft, stored)
        if smtp is not None and request.POST.get("act") == "test":
            result = _test(smtp, request)
        elif smtp is not None:
            _save(actor, smtp)
            tell(request, _("Saved"))
            return HttpResponseRedirect(reverse("mail_settings"))
    context = {
        "groups": _groups(draft, stored),
        "draft": draft,
        "locked": locked,
        "result": result,
        "unreadable": stored is not None and stored.unreadable,
        "unset": stored is None,
        "own_address": _own_address(request),
        "tabs": settings_tabs(actor, "mail_settings"),
        "active": "settings",
    }
    wrong = bool(draft.errors or draft.overall)
    return render(request, "project/mail.html", context, status=422 if wrong else 200)


def _locked() -> str:
    """Why the settings cannot be changed here; "" where they can."""
    if set_by_provider():
        return _("Outgoing mail is set by whoever runs this server. Nothing is to be done here.")
    if _companies() > 1:
        # One company must not read or divert the mail of another.
        return _(
            "Several companies use this server, so its outgoing mail is set by whoever runs it "
            "(GUANXI_SMTP_URL)."
        )
    return ""


def _companies() -> int:
    return Tenant.objects.count()


def _values(stored: Smtp | None) -> dict[str, Any]:
    if stored is None:
        return {"port": "587", "security": "starttls"}
    return {
        "host": stored.host,
        "port": str(stored.port),
        "security": stored.security,
        "username": stored.username,
        "sender": stored.sender,
    }


def _read(draft: Draft, stored: Smtp | None) -> Smtp | None:
    """The settings as typed; None where something is wrong, which then stands in the draft."""
    typed = {name: str(value) for name, value in draft.values.items()}
    port = int(typed["port"]) if typed["port"].isascii() and typed["port"].isdecimal() else 0
    if not 0 < port < 65536:
        draft.errors["port"] = (_("Enter the port as a number, such as 587."),)
    if (
        not typed["host"]
        or any(c.isspace() or c in "/@\x00" for c in typed["host"])
        or len(typed["host"]) > 255
    ):
        draft.errors["host"] = (_("Enter the server's name, such as smtp.example.com."),)
    if typed["security"] not in MailSettings.Security.values:
        draft.errors["security"] = (_("Choose one of these."),)
    try:
        validate_email(typed["sender"])
    except ValidationError:
        draft.errors["sender"] = (_("This is not an e-mail address, such as wang@example.com."),)
    if len(typed["username"]) > 254 or "\x00" in typed["username"] + typed["password"]:
        draft.errors["username"] = (_("This is too long."),)
    for name in ("username", "password"):
        if not typed[name].isascii():
            # SMTP's AUTH carries UTF-8 in theory (RFC 4616); neither Python's client nor most servers do.
            draft.errors[name] = (_("Mail servers take only Latin letters, digits and signs here."),)
    if draft.errors:
        return None
    security: Security = cast("Security", typed["security"])
    smtp = Smtp(typed["host"], port, security, typed["username"], typed["password"], typed["sender"])
    if typed["password"] or not typed["username"]:
        return smtp
    same = (
        stored is not None
        and not stored.unreadable
        and (stored.host, stored.username, stored.security) == (smtp.host, smtp.username, smtp.security)
    )
    if not same or stored is None:
        # The stored password is never sent to another server than the one it was entered for.
        draft.errors["password"] = (
            _("Enter the password as well: it is stored for another server or user."),
        )
        return None
    return replace(smtp, password=stored.password)


def _save(actor: Actor, smtp: Smtp) -> None:
    with operation(actor, "settings.mail.change", label=smtp.host, summary={"sender": smtp.sender}):
        save(smtp)


def _own_address(request: HttpRequest) -> str:
    return (request.user.email or "") if isinstance(request.user, Account) else ""


def _test(smtp: Smtp, request: HttpRequest) -> dict[str, Any]:
    """Send one mail to the administrator's own address."""
    address = _own_address(request)
    if not address:
        return {"tone": "warn", "text": _("Your account has no e-mail address. Enter one first, then test.")}
    message = EmailMessage(
        _("Test from Guanxi"),
        _("Outgoing mail works. This was sent from the settings page; nothing is to be done."),
        smtp.sender,
        [address],
        connection=Backend(smtp=smtp),
    )
    try:
        message.send()
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        return {"tone": "bad", "text": _("The mail could not be sent."), "words": server_words(error)[:500]}
    return {
        "tone": "good",
        "text": _("Sent to %(address)s. Look whether it has arrived, then save.") % {"address": address},
    }


def _groups(draft: Draft, stored: Smtp | None) -> list[FieldGroup]:
    choices = [
        Option(value=value, label=str(label), selected=value == draft.values.get("security"))
        for value, label in MailSettings.Security.choices
    ]
    kept = _("Leave it empty to keep the stored one.") if stored is not None and stored.password else ""
    return [
        FieldGroup(
            title=_("Mail server"),
            fields=[
                draft.field(
                    "host", _("Server"), required=True, maxlength=255, placeholder="smtp.example.com"
                ),
                draft.field("port", _("Port"), "number", required=True, inputmode="numeric"),
                draft.field("security", _("Encryption"), "select", choices),
            ],
        ),
        FieldGroup(
            title=_("Sign-in at the server"),
            fields=[
                draft.field("username", _("User name"), maxlength=254, autocomplete="off"),
                # Never shown again, neither the stored one nor what was just typed.
                replace(draft.field("password", _("Password"), "password", hint=kept), value=""),
            ],
        ),
        FieldGroup(
            title=_("Sender"),
            fields=[
                draft.field(
                    "sender", _("Sender's address"), "email", required=True, maxlength=254, wide=True,
                    hint=_("Most servers send only in the name of the address that signs in."),
                ),
            ],
        ),
    ]  # fmt: skip

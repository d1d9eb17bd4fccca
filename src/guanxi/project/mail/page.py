"""The administration page of outgoing mail: settings, and a test that shows the server's words."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guanxi.foundation.design.shapes import FieldGroup, Option
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, tell
from guanxi.kernel.errors import Invalid, Refused
from guanxi.project.mail import settings as mail
from guanxi.project.mail.stored import Smtp
from guanxi.project.models import MailSettings


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def mail_settings(request: HttpRequest) -> HttpResponse:
    """Show, test or save. Raises Forbidden without the right."""
    actor = actor_of(request)
    stored = mail.mail_settings(actor)
    draft = Draft(mail.values_of(stored))
    result: dict[str, Any] = {}
    if request.method == "POST":
        draft = Draft({name: request.POST.get(name, "").strip() for name in mail.NAMES})
        try:
            if request.POST.get("act") != "test":
                mail.change_mail(actor, draft.values)
                tell(request, _("Saved"))
                return HttpResponseRedirect(reverse("mail_settings"))
            result = _told(mail.try_mail(actor, draft.values))
        except Invalid as error:
            draft.blame(error)
        except Refused as error:
            if error.code != "no_address":
                raise
            result = {"tone": "warn", "text": str(error.reason)}
    context = {
        "groups": _groups(draft, stored),
        "draft": draft,
        "locked": mail.locked(),
        "result": result,
        "unreadable": stored is not None and stored.unreadable,
        "unset": stored is None,
        "own_address": mail.own_address(actor),
        "tabs": settings_tabs(actor, "mail_settings"),
        "active": "settings",
    }
    wrong = bool(draft.errors or draft.overall)
    return render(request, "project/mail.html", context, status=422 if wrong else 200)


def _told(tested: mail.Tested) -> dict[str, Any]:
    if not tested.sent:
        return {"tone": "bad", "text": _("The mail could not be sent."), "words": tested.words}
    return {
        "tone": "good",
        "text": _("Sent to %(address)s. Look whether it has arrived, then save.")
        % {"address": tested.address},
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

"""One's own mailbox: connecting it, what is kept of it, what could not be sent."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.channels.choices import Method, Security, Standing
from guanxi.channels.models import Mailbox
from guanxi.channels.queries.mailboxes import mailbox_of, state_words, unsent, words_of
from guanxi.channels.queries.providers import PROVIDERS, Preset, preset_of
from guanxi.channels.rules.decoding import valid
from guanxi.channels.services.mailboxes import CONNECT, change_keeping, connect, disconnect, try_mailbox
from guanxi.channels.services.sending import discard, send_again
from guanxi.channels.services.syncing import read_now
from guanxi.channels.services.tokens import offered
from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import Draft, actor_of, tell
from guanxi.kernel.errors import Invalid, Message, Refused

_OTHER = "other"
_SERVERS = ("imap_host", "imap_port", "imap_security", "smtp_host", "smtp_port", "smtp_security")
_NAMES = ("address", "username", "method", "secret", "provider", *_SERVERS)


@sensitive_post_parameters("secret")
@require_http_methods(["GET", "POST"])
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show, test, connect or disconnect. Raises Forbidden without the right."""
    actor = actor_of(request)
    actor.require(CONNECT)
    held = mailbox_of(actor)
    draft, result = Draft(_stored(held)), dict[str, Any]()
    if request.method == "POST":
        draft = Draft({name: request.POST.get(name, "").strip() for name in _NAMES})
        try:
            if request.POST.get("act") == "test":
                result = _told(try_mailbox(actor, _filled(draft.values)))
            else:
                connect(actor, _filled(draft.values))
                read_now(actor)
                tell(request, _("Connected. The e-mails of the last weeks are being read."))
                return HttpResponseRedirect(reverse("mailbox"))
        except Invalid as error:
            draft.blame(error)
    return _shown(request, actor, held, draft, result)


@require_POST
def mailbox_keeping(request: HttpRequest) -> HttpResponse:
    """Say what is kept of one's mail."""
    actor = actor_of(request)
    draft = Draft({"never": request.POST.get("never", "")})
    try:
        change_keeping(
            actor, fact_only=request.POST.get("fact_only") == "1", never=request.POST.get("never", "")
        )
    except (Invalid, Refused) as error:
        draft.blame(error)
        held = mailbox_of(actor)
        return _shown(request, actor, held, Draft(_stored(held)), {}, keeping=draft)
    tell(request, _("Saved"))
    return HttpResponseRedirect(reverse("mailbox"))


@require_POST
def mailbox_read(request: HttpRequest) -> HttpResponse:
    """Read it at once."""
    read_now(actor_of(request))
    tell(request, _("It is being read; what is kept stands on the cards in a moment."))
    return HttpResponseRedirect(reverse("mailbox"))


@require_POST
def mailbox_end(request: HttpRequest) -> HttpResponse:
    """Disconnect it."""
    disconnect(actor_of(request))
    tell(request, _("Disconnected. The stored password is deleted; the e-mails on the cards stay."))
    return HttpResponseRedirect(reverse("mailbox"))


@require_POST
def mail_again(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """Send once more what was not sent."""
    send_again(actor_of(request), id)
    tell(request, _("It is being sent."))
    return HttpResponseRedirect(reverse("mailbox"))


@require_POST
def mail_discard(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """Give up what was not sent."""
    discard(actor_of(request), id)
    tell(request, _("Given up"))
    return HttpResponseRedirect(reverse("mailbox"))


def _shown(
    request: HttpRequest,
    actor: Actor,
    held: Mailbox | None,
    draft: Draft,
    result: dict[str, Any],
    *,
    keeping: Draft | None = None,
) -> HttpResponse:
    connected = held is not None and held.state != Standing.OFF
    context = {
        "held": held if connected else None,
        "tone": "bad" if held is not None and held.state == Standing.TROUBLE else "good",
        "state": state_words(held) if held is not None else "",
        "unsent": [(one, words_of(one.trouble, one.detail)) for one in unsent(actor)],
        "fields": _fields(draft, held),
        "servers": _server_fields(draft),
        "providers": PROVIDERS,
        "open": draft.values.get("provider") == _OTHER or any(name in draft.errors for name in _SERVERS),
        "draft": draft,
        "result": result,
        "fact_only": held is not None and held.fact_only,
        "keeping": keeping,
        "never": _never(held, keeping),
        "active": "",
    }
    wrong = bool(draft.errors or draft.overall or (keeping and (keeping.errors or keeping.overall)))
    return render(request, "channels/mailbox.html", context, status=422 if wrong else 200)


def _stored(held: Mailbox | None) -> dict[str, str]:
    if held is None or not held.imap_host:
        address = held.address if held is not None else ""
        return {"address": address, "provider": "", "imap_port": "993", "smtp_port": "465"}
    values = {name: str(getattr(held, name, "")) for name in _NAMES if name not in ("secret", "provider")}
    found = next(
        (one for one in PROVIDERS if one.imap == held.imap_host and one.smtp == held.smtp_host), None
    )
    return {**values, "provider": found.key if found else _OTHER}


def _filled(values: Any) -> dict[str, str]:
    """With the servers of the provider that was chosen, or that the address tells. Raises Invalid beside it."""
    chosen = values["provider"]
    if chosen == _OTHER:
        return dict(values)
    preset = next((one for one in PROVIDERS if one.key == chosen), None) or preset_of(values["address"])
    if preset is None:
        if not valid(values["address"].casefold()):
            raise Invalid({"address": [Message("form", _("This is no e-mail address."))]})
        text = _("The address does not tell whose mailbox it is: choose the provider.")
        raise Invalid({"provider": [Message("provider", text)]})
    return {**values, **_servers(preset)}


def _servers(preset: Preset) -> dict[str, str]:
    return {
        "imap_host": preset.imap,
        "imap_port": "993",
        "imap_security": Security.TLS.value,
        "smtp_host": preset.smtp,
        "smtp_port": str(preset.smtp_port),
        "smtp_security": (Security.STARTTLS if preset.smtp_starttls else Security.TLS).value,
    }


def _told(tried: Any) -> dict[str, Any]:
    if tried.works:
        return {"tone": "good", "lines": [_("The mailbox opens, for reading and for sending.")]}
    lines = [
        (_("Reading: %(what)s") % {"what": tried.imap}) if tried.imap else _("Reading works."),
        (_("Sending: %(what)s") % {"what": tried.smtp}) if tried.smtp else _("Sending works."),
    ]
    return {"tone": "bad", "lines": lines}


def _fields(draft: Draft, held: Mailbox | None) -> list[Field]:
    values = draft.values
    providers = [
        Option(value="", label=_("As the address tells"), selected=not values.get("provider")),
        *(
            Option(value=one.key, label=str(one.name), selected=one.key == values.get("provider"))
            for one in PROVIDERS
        ),
        Option(
            value=_OTHER,
            label=pgettext("mail provider", "Another one"),
            selected=values.get("provider") == _OTHER,
        ),
    ]
    kept = _("Leave it empty to keep the stored one.") if held is not None and held.secret else ""
    hint = _(
        "Most providers give a code for other programs (authorisation code) for it, in their settings under IMAP."
    )
    fields = [
        draft.field("address", _("E-mail"), "email", required=True, maxlength=254, autocomplete="email"),
        draft.field("provider", pgettext("mail", "Provider"), "select", providers),
        # Never shown again, neither the stored one nor what was just typed.
        replace(
            draft.field("secret", _("Password or code"), "password", hint=kept or hint, wide=True), value=""
        ),
    ]
    if offered(values.get("address", "")):
        methods = [
            Option(value=value, label=str(label), selected=value == values.get("method"))
            for value, label in Method.choices
        ]
        fields.append(draft.field("method", pgettext("mailbox", "Opened by"), "select", methods))
    return fields


def _server_fields(draft: Draft) -> Sequence[Field]:
    def protection(name: str) -> Field:
        options = [
            Option(value=value, label=str(label), selected=value == draft.values.get(name))
            for value, label in Security.choices
        ]
        return draft.field(name, _("Encryption"), "select", options)

    return [
        draft.field(
            "imap_host", _("Server for reading (IMAP)"), maxlength=253, placeholder="imap.example.com"
        ),
        draft.field("imap_port", _("Port"), "number", inputmode="numeric"),
        protection("imap_security"),
        draft.field(
            "smtp_host", _("Server for sending (SMTP)"), maxlength=253, placeholder="smtp.example.com"
        ),
        draft.field("smtp_port", _("Port"), "number", inputmode="numeric"),
        protection("smtp_security"),
        draft.field("username", _("Sign-in name"), maxlength=254, hint=_("Empty: the address.")),
    ]


def _never(held: Mailbox | None, keeping: Draft | None) -> Field:
    draft = keeping or Draft({"never": held.never if held else ""})
    return draft.field(
        "never",
        _("Never keep e-mails with"),
        "textarea",
        rows=3,
        wide=True,
        hint=_("Addresses or domains, one a line."),
        placeholder="bank.example.com",
    )

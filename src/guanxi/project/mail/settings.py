"""Reading, changing and testing the settings of outgoing mail: the acts behind the page and the API."""

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from guanxi.foundation.accounts.models import Account
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.kernel.errors import Invalid, Message, Refused
from guanxi.project.mail.backend import Backend, server_words
from guanxi.project.mail.stored import Security, Smtp, save, set_by_provider, smtp_settings
from guanxi.project.models import MailSettings

CODE = "settings.mail.manage"
NAMES = ("host", "port", "security", "username", "password", "sender")


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of a test: whether it was sent and to which address; else what the server said."""

    sent: bool
    address: str
    words: str = ""


def mail_settings(actor: Actor) -> Smtp | None:
    """The settings that hold, None where nobody has made any. Raises Forbidden."""
    actor.require(CODE)
    return smtp_settings()


def values_of(stored: Smtp | None) -> dict[str, str]:
    """The settings as they are typed, those of a fresh form where there are none. Never the password."""
    if stored is None:
        return {"host": "", "port": "587", "security": "starttls", "username": "", "sender": ""}
    return {
        "host": stored.host,
        "port": str(stored.port),
        "security": stored.security,
        "username": stored.username,
        "sender": stored.sender,
    }


def locked() -> str:
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


def change_mail(actor: Actor, typed: Mapping[str, str]) -> Smtp:
    """Store the settings. An empty password keeps the stored one, for the same server and user alone.

    Raises Forbidden, Refused where they are not this company's to change, Invalid by field.
    """
    smtp = _allowed(actor, typed)
    with operation(actor, "settings.mail.change", label=smtp.host, summary={"sender": smtp.sender}):
        save(smtp)
    return smtp


def try_mail(actor: Actor, typed: Mapping[str, str]) -> Tested:
    """Send one mail with these settings to the actor's own address; nothing is stored.

    Raises as `change_mail`; Refused too where the actor's sign-in has no address.
    """
    smtp = _allowed(actor, typed)
    address = own_address(actor)
    if not address:
        raise Refused("no_address", _("Your account has no e-mail address. Enter one first, then test."))
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
        return Tested(False, address, server_words(error)[:500])
    return Tested(True, address)


def own_address(actor: Actor) -> str:
    """Where a test goes: the address of the sign-in behind the actor, "" where there is none."""
    if actor.account_id is None:
        return ""
    return Account.objects.filter(id=actor.account_id).values_list("email", flat=True).first() or ""


def _companies() -> int:
    return Tenant.objects.count()


def _allowed(actor: Actor, typed: Mapping[str, str]) -> Smtp:
    actor.require(CODE)
    if why := locked():
        raise Refused("mail_of_provider", why)
    return _read({name: typed.get(name, "").strip() for name in NAMES}, smtp_settings())


def _read(typed: Mapping[str, str], stored: Smtp | None) -> Smtp:
    """The settings as typed. Raises Invalid by field."""
    wrong = Invalid()
    port = _port(typed["port"])
    if not port:
        wrong.add("port", Message("port", _("Enter the port as a number, such as 587.")))
    host = typed["host"]
    if not host or any(c.isspace() or c in "/@\x00" for c in host) or len(host) > 255:
        wrong.add("host", Message("host", _("Enter the server's name, such as smtp.example.com.")))
    if typed["security"] not in MailSettings.Security.values:
        wrong.add("security", Message("choice", _("Choose one of these.")))
    try:
        validate_email(typed["sender"])
    except ValidationError:
        said = _("This is not an e-mail address, such as wang@example.com.")
        wrong.add("sender", Message("email", said))
    if len(typed["username"]) > 254 or "\x00" in typed["username"] + typed["password"]:
        wrong.add("username", Message("too_long", _("This is too long.")))
    for name in ("username", "password"):
        if not typed[name].isascii():
            # SMTP's AUTH carries UTF-8 in theory (RFC 4616); neither Python's client nor most servers do.
            said = _("Mail servers take only Latin letters, digits and signs here.")
            wrong.fields[name] = [Message("ascii", said)]
    if wrong:
        raise wrong
    security = cast("Security", typed["security"])
    smtp = Smtp(host, port, security, typed["username"], typed["password"], typed["sender"])
    if smtp.password or not smtp.username:
        return smtp
    if stored is None or stored.unreadable or _way(stored) != _way(smtp):
        # The stored password is never sent to another server than the one it was entered for.
        said = _("Enter the password as well: it is stored for another server or user.")
        raise Invalid({"password": [Message("required", said)]})
    return replace(smtp, password=stored.password)


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    return port if port < 65536 else 0


def _way(smtp: Smtp) -> tuple[str, str, str]:
    return smtp.host, smtp.username, smtp.security

"""Connecting and disconnecting one's own mailbox, and trying whether it opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.channels.choices import Method, Security, Standing
from guanxi.channels.models import Mailbox
from guanxi.channels.queries.mailboxes import MANAGE, NEVER, mailbox_of, words_of
from guanxi.channels.rules.decoding import valid
from guanxi.channels.rules.hosts import NotAllowed, check_host
from guanxi.channels.services.servers import Server, Trouble, imap, private_allowed, smtp
from guanxi.channels.services.tokens import PURPOSE, offered, opened, token_of
from guanxi.foundation.accounts.services.sealing import seal
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.notices.services import notify, wording
from guanxi.foundation.permissions import codes
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.services import change_settings
from guanxi.kernel.errors import Forbidden, Invalid, Message, Refused

__all__ = [
    "COMPANY_NEVER",
    "CONNECT",
    "Tried",
    "change_company_never",
    "change_keeping",
    "connect",
    "connected_one",
    "disconnect",
    "imap_of",
    "register",
    "smtp_of",
    "tell_trouble",
    "try_mailbox",
]

CONNECT = "channels.mailbox.connect"
COMPANY_NEVER = "settings.company.never_mail"
TROUBLE = "channels.trouble"
HISTORY = timedelta(days=30)  # how far back mail is read where a mailbox is connected
_TRYING = 25.0  # seconds
_LONGEST_SECRET = 4000
_LONGEST_NEVER = 20_000
_HOSTS = ("imap", "smtp")


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying: "" where that way opens, else what is wrong, in words."""

    imap: str
    smtp: str

    @property
    def works(self) -> bool:
        return not (self.imap or self.smtp)


def register() -> None:
    """Permission codes and wordings of this part."""
    codes.register(
        CONNECT,
        gettext_lazy("Connect the own mailbox, and write e-mails from cards"),
        group=gettext_lazy("E-mail"),
        reach=False,
        defaults=dict.fromkeys(codes.EVERYBODY, "all"),
    )
    wording(
        TROUBLE, lambda params: _("Your mailbox: %(what)s") % {"what": words_of(params.get("trouble", ""))}
    )


def tell_trouble(mailbox: Mailbox) -> None:
    """Tell the member that the mailbox cannot be read."""
    notify([mailbox.member_id], TROUBLE, url=reverse("mailbox"), tone="bad", trouble=mailbox.trouble)


def connect(actor: Actor, typed: Mapping[str, str]) -> Mailbox:
    """Connect one's own mailbox, or change how it is reached; an empty password keeps the stored one for the same
    server and sign-in alone. Raises Forbidden, Invalid."""
    _own(actor)
    made = _typed(actor, typed)
    with operation(actor, CONNECT, label=made.address):
        made.save()
    return made


def try_mailbox(actor: Actor, typed: Mapping[str, str]) -> Tried:
    """Whether the mailbox opens for reading and for sending, as typed; nothing is stored. Raises Forbidden, Invalid."""
    _own(actor)
    mailbox = _typed(actor, typed)
    said = []
    for way, server in (("imap", imap_of), ("smtp", smtp_of)):
        try:
            reached = server(mailbox)
            with imap(reached, seconds=_TRYING) if way == "imap" else smtp(reached, seconds=_TRYING):
                said.append("")
        except Trouble as trouble:
            said.append(words_of(trouble.code, trouble.detail))
    return Tried(*said)


def change_keeping(actor: Actor, *, fact_only: bool, never: str) -> Mailbox:
    """Say what of one's mail is kept from now on. Raises Forbidden, Invalid, Refused without a mailbox."""
    mailbox = connected_one(actor)
    mailbox.fact_only, mailbox.never = fact_only, _lines(never)
    with operation(actor, CONNECT, label=mailbox.address):
        mailbox.save(update_fields=["fact_only", "never"])
    return mailbox


def change_company_never(actor: Actor, never: str) -> None:
    """Say whose mail no mailbox of the company keeps: addresses and domains, one a line. Raises Forbidden, Invalid
    beside `never`."""
    actor.require(MANAGE)
    change_settings(actor, COMPANY_NEVER, {NEVER: _lines(never)})


def _lines(never: str) -> str:
    lines = [line.strip().casefold().lstrip("@") for line in never.split("\n") if line.strip()]
    wrong = [line for line in lines if not (valid(line) or valid(f"x@{line}"))]
    if wrong or len(never) > _LONGEST_NEVER:
        text = _("“%(line)s” is neither an address nor a domain.")
        raise Invalid({"never": [Message("form", text, {"line": (wrong or [""])[0][:80]})]})
    return "\n".join(dict.fromkeys(lines))


def disconnect(actor: Actor) -> None:
    """Read and send no more; what it was opened by is removed. What was kept stays. Raises Forbidden, Refused."""
    mailbox = connected_one(actor)
    mailbox.state, mailbox.trouble, mailbox.detail = Standing.OFF, "", ""
    mailbox.secret = mailbox.token = ""
    mailbox.token_until = None
    mailbox.places = {}
    with operation(actor, "channels.mailbox.disconnect", label=mailbox.address):
        mailbox.save()


def _own(actor: Actor) -> UUID:
    """The member whose mailbox it is: nobody looks into it through borrowed eyes."""
    actor.require(CONNECT)
    if actor.member_id is None or actor.observer_id is not None:
        raise Forbidden("forbidden", {"permission": CONNECT})
    return actor.member_id


def connected_one(actor: Actor) -> Mailbox:
    """The actor's own mailbox, which is connected. Raises Forbidden, Refused."""
    _own(actor)
    found = mailbox_of(actor)
    if found is None or found.state == Standing.OFF:
        raise Refused("no_mailbox", _("Your mailbox is not connected."))
    return found


def imap_of(mailbox: Mailbox) -> Server:
    """Where its mail is read. Raises Trouble."""
    return _server(mailbox, mailbox.imap_host, mailbox.imap_port, mailbox.imap_security)


def smtp_of(mailbox: Mailbox) -> Server:
    """Where its mail is sent. Raises Trouble."""
    return _server(mailbox, mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security)


def _server(mailbox: Mailbox, host: str, port: int, security: str) -> Server:
    if mailbox.method == Method.OAUTH:
        return Server(host, port, security, mailbox.username, token=token_of(mailbox))
    return Server(host, port, security, mailbox.username, opened(mailbox.secret) if mailbox.secret else "")


def _typed(actor: Actor, typed: Mapping[str, str]) -> Mailbox:
    values = {name: typed.get(name, "").strip() for name in typed}
    wrong = Invalid()
    address = values.get("address", "").casefold()
    if not valid(address) or not address.isascii():
        wrong.add("address", Message("form", _("This is no e-mail address.")))
    username = values.get("username") or address
    secret = values.get("secret", "")
    for name, text, longest in (("username", username, 254), ("secret", secret, _LONGEST_SECRET)):
        if len(text) > longest or not text.isascii() or not text.isprintable():
            wrong.add(name, Message("form", _("Latin letters, digits and signs only.")))
    method = values.get("method") or Method.PASSWORD
    if method not in Method.values or (method == Method.OAUTH and offered(address) is None):
        wrong.add(
            "method", Message("oauth", _("Your administrator has not set up tokens for this provider."))
        )
    held = mailbox_of(actor)
    mailbox = held or Mailbox(member_id=_own(actor))
    before = _reached(mailbox)
    mailbox.address, mailbox.username, mailbox.method = address, username, method
    for way in _HOSTS:
        _reach(mailbox, way, values, wrong)
    if secret:
        mailbox.secret = seal(secret, purpose=PURPOSE)
    elif not mailbox.secret or before != _reached(mailbox):
        # The stored password is never sent to another server than the one it was entered for.
        wrong.add("secret", Message("required", _("Enter the password: it is stored for no such mailbox.")))
    if wrong:
        raise wrong
    fresh = held is None or held.state == Standing.OFF or before != _reached(mailbox)
    if fresh:
        mailbox.places, mailbox.since, mailbox.synced_at = {}, timezone.localdate() - HISTORY, None
    mailbox.token, mailbox.token_until = "", None
    mailbox.state, mailbox.trouble, mailbox.detail = Standing.WORKING, "", ""
    mailbox.failures, mailbox.rests_until, mailbox.asked_at = 0, None, None
    return mailbox


def _reached(mailbox: Mailbox) -> tuple[Any, ...]:
    return (mailbox.username, mailbox.method, mailbox.imap_host, mailbox.imap_port, mailbox.imap_security,
            mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security)  # fmt: skip


def _reach(mailbox: Mailbox, way: str, values: Mapping[str, str], wrong: Invalid) -> None:
    host, port = values.get(f"{way}_host", "").casefold(), values.get(f"{way}_port", "")
    security = values.get(f"{way}_security") or Security.TLS
    private = private_allowed()
    number = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0
    try:
        check_host(host, number, private=private)
    except NotAllowed as error:
        field = f"{way}_port" if error.code == "port" else f"{way}_host"
        wrong.add(field, Message(error.code, words_of(error.code)))
    if security not in Security.values or (security == Security.NONE and not private):
        wrong.add(
            f"{way}_security",
            Message("open", _("Without protection everybody on the way reads the password.")),
        )
    setattr(mailbox, f"{way}_host", host)
    setattr(mailbox, f"{way}_port", number)
    setattr(mailbox, f"{way}_security", security)

"""A member's mailbox, for the member; for administrators only how each stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.channels.choices import Delivery, Standing
from guanxi.channels.models import Mailbox, Message
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.models import company

__all__ = [
    "MANAGE",
    "NEVER",
    "State",
    "company_never",
    "mailbox_of",
    "state_words",
    "states",
    "unsent",
    "words_of",
]

MANAGE = "settings.company.manage"
NEVER = "mail_never"

_WORDS: dict[str, Any] = {
    "host": gettext_lazy("The name of the mail server is not right."),
    "port": gettext_lazy("The mail server's port is not one that mail is read or sent by."),
    "unknown": gettext_lazy("Nobody knows a mail server of this name."),
    "private": gettext_lazy("The mail server lies in a private network, which is not allowed."),
    "refused": gettext_lazy("The mail server does not answer at this port."),
    "timeout": gettext_lazy("The mail server takes too long to answer."),
    "tls": gettext_lazy("The protected connection to the mail server failed: check port and protection."),
    "network": gettext_lazy("The connection to the mail server broke off."),
    "key": gettext_lazy(
        "The mail server refuses the sign-in. Many providers want a code for other programs in place of the password, "
        "and IMAP and SMTP switched on in their settings."
    ),
    "protocol": gettext_lazy("The mail server's answer is not what its protocol says."),
    "oauth": gettext_lazy(
        "The provider gives no token. Connect the mailbox anew, or ask your administrator."
    ),
    "unsealable": gettext_lazy("The stored password belongs to another secret key. Enter it again."),
    "receivers": gettext_lazy("The mail server refuses the receivers."),
    "mail": gettext_lazy("The mail server refuses this e-mail."),
    "lost": gettext_lazy(
        "The connection broke off while the e-mail was handed over. Look into your mailbox's sent folder, or ask "
        "whether it arrived, before you send it again."
    ),
    "file": gettext_lazy("A file of the e-mail is not on the server's disk any more."),
    "disconnected": gettext_lazy("Your mailbox is not connected any more."),
}


def words_of(code: str, detail: str = "") -> str:
    """What a trouble's code says, with the server's own words behind it."""
    said = str(_WORDS.get(code, _WORDS["protocol"]))
    return f"{said} ({detail})" if detail else said


def mailbox_of(actor: Actor) -> Mailbox | None:
    """The actor's own mailbox, connected or not. Nobody else's is ever read through this door."""
    if actor.member_id is None:
        return None
    return Mailbox.objects.filter(member_id=actor.member_id).first()


def company_never() -> str:
    """The addresses and domains, one a line, whose mail no mailbox of the open company keeps."""
    return str(company().settings.get(NEVER, ""))


@dataclass(frozen=True, slots=True)
class State:
    """How a member's mailbox stands, and nothing of what is in it."""

    member: str
    working: bool
    words: str
    synced_at: datetime | None


def states(actor: Actor) -> list[State]:
    """How every mailbox of the company stands. Raises Forbidden."""
    actor.require(MANAGE)
    rows = Mailbox.objects.select_related("member").order_by("member__name_sort", "pk")
    return [
        State(
            one.member.name,
            one.state == Standing.WORKING,
            words_of(one.trouble) if one.state == Standing.TROUBLE else str(Standing(one.state).label),
            one.synced_at,
        )
        for one in rows[:500]
    ]


def state_words(mailbox: Mailbox) -> str:
    """How a mailbox stands, for its member."""
    if mailbox.state == Standing.TROUBLE:
        return words_of(mailbox.trouble, mailbox.detail)
    if mailbox.synced_at is None:
        return _("Connected; the e-mails of the last weeks are being read.")
    return str(Standing(mailbox.state).label)


def unsent(actor: Actor) -> list[Message]:
    """The actor's own e-mails that have not left, the newest first."""
    if actor.member_id is None:
        return []
    waiting = (Delivery.QUEUED, Delivery.SENDING, Delivery.FAILED, Delivery.UNCLEAR)
    return list(
        Message.objects.filter(member_id=actor.member_id, state__in=waiting).order_by("-at", "-id")[:50]
    )

"""The settings of outgoing mail through the API. The password is taken and never told again."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation.permissions.actor import Actor
from guanxi.project.mail import settings as mail
from guanxi.resource.operations import Operation, declare


@dataclass(frozen=True, kw_only=True)
class ChangedMail:
    """What differs from the stored settings. The stored password is kept for the same server and user alone."""

    host: str | None = None
    port: int | None = None
    security: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    sender: str | None = None


@dataclass(frozen=True, kw_only=True)
class MailOut:
    """The settings that hold; `host` is empty where nobody has made any. `security`: `none`, `starttls`, `tls`.

    `password_stored` whether there is one that can be read; `locked` says why the settings cannot be changed here.
    """

    host: str
    port: int
    security: str
    username: str
    sender: str
    password_stored: bool
    locked: str


@dataclass(frozen=True, kw_only=True)
class MailTested:
    """Whether the mail server took the test mail for this address, or what it said instead."""

    sent: bool
    address: str
    words: str


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="mail_settings", method="GET", path="mail_settings", act=_read, answer=MailOut,
            summary=gettext_noop("Read the settings of outgoing mail"),
            words=gettext_noop("The password is never told."),
        ),
        Operation(
            area="mail_settings", method="PATCH", path="mail_settings", act=_edit, body=ChangedMail, answer=MailOut,
            summary=gettext_noop("Change the settings of outgoing mail"),
            words=gettext_noop("Where several companies share a server, only whoever runs it sets its mail."),
        ),
        Operation(
            area="mail_settings", method="POST", path="mail_settings/test", act=_try, body=ChangedMail,
            answer=MailTested, summary=gettext_noop("Send a test mail"),
            words=gettext_noop("To the address of one's own sign-in, with the settings as they would be; stores none."),
        ),
        mail_settings=_("Outgoing mail"),
    )  # fmt: skip


def _read(actor: Actor) -> MailOut:
    stored = mail.mail_settings(actor)
    values = mail.values_of(stored)
    return MailOut(
        host=values["host"],
        port=int(values["port"]),
        security=values["security"],
        username=values["username"],
        sender=values["sender"],
        password_stored=bool(stored and stored.password),
        locked=mail.locked(),
    )


def _typed(actor: Actor, body: ChangedMail) -> dict[str, str]:
    """The stored settings with what was given over them, as a form would send them."""
    given = {name: value for name in mail.NAMES if (value := getattr(body, name)) is not None}
    return mail.values_of(mail.mail_settings(actor)) | {name: str(value) for name, value in given.items()}


def _edit(actor: Actor, body: ChangedMail) -> MailOut:
    mail.change_mail(actor, _typed(actor, body))
    return _read(actor)


def _try(actor: Actor, body: ChangedMail) -> MailTested:
    found = mail.try_mail(actor, _typed(actor, body))
    return MailTested(sent=found.sent, address=found.address, words=found.words)

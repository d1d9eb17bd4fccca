"""Operations of the API for e-mails: those of a record, writing one, keeping one to oneself."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from guanxi.activities.queries.letters import Shown, message_of, messages_of, tells_addresses
from guanxi.activities.queries.timeline import has_timeline
from guanxi.activities.queries.touches import touches_of
from guanxi.activities.services.hiding import hide_mail
from guanxi.channels.models import Message
from guanxi.channels.services.mailboxes import CONNECT
from guanxi.channels.services.sending import Draft, write
from guanxi.collaboration.queries.people import record_of
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kernel.errors import Message as Said
from guanxi.kernel.phones import mask_email
from guanxi.resource.operations import Operation, declare
from guanxi.resource.registry import find

_MOST = 100


@dataclass(frozen=True, kw_only=True)
class MailOf:
    """Whose e-mails: the key of a record's resource (customers, people, leads, opportunities) and its id. `after` is
    the moment behind which it goes on."""

    resource: str
    record: UUID
    after: str = ""
    limit: int = 20


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Who writes an e-mail, or whom it goes to."""

    mail: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class MailOut:
    """An e-mail; `activity` is where it stands on the timeline. `text` is what was written, without what it quotes and
    the signature. `state` is stored, queued, sending, sent, failed or unclear."""

    id: UUID
    activity: UUID | None
    thread: str
    direction: str
    sender: Receiver
    to: list[Receiver]
    cc: list[Receiver]
    subject: str
    at: datetime
    text: str
    quotation: str
    signature: str
    automatic: bool
    doubtful: bool
    state: str
    files: list[str]
    left_out: list[str]


@dataclass(frozen=True, kw_only=True)
class NewMail:
    """An e-mail to be sent through the member's own mailbox, from a record's card; `answers` is the activity whose
    e-mail it answers."""

    resource: str
    record: UUID
    to: list[Receiver]
    cc: list[Receiver] = field(default_factory=list)
    subject: str
    text: str
    answers: UUID | None = None


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="mail", method="GET", path="mail", act=_listed, query=MailOf, answer=MailOut, many=True,
            summary=gettext_noop("The e-mails of a record"),
            words=gettext_noop("Those of a customer or a person that are kept, newest first."),
        ),
        Operation(
            area="mail", method="POST", path="mail", act=_write, body=NewMail, answer=MailOut, status=201,
            summary=gettext_noop("Send an e-mail"),
            words=gettext_noop("It is queued, and stands on the timeline once it has left."),
        ),
        Operation(
            area="mail", method="POST", path="mail/{id}/hide", act=_hide,
            summary=gettext_noop("Keep an e-mail to oneself"),
            words=gettext_noop("By its activity: it is taken off for good, and not stored again."),
        ),
        mail=pgettext_lazy("settings", "E-mail"),
    )  # fmt: skip


def _listed(actor: Actor, query: MailOf) -> tuple[list[MailOut], str | None]:
    actor.require(find("activities").permission("view"))
    resource, record = record_of(actor, query.resource, query.record)
    if not has_timeline(resource):
        raise NotFound("no_timeline")
    limit = min(max(query.limit, 1), _MOST)
    found = messages_of(
        actor, touches_of(actor, resource, record), limit=limit + 1, before=_before(query.after)
    )
    more = found[limit - 1].message.at.isoformat() if len(found) > limit else None
    return [_said(actor, one.message, one) for one in found[:limit]], more


def _before(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid({"after": [Said("moment", _("This is not a time with its zone."))]})
    return found


def _write(actor: Actor, body: NewMail) -> MailOut:
    actor.require(CONNECT)
    resource, record = record_of(actor, body.resource, body.record)
    if not has_timeline(resource):
        raise NotFound("no_timeline")
    answers = message_of(actor, body.answers)[1].pk if body.answers else None
    to, cc = ([(one.name, one.mail.strip().casefold()) for one in some] for some in (body.to, body.cc))
    draft = Draft(
        to=to,
        cc=cc,
        subject=body.subject,
        text=body.text,
        answers=answers,
        resource=resource.key,
        record_id=record.pk,
    )
    return _said(actor, write(actor, draft), None)


def _hide(actor: Actor, activity_id: UUID) -> None:
    hide_mail(actor, activity_id)


def _said(actor: Actor, message: Message, shown: Shown | None) -> MailOut:
    # What he has just written himself he knows.
    told = shown is None or tells_addresses(actor)

    def known(name: str, mail: str) -> Receiver:
        return Receiver(mail=mail if told else mask_email(mail), name=name if told or "@" not in name else "")

    receivers = {
        way: [known(one["name"], one["mail"]) for one in message.recipients if one["as"] == way]
        for way in ("to", "cc")
    }
    return MailOut(
        id=message.pk,
        activity=shown.activity if shown else None,
        thread=message.thread,
        direction=message.direction,
        sender=known(message.sender_name, message.sender),
        to=receivers["to"],
        cc=receivers["cc"],
        subject=message.subject,
        at=message.at,
        text=message.text,
        quotation=message.quotation,
        signature=message.signature if told else "",
        automatic=message.automatic,
        doubtful=message.doubtful,
        state=message.state,
        files=[name for name, _url in shown.files] if shown else [],
        left_out=list(message.left_out),
    )

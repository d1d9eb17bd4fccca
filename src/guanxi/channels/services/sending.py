"""Writing e-mails from a card: through the member's own mail server, each at most once."""

import smtplib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.channels.choices import Delivery, Direction, Standing
from guanxi.channels.models import Mailbox, Mention, Message
from guanxi.channels.queries.mailboxes import mailbox_of, words_of
from guanxi.channels.queries.own import own_addresses
from guanxi.channels.queries.recognising import recognise
from guanxi.channels.rules.decoding import valid
from guanxi.channels.services import folders
from guanxi.channels.services.composing import built
from guanxi.channels.services.mailboxes import CONNECT, imap_of, smtp_of
from guanxi.channels.services.servers import Trouble, imap, smtp
from guanxi.channels.services.storing import Arrival, tell_stored
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.files.services import add_attachment, remove_attachment
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.jobs.work import SIDE, aside
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.notices.services import notify, wording
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused
from guanxi.kernel.errors import Message as Said
from guanxi.kernel.ids import new_id

__all__ = [
    "OUTBOX",
    "SEND",
    "Draft",
    "discard",
    "register",
    "send_again",
    "send_message",
    "waiting_files",
    "write",
]

OUTBOX = "mail"  # what files of an e-mail hang on until it has left; no resource bears it, so nobody opens them there
SEND = "channels.send"
FAILED = "channels.not_sent"
MOST_RECEIVERS = 50
LONGEST = 50_000
_SECONDS = 120.0
# Providers that put a copy into the folder of what was sent by themselves.
_KEEP = ("gmail.com", "office365.com", "outlook.com")
_OPEN = (Delivery.FAILED, Delivery.UNCLEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be sent: receivers as (name, address), `answers` the message it answers, and the card it is written
    from."""

    to: Sequence[tuple[str, str]]
    cc: Sequence[tuple[str, str]] = ()
    subject: str
    text: str
    answers: UUID | None = None
    resource: str = ""
    record_id: UUID | None = None


def register() -> None:
    """Wordings of this part."""
    wording(FAILED, lambda params: _("Your e-mail “%(subject)s” was not sent: %(why)s") % {
        "subject": params.get("subject", ""), "why": words_of(params.get("trouble", "")),
    })  # fmt: skip


def write(actor: Actor, draft: Draft, *, files: Iterable[tuple[str, Iterable[bytes]]] = ()) -> Message:
    """Put an e-mail into the queue of one's own mailbox. The caller has asked whether the actor sees the card and the
    message that is answered. Raises Forbidden, Invalid, Refused without a mailbox."""
    actor.require(CONNECT)
    mailbox = mailbox_of(actor)
    if actor.observer_id is not None:
        raise Forbidden("forbidden", {"permission": CONNECT})
    if mailbox is None or mailbox.state == Standing.OFF:
        raise Refused("no_mailbox", _("Your mailbox is not connected."))
    _check(draft)
    answered = Message.objects.filter(pk=draft.answers).first() if draft.answers else None
    ref = f"{new_id()}@{mailbox.address.rpartition('@')[2]}"
    message = Message(
        mailbox_id=mailbox.pk,
        member_id=mailbox.member_id,
        ref=ref,
        thread=answered.thread if answered else ref,
        refs=[*answered.refs, answered.ref][-20:] if answered else [],
        direction=Direction.OUT,
        sender=mailbox.address,
        sender_name=actor.name,
        recipients=[
            {"name": name, "mail": mail, "as": way}
            for way, people in (("to", draft.to), ("cc", draft.cc))
            for name, mail in people
        ],
        subject=draft.subject,
        at=timezone.now(),
        text=draft.text,
        quotation=_quoted(answered) if answered else "",
        state=Delivery.QUEUED,
        resource=draft.resource,
        record_id=draft.record_id,
    )
    with operation(actor, "channels.message.send", record_id=message.pk, label=draft.subject):
        message.save(force_insert=True)
        for name, chunks in files:
            add_attachment(actor, resource=OUTBOX, record_id=message.pk, name=name, chunks=chunks)
        enqueue(actor, SEND, shown=False, message=message.pk)
    return message


def _check(draft: Draft) -> None:
    wrong = Invalid()
    if not draft.to:
        wrong.add("to", Said("required", _("Say to whom.")))
    if len(draft.to) + len(draft.cc) > MOST_RECEIVERS:
        wrong.add("to", Said("most", _("At most %(most)s receivers."), {"most": MOST_RECEIVERS}))
    for name, people in (("to", draft.to), ("cc", draft.cc)):
        for _shown, mail in people:
            if not valid(mail) or not mail.isascii():
                wrong.add(
                    name, Said("form", _("“%(address)s” is no e-mail address."), {"address": mail[:80]})
                )
    if not draft.subject.strip():
        wrong.add("subject", Said("required", _("Say what it is about.")))
    elif len(draft.subject) > 500 or not draft.subject.isprintable():
        wrong.add("subject", Said("form", _("The subject is one line of at most 500 characters.")))
    if not draft.text.strip():
        wrong.add("text", Said("required", _("Write something.")))
    elif len(draft.text) > LONGEST:
        wrong.add("text", Said("most", _("The text is too long.")))
    if wrong:
        raise wrong


def _quoted(answered: Message) -> str:
    """What is answered, as programs put it under an answer."""
    who = answered.sender_name or answered.sender
    when = timezone.localtime(answered.at).strftime("%Y-%m-%d %H:%M")
    lines = [f"> {line}".rstrip() for line in answered.text.split("\n")[:500]]
    return "\n".join([_("On %(when)s, %(who)s wrote:") % {"when": when, "who": who}, *lines])


def waiting_files(message_id: UUID) -> list[Attachment]:
    """The files of an e-mail that has not left."""
    return list(Attachment.objects.filter(resource=OUTBOX, record_id=message_id).order_by("created_at", "id"))


def send_again(actor: Actor, message_id: UUID) -> Message:
    """Try once more what failed, or what perhaps did not leave: that is the member's to say. Raises NotFound,
    Refused."""
    message = _own(actor, message_id)
    if message.state not in _OPEN:
        raise Refused("not_failed", _("This e-mail is not waiting for you."))
    message.state, message.trouble, message.detail = Delivery.QUEUED, "", ""
    message.at = timezone.now()
    with operation(actor, "channels.message.send", record_id=message.pk, label=message.subject):
        message.save(update_fields=["state", "trouble", "detail", "at"])
        enqueue(actor, SEND, shown=False, message=message.pk)
    return message


def discard(actor: Actor, message_id: UUID) -> None:
    """Give up what was not sent. Raises NotFound, Refused."""
    message = _own(actor, message_id)
    if message.state not in _OPEN:
        raise Refused("not_failed", _("This e-mail is not waiting for you."))
    with operation(actor, "channels.message.discard", record_id=message.pk, label=message.subject):
        for one in waiting_files(message.pk):
            remove_attachment(actor, one)
        message.delete()


def _own(actor: Actor, message_id: UUID) -> Message:
    actor.require(CONNECT)
    rows = Message.objects.select_for_update(of=("self",)).filter(pk=message_id)
    found = rows.first()
    if found is None or found.member_id != actor.member_id:
        raise NotFound("not_found")
    return found


def send_message(actor: Actor, message_id: UUID) -> str:
    """Hand a queued e-mail to the server and note what became of it; returns its state.

    That it is handed over is written down before, on a connection of its own: who comes after a killed worker and finds
    it so looks whether it left, and does not send it again.
    """
    message = Message.objects.filter(pk=message_id).first()
    if message is None or message.state in _OPEN:
        return message.state if message else ""
    mailbox = Mailbox.objects.filter(pk=message.mailbox_id).first()
    if mailbox is None or mailbox.state == Standing.OFF:
        return _ended(message, Delivery.FAILED, Trouble("disconnected"))
    try:
        mail = built(message, waiting_files(message.pk))
    except NotFound:
        return _ended(message, Delivery.FAILED, Trouble("file"))
    if message.state == Delivery.QUEUED:
        try:
            _handed_over(actor, mailbox, message, mail)
        except _Lost as lost:
            return _ended(message, Delivery.UNCLEAR, Trouble("lost", str(lost)))
        except Trouble as trouble:
            return _ended(message, Delivery.FAILED, trouble)
        _copied(mailbox, message, mail)
    elif message.state == Delivery.SENDING and not _copied(mailbox, message, None):
        return _ended(message, Delivery.UNCLEAR, Trouble("lost"))
    if not Mention.objects.filter(message_id=message.pk).exists():
        _recorded(actor, message)
    return _ended(message, Delivery.SENT, None)


class _Lost(Exception):
    """The line broke while it was handed over."""


def _handed_over(actor: Actor, mailbox: Mailbox, message: Message, mail: EmailMessage) -> None:
    receivers = [one["mail"] for one in message.recipients]
    began = False
    try:
        with smtp(smtp_of(mailbox), seconds=_SECONDS) as connection:
            _marked(actor, message, Delivery.SENDING)
            began = True
            try:
                connection.send_message(mail, mailbox.address, receivers)
            except smtplib.SMTPRecipientsRefused as error:
                words = "; ".join(f"{mail} {said[1]!r}" for mail, said in list(error.recipients.items())[:3])
                raise Trouble("receivers", words) from error
            except smtplib.SMTPResponseException as error:
                raise Trouble("mail", f"{error.smtp_code} {error.smtp_error!r}") from error
            # From here it has left, whatever becomes of this process.
            _marked(actor, message, Delivery.SENT)
            message.state = Delivery.SENT
    except Trouble as trouble:
        if message.state == Delivery.SENT:
            return
        if began and trouble.code not in ("receivers", "mail"):
            raise _Lost(trouble.detail) from trouble
        raise


def _marked(actor: Actor, message: Message, state: str) -> None:
    with aside(actor.tenant_id):
        Message.objects.using(SIDE).filter(pk=message.pk).update(state=state)


def _copied(mailbox: Mailbox, message: Message, mail: EmailMessage | None) -> bool:
    """See to a copy in the folder of what was sent, or without `mail` only look for one; whether it is there. A mailbox
    that does not open is no reason to say that the mail has not left."""
    try:
        with imap(imap_of(mailbox), seconds=60.0) as connection:
            name = folders.find_sent(connection)
            if not name:
                return False
            if mail is not None and mailbox.smtp_host.endswith(_KEEP):
                return True
            folders.select(connection, name)
            if folders.holds(connection, message.ref):
                return True
            if mail is not None:
                folders.append(connection, name, mail.as_bytes())
            return mail is not None
    except Trouble:
        return False


def _recorded(actor: Actor, message: Message) -> None:
    """Who is behind the receivers, and what the contexts above make of it."""
    wanted = {one["mail"] for one in message.recipients}
    behind = recognise(wanted - own_addresses(wanted))
    if message.resource and message.record_id:
        first = message.recipients[0]["mail"]
        known = behind.setdefault(first, [])
        if (message.resource, message.record_id) not in known:
            known.append((message.resource, message.record_id))
    Mention.objects.bulk_create(
        Mention(message_id=message.pk, address=address, resource=key, record_id=record)
        for address, records in behind.items()
        for key, record in records
    )
    tell_stored(actor, [Arrival(message, None, behind)])


def _ended(message: Message, state: str, trouble: Trouble | None) -> str:
    message.state = state
    message.trouble, message.detail = (trouble.code, trouble.detail) if trouble else ("", "")
    if state == Delivery.SENT:
        message.at = min(message.at, datetime.now(UTC))
    message.save(update_fields=["state", "trouble", "detail", "at"])
    if trouble is not None:
        url = reverse("mailbox")
        notify(
            [message.member_id], FAILED, url=url, tone="bad", subject=message.subject, trouble=trouble.code
        )
    return state

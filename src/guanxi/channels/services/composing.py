"""The bytes of an e-mail that is sent."""

from collections.abc import Iterable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from django.utils import timezone

from guanxi.channels.models import Message
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.files.services import path_of

__all__ = ["built"]


def built(message: Message, files: Iterable[Attachment]) -> EmailMessage:
    """A stored message as it goes out, in its thread. Raises NotFound where a file is missing on disk."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(message.sender_name, message.sender)
    for way, header in (("to", "To"), ("cc", "Cc")):
        people = [_address(one["name"], one["mail"]) for one in message.recipients if one["as"] == way]
        if people:
            mail[header] = people
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(timezone.localtime(message.at))
    mail["Message-ID"] = f"<{message.ref}>"
    if message.refs:
        mail["In-Reply-To"] = f"<{message.refs[-1]}>"
        mail["References"] = " ".join(f"<{one}>" for one in message.refs)
    text = message.text
    if message.quotation:
        text = f"{text}\n\n{message.quotation}"
    mail.set_content(text + "\n")
    for one in files:
        kind, _sep, sub = one.media_type.partition("/")
        content = Path(path_of(one)).read_bytes()
        mail.add_attachment(content, maintype=kind, subtype=sub or "octet-stream", filename=one.name)
    return mail


def _address(name: str, mail: str) -> Address:
    user, _at, domain = mail.rpartition("@")
    return Address(name, user, domain)

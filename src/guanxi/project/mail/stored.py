"""The settings of outgoing mail, from the environment or the table. Only here is the password in clear."""

import os
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from guanxi.foundation.accounts.services.sealing import Unsealable, seal, unseal

Security = Literal["none", "starttls", "tls"]
VARIABLE = "GUANXI_SMTP_URL"
_PURPOSE = "guanxi mail password"
_SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}


@dataclass(frozen=True, slots=True)
class Smtp:
    """A way to a mail server. `unreadable` where the stored password belongs to another secret key."""

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    unreadable: bool = False

    @property
    def complete(self) -> bool:
        return bool(self.host and self.sender) and not self.unreadable


def smtp_settings() -> Smtp | None:
    """The settings that hold, or None where nobody has made any."""
    url = os.environ.get(VARIABLE)
    if url:
        return _from_url(url)
    from guanxi.project.models import MailSettings

    row = MailSettings.objects.filter(id=1).first()
    if row is None or not row.host:
        return None
    password, unreadable = "", False
    if row.password:
        try:
            password = decrypt(row.password)
        except Unsealable:
            unreadable = True
    security: Security = (
        "tls" if row.security == "tls" else "starttls" if row.security == "starttls" else "none"
    )
    return Smtp(row.host, row.port, security, row.username, password, row.sender, unreadable)


def is_configured() -> bool:
    """Whether mail can be sent at all; without it a forgotten password goes through the administrator."""
    found = smtp_settings()
    return found is not None and found.complete


def set_by_provider() -> bool:
    return bool(os.environ.get(VARIABLE))


def save(smtp: Smtp) -> None:
    """Store the settings, the password encrypted."""
    from guanxi.project.models import MailSettings

    MailSettings.objects.update_or_create(
        id=1,
        defaults={
            "host": smtp.host,
            "port": smtp.port,
            "security": smtp.security,
            "username": smtp.username,
            "password": encrypt(smtp.password) if smtp.password else "",
            "sender": smtp.sender,
        },
    )


def _from_url(url: str) -> Smtp:
    """`smtp+starttls://user:password@host:587?from=sender@example.com`. Raises ImproperlyConfigured."""
    parts = urlsplit(url)
    sender = parse_qs(parts.query).get("from", [""])[0]
    if parts.scheme not in _SCHEMES or not parts.hostname or not sender:
        raise ImproperlyConfigured(
            f"{VARIABLE} has the form smtp+starttls://user:password@host:587?from=sender@example.com "
            "(or smtps:// or smtp://)."
        )
    security, port = _SCHEMES[parts.scheme]
    return Smtp(
        parts.hostname,
        parts.port or port,
        security,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        sender,
    )


def encrypt(text: str) -> str:
    return seal(text, purpose=_PURPOSE)


def decrypt(token: str) -> str:
    """Raises Unsealable where it was encrypted under another secret key."""
    return unseal(token, purpose=_PURPOSE)

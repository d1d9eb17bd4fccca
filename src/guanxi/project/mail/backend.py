"""Django's mail backend over the stored settings."""

import smtplib
import ssl
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from guanxi.project.mail.stored import Smtp, is_configured, smtp_settings

_TIMEOUT = 15


class MailNotSet(ConnectionError):
    """Nobody has said through which server mail leaves."""


class Backend(EmailBackend):
    """Reads the settings at every use, so that a change holds in all processes at once."""

    def __init__(
        self, *args: Any, smtp: Smtp | None = None, fail_silently: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(fail_silently=fail_silently, timeout=_TIMEOUT)
        self._smtp = smtp

    @property
    def is_configured(self) -> bool:
        """Asked by the pages that would send: without it they say whom to ask instead."""
        return self._smtp is not None or is_configured()

    def open(self) -> bool | None:
        if self.connection is None:
            try:
                self._take(self._smtp or smtp_settings())
            except MailNotSet:
                if self.fail_silently:
                    return None
                raise
        try:
            return super().open()
        except Exception:
            # Django keeps a connection whose sign-in was refused.
            self.close()
            raise

    def _take(self, smtp: Smtp | None) -> None:
        if smtp is None or not smtp.complete:
            raise MailNotSet("no mail server is set")
        self.host, self.port = smtp.host, smtp.port
        self.username, self.password = smtp.username, smtp.password
        self.use_tls, self.use_ssl = smtp.security == "starttls", smtp.security == "tls"
        self._sender = smtp.sender

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        found = self._smtp or smtp_settings()
        for message in email_messages:
            # Nobody named a sender: it is the installation's.
            if message.from_email == settings.DEFAULT_FROM_EMAIL and found is not None:
                message.from_email = found.sender
        return super().send_messages(email_messages) or 0


def server_words(error: Exception) -> str:
    """What the server, or the way to it, said; for the person who sets it up."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {text}".strip()
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        refusals = (f"{code} {text.decode('utf-8', 'replace')}" for code, text in error.recipients.values())
        return "; ".join(refusals)
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"TLS: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__

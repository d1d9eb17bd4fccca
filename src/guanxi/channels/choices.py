"""The lists a mailbox and its messages are described by."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Security(models.TextChoices):
    """How the way to a server is protected."""

    TLS = "tls", _("TLS")
    STARTTLS = "starttls", _("STARTTLS")
    NONE = "none", _("Not encrypted")


class Method(models.TextChoices):
    """By what a mailbox is opened."""

    PASSWORD = "password", _("Password or code for other programs")
    OAUTH = "oauth", _("Token (OAuth)")


class Standing(models.TextChoices):
    """How a mailbox stands."""

    WORKING = "working", pgettext_lazy("mailbox", "Connected")
    TROUBLE = "trouble", pgettext_lazy("mailbox", "In trouble")
    OFF = "off", pgettext_lazy("mailbox", "Not connected")


class Direction(models.TextChoices):
    """From them to us, or from us to them."""

    IN = "in", pgettext_lazy("e-mail", "Received")
    OUT = "out", pgettext_lazy("e-mail", "Sent")


class Delivery(models.TextChoices):
    """What became of a message. SENDING is written down before a server gets it: who finds it so does not know whether
    it left, and never sends it again by himself."""

    STORED = "stored", pgettext_lazy("e-mail", "Stored")
    QUEUED = "queued", pgettext_lazy("e-mail", "Waiting to be sent")
    SENDING = "sending", pgettext_lazy("e-mail", "Being sent")
    SENT = "sent", pgettext_lazy("e-mail", "Sent")
    FAILED = "failed", pgettext_lazy("e-mail", "Not sent")
    UNCLEAR = "unclear", pgettext_lazy("e-mail", "Perhaps sent")

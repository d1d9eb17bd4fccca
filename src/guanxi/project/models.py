from django.db import models
from django.utils.translation import gettext_lazy as _


class MailSettings(models.Model):
    """How this installation sends mail; one row at most. Outside the companies: sign-in mails know none."""

    class Security(models.TextChoices):
        STARTTLS = "starttls", _("STARTTLS (usual with port 587)")
        TLS = "tls", _("TLS from the start (usual with port 465)")
        NONE = "none", _("None: only for a server on this network")

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    host = models.CharField(max_length=255, default="")
    port = models.PositiveIntegerField(default=587)
    security = models.CharField(max_length=10, choices=Security, default=Security.STARTTLS)
    username = models.CharField(max_length=254, default="")
    password = models.TextField(default="")  # encrypted, see `mail.stored`
    sender = models.CharField(max_length=254, default="")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="mail_settings_one")]

    def __str__(self) -> str:
        return self.host

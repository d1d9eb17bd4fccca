from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import Record


class FileKind(models.TextChoices):
    """What a file on a record is."""

    CONTRACT = "contract", pgettext_lazy("file", "Contract")
    PROPOSAL = "proposal", pgettext_lazy("file", "Proposal")
    CERTIFICATE = "certificate", pgettext_lazy("file", "Certificate")
    OTHER = "other", pgettext_lazy("file", "Other")


class Attachment(Record):
    """A file on a record. `digest` (SHA-256, hex) names the bytes on disk; equal files are kept once."""

    resource = models.CharField(max_length=60)
    record_id = models.UUIDField()
    name = models.CharField(_("file name"), max_length=200)
    kind = models.CharField(
        pgettext_lazy("file", "Kind"), max_length=12, choices=FileKind, default="other", db_default="other"
    )
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField(_("size"))
    digest = models.CharField(max_length=64)
    added_by = Reference(Member, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes = [
            models.Index(
                fields=["tenant_id", "resource", "record_id", "-created_at"], name="attachment_record"
            ),
            models.Index(fields=["tenant_id", "digest"], name="attachment_digest"),
        ]

    def __str__(self) -> str:
        return self.name

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import LEFT, Note


class Notice(Note):
    """One message to one member. `kind` names a registered wording; `params` fill it in the reader's language."""

    archived = LEFT

    member = Reference(Member, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=300, default="")
    tone = models.CharField(max_length=8, default="")
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["tenant_id", "member", "-created_at"], name="notice_member"),
            models.Index(fields=["tenant_id", "kind", "-created_at"], name="notice_kind"),
            models.Index(
                fields=["tenant_id", "member"], name="notice_unread", condition=models.Q(read_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.kind

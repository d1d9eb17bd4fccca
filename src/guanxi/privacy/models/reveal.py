from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import KEPT, Note


class Reveal(Note):
    """A member asked to see one record's veiled field: when (`created_at`), through which door, from which address."""

    archived = KEPT

    member = Reference(Member, models.CASCADE, related_name="+", db_index=False)
    resource = models.CharField(max_length=60)
    record_id = models.UUIDField()
    field = models.CharField(max_length=60)
    door = models.CharField(max_length=20)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        verbose_name = _("look at a masked number")
        verbose_name_plural = _("looks at masked numbers")
        indexes = [
            models.Index(fields=["tenant_id", "member", "created_at"], name="reveal_member"),
            models.Index(fields=["tenant_id", "-created_at", "id"], name="reveal_created"),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.record_id} {self.field}"

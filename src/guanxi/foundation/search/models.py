from django.contrib.postgres.fields import ArrayField
from django.db import models

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import DERIVED, KEPT, Note


class Entry(Note):
    """What one record is found by. `id` is the record's own id; `owner_id` is who answers for it."""

    archived = DERIVED

    resource = models.CharField(max_length=60)
    owner_id = models.UUIDField(null=True)
    title = models.CharField(max_length=300)
    detail = models.CharField(max_length=300, default="")
    text = models.TextField()
    grams = ArrayField(models.TextField())

    class Meta:
        indexes = [models.Index(fields=["tenant_id", "resource", "owner_id"], name="search_owner")]

    def __str__(self) -> str:
        return self.title


class Opened(Note):
    """A record that a member opened, when last. `id` follows from the two, so that opening again is one upsert."""

    archived = KEPT

    member = Reference(Member, models.CASCADE, related_name="+")
    resource = models.CharField(max_length=60)
    record_id = models.UUIDField()
    opened_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["tenant_id", "member", "-opened_at"], name="search_opened_member")]

    def __str__(self) -> str:
        return f"{self.resource} {self.record_id}"

from django.contrib.postgres.fields import ArrayField
from django.db import models

from guanxi.foundation.tenancy.models import Note


class Entry(Note):
    """What one record is found by. `id` is the record's own id; `owner_id` is who answers for it."""

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

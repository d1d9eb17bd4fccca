from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import KEPT, Note
from guanxi.privacy.choices import Ground


class Erasure(Note):
    """That somebody's data was erased: who did it, when and on what ground. Never whose it was.

    `people` are the ids the person had (more than one after a merging), `rows` those of everything that was theirs:
    what a restored backup must lose again, and what no undo may bring back.
    """

    archived = KEPT

    people = ArrayField(models.UUIDField())
    rows = ArrayField(models.UUIDField(), default=list)
    by = Reference(Member, models.PROTECT, null=True, related_name="+", verbose_name=_("Erased by"))
    ground = models.CharField(pgettext_lazy("why", "Ground"), max_length=12, choices=Ground)
    note = models.CharField(
        pgettext_lazy("erasure", "Note"), max_length=300, default="", db_default="", blank=True
    )
    counts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        indexes = [models.Index(fields=["tenant_id", "-created_at", "id"], name="erasure_created")]

    def __str__(self) -> str:
        return self.ground

"""What a stage asks for, and what shows that it is there."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.activities.models import Activity
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.resource.models import Entity
from guanxi.sales.choices import HAND, in_readers_language
from guanxi.sales.models.opportunity import Opportunity
from guanxi.sales.models.pipeline import Stage


class Evidence(Entity):
    """Something that must be there before a sale enters a stage: said by hand, or counted. `how` is the key of what
    counts it (`queries.evidence`), HAND where somebody says so."""

    stage = Reference(Stage, models.CASCADE, related_name="evidence", verbose_name=_("Stage"), db_index=False)
    name = models.CharField(_("What shows it"), max_length=100)
    how = models.CharField(_("How it is known"), max_length=60, default=HAND, db_default=HAND)
    position = models.PositiveIntegerField(pgettext_lazy("order", "Position"), default=0, db_default=0)

    class Meta:
        verbose_name, verbose_name_plural = (
            pgettext_lazy("stage", "evidence"),
            pgettext_lazy("stage", "Evidence"),
        )
        constraints = [models.UniqueConstraint(fields=["tenant_id", "stage", "name"], name="evidence_name")]
        indexes = [models.Index(fields=["tenant_id", "position", "id"], name="evidence_position")]

    def __str__(self) -> str:
        return in_readers_language(self.name)


class Proof(Entity):
    """Somebody says that a piece of evidence is there: since when, by which activity or in which words."""

    opportunity = Reference(
        Opportunity, models.CASCADE, related_name="proofs", verbose_name=_("Opportunity"), db_index=False
    )
    evidence = Reference(
        Evidence,
        models.CASCADE,
        related_name="+",
        verbose_name=pgettext_lazy("stage", "Evidence"),
        db_index=False,
    )
    on = models.DateField(pgettext_lazy("proof", "Since"), default=timezone.localdate)
    activity = Reference(
        Activity,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Shown by the activity"),
        db_index=False,
    )
    note = models.CharField(
        pgettext_lazy("proof", "In words"), max_length=300, default="", db_default="", blank=True
    )
    by = Reference(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("proof", "Said by"),
        db_index=False,
    )

    class Meta:
        verbose_name, verbose_name_plural = _("proof"), _("Proofs")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "opportunity", "evidence"], name="proof_once")
        ]
        indexes = [
            models.Index(fields=["tenant_id", "updated_at", "id"], name="proof_updated"),
            models.Index(fields=["tenant_id", "evidence"], name="proof_evidence"),
            models.Index(
                fields=["tenant_id", "activity"],
                name="proof_activity",
                condition=models.Q(activity__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.note or str(self.evidence)

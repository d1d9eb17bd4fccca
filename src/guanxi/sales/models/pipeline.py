"""The ways sales go: pipelines with their stages, and the reasons why a sale is lost."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.catalog.models import ProductLine
from guanxi.foundation.accounts.models import Department
from guanxi.foundation.tenancy.fields import Reference
from guanxi.resource.models import Entity
from guanxi.sales.choices import Category, StageKind, in_readers_language

_OPEN = models.Q(kind="open")


class Pipeline(Entity):
    """A way that sales go, of a product line, for a department or for everybody. The first by `position` is the usual
    one."""

    name = models.CharField(_("Name of the pipeline"), max_length=100)
    department = Reference(
        Department,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Department"),
        db_index=False,
    )
    line = Reference(
        ProductLine,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Product line"),
        db_index=False,
    )
    position = models.PositiveIntegerField(pgettext_lazy("order", "Position"), default=0, db_default=0)
    archived_on = models.DateField(_("Out of use since"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("pipeline"), _("Pipelines")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "name"], name="pipeline_name")]
        indexes = [models.Index(fields=["tenant_id", "position", "id"], name="pipeline_position")]

    def __str__(self) -> str:
        return in_readers_language(self.name)


class Stage(Entity):
    """How far a sale of a pipeline is.

    `probability` is in basis points (1 % = 100). `required` are the names of fields of an opportunity that must be
    filled in before a sale enters; `back_asks` says whether a step back out of it asks for a reason.
    """

    pipeline = Reference(
        Pipeline, models.CASCADE, related_name="stages", verbose_name=_("Pipeline"), db_index=False
    )
    name = models.CharField(_("Name of the stage"), max_length=100)
    position = models.PositiveIntegerField(pgettext_lazy("order", "Position"), default=0, db_default=0)
    kind = models.CharField(
        pgettext_lazy("stage", "What it means"),
        max_length=10,
        choices=StageKind,
        default=StageKind.OPEN,
        db_default=StageKind.OPEN.value,
    )
    probability = models.PositiveIntegerField(_("Probability"), default=0, db_default=0)
    category = models.CharField(
        _("Counts in the forecast as"),
        max_length=10,
        choices=Category,
        default=Category.PIPELINE,
        db_default=Category.PIPELINE.value,
    )
    required = models.JSONField(
        _("Must be filled in"), default=list, blank=True, db_default=models.Value([], models.JSONField())
    )
    back_asks = models.BooleanField(_("A step back asks for a reason"), default=False, db_default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("stage"), _("Stages")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "pipeline", "name"], name="stage_name"),
            models.UniqueConstraint(
                fields=["tenant_id", "pipeline", "kind"], condition=~_OPEN, name="stage_one_end"
            ),
            models.CheckConstraint(condition=models.Q(probability__lte=10_000), name="stage_probability"),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "position", "id"], name="stage_position"),
            models.Index(fields=["tenant_id", "pipeline", "position"], name="stage_pipeline"),
        ]

    @property
    def percent(self) -> str:
        """The probability in percent, without decimals that say nothing."""
        return f"{self.probability / 100:g}"

    def __str__(self) -> str:
        return in_readers_language(self.name)


class LostReason(Entity):
    """Why a sale is lost, of the company's own list; one that is out of use is said where it stands, not offered."""

    name = models.CharField(_("Reason"), max_length=100)
    position = models.PositiveIntegerField(pgettext_lazy("order", "Position"), default=0, db_default=0)
    archived_on = models.DateField(_("Out of use since"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("reason for losing"), _("Reasons for losing")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "name"], name="lost_reason_name")]
        indexes = [models.Index(fields=["tenant_id", "position", "id"], name="lost_reason_position")]

    def __str__(self) -> str:
        return in_readers_language(self.name)

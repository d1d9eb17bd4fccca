"""Deals that our people registered for themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import KEPT, Note
from guanxi.resource.models import Entity
from guanxi.team.choices import STORED, State

_IN_FORCE = models.Q(state="in_force")


class Registration(Entity):
    """A deal that `owner` registered: a customer, a product line, a region, perhaps a project.

    `line_key`, `project_key` (folded) and `region_stem` are what two of them are compared by
    (`rules.registration.overlap`). In force it is protected to the end of the day `until`; `extensions` is how often
    that was put off, on the evidence in `progress`. `reason` says why it was refused, withdrawn or decided so.
    """

    customer = Reference(
        Customer, models.CASCADE, related_name="+", verbose_name=_("Customer"), db_index=False
    )
    line = models.CharField(_("Product line"), max_length=100)
    line_key = models.CharField(max_length=300, editable=False)
    region = models.CharField(_("Region"), max_length=12, default="", db_default="", blank=True)
    region_stem = models.CharField(max_length=14, default="", db_default="", editable=False)
    project = models.CharField(
        pgettext_lazy("registration", "Project"), max_length=200, default="", db_default="", blank=True
    )
    project_key = models.CharField(max_length=600, default="", db_default="", editable=False)
    owner = Reference(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Registered by"),
        db_index=False,
    )
    evidence = models.CharField(
        pgettext_lazy("registration", "Evidence"), max_length=1000, default="", db_default="", blank=True
    )
    state = models.CharField(
        pgettext_lazy("registration", "State"),
        max_length=10,
        choices=STORED,
        default=State.SUBMITTED,
        db_default=State.SUBMITTED.value,
    )
    until = models.DateField(_("Protected until"), null=True, blank=True)
    extensions = models.PositiveSmallIntegerField(_("Times extended"), default=0, db_default=0)
    progress = models.CharField(_("Progress shown"), max_length=1000, default="", db_default="", blank=True)
    reviewed_by = Reference(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Decided by"),
        db_index=False,
    )
    reviewed_at = models.DateTimeField(_("Decided"), null=True, blank=True)
    reason = models.CharField(
        pgettext_lazy("registration", "Reason"), max_length=300, default="", db_default="", blank=True
    )

    class Meta:
        verbose_name = _("deal registration")
        verbose_name_plural = _("deal registrations")
        constraints = [
            models.CheckConstraint(
                condition=~_IN_FORCE | models.Q(until__isnull=False), name="registration_protected"
            )
        ]
        indexes = [
            models.Index(fields=["tenant_id", "created_at", "id"], name="registration_created"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="registration_updated"),
            models.Index(fields=["tenant_id", "owner", "created_at", "id"], name="registration_owner"),
            models.Index(fields=["tenant_id", "customer", "line_key"], name="registration_customer"),
            models.Index(fields=["tenant_id", "state", "until"], name="registration_state"),
            models.Index(fields=["tenant_id", "region"], name="registration_region"),
        ]

    def __str__(self) -> str:
        return self.line


class RunningOut(Note):
    """Whoever registered it was told that its protection ends: once for each last day it had. It keeps no registration
    from being undone: which one it was is an id."""

    archived = KEPT

    registration = models.UUIDField(db_column="registration_id")
    until = models.DateField()

    class Meta:
        verbose_name = _("end of a registration told of")
        verbose_name_plural = _("ends of registrations told of")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "registration", "until"], name="running_out_once")
        ]

    def __str__(self) -> str:
        return self.until.isoformat()

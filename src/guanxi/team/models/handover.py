"""Who handed over what to whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import Record


class Handover(Record):
    """Everything that `member` held went to others, because they leave or move. `closed` says that their account was
    closed with it; `counts` how much there was, by resource."""

    member = Reference(Member, models.PROTECT, related_name="+", verbose_name=_("Hands over"), db_index=False)
    by = Reference(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Arranged by"),
        db_index=False,
    )
    reason = models.CharField(pgettext_lazy("handover", "Reason"), max_length=300, default="", blank=True)
    closed = models.BooleanField(_("Account closed"), default=False, db_default=False)
    counts = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        indexes = [
            models.Index(fields=["tenant_id", "created_at", "id"], name="handover_created"),
            models.Index(fields=["tenant_id", "member"], name="handover_member"),
        ]

    def __str__(self) -> str:
        return str(self.member)


class Share(Record):
    """What one successor got of a handover. `accepted_at` is when they said that they have taken it over, `declined`
    why they cannot."""

    handover = Reference(Handover, models.CASCADE, related_name="shares", db_index=False)
    successor = Reference(
        Member, models.PROTECT, related_name="+", verbose_name=_("Takes over"), db_index=False
    )
    counts = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    accepted_at = models.DateTimeField(_("Accepted"), null=True, blank=True)
    declined = models.CharField(_("Declined because"), max_length=300, default="", db_default="", blank=True)

    class Meta:
        verbose_name = _("share of a handover")
        verbose_name_plural = _("shares of handovers")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "handover", "successor"], name="handover_share_once")
        ]
        indexes = [models.Index(fields=["tenant_id", "successor"], name="handover_share_successor")]

    def __str__(self) -> str:
        return str(self.successor)


class Taken(Record):
    """A customer that a successor took over."""

    share = Reference(Share, models.CASCADE, related_name="customers", db_index=False)
    customer = Reference(Customer, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("customer taken over")
        verbose_name_plural = _("customers taken over")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "share", "customer"], name="handover_taken_once")
        ]
        indexes = [models.Index(fields=["tenant_id", "customer"], name="handover_taken_customer")]

    def __str__(self) -> str:
        return str(self.customer_id)

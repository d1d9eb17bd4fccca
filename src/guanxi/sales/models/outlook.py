"""What a manager expects of a month, beside what is worked out."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import Record
from guanxi.sales.choices import MOST


class Outlook(Record):
    """What `by` expects a member or a department to win in a month, in all, and why: `amount` in minor units of
    the company's own currency. The last word holds, said at `updated_at`; the ledger knows those before."""

    month = models.DateField(pgettext_lazy("outlook", "Month"))
    member = Reference(
        Member,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Person"),
        db_index=False,
    )
    department = Reference(
        Department,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Department"),
        db_index=False,
    )
    amount = models.BigIntegerField(_("Amount"))
    reason = models.CharField(pgettext_lazy("outlook", "Why"), max_length=300)
    by = Reference(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    class Meta:
        verbose_name, verbose_name_plural = _("expectation of a month"), _("expectations of months")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(member__isnull=True) ^ models.Q(department__isnull=True),
                name="outlook_whose",
            ),
            models.CheckConstraint(condition=models.Q(amount__range=(0, MOST)), name="outlook_amount"),
            models.UniqueConstraint(
                fields=["tenant_id", "member", "month"],
                condition=models.Q(member__isnull=False),
                name="outlook_member",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "department", "month"],
                condition=models.Q(department__isnull=False),
                name="outlook_department",
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "month"], name="outlook_month")]

    def __str__(self) -> str:
        return self.reason

"""What a customer does, and who of us looks after which part of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.choices import BusinessKind, Currency, Power, ShareBasis
from guanxi.customers.models.customer import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.resource.models import Entity


class Business(Entity):
    """A row of a customer's business: what they make, on which machine, from whom they buy what, what they need.

    `amount` is a year's, in hundredths of `unit` (吨, 台) or of `currency`; `share` ours of it, in tenths of a percent.
    """

    customer = Reference(
        Customer, models.CASCADE, related_name="business", verbose_name=_("Customer"), db_index=False
    )
    kind = models.CharField(pgettext_lazy("business", "Kind"), max_length=12, choices=BusinessKind)
    what = models.CharField(pgettext_lazy("business", "What"), max_length=200)
    partner = Reference(
        Customer,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Supplier or competitor"),
        db_index=False,
    )
    partner_name = models.CharField(_("Their name"), max_length=200, default="", blank=True)
    amount = models.BigIntegerField(_("Amount a year"), null=True, blank=True)
    unit = models.CharField(_("Unit"), max_length=20, default="", blank=True)
    currency = models.CharField(_("Currency"), max_length=3, choices=Currency, default="", blank=True)
    share = models.IntegerField(_("Our share"), null=True, blank=True)
    basis = models.CharField(_("Estimated from"), max_length=12, choices=ShareBasis, default="", blank=True)
    basis_note = models.CharField(_("How it was estimated"), max_length=300, default="", blank=True)
    as_of = models.DateField(_("As of"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("of a customer", "business")
        verbose_name_plural = pgettext_lazy("of a customer", "business")
        indexes = [
            models.Index(fields=["tenant_id", "customer", "kind"], name="business_customer"),
            models.Index(
                fields=["tenant_id", "partner"],
                name="business_partner",
                condition=models.Q(partner__isnull=False),
            ),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="business_updated"),
        ]

    def __str__(self) -> str:
        return self.what


class Charge(Entity):
    """A colleague who works on a customer beside its owner, or looks after one part of it: a business unit, a product
    line. From the first day to the last he sees it, and with the `power` to write he edits it."""

    customer = Reference(
        Customer, models.CASCADE, related_name="charges", verbose_name=_("Customer"), db_index=False
    )
    member = Reference(
        Member, models.PROTECT, related_name="+", verbose_name=_("Collaborator"), db_index=False
    )
    unit = models.CharField(_("Part or product line"), max_length=100, default="", db_default="", blank=True)
    power = models.CharField(
        pgettext_lazy("collaborator", "May"), max_length=6, choices=Power, default="read", db_default="read"
    )
    since = models.DateField(pgettext_lazy("position", "Since"), null=True, blank=True)
    until = models.DateField(pgettext_lazy("position", "Until"), null=True, blank=True)

    reason = models.CharField(
        pgettext_lazy("collaborator", "Why"), max_length=200, default="", db_default="", blank=True
    )

    class Meta:
        verbose_name = _("collaborator")
        verbose_name_plural = _("Collaborators")
        indexes = [
            models.Index(fields=["tenant_id", "customer"], name="charge_customer"),
            models.Index(fields=["tenant_id", "member", "customer"], name="charge_member"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="charge_updated"),
        ]

    def __str__(self) -> str:
        return self.unit or str(self.member)

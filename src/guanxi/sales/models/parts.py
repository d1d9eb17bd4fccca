"""What hangs on a sale: its lines, who competes for it, who shares in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.catalog.models import Product
from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.resource.models import Entity
from guanxi.sales.choices import Rank
from guanxi.sales.models.opportunity import Opportunity


class Line(Entity):
    """A product of the catalog in a sale, or a text that says what they want; then `suggested` is the product it sounds
    like, until somebody takes it.

    `quantity` in thousandths, `price` in ten-thousandths of the unit of the sale's currency, `discount` in basis
    points; `amount`, in minor units of that currency, follows from them. `as_is`: somebody said that it stays a text.
    """

    opportunity = Reference(
        Opportunity, models.CASCADE, related_name="lines", verbose_name=_("Opportunity"), db_index=False
    )
    product = Reference(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Product"),
        db_index=False,
    )
    text = models.CharField(_("What they want"), max_length=200, default="", db_default="", blank=True)
    suggested = Reference(
        Product,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Sounds like the product"),
        db_index=False,
    )
    as_is = models.BooleanField(default=False, db_default=False, editable=False)
    quantity = models.BigIntegerField(_("Quantity"), default=1_000, db_default=1_000)
    price = models.BigIntegerField(pgettext_lazy("line", "Price"), null=True, blank=True)
    discount = models.PositiveIntegerField(_("Discount"), default=0, db_default=0)
    amount = models.BigIntegerField(_("Amount"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = pgettext_lazy("sale", "line"), pgettext_lazy("sale", "Lines")
        constraints = [
            models.CheckConstraint(condition=models.Q(discount__lte=10_000), name="sale_line_discount"),
            models.CheckConstraint(
                condition=models.Q(product__isnull=False) | ~models.Q(text=""), name="sale_line_what"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "opportunity"], name="sale_line_opportunity", include=["amount"]
            ),
            models.Index(fields=["tenant_id", "product"], name="sale_line_product"),
            models.Index(
                fields=["tenant_id", "suggested"],
                name="sale_line_suggested",
                condition=models.Q(suggested__isnull=False),
            ),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="sale_line_updated"),
        ]

    def __str__(self) -> str:
        return str(self.product) if self.product is not None else self.text


class Rival(Entity):
    """Who competes for a sale: a customer known as a competitor, or a name; how they stand, and what they offer it for,
    in ten-thousandths of the unit of the sale's currency, as prices are."""

    opportunity = Reference(
        Opportunity, models.CASCADE, related_name="rivals", verbose_name=_("Opportunity"), db_index=False
    )
    customer = Reference(
        Customer,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Competitor on file"),
        db_index=False,
    )
    name = models.CharField(_("Competitor"), max_length=200)
    standing = models.CharField(
        _("How they stand"), max_length=10, choices=Rank, default="", db_default="", blank=True
    )
    price = models.BigIntegerField(_("Their price"), null=True, blank=True)
    remark = models.CharField(
        pgettext_lazy("rival", "Remark"), max_length=300, default="", db_default="", blank=True
    )

    class Meta:
        verbose_name, verbose_name_plural = _("competitor for a sale"), _("Competitors for sales")
        indexes = [
            models.Index(fields=["tenant_id", "opportunity"], name="rival_opportunity"),
            models.Index(
                fields=["tenant_id", "customer"],
                name="rival_customer",
                condition=models.Q(customer__isnull=False),
            ),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="rival_updated"),
        ]

    def __str__(self) -> str:
        return self.name


class Share(Entity):
    """Who of us has how much of the credit for a sale, in basis points; what nobody else has is its owner's."""

    opportunity = Reference(
        Opportunity, models.CASCADE, related_name="shares", verbose_name=_("Opportunity"), db_index=False
    )
    member = Reference(Member, models.PROTECT, related_name="+", verbose_name=_("Colleague"), db_index=False)
    part = models.PositiveIntegerField(pgettext_lazy("credit", "Share"))
    remark = models.CharField(
        pgettext_lazy("credit", "For"), max_length=200, default="", db_default="", blank=True
    )

    class Meta:
        verbose_name, verbose_name_plural = (
            pgettext_lazy("credit", "share"),
            pgettext_lazy("credit", "Shares"),
        )
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "opportunity", "member"], name="share_once"),
            models.CheckConstraint(condition=models.Q(part__range=(1, 10_000)), name="share_part"),
        ]
        indexes = [
            models.Index(
                fields=["tenant_id", "member", "opportunity"], name="share_member", include=["part"]
            ),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="share_updated"),
        ]

    def __str__(self) -> str:
        return self.remark or str(self.member)

"""What we sell: products, their lines, and the rates of tax that are put on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.catalog.choices import ProductKind, ProductState
from guanxi.foundation.tenancy.fields import Reference
from guanxi.resource.models import Entity


class ProductLine(Entity):
    """A family of products, perhaps part of another; those of lower `position` stand first."""

    name = models.CharField(pgettext_lazy("product line", "Name"), max_length=100)
    parent = Reference(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=pgettext_lazy("product line", "Part of"),
    )
    position = models.IntegerField(pgettext_lazy("product line", "Position"), default=0, db_default=0)
    closed = models.BooleanField(_("No longer used"), default=False, db_default=False)

    class Meta:
        verbose_name = _("product line")
        verbose_name_plural = _("product lines")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "name"], name="product_line_name")]
        indexes = [
            models.Index(fields=["tenant_id", "position", "name", "id"], name="product_line_position"),
            models.Index(fields=["tenant_id", "closed"], name="product_line_closed"),
        ]

    def __str__(self) -> str:
        return self.name


class TaxRate(Entity):
    """A rate of tax in basis points, in force from the day `since` to the day `until`.

    A rate that a law changes keeps its code: the row of that code that is in force on a day is the one that counts.
    """

    code = models.CharField(pgettext_lazy("tax", "Code"), max_length=20)
    name = models.CharField(pgettext_lazy("tax", "Name"), max_length=60)
    rate = models.BigIntegerField(pgettext_lazy("tax", "Rate"))
    since = models.DateField(pgettext_lazy("tax", "In force since"), null=True, blank=True)
    until = models.DateField(pgettext_lazy("tax", "In force until"), null=True, blank=True)

    class Meta:
        verbose_name = _("tax rate")
        verbose_name_plural = _("tax rates")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rate__gte=0, rate__lte=10_000), name="tax_rate_is_a_share"
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "code", "since"], name="tax_rate_once", nulls_distinct=False
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "rate", "id"], name="tax_rate_rate"),
        ]

    def __str__(self) -> str:
        return self.name


class Product(Entity):
    """Something we sell. `cost` and `list_price` are ten-thousandths of the company's own currency for one `unit`.

    `list_price` includes tax; it holds where no price book says otherwise. A variant names the product it is one of
    and differs from it by its `specification`. One that is `serial` is told apart piece by piece.
    """

    code = models.CharField(pgettext_lazy("product", "Code"), max_length=60, default="", blank=True)
    name = models.CharField(pgettext_lazy("product", "Name"), max_length=200)
    name_sort = models.CharField(max_length=200, editable=False)
    specification = models.CharField(_("Specification"), max_length=200, default="", blank=True)
    line = Reference(
        ProductLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("Product line"),
        db_index=False,
    )
    kind = models.CharField(
        pgettext_lazy("product", "Kind"),
        max_length=10,
        choices=ProductKind,
        default=ProductKind.GOODS,
        db_default=ProductKind.GOODS.value,
    )
    unit = models.CharField(pgettext_lazy("product", "Unit"), max_length=20, default="", blank=True)
    variant_of = Reference(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="variants",
        verbose_name=_("Variant of"),
        db_index=False,
    )
    serial = models.BooleanField(_("With serial numbers"), default=False, db_default=False)
    tax = Reference(
        TaxRate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Tax rate")
    )
    list_price = models.BigIntegerField(_("List price"), null=True, blank=True)
    cost = models.BigIntegerField(_("Cost price"), null=True, blank=True)
    state = models.CharField(
        pgettext_lazy("product", "State"),
        max_length=10,
        choices=ProductState,
        default=ProductState.ACTIVE,
        db_default=ProductState.ACTIVE.value,
    )
    description = models.TextField(_("Description"), default="", blank=True, max_length=20000)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "code"], condition=~models.Q(code=""), name="product_code"
            ),
            models.CheckConstraint(
                condition=models.Q(variant_of=None) | ~models.Q(variant_of=models.F("id")),
                name="product_no_variant_of_itself",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "name_sort", "id"], name="product_name_sort"),
            models.Index(fields=["tenant_id", "code", "id"], name="product_by_code"),
            models.Index(fields=["tenant_id", "list_price", "id"], name="product_list_price"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="product_updated"),
            models.Index(fields=["tenant_id", "name"], name="product_name"),
            models.Index(fields=["tenant_id", "line", "name_sort", "id"], name="product_line"),
            models.Index(fields=["tenant_id", "kind"], name="product_kind"),
            models.Index(fields=["tenant_id", "state"], name="product_state"),
            models.Index(fields=["tenant_id", "variant_of"], name="product_variant_of"),
        ]

    def __str__(self) -> str:
        return self.name

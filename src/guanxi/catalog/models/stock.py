"""What lay in which warehouse when we were last told."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.catalog.models.product import Product
from guanxi.foundation.tenancy.fields import Reference
from guanxi.resource.models import Entity


class Warehouse(Entity):
    """A place where goods lie."""

    name = models.CharField(pgettext_lazy("warehouse", "Name"), max_length=100)
    code = models.CharField(pgettext_lazy("warehouse", "Code"), max_length=40, default="", blank=True)
    closed = models.BooleanField(pgettext_lazy("warehouse", "Out of use"), default=False, db_default=False)

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "name"], name="warehouse_name")]
        indexes = [
            models.Index(fields=["tenant_id", "name", "id"], name="warehouse_by_name"),
            models.Index(fields=["tenant_id", "closed"], name="warehouse_closed"),
        ]

    def __str__(self) -> str:
        return self.name


class Stock(Entity):
    """How much of a product (thousandths of its unit) lay in a warehouse at the time `told_at`. What it was before
    stands in the change log."""

    warehouse = Reference(
        Warehouse, models.CASCADE, related_name="stock", verbose_name=_("Warehouse"), db_index=False
    )
    product = Reference(
        Product,
        models.CASCADE,
        related_name="+",
        verbose_name=pgettext_lazy("stock", "Product"),
        db_index=False,
    )
    quantity = models.BigIntegerField(pgettext_lazy("stock", "Quantity"))
    told_at = models.DateTimeField(_("As of"))
    place = models.CharField(pgettext_lazy("stock", "Shelf"), max_length=60, default="", blank=True)

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock of products")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "warehouse", "product"], name="stock_once")
        ]
        indexes = [
            models.Index(fields=["tenant_id", "product", "warehouse"], name="stock_product"),
            models.Index(fields=["tenant_id", "told_at", "id"], name="stock_told"),
        ]

    def __str__(self) -> str:
        return self.place

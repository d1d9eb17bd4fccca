"""What bundles are made of, and what machines are configured with."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.catalog.models.product import Product
from guanxi.foundation.tenancy.fields import Reference
from guanxi.resource.models import Entity


class BundlePart(Entity):
    """So much (thousandths) of a product in one of a bundle."""

    bundle = Reference(
        Product, models.CASCADE, related_name="parts", verbose_name=_("Bundle"), db_index=False
    )
    product = Reference(
        Product, models.PROTECT, related_name="part_of", verbose_name=_("Part"), db_index=False
    )
    quantity = models.BigIntegerField(pgettext_lazy("bundle", "Quantity"), default=1000)
    remark = models.CharField(pgettext_lazy("bundle", "Remark"), max_length=200, default="", blank=True)

    class Meta:
        verbose_name = _("part of a bundle")
        verbose_name_plural = _("parts of bundles")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "bundle", "product"], name="bundle_part_once"),
            models.CheckConstraint(
                condition=~models.Q(bundle=models.F("product")), name="bundle_part_no_part_of_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "product"], name="bundle_part_product"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="bundle_part_updated"),
        ]

    def __str__(self) -> str:
        return self.remark


class OptionGroup(Entity):
    """What is to be chosen of a machine: one of its options or, with `several`, any number; at least one where
    `required`."""

    product = Reference(
        Product,
        models.CASCADE,
        related_name="option_groups",
        verbose_name=pgettext_lazy("option", "Machine"),
        db_index=False,
    )
    name = models.CharField(pgettext_lazy("option group", "Name"), max_length=100)
    required = models.BooleanField(_("Must be chosen"), default=False, db_default=False)
    several = models.BooleanField(_("Several may be chosen"), default=False, db_default=False)
    position = models.IntegerField(pgettext_lazy("option", "Position"), default=0, db_default=0)

    class Meta:
        verbose_name = _("option group")
        verbose_name_plural = _("option groups")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "product", "name"], name="option_group_once")
        ]
        indexes = [models.Index(fields=["tenant_id", "position", "name", "id"], name="option_group_position")]

    def __str__(self) -> str:
        return self.name


class Option(Entity):
    """One choice of a group, with what it adds to the machine's price and cost (ten-thousandths of our own currency).

    `product` is what is built in where that is one of ours. Chosen with it, what it `excludes` is refused, and what it
    `needs` is asked for.
    """

    group = Reference(
        OptionGroup, models.CASCADE, related_name="options", verbose_name=_("Option group"), db_index=False
    )
    name = models.CharField(pgettext_lazy("option", "Name"), max_length=100)
    product = Reference(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Built-in product"),
    )
    price = models.BigIntegerField(_("Adds to the price"), default=0)
    cost = models.BigIntegerField(_("Adds to the cost"), null=True, blank=True)
    excludes = Reference(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Not together with")
    )
    needs = Reference(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Only together with")
    )
    position = models.IntegerField(pgettext_lazy("option", "Position"), default=0, db_default=0)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "group", "name"], name="option_once")]
        indexes = [models.Index(fields=["tenant_id", "position", "name", "id"], name="option_position")]

    def __str__(self) -> str:
        return self.name

"""What products cost: price books with their prices, exchange rates."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.catalog.models.product import Product
from guanxi.customers.choices import Currency, Grade, Relation
from guanxi.foundation.tenancy.fields import Reference
from guanxi.resource.models import Entity


class PriceBook(Entity):
    """Prices in one `currency`, with tax or without, for whoever it is meant for: customers of a region and all in it,
    of a grade, that are something to us; each empty where it does not matter. In force from `since` to `until`.

    Of two that hold, the one of lower `position` goes first (`rules.books`).
    """

    name = models.CharField(pgettext_lazy("price book", "Name"), max_length=100)
    currency = models.CharField(
        pgettext_lazy("price book", "Currency"),
        max_length=3,
        choices=Currency,
        default="CNY",
        db_default="CNY",
    )
    taxed = models.BooleanField(_("Prices include tax"), default=True, db_default=True)
    region = models.CharField(_("For the region"), max_length=12, default="", db_default="", blank=True)
    grade = models.CharField(
        _("For the grade"), max_length=2, choices=Grade, default="", db_default="", blank=True
    )
    relation = models.CharField(
        _("For the relation"), max_length=20, choices=Relation, default="", db_default="", blank=True
    )
    since = models.DateField(pgettext_lazy("price book", "Valid from"), null=True, blank=True)
    until = models.DateField(pgettext_lazy("price book", "Valid until"), null=True, blank=True)
    position = models.IntegerField(pgettext_lazy("price book", "Position"), default=0, db_default=0)
    closed = models.BooleanField(pgettext_lazy("price book", "Out of use"), default=False, db_default=False)

    class Meta:
        verbose_name = _("price book")
        verbose_name_plural = _("price books")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "name"], name="price_book_name")]
        indexes = [
            models.Index(fields=["tenant_id", "position", "name", "id"], name="price_book_position"),
            models.Index(fields=["tenant_id", "currency"], name="price_book_currency"),
            models.Index(fields=["tenant_id", "closed"], name="price_book_closed"),
        ]

    def __str__(self) -> str:
        return self.name


class Price(Entity):
    """What one unit of a product costs in a book from a quantity (thousandths) on; below `floor` nobody sells it
    without approval. Both are ten-thousandths of the book's currency, with tax where the book has it."""

    book = Reference(
        PriceBook, models.CASCADE, related_name="prices", verbose_name=_("Price book"), db_index=False
    )
    product = Reference(
        Product,
        models.CASCADE,
        related_name="prices",
        verbose_name=pgettext_lazy("price", "Product"),
        db_index=False,
    )
    from_quantity = models.BigIntegerField(_("From quantity"), default=0, db_default=0)
    price = models.BigIntegerField(pgettext_lazy("price", "Price"))
    floor = models.BigIntegerField(_("Floor price"), null=True, blank=True)
    remark = models.CharField(pgettext_lazy("price", "Remark"), max_length=200, default="", blank=True)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "book", "product", "from_quantity"], name="price_once"
            ),
            models.CheckConstraint(
                condition=models.Q(from_quantity__gte=0, price__gte=0), name="price_not_below_zero"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "product", "book"], name="price_product"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="price_updated"),
        ]

    def __str__(self) -> str:
        return self.remark


class ExchangeRate(Entity):
    """What one unit of a currency was worth in our own on a day, in hundred-millionths."""

    currency = models.CharField(pgettext_lazy("exchange rate", "Currency"), max_length=3, choices=Currency)
    day = models.DateField(pgettext_lazy("exchange rate", "Day"))
    rate = models.BigIntegerField(pgettext_lazy("exchange rate", "Rate"))
    source = models.CharField(
        pgettext_lazy("exchange rate", "Source"), max_length=100, default="", blank=True
    )

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "currency", "day"], name="exchange_rate_once"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_above_zero"),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "day", "id"], name="exchange_rate_day"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.day.isoformat()}"

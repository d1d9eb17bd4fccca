"""Where customers and people are to be found, and whom an invoice is made out to."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.choices import AddressUse, PointKind, PointUse, SeenBy
from guanxi.customers.models.customer import Customer
from guanxi.customers.models.person import Person
from guanxi.foundation.tenancy.fields import Reference
from guanxi.resource.models import Entity


class Address(Entity):
    """One of a customer's addresses. The main one is what `customer.address` says, kept so by the services.

    `latitude` and `longitude` are in millionths of a degree (WGS 84).
    """

    customer = Reference(
        Customer, models.CASCADE, related_name="addresses", verbose_name=_("Customer"), db_index=False
    )
    use = models.CharField(
        pgettext_lazy("address", "Use"), max_length=12, choices=AddressUse, default="", blank=True
    )
    street = models.CharField(_("Address"), max_length=300)
    region = models.CharField(_("Region"), max_length=12, default="", blank=True)
    postcode = models.CharField(_("Postcode"), max_length=20, default="", blank=True)
    receiver = models.CharField(_("Receiver"), max_length=100, default="", blank=True)
    phone = models.CharField(_("Phone"), max_length=60, default="", blank=True)
    latitude = models.IntegerField(_("Latitude"), null=True, blank=True)
    longitude = models.IntegerField(_("Longitude"), null=True, blank=True)
    main = models.BooleanField(_("Main address"), default=False)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        indexes = [
            models.Index(fields=["tenant_id", "customer"], name="address_customer"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="address_updated"),
            # What lies near a place: a stripe of latitudes, within it the longitudes.
            models.Index(
                fields=["tenant_id", "latitude", "longitude"],
                name="address_point",
                condition=models.Q(latitude__isnull=False, longitude__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.street


class ContactPoint(Entity):
    """A number or address by which a customer or a person is reached: exactly one of the two.

    `key` is what two values are compared by (E.164, e-mail in small letters, folded). `seen_by` "owner": only who
    answers for the record, and superiors. The main phone, e-mail and WeChat are what the record itself says, kept so
    by the services; a record with only one of each has no rows here.
    """

    customer = Reference(
        Customer,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="points",
        verbose_name=_("Customer"),
        db_index=False,
    )
    person = Reference(
        Person,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="points",
        verbose_name=pgettext_lazy("contact", "Person"),
        db_index=False,
    )
    kind = models.CharField(pgettext_lazy("contact point", "Kind"), max_length=10, choices=PointKind)
    value = models.CharField(_("Number or address"), max_length=200)
    key = models.CharField(max_length=200, editable=False)
    use = models.CharField(
        pgettext_lazy("contact point", "Use"), max_length=12, choices=PointUse, default="", blank=True
    )
    since = models.DateField(_("Valid from"), null=True, blank=True)
    until = models.DateField(_("Valid until"), null=True, blank=True)
    seen_by = models.CharField(_("Seen by"), max_length=8, choices=SeenBy, default="all", db_default="all")
    main = models.BooleanField(pgettext_lazy("contact point", "Main"), default=False)

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        indexes = [
            models.Index(
                fields=["tenant_id", "customer"],
                name="point_customer",
                condition=models.Q(customer__isnull=False),
            ),
            models.Index(
                fields=["tenant_id", "person"], name="point_person", condition=models.Q(person__isnull=False)
            ),
            models.Index(fields=["tenant_id", "kind", "key"], name="point_key"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="point_updated"),
        ]

    def __str__(self) -> str:
        return self.value


class BillingProfile(Entity):
    """Whom an invoice is made out to: a customer may buy under several titles."""

    customer = Reference(
        Customer, models.CASCADE, related_name="billing", verbose_name=_("Customer"), db_index=False
    )
    title = models.CharField(_("Invoice title"), max_length=200)
    tax_number = models.CharField(_("Tax number"), max_length=30, default="", blank=True)
    bank = models.CharField(_("Bank"), max_length=200, default="", blank=True)
    account = models.CharField(_("Account number"), max_length=60, default="", blank=True)
    address = models.CharField(_("Address"), max_length=300, default="", blank=True)
    phone = models.CharField(_("Phone"), max_length=60, default="", blank=True)
    main = models.BooleanField(_("Usual title"), default=False)

    class Meta:
        verbose_name = _("billing profile")
        verbose_name_plural = _("billing profiles")
        indexes = [
            models.Index(fields=["tenant_id", "customer"], name="billing_customer"),
            models.Index(
                fields=["tenant_id", "tax_number"],
                name="billing_tax_number",
                condition=~models.Q(tax_number=""),
            ),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="billing_updated"),
        ]

    def __str__(self) -> str:
        return self.title

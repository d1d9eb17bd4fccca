from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.resource.models import Entity


class Fuel(models.TextChoices):
    PETROL = "petrol", _("Petrol")
    ELECTRIC = "electric", _("Electric")


class Vehicle(Entity):
    """A car of the company, with its driver and the customer where it stands."""

    plate = models.CharField(_("Number plate"), max_length=20)
    fuel = models.CharField(_("Fuel"), max_length=10, choices=Fuel, default="", blank=True)
    driver = Reference(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Driver")
    )
    stands_at = Reference(
        Customer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Stands at")
    )
    remarks = models.TextField(_("Remarks"), default="", blank=True, max_length=2000)

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("Vehicles")
        indexes = [
            models.Index(fields=["tenant_id", "plate", "id"], name="vehicle_plate"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="vehicle_updated"),
            models.Index(fields=["tenant_id", "fuel"], name="vehicle_fuel"),
        ]

    def __str__(self) -> str:
        return self.plate

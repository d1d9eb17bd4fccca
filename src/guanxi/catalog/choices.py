"""Lists of the catalog's fields."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ProductKind(models.TextChoices):
    """What sort of thing is sold: a machine is configured with options, a bundle is made of other products."""

    GOODS = "goods", pgettext_lazy("product", "Goods")
    SERVICE = "service", pgettext_lazy("product", "Service")
    BUNDLE = "bundle", pgettext_lazy("product", "Bundle")
    MACHINE = "machine", pgettext_lazy("product", "Configurable machine")


class ProductState(models.TextChoices):
    """Whether it is offered."""

    ACTIVE = "active", pgettext_lazy("product", "On sale")
    RETIRED = "retired", pgettext_lazy("product", "No longer sold")


SEE_COST = "catalog.product.cost"
EVERYBODY = (
    "sales_manager",
    "salesperson",
    "marketer",
    "service_agent",
    "dispatcher",
    "technician",
    "finance",
)
# Code, name, basis points: those of general taxpayers, and that of small ones.
READY_RATES = (
    ("13", pgettext_lazy("tax", "VAT 13%"), 1300),
    ("9", pgettext_lazy("tax", "VAT 9%"), 900),
    ("6", pgettext_lazy("tax", "VAT 6%"), 600),
    ("3", pgettext_lazy("tax", "Small taxpayer 3%"), 300),
    ("0", pgettext_lazy("tax", "Zero rate"), 0),
)

"""Writing product lines, tax rates and products."""

from django.utils.translation import gettext_lazy as _

from guanxi.catalog.services.circles import no_line_in_itself, no_variant_of_a_variant
from guanxi.resource.standard import standard
from guanxi.resource.taken import saying_taken

lines = saying_taken(
    standard("product_lines", no_line_in_itself),
    {"product_line_name": ("name", _("There is a product line of this name."))},
)
rates = saying_taken(
    standard("tax_rates"),
    {
        "tax_rate_once": ("since", _("There is a rate of this code from this day on.")),
        "tax_rate_is_a_share": ("rate", _("A rate is between 0 and 100 %.")),
    },
)
products = saying_taken(
    standard("products", no_variant_of_a_variant),
    {
        "product_code": ("code", _("Another product has this code.")),
        "product_no_variant_of_itself": ("variant_of", _("Nothing is a variant of itself.")),
    },
)

"""What the row of an entity has beside its own columns."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.tenancy.fields import KeyedField
from guanxi.foundation.tenancy.models import Record


class Entity(Record):
    """Abstract: a business row that a declaration describes.

    `own` holds the values of the company's own fields by their name (`x_…`), as `Kind.pack` writes them; a field
    without a value has no key. Only `resource.writing` writes it.
    """

    own = KeyedField(_("Fields of one's own"), default=dict, blank=True, editable=False)

    class Meta:
        abstract = True

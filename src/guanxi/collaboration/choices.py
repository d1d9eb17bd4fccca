"""The closed lists of this context."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Colour(models.TextChoices):
    """The dot before a tag's name: told apart by those who see few colours too, and never without the name."""

    NONE = "", pgettext_lazy("colour", "Grey")
    BLUE = "blue", pgettext_lazy("colour", "Blue")
    ORANGE = "orange", pgettext_lazy("colour", "Orange")
    TEAL = "teal", pgettext_lazy("colour", "Teal")
    RED = "red", pgettext_lazy("colour", "Red")
    OCHRE = "ochre", pgettext_lazy("colour", "Ochre")


class Telling(models.TextChoices):
    """When somebody wants to hear of changes in what he follows."""

    AT_ONCE = "at_once", _("As they happen, and a summary every morning")
    DIGEST = "digest", _("Only the summary every morning")
    NEVER = "never", _("Not at all")

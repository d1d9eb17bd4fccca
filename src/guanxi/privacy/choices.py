from django.db import models
from django.utils.translation import pgettext_lazy


class Ground(models.TextChoices):
    """Why a person's data is looked at as a whole, handed out or erased.

    After the articles 44 to 47 of China's law on personal information and 15 to 17 of the GDPR.
    """

    REQUEST = "request", pgettext_lazy("ground", "The person asked for it")
    CONSENT = "consent", pgettext_lazy("ground", "Consent was withdrawn")
    PURPOSE = "purpose", pgettext_lazy("ground", "No longer needed for its purpose")
    UNLAWFUL = "unlawful", pgettext_lazy("ground", "It should not have been kept")
    AUTHORITY = "authority", pgettext_lazy("ground", "An authority demands it")

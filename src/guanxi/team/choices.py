"""The rights and acts of this context, and its lists."""

from django.db import models
from django.utils.translation import pgettext_lazy

RUN = "team.handover.run"
ACCEPT, DECLINE = "team.handover.accept", "team.handover.decline"
# The key, in a company's settings, of what is written to a customer's people when their contact changes.
LETTER = "handover_letter"
REVIEW = "team.registration.review"
# The key, in a company's settings, of how many days an accepted registration is protected.
PROTECTION = "registration_days"
# The act of setting it.
STATED = "settings.company.registration"


class State(models.TextChoices):
    """Where a registration stands. `EXPIRED` is worked out from its last day and never stored."""

    SUBMITTED = "submitted", pgettext_lazy("registration", "Submitted")
    IN_FORCE = "in_force", pgettext_lazy("registration", "In force")
    REFUSED = "refused", pgettext_lazy("registration", "Refused")
    WON = "won", pgettext_lazy("registration", "Won")
    WITHDRAWN = "withdrawn", pgettext_lazy("registration", "Withdrawn")
    EXPIRED = "expired", pgettext_lazy("registration", "Expired")


STORED = [one for one in State.choices if one[0] != State.EXPIRED]

"""The lists an activity is described by. More kinds follow with the channels they come from (rule book,
"Activities")."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class What(models.TextChoices):
    """The kind of a touch."""

    NOTE = "note", pgettext_lazy("activity", "Note")
    CALL = "call", pgettext_lazy("activity", "Call")
    VISIT = "visit", pgettext_lazy("activity", "Visit")
    MEETING = "meeting", pgettext_lazy("activity", "Meeting")
    TASK = "task", pgettext_lazy("activity", "Task")
    EMAIL = "email", pgettext_lazy("activity", "E-mail")


class State(models.TextChoices):
    """Whether it is still to come."""

    PLANNED = "planned", pgettext_lazy("activity", "Planned")
    DONE = "done", pgettext_lazy("activity", "Done")
    CANCELLED = "cancelled", pgettext_lazy("activity", "Cancelled")


class Outcome(models.TextChoices):
    """What came of a call or a visit; of an e-mail, whose it was."""

    ANSWERED = "answered", _("Answered")
    NOT_ANSWERED = "not_answered", _("Not answered")
    CALL_BACK = "call_back", _("To call back")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    MET = "met", pgettext_lazy("visit", "Met")
    NOT_MET = "not_met", pgettext_lazy("visit", "Not met")
    REPLIED = "replied", pgettext_lazy("e-mail", "They wrote")
    SENT = "sent", pgettext_lazy("e-mail", "We wrote")
    AUTOMATIC = "automatic", pgettext_lazy("e-mail", "Written by a machine")
    UNVERIFIED = "unverified", pgettext_lazy("e-mail", "Sender not verified")


ICONS = {
    "note": "note",
    "call": "phone",
    "visit": "map-pin",
    "meeting": "users",
    "task": "checkbox",
    "email": "mail",
}


class Side(models.TextChoices):
    """Who promised: one of us to them, or one of theirs to us."""

    OURS = "ours", pgettext_lazy("promise", "We promised")
    THEIRS = "theirs", pgettext_lazy("promise", "They promised")


class Promised(models.TextChoices):
    """What became of a promise."""

    OPEN = "open", pgettext_lazy("promise", "Open")
    KEPT = "kept", pgettext_lazy("promise", "Kept")
    BROKEN = "broken", pgettext_lazy("promise", "Broken")
    WITHDRAWN = "withdrawn", pgettext_lazy("promise", "Withdrawn")

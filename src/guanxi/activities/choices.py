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


class State(models.TextChoices):
    """Whether it is still to come."""

    PLANNED = "planned", pgettext_lazy("activity", "Planned")
    DONE = "done", pgettext_lazy("activity", "Done")
    CANCELLED = "cancelled", pgettext_lazy("activity", "Cancelled")


class Outcome(models.TextChoices):
    """What came of a call or a visit."""

    ANSWERED = "answered", _("Answered")
    NOT_ANSWERED = "not_answered", _("Not answered")
    CALL_BACK = "call_back", _("To call back")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    MET = "met", pgettext_lazy("visit", "Met")
    NOT_MET = "not_met", pgettext_lazy("visit", "Not met")


ICONS = {"note": "note", "call": "phone", "visit": "map-pin", "meeting": "users", "task": "checkbox"}

"""The lists a lead is described by."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """How far a lead has come. Nobody has touched a new one yet."""

    NEW = "new", pgettext_lazy("lead", "New")
    WORKING = "working", pgettext_lazy("lead", "Being worked on")
    QUALIFIED = "qualified", pgettext_lazy("lead", "Qualified")
    CONVERTED = "converted", pgettext_lazy("lead", "Converted")
    DISCARDED = "discarded", pgettext_lazy("lead", "Discarded")


OPEN = (State.NEW, State.WORKING, State.QUALIFIED)


class DiscardReason(models.TextChoices):
    """Why a lead came to nothing."""

    NO_NEED = "no_need", _("No need")
    NO_BUDGET = "no_budget", _("No budget")
    UNREACHABLE = "unreachable", _("Cannot be reached")
    NOT_OURS = "not_ours", _("Nothing we sell")
    COMPETITOR = "competitor", _("A competitor or a supplier")
    KNOWN = "known", _("A customer already")
    RUBBISH = "rubbish", _("Rubbish")
    OTHER = "other", pgettext_lazy("reason", "Other")


class Standing(models.TextChoices):
    """What speaks for a lead being real, in words, by what is known of it; the best first."""

    READY = "ready", _("Talked to, and knows what it wants")
    TALKED = "talked", _("Talked to")
    ASKS = "asks", _("Says what it needs")
    TRIED = "tried", _("Tried, nobody reached yet")
    UNTOUCHED = "untouched", _("Never touched")
    KNOWN = "known", _("Perhaps a customer already")
    WRONG = "wrong", _("Wrong number")
    UNREACHABLE = "unreachable", _("No way to reach anybody")

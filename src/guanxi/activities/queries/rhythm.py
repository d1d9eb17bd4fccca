"""How often a company wants to hear of its customers, by grade."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.activities.rules import RHYTHM
from guanxi.foundation.tenancy.models import company

SETTING = "rhythm"  # the key in a company's settings: days by grade, None for no rhythm


def rhythm() -> dict[str, int | None]:
    """Days between two effective touches by grade, "" for a customer without one; None where there is no rhythm."""
    return {**RHYTHM, **company().settings.get(SETTING, {})}


def rhythm_words(grade: str, days: int) -> str:
    """The rhythm of a grade in words: "Grade A: once a week"."""
    said = {7: _("once a week"), 30: _("once a month"), 90: _("once a quarter"), 365: _("once a year")}
    often = said.get(days) or ngettext("every day", "every %(n)s days", days) % {"n": days}
    # Translators: a grade and how often its customers are to be heard of: "Grade A: once a week".
    return _("Grade %(grade)s: %(often)s") % {"grade": grade, "often": often}

"""Setting how often a company wants to hear of its customers."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from guanxi.activities.queries.rhythm import SETTING
from guanxi.activities.rules import RHYTHM
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.services import change_settings
from guanxi.kernel.errors import Invalid, Message

MANAGE = "settings.company.manage"
ACT = "settings.company.rhythm"
_MOST = 3650


def change_rhythm(actor: Actor, days: Mapping[str, int | None]) -> None:
    """Set the days between two touches by grade; None for a grade without a rhythm. Raises Forbidden, Invalid beside
    the grade. Noted, not undoable."""
    actor.require(MANAGE)
    problems = Invalid()
    for grade in RHYTHM:
        wanted = days.get(grade)
        if wanted is not None and not 1 <= wanted <= _MOST:
            problems.add(grade, Message("range", _("Between 1 and %(most)s days."), {"most": _MOST}))
    if problems:
        raise problems
    change_settings(actor, ACT, {SETTING: {grade: days.get(grade) for grade in RHYTHM}})

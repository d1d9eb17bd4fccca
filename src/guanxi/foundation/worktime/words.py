"""Our page in the index of administration, our words in the change log."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.ledger.labels import TableLabels, label_table, label_verbs
from guanxi.foundation.permissions.settings_index import COMPANY, register_page
from guanxi.foundation.worktime.models import SpecialDay, WorkingHours
from guanxi.foundation.worktime.rules import hours_text
from guanxi.foundation.worktime.services import DAYS, HOURS, MANAGE


def register() -> None:
    """Called once at start-up."""
    register_page(
        "working_time",
        _("Working time"),
        _("Hours of the week, public holidays and the weekend days worked for them"),
        codes=(MANAGE,),
        group=COMPANY,
        icon="clock",
        position=34,
    )
    label_verbs({HOURS: _("changed the working hours"), DAYS: _("changed days off and days worked")})
    label_table(
        WorkingHours._meta.db_table,
        TableLabels(
            name=_("working hours"),
            row=_hours,
            columns={
                "weekday": _("weekday"),
                "begins": _("begins, minute of the day"),
                "ends": _("ends, minute of the day"),
            },
        ),
    )
    label_table(
        SpecialDay._meta.db_table,
        TableLabels(
            name=_("special day"),
            row=_day,
            columns={"day": _("day"), "works": _("is worked"), "name": _("name")},
        ),
    )


def _hours(image: Mapping[str, Any]) -> str:
    return f"{WEEKDAYS[int(image['weekday'])]} {hours_text([(int(image['begins']), int(image['ends']))])}"


def _day(image: Mapping[str, Any]) -> str:
    return " ".join(part for part in (date.fromisoformat(image["day"]).isoformat(), image["name"]) if part)

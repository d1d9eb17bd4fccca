"""Setting when the company works."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.worktime.models import SpecialDay, WorkingHours
from guanxi.foundation.worktime.queries import worktime_changed
from guanxi.foundation.worktime.rules import MOST, Day
from guanxi.kernel.errors import Invalid, Message, NotFound
from guanxi.kernel.text import clean_text
from guanxi.kernel.worktime import Calendar, Span

MANAGE = "settings.company.manage"
HOURS, DAYS = "settings.company.hours", "settings.company.days"


def set_hours(actor: Actor, *, hours: Mapping[int, Sequence[Span]]) -> None:
    """Set the hours of the week, by weekday from 0, Monday, in minutes of the day; a weekday without any is free.
    Undoable. Raises Forbidden; Invalid where no weekday has hours, or they make no sense."""
    actor.require(MANAGE)
    wanted = {weekday: tuple(sorted(spans)) for weekday, spans in hours.items() if spans}
    try:
        Calendar(wanted)
    except ValueError as error:
        said = Message("hours", _("Give at least one weekday hours that do not lie over one another."))
        raise Invalid(messages=[said]) from error
    if not wanted.keys() <= set(range(7)):
        raise NotFound("no_weekday")
    spans = {(weekday, *span) for weekday, some in wanted.items() for span in some}
    with operation(actor, HOURS):
        held = {(one.weekday, one.begins, one.ends): one for one in WorkingHours.objects.select_for_update()}
        for key, one in held.items():
            if key not in spans:
                one.delete()
        for weekday, begins, ends in sorted(spans - held.keys()):
            WorkingHours(weekday=weekday, begins=begins, ends=ends).save(force_insert=True)
    worktime_changed()


def set_days(actor: Actor, *, days: Sequence[Day]) -> int:
    """Set days of the company's own; what was said of them before is replaced. Returns how many changed. Undoable, all
    in one. Raises Forbidden; Invalid for none or too many."""
    actor.require(MANAGE)
    if not 0 < len(days) <= MOST:
        raise Invalid({"days": [Message("range", _("Between 1 and %(most)s days."), {"most": MOST})]})
    changed = 0
    with operation(actor, DAYS, summary={"days": len(days)}):
        wanted = {one.day: one for one in days}
        held = {one.day: one for one in SpecialDay.objects.select_for_update().filter(day__in=list(wanted))}
        for day, one in sorted(wanted.items()):
            name = clean_text(one.name, max_length=60)
            row = held.get(day)
            if row is None:
                SpecialDay(day=day, works=one.works, name=name).save(force_insert=True)
            elif (row.works, row.name) != (one.works, name):
                row.works, row.name = one.works, name
                row.save()
            else:
                continue
            changed += 1
    worktime_changed()
    return changed


def remove_days(actor: Actor, *, ids: Sequence[UUID]) -> int:
    """Leave days to the official calendar again. Returns how many. Undoable. Raises Forbidden; NotFound for none."""
    actor.require(MANAGE)
    rows = list(SpecialDay.objects.select_for_update().filter(pk__in=list(ids)))
    if not rows:
        raise NotFound
    with operation(actor, DAYS, label=" · ".join(map(str, rows[:3]))):
        for row in rows:
            row.delete()
    worktime_changed()
    return len(rows)

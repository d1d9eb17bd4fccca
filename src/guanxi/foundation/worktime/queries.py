"""The calendar of the company in scope."""

from collections import defaultdict
from datetime import date
from zoneinfo import ZoneInfo

from django.db import connection

from guanxi.foundation.tenancy.scope import require_scope
from guanxi.foundation.worktime.models import SpecialDay
from guanxi.kernel.worktime import USUAL_HOURS, Calendar, Hours, Span

_READ = "worktime"  # what a scope holds it by


def worktime() -> Calendar:
    """When the company of the open scope works, read once in it. Raises NoScope."""
    opened = require_scope()
    if _READ not in opened.read:
        opened.read[_READ] = _calendar()
    found: Calendar = opened.read[_READ]
    return found


def worktime_changed() -> None:
    """After hours or days were written in the open scope: they are read anew."""
    require_scope().read.pop(_READ, None)


def special_days(first: date, last: date) -> list[SpecialDay]:
    """The company's own days between two, both among them, in order."""
    return list(SpecialDay.objects.filter(day__gte=first, day__lte=last).order_by("day"))


def _calendar() -> Calendar:
    tenant = require_scope().tenant_id
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT time_zone, NULL::int, NULL::int, NULL::int, NULL::date, NULL::boolean
              FROM tenancy_tenant WHERE id = %(tenant)s
            UNION ALL
            SELECT NULL, weekday, begins, ends, NULL, NULL FROM worktime_workinghours WHERE tenant_id = %(tenant)s
            UNION ALL
            SELECT NULL, NULL, NULL, NULL, day, works FROM worktime_specialday WHERE tenant_id = %(tenant)s
            """,
            {"tenant": tenant},
        )
        rows = cursor.fetchall()
    zone, spans, days = "Asia/Shanghai", defaultdict(list), {}
    for named, weekday, begins, ends, day, works in rows:
        if named is not None:
            zone = named
        elif day is not None:
            days[day] = works
        else:
            spans[weekday].append((begins, ends))
    return Calendar(_ordered(spans), days, ZoneInfo(zone))


def _ordered(spans: dict[int, list[Span]]) -> Hours:
    return {weekday: tuple(sorted(some)) for weekday, some in spans.items()} or USUAL_HOURS

"""When a regular export is due."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def next_due(every: str, day: int, hour: int, zone: ZoneInfo, after: datetime) -> datetime:
    """The first moment after one, in UTC: at an hour of the zone; of a week on its `day` (1 is Monday), of a month on
    its `day`, or its last where it is shorter."""
    at = after.astimezone(zone).date()
    while True:
        found = datetime.combine(at, time(hour), zone).astimezone(UTC)
        if found > after and _is_its_day(every, day, at):
            return found
        at += timedelta(days=1)


def _is_its_day(every: str, day: int, at: date) -> bool:
    if every == "week":
        return at.isoweekday() == day
    if every == "month":
        return at.day == min(day, monthrange(at.year, at.month)[1])
    return True

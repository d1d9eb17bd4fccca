"""Which days a report is of and when it is due. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from guanxi.kernel.worktime import OFFICIAL, Calendar

DAY, WEEK = "day", "week"
REMIND_BEFORE = timedelta(hours=1)
# How many days after the last one a report may be due: of a day the same or the next worked one, of a week from its
# Thursday to the Wednesday after it.
OFFSETS = {DAY: (0, 1), WEEK: (-3, -2, -1, 0, 1, 2, 3)}
ITEMS = 100  # records of a figure that are kept with it


@dataclass(frozen=True, slots=True)
class Term:
    """By when a report is owed: the time of day "18:30", `offset` days after its last day."""

    period: str
    by: str
    offset: int = 0


def first_of(period: str, day: date) -> date:
    """The day with which the report begins that a day is part of: itself, or the Monday of its week."""
    return day - timedelta(days=day.weekday()) if period == WEEK else day


def last_of(period: str, first: date) -> date:
    """The last day of a report that begins with this one."""
    return first + timedelta(days=6) if period == WEEK else first


def after(period: str, first: date, works: Calendar = OFFICIAL) -> tuple[date, date]:
    """The first and last day of what comes next: the week after, or every day through the next one that is worked."""
    begins = last_of(period, first) + timedelta(days=1)
    return begins, last_of(WEEK, begins) if period == WEEK else works.next_workday(begins)


def is_owed(period: str, first: date, works: Calendar = OFFICIAL) -> bool:
    """Whether any of its days is worked: nobody reports of holidays."""
    days = (last_of(period, first) - first).days + 1
    return any(works.is_workday(first + timedelta(days=one)) for one in range(days))


def due_at(term: Term, first: date, zone: tzinfo, works: Calendar = OFFICIAL) -> datetime | None:
    """When the report that begins with a day is due, None where none is owed. A day that is not worked passes it on to
    the next one that is."""
    if not is_owed(term.period, first, works):
        return None
    day = works.next_workday(last_of(term.period, first) + timedelta(days=term.offset))
    return datetime.combine(day, time.fromisoformat(term.by), zone)


def earliest(terms: Iterable[Term], first: date, zone: tzinfo, works: Calendar = OFFICIAL) -> datetime | None:
    """The earliest of several dues; None where none is owed."""
    found = [due for term in terms if (due := due_at(term, first, zone, works)) is not None]
    return min(found, default=None)


def near(period: str, today: date) -> list[date]:
    """The first days of the reports that may be due today or within a few days: what regular work looks at. Two weeks
    cover the longest holidays."""
    this = first_of(period, today)
    return [this - timedelta(days=back) for back in ((0, 7, 14) if period == WEEK else range(15))]

"""Working time: which days and hours a company works, and what that makes of a span of time. Pure.

::

    calendar.after(friday_at_17, timedelta(hours=4))  →  Monday at 11:00, where 9–12 and 13–18 are worked
    calendar.between(friday_at_17, monday_at_11)      →  four hours

Over the official calendar of `workdays` stand the company's own days. A weekday without hours is free; a weekend day
that is worked for a holiday has the hours of the first weekday that has some. Spans are minutes of the day, from 0 to
1440, so that what goes on past midnight is two of them. Moments are counted in real time: where a clock is turned
forward or back, the hour is lost or won.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from guanxi.kernel.workdays import Official, official

__all__ = ["DAY", "OFFICIAL", "USUAL_HOURS", "Calendar", "Hours", "Span"]

Span = tuple[int, int]
Hours = Mapping[int, tuple[Span, ...]]
DAY = 24 * 60  # minutes
USUAL_HOURS: Hours = dict.fromkeys(range(5), ((9 * 60, 12 * 60), (13 * 60, 18 * 60)))
_ONE = timedelta(days=1)
_FURTHEST = 100 * 366  # days that are walked through


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hours by weekday (0 is Monday), days of the company's own (True is worked), and the time zone it lives in.

    Raises ValueError where no weekday has hours, or spans of a day lie over one another.
    """

    hours: Hours = field(default_factory=lambda: USUAL_HOURS)
    days: Mapping[date, bool] = field(default_factory=dict)
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))

    def __post_init__(self) -> None:
        if not any(self.hours.values()):
            raise ValueError("a week without hours")
        for spans in self.hours.values():
            ends = 0
            for begins, end in spans:
                if not ends <= begins < end <= DAY:
                    raise ValueError(spans)
                ends = end

    def is_workday(self, day: date) -> bool:
        """Whether the company works on this day."""
        if (own := self.days.get(day)) is not None:
            return own
        said = official(day)
        return said is Official.MADE_UP or (said is Official.USUAL and bool(self.hours.get(day.weekday())))

    def next_workday(self, day: date) -> date:
        """The day itself where it is worked, else the first after it that is."""
        while not self.is_workday(day):
            day += _ONE
        return day

    def after_workdays(self, day: date, count: int) -> date:
        """The working day so many after a day; the day itself for none."""
        for _ in range(count):
            day = self.next_workday(day + _ONE)
        return day

    def workdays(self, after: date, through: date) -> int:
        """How many days are worked after one day, through another."""
        return sum(self.is_workday(after + timedelta(days=n)) for n in range(1, (through - after).days + 1))

    def spans(self, day: date) -> tuple[Span, ...]:
        """The hours of this day, in minutes; none where it is not worked."""
        if not self.is_workday(day):
            return ()
        return self.hours.get(day.weekday()) or next(
            self.hours[weekday] for weekday in sorted(self.hours) if self.hours[weekday]
        )

    def after(self, moment: datetime, worked: timedelta) -> datetime:
        """The first moment by which so much has been worked since `moment`, in its own time zone; `moment` itself for
        nothing. Raises ValueError for what cannot be waited for, and for a moment without a time zone."""
        start = _utc(moment)
        if worked <= timedelta():
            return moment
        left = worked
        for begins, ends in self._from(start):
            if left <= ends - begins:
                return (begins + left).astimezone(moment.tzinfo)
            left -= ends - begins
        raise ValueError(worked)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much is worked between two moments; negative where `end` is the earlier one. Raises ValueError for
        moments without a time zone."""
        first, last = _utc(start), _utc(end)
        if last < first:
            return -self.between(end, start)
        total = timedelta()
        for begins, ends in self._from(first):
            if begins >= last:
                break
            total += min(ends, last) - begins
        return total

    def is_open(self, moment: datetime) -> bool:
        """Whether it is worked at this moment."""
        return next(self._from(_utc(moment)))[0] == _utc(moment)

    def _from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is worked from a moment on, in real time."""
        day = start.astimezone(self.zone).date() - _ONE
        counted = start
        for _ in range(_FURTHEST):
            for begins, ends in self.spans(day):
                # Where a clock is turned forward two spans may lie over one another: no time is counted twice.
                since, until = max(self._at(day, begins), counted), self._at(day, ends)
                if since < until:
                    yield since, until
                    counted = until
            day += _ONE

    def _at(self, day: date, minute: int) -> datetime:
        shown = datetime.combine(day, time(), self.zone) + timedelta(minutes=minute)
        return shown.astimezone(UTC)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(moment)
    return moment.astimezone(UTC)


OFFICIAL = Calendar()

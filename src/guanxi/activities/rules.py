"""What follows from a touch: which outcomes it can have, whether it counts, when the next one is due. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from guanxi.kernel.moments import KEPT_ON_THE_PHONE
from guanxi.kernel.worktime import OFFICIAL, Calendar

# Contact rhythm by grade, in days, until a company says otherwise (rule book, "Activities"): A weekly, B monthly,
# C quarterly; "" is a customer without a grade, None that there is no rhythm.
RHYTHM: dict[str, int | None] = {"A": 7, "B": 30, "C": 90, "D": 90, "": 30}
USUAL_RHYTHM = 30  # what a next follow-up is proposed after where there is no rhythm
# A customer cools where it is silent for so many times its own usual interval, and at least so many days.
COOLING, COOLING_DAYS, COOLING_TOUCHES = 2, 14, 4
MORNING = 10  # the hour for which a follow-up is proposed
EARLIEST, LATEST = 9, 18  # hours between which a call is proposed for the same day
USUAL_MINUTES = {"call": 10, "visit": 120, "meeting": 60}
OUTCOMES = {
    "call": ("answered", "not_answered", "call_back", "wrong_number"),
    "visit": ("met", "not_met"),
    "meeting": ("met", "not_met"),
    "email": ("sent", "replied", "automatic", "unverified"),
}
COUNTED = ("", "answered", "met", "replied")  # outcomes of a touch that counts
# After these somebody tries again soon.
_AGAIN = {"not_answered": 1, "call_back": 1, "not_met": 3}
REMIND_BEFORE = 15  # minutes
_SURELY = 20  # days: no holidays are as long
# Working hours after which an e-mail that nobody answered becomes a promise, until a company says otherwise.
ANSWER_HOURS = 8
ESCALATES = 2  # working days after which the superior hears of a promise of ours that is overdue
# Visits in the field (rule book, "Activities"): farther from the customer's point than this is flagged, never refused.
FAR = 500  # metres
VISITS_BEGIN, VISITS_END = 9, 22  # hours between which the visits of a day are put
VISIT_EVERY = 60  # minutes between two of them, until somebody says otherwise


def outcomes_of(kind: str) -> tuple[str, ...]:
    """The outcomes a kind of touch can have, the usual one first."""
    return OUTCOMES.get(kind, ())


def usual_outcome(kind: str) -> str:
    """What is taken for it where nobody says otherwise; "" where the kind has none."""
    return next(iter(outcomes_of(kind)), "")


def counts(kind: str, outcome: str) -> bool:
    """Whether a touch is an effective one 有效跟进: an answered call, a visit or meeting that took place, a reply."""
    return kind in OUTCOMES and outcome in COUNTED


def says_nothing(kind: str, *, said: str, outcome: str, anybody: bool) -> bool:
    """Whether of a touch that took place nothing is known that lets it count: of a call neither what was said nor
    whether anybody answered; of a visit or a meeting not even who was there."""
    return kind in OUTCOMES and not (said.strip() or outcome or (anybody and kind != "call"))


def next_day(outcome: str, rhythm: int | None, today: date, works: Calendar = OFFICIAL) -> date:
    """The day for which the next follow-up is proposed: soon after a vain try, else by the customer's rhythm, in days.

    Days that the company does not work are passed over, weekend days worked for a holiday are not.
    """
    days = _AGAIN.get(outcome) or rhythm or USUAL_RHYTHM
    return works.next_workday(today + timedelta(days=days))


def next_kind(kind: str) -> str:
    """What the next follow-up is proposed to be."""
    return kind if kind in ("call", "visit") else "call"


def moved_along(remind_at: datetime | None, before: datetime, after: datetime) -> datetime | None:
    """When to be reminded of what was moved: as long before it as it was."""
    return None if remind_at is None else after - (before - remind_at)


def first_line(text: str, most: int = 60) -> str:
    """What a touch is called that nobody gave a subject: how its text begins."""
    line = next((one.strip() for one in text.splitlines() if one.strip()), "")
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def took_place(planned: datetime, now: datetime) -> datetime:
    """When what is ticked off took place: when it was planned where that was earlier today, else now."""
    local = planned.astimezone(now.tzinfo)
    return planned if local.date() == now.date() and local <= now else now.replace(second=0, microsecond=0)


def postponed(at: datetime, days: int, today: date, works: Calendar = OFFICIAL) -> datetime:
    """A planned time put off by days, counted from today where it is overdue; the time of day stays."""
    day = works.next_workday(max(at.date(), today) + timedelta(days=days))
    return at.replace(year=day.year, month=day.month, day=day.day)


def escalates(due: date, today: date, works: Calendar = OFFICIAL) -> bool:
    """Whether the superior hears of a promise of ours that is still open (rule book, "Activities")."""
    far = due + timedelta(days=_SURELY)
    return today >= far or works.workdays(due, today) >= ESCALATES


def usual_interval(touches: Sequence[date]) -> int | None:
    """How many days usually lie between a customer's touches, the newest first: the middle of the gaps between their
    days; None of fewer than COOLING_TOUCHES days, for so few say nothing."""
    days = sorted(set(touches), reverse=True)
    if len(days) < COOLING_TOUCHES:
        return None
    gaps = sorted((later - earlier).days for later, earlier in pairwise(days))
    return gaps[(len(gaps) - 1) // 2]


def cools(touches: Sequence[date], today: date) -> tuple[int, int] | None:
    """Since how many days a customer is silent and what is usual with it, where it is silent for far longer than usual;
    else None."""
    usual = usual_interval(touches)
    if usual is None:
        return None
    silent = (today - max(touches)).days
    return (silent, usual) if silent >= max(COOLING * usual, COOLING_DAYS) else None


def free_slot(now: datetime, taken: Sequence[datetime], works: Calendar = OFFICIAL) -> datetime:
    """When a call that is still to be made today fits in: the next quarter of an hour, a quarter from now at the
    earliest, that is half an hour away from what is `taken`; in the morning of the next day worked where the day ends
    before. All in one time zone."""
    step = timedelta(minutes=15)
    at = now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0) + 2 * step
    at = max(at, now.replace(hour=EARLIEST, minute=0, second=0, microsecond=0))
    while at.date() == now.date() and at.hour < LATEST:
        if all(abs(at - one) >= 2 * step for one in taken):
            return at
        at += step
    day = works.next_workday(now.date() + timedelta(days=1))
    return at.replace(year=day.year, month=day.month, day=day.day, hour=MORNING, minute=0)


# Visits in the field


def can_be_asked(day: date) -> bool:
    """Whether a day lies where moments around it can be reckoned with and somebody may mean it."""
    return 1990 < day.year < 2200


def is_far(distance: int | None, accuracy: int | None) -> bool:
    """Whether somebody checked in too far from the customer's point, so exact as his position was; in metres."""
    return distance is not None and distance - (accuracy or 0) > FAR


def millionths(text: str, most: int) -> int:
    """Degrees as a phone says them, in millionths. Raises ValueError for what is no latitude or longitude."""
    found = float(text)
    if not abs(found) <= most:
        raise ValueError(text)
    return round(found * 1_000_000)


def done_when(said: datetime | None, now: datetime) -> datetime | None:
    """When something was done by the clock of a phone that may have waited for its network: never in the future, for
    clocks differ; None for what is older than anything may wait there."""
    if said is None or said > now:
        return now
    return said if now - said <= KEPT_ON_THE_PHONE else None


def stayed(came: datetime, left: datetime) -> int:
    """Minutes between coming and leaving, one at least."""
    return max(round((left - came).total_seconds() / 60), 1)


def visit_times(now: datetime, day: date, taken: Sequence[datetime], number: int) -> list[datetime]:
    """When so many visits of a day are planned, one after the other: from the morning, today from the next half hour,
    after the last that is `taken`; what no hour is left for stands at the end of the day."""
    begin = datetime.combine(day, time(VISITS_BEGIN), now.tzinfo)
    half = timedelta(minutes=30)
    while day == now.date() and begin < now and begin.date() == day:
        begin += half
    after = max(taken, default=None)
    if after is not None:
        begin = max(begin, after + timedelta(minutes=VISIT_EVERY))
    last = datetime.combine(day, time(VISITS_END), now.tzinfo)
    return [min(begin + timedelta(minutes=VISIT_EVERY) * place, last) for place in range(number)]


def reordered(shown: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """`shown` in the order that was wanted; what the wish does not name keeps its place behind what stood before it."""
    place = {one: index for index, one in enumerate(wanted)}
    found, last = [], (-1, 0)
    for index, one in enumerate(shown):
        last = (place[one], 0) if one in place else (last[0], index + 1)
        found.append((last, one))
    return [one for _key, one in sorted(found)]


def put_among(kept: Sequence[str], part: Sequence[str]) -> list[str]:
    """The order that was kept, with a part of it in another one: the others stay where they are, new ones follow."""
    wanted = list(dict.fromkeys(part))
    rest, held = iter(wanted), set(wanted)
    found = [next(rest) if one in held else one for one in kept]
    return [*found, *rest]


def moved(shown: Sequence[str], one: str, by: int) -> list[str]:
    """The order with one of them moved so many places; it stays within."""
    rest = [other for other in shown if other != one]
    if len(rest) == len(shown):
        return list(shown)
    place = min(max(shown.index(one) + by, 0), len(rest))
    return [*rest[:place], one, *rest[place:]]

"""What follows from a touch: which outcomes it can have, whether it counts, when the next one is due. Pure."""

from datetime import date, datetime, timedelta

from guanxi.kernel.workdays import next_workday

# Contact rhythm by grade, in days (rule book, "Activities"): A weekly, B monthly, C quarterly.
RHYTHM = {"A": 7, "B": 30, "C": 90, "D": 90}
USUAL_RHYTHM = 30  # of a customer without a grade
MORNING = 10  # the hour for which a follow-up is proposed
USUAL_MINUTES = {"call": 10, "visit": 120, "meeting": 60}
OUTCOMES = {
    "call": ("answered", "not_answered", "call_back", "wrong_number"),
    "visit": ("met", "not_met"),
    "meeting": ("met", "not_met"),
}
# After these somebody tries again soon.
_AGAIN = {"not_answered": 1, "call_back": 1, "not_met": 3}
REMIND_BEFORE = 15  # minutes


def outcomes_of(kind: str) -> tuple[str, ...]:
    """The outcomes a kind of touch can have, the usual one first."""
    return OUTCOMES.get(kind, ())


def usual_outcome(kind: str) -> str:
    """What is taken for it where nobody says otherwise; "" where the kind has none."""
    return next(iter(outcomes_of(kind)), "")


def counts(kind: str, outcome: str) -> bool:
    """Whether a touch is an effective one 有效跟进: an answered call, a visit or meeting that took place."""
    return kind in OUTCOMES and outcome in ("", "answered", "met")


def says_nothing(kind: str, *, said: str, outcome: str, anybody: bool) -> bool:
    """Whether of a touch that took place nothing is known that lets it count: of a call neither what was said nor
    whether anybody answered; of a visit or a meeting not even who was there."""
    return kind in OUTCOMES and not (said.strip() or outcome or (anybody and kind != "call"))


def next_day(kind: str, outcome: str, grade: str, today: date) -> date:
    """The day for which the next follow-up is proposed: soon after a vain try, else by the grade's rhythm.

    Weekends and public holidays are passed over, weekend days worked for them are not.
    """
    days = _AGAIN.get(outcome) or RHYTHM.get(grade, USUAL_RHYTHM)
    return next_workday(today + timedelta(days=days))


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


def postponed(at: datetime, days: int, today: date) -> datetime:
    """A planned time put off by days, counted from today where it is overdue; the time of day stays."""
    day = next_workday(max(at.date(), today) + timedelta(days=days))
    return at.replace(year=day.year, month=day.month, day=day.day)

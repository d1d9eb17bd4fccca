"""When a customer falls to its pool, and what of a person's customers counts: pure functions, which the page, the list
and the nightly job ask alike.

The rules are those of docs/decisions/0014; a day is a day of the company's calendar.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum


class Clock(StrEnum):
    """What keeps a customer with its owner for so many days more."""

    ACTIVITY = "activity"  # an effective one: answered call, visit, meeting, reply
    OPPORTUNITY = "opportunity"
    PURCHASE = "purchase"


@dataclass(frozen=True, slots=True)
class Term:
    """A rule: so many days without what the clock asks for. `by_grade` says other days for a grade, None that it never
    falls by this rule; `days` None that only the grades named fall."""

    clock: Clock
    days: int | None
    by_grade: Mapping[str, int | None] = field(default_factory=dict)

    def days_of(self, grade: str) -> int | None:
        """The days of a customer of this grade, "" for none; None where it does not fall by this rule."""
        return self.by_grade.get(grade, self.days)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a customer somebody owns. `since` is the day it came to its owner; `last` the last day of each
    clock, where there is one. Through `kept_until` it stays: locked by its owner, or under contract. While it is `held`
    (money due, an open complaint) it stays."""

    since: date
    grade: str = ""
    last: Mapping[Clock, date] = field(default_factory=dict)
    kept_until: date | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Fall:
    """The day a customer falls to its pool, and by which rule; after so many days of nothing."""

    day: date
    clock: Clock
    days: int


def falls(terms: Sequence[Term], standing: Standing) -> Fall | None:
    """When a customer falls, as things stand: the earliest day of its rules, not before it is free to go. None where no
    rule takes it, and while it is held.

    The day may lie in the past: then it falls the next night. Of two rules with one day the first is the reason.
    """
    if standing.held:
        return None
    found: Fall | None = None
    for term in terms:
        days = term.days_of(standing.grade)
        if days is None:
            continue
        begins = max(standing.since, standing.last.get(term.clock, standing.since))
        day = begins + timedelta(days=days)
        if found is None or day < found.day:
            found = Fall(day, term.clock, days)
    if found is not None and standing.kept_until is not None and standing.kept_until >= found.day:
        return Fall(standing.kept_until + timedelta(days=1), found.clock, found.days)
    return found


@dataclass(frozen=True, slots=True)
class Counting:
    """Which of a person's customers do not count where it is asked how many he holds: of these grades, categories and
    statuses in the register, and those he has locked, where `locked` says so."""

    grades: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    registrations: frozenset[str] = frozenset()
    locked: bool = False

    def counts(self, grade: str, category: str, registration: str, *, locked: bool = False) -> bool:
        """Whether a customer counts."""
        named = grade in self.grades or category in self.categories or registration in self.registrations
        return not named and not (locked and self.locked)

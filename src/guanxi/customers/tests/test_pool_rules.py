"""The due date of a customer against a simulation that lives through every night and knows no formula."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.customers.rules.pools import Clock, Fall, Standing, Term, falls

FIRST = date(2026, 1, 30)
NIGHTS = 60
GRADES = ("", "A", "B")


@dataclass
class Life:
    """What happened to a customer, by the day counted from the one it came to its owner."""

    touches: list[tuple[int, Clock]] = field(default_factory=list)
    kept: list[tuple[int, int]] = field(default_factory=list)  # said on a day: it stays through another
    held: list[tuple[int, int]] = field(
        default_factory=list
    )  # money due or a complaint, from a day until another


def lived(terms: list[Term], grade: str, life: Life) -> tuple[int, Clock] | None:
    """The first night it is taken, counting nights one by one."""
    idle = dict.fromkeys(Clock, 0)
    for night in range(1, NIGHTS):
        for clock in Clock:
            touched = any(day == night - 1 and what == clock for day, what in life.touches)
            idle[clock] = 1 if touched else idle[clock] + 1
        if any(said < night <= until for said, until in life.kept):
            continue
        if any(begun < night <= ended for begun, ended in life.held):
            continue
        due = []
        for at, term in enumerate(terms):
            days = term.by_grade.get(grade, term.days)
            if days is not None and idle[term.clock] >= days:
                due.append((days - idle[term.clock], at, term.clock))
        if due:
            return night, min(due)[2]
    return None


def known(life: Life, grade: str, night: int) -> Standing:
    """What is known in a night."""
    last: dict[Clock, date] = {}
    for day, clock in sorted(life.touches):
        if day < night:
            last[clock] = FIRST + timedelta(days=day)
    kept = [until for said, until in life.kept if said < night]
    return Standing(
        since=FIRST,
        grade=grade,
        last=last,
        kept_until=FIRST + timedelta(days=max(kept)) if kept else None,
        held=any(begun < night <= ended for begun, ended in life.held),
    )


days = st.integers(0, NIGHTS)
terms_of = st.lists(
    st.builds(
        Term,
        clock=st.sampled_from(list(Clock)),
        days=st.none() | st.integers(1, 30),
        by_grade=st.dictionaries(st.sampled_from(GRADES[1:]), st.none() | st.integers(1, 45)),
    ),
    max_size=3,
    unique_by=lambda term: term.clock,
)
lives = st.builds(
    Life,
    touches=st.lists(st.tuples(days, st.sampled_from(list(Clock))), max_size=12),
    kept=st.lists(st.tuples(days, days), max_size=3),
    held=st.lists(st.tuples(days, days), max_size=2),
)


@given(terms_of, st.sampled_from(GRADES), lives)
def test_the_day_it_falls_is_the_day_the_nights_lead_to(terms: list[Term], grade: str, life: Life) -> None:
    asked = None
    for night in range(1, NIGHTS):
        found = falls(terms, known(life, grade, night))
        if found is not None and found.day <= FIRST + timedelta(days=night):
            asked = night, found.clock
            break
    assert asked == lived(terms, grade, life)


@given(terms_of, st.sampled_from(GRADES), lives, st.integers(1, NIGHTS - 1))
def test_a_day_that_is_promised_comes_true_where_nothing_happens(
    terms: list[Term], grade: str, life: Life, night: int
) -> None:
    """What the page says today is what the night does then."""
    standing = known(life, grade, night)
    found = falls(terms, standing)
    past = Life(
        [one for one in life.touches if one[0] < night],
        [one for one in life.kept if one[0] < night],
        [],
    )
    if standing.held or found is None:
        return
    nights = (found.day - FIRST).days
    if night <= nights < NIGHTS:
        for before in range(night, nights):
            earlier = falls(terms, known(past, grade, before))
            assert earlier is None or earlier.day > FIRST + timedelta(days=before)
        assert falls(terms, known(past, grade, nights)) == found


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(FIRST), Fall(date(2026, 3, 1), Clock.ACTIVITY, 30)),
        (Standing(FIRST, grade="A"), Fall(date(2026, 2, 6), Clock.ACTIVITY, 7)),
        (Standing(FIRST, grade="D"), Fall(date(2026, 4, 30), Clock.PURCHASE, 90)),
        (Standing(FIRST, held=True), None),
        (Standing(FIRST, kept_until=date(2026, 3, 1)), Fall(date(2026, 3, 2), Clock.ACTIVITY, 30)),
        (Standing(FIRST, kept_until=date(2026, 2, 28)), Fall(date(2026, 3, 1), Clock.ACTIVITY, 30)),
        # What happened before it came to its owner counts for nothing.
        (
            Standing(FIRST, last={Clock.ACTIVITY: date(2025, 12, 1)}),
            Fall(date(2026, 3, 1), Clock.ACTIVITY, 30),
        ),
    ],
)
def test_the_rules_by_example(standing: Standing, expected: Fall | None) -> None:
    terms = [Term(Clock.ACTIVITY, 30, {"A": 7, "D": None}), Term(Clock.PURCHASE, 90)]
    assert falls(terms, standing) == expected

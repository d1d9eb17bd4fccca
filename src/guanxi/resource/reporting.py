"""What is counted of somebody's work in a day or a week: each context says at start-up which figures it has.

::

    reports("touches", _("With customers"), (
        Figure("calls", _("Calls"), "activities", query=lambda asked: f"owner={asked.member}&kind=call&…"),
    ))

A figure that has a `query` is the number of rows its list shows under that query; one without says by `rows` which
records it is made of.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from uuid import UUID

from guanxi.kinds.kind import Words

DONE, MISSED, NEXT = "done", "missed", "next"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose work is counted, from the first through the last day, in the company's time zone."""

    member: UUID
    first: date
    last: date
    zone: tzinfo

    @property
    def start(self) -> datetime:
        """The moment with which the first day begins."""
        return datetime.combine(self.first, time(), self.zone)

    @property
    def end(self) -> datetime:
        """The moment with which the day after the last begins."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)

    def within(self, field: str) -> str:
        """The condition of a list that a field lies in these days."""
        return f"{field}.between={self.first.isoformat()},{self.last.isoformat()}"


@dataclass(frozen=True, slots=True)
class Figure:
    """How many records of the resource with this key.

    `query` gives the query of its list, `rows` the ids where no list says it; `but` ids of that list that are not
    counted. `split` names a field by whose values it
    is parted, `customer` the link to the customer it was with. `of` says which days are asked: of what was DONE in
    them, what was due by their end and is MISSED, and what comes NEXT, in the days that follow. A figure `apart` counts
    again, by another measure, what others of its section count. `key` ones stand in the line of an overview, where they
    are called `short`.
    """

    code: str
    label: Words
    resource: str
    query: Callable[[Asked], str] | None = None
    rows: Callable[[Asked], Collection[UUID]] | None = None
    but: Callable[[Asked], Collection[UUID]] | None = None
    split: str = ""
    customer: str = ""
    of: str = DONE
    apart: bool = False
    key: bool = False
    short: Words = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Figures that belong together, under a title."""

    code: str
    title: Words
    figures: tuple[Figure, ...]
    order: int


_sections: dict[str, Section] = {}


def reports(code: str, title: Words, figures: Sequence[Figure], *, order: int = 50) -> None:
    """Register a section. Raises ValueError for a code of a section or figure that is taken."""
    taken = {figure.code for section in _sections.values() for figure in section.figures}
    if code in _sections or any(figure.code in taken for figure in figures):
        raise ValueError(f"{code} or one of its figures is reported twice")
    _sections[code] = Section(code, title, tuple(figures), order)


def sections() -> list[Section]:
    """All of them, in order."""
    return sorted(_sections.values(), key=lambda one: one.order)

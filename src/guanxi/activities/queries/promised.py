"""What a text promises, with the customer's people and our own by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from guanxi.activities.choices import Side
from guanxi.activities.promising import find_promises
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.worktime.queries import worktime

LONGEST = 20_000  # characters of a text that are looked through
MOST = 8  # promises of one text


@dataclass(frozen=True, slots=True)
class InText:
    """A promise that a text makes: by which side, what, by when as far as it says so, and with whom of the customer's
    people. `start` and `end` are where it stands."""

    side: str
    what: str
    due: date | None
    due_time: str
    person: UUID | None
    start: int
    end: int


def promised_in(text: str, people: Sequence[tuple[UUID, str, str]]) -> list[InText]:
    """The first promises of a text; `people` of the customer as (id, name, post)."""
    names = {name: pk for pk, name, _post in people}
    ours = list(Member.objects.filter(left_on__isnull=True).values_list("name", flat=True))
    found = find_promises(
        text[:LONGEST], today=timezone.localdate(), names=list(names), colleagues=ours, works=worktime()
    )
    return [
        InText(
            (Side.OURS if one.ours else Side.THEIRS).value,
            one.what[:200],
            one.due,
            f"{one.at:%H:%M}" if one.at else "",
            names.get(one.person),
            one.start,
            one.end,
        )
        for one in found[:MOST]
    ]

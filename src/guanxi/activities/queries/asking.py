"""What upper contexts have to say on Today: records of theirs that want attention.

::

    asks_attention(unanswered)      # in an upper apps.py: (actor, members) → lines, by a fixed number of questions
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from guanxi.foundation.permissions.actor import Actor

Members = Collection[UUID] | None


@dataclass(frozen=True, slots=True)
class Attention:
    """A line at the side: which record, what about it, and why."""

    icon: str
    tone: str
    name: str
    url: str
    said: str
    why: str


Asking = Callable[[Actor, Members], Sequence[Attention]]
_asking: list[Asking] = []


def asks_attention(asking: Asking) -> None:
    """Called once at start-up. Of the members the records are that these answer for, everybody's for None."""
    _asking.append(asking)


def asked_for(actor: Actor, members: Members) -> Iterator[Attention]:
    """All of it, in the order of the contexts."""
    for asking in _asking:
        yield from asking(actor, members)

"""What Today invites to beside what is planned: upper contexts say at start-up what they may ask of whoever looks."""

from collections.abc import Callable
from dataclasses import dataclass

from guanxi.foundation.permissions.actor import Actor


@dataclass(frozen=True, slots=True)
class Invitation:
    """Something to do today, in words with its address; `tone` is "", "warn" or "bad"."""

    icon: str
    words: str
    url: str
    tone: str = ""


Ask = Callable[[Actor], Invitation | None]
_asks: list[Ask] = []


def invite(ask: Ask) -> None:
    """Register what may be asked; it is asked when somebody opens his own day."""
    _asks.append(ask)


def invitations(actor: Actor) -> list[Invitation]:
    """All that there is for this actor now."""
    return [found for ask in _asks if (found := ask(actor)) is not None]

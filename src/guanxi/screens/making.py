"""What else can be made from anywhere, beside one record of a kind: contexts add to the menu "New"."""

from collections.abc import Callable

from guanxi.foundation.design.shapes import MenuItem
from guanxi.foundation.permissions.actor import Actor

Maker = Callable[[Actor], MenuItem | None]
_makers: list[Maker] = []


def also_new(maker: Maker) -> None:
    """Add an item to the menu "New"; None where it is not for this actor. Called at start-up."""
    _makers.append(maker)


def also_made(actor: Actor) -> tuple[MenuItem, ...]:
    """What was added, as far as it is for this actor."""
    return tuple(item for maker in _makers if (item := maker(actor)) is not None)

"""What happened, told upwards: a frozen dataclass is published, upper contexts react after commit.

One job per handler is written in the transaction of the change, so the queue is the outbox. We know neither
the events nor the queue: both are registered here by those who own them.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Event:
    """Base of everything that happened.

    Subclasses are frozen dataclasses named in the past tense; they hold ids, dates and plain values, which come
    to their handlers as what they were.
    """

    @classmethod
    def key(cls) -> str:
        return f"{cls.__module__}.{cls.__qualname__}"

    def payload(self) -> dict[str, Any]:
        """The event as JSON holds it."""
        kind: Any = type(self)
        plain: dict[str, Any] = _adapter(kind).dump_python(self, mode="json")
        return plain

    @classmethod
    def revive(cls, payload: dict[str, Any]) -> Self:
        """The event that a payload was made of."""
        kind: Any = cls
        revived: Self = _adapter(kind).validate_python(payload)
        return revived


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


Handler = Callable[[Any], None]
_handlers: dict[type[Event], list[Handler]] = defaultdict(list)
_outbox: list[Callable[[str, dict[str, Any]], None]] = []


def handles(kind: type[Event]) -> Callable[[Handler], Handler]:
    """Register a module-level function to run, in its own scope and transaction, after an event is committed."""

    def register(handler: Handler) -> Handler:
        _handlers[kind].append(handler)
        return handler

    return register


def handler_key(handler: Handler) -> str:
    return f"{handler.__module__}.{handler.__qualname__}"


def find_handler(key: str) -> tuple[type[Event], Handler]:
    """The event class and handler behind a key. Raises LookupError where it was removed."""
    for kind, handlers in _handlers.items():
        for handler in handlers:
            if handler_key(handler) == key:
                return kind, handler
    raise LookupError(key)


def use_outbox(write: Callable[[str, dict[str, Any]], None]) -> None:
    """Where published events are put: one call per handler, inside the transaction."""
    _outbox[:] = [write]


def publish(event: Event) -> None:
    """Tell every handler of this kind of event, after the transaction commits."""
    for handler in _handlers.get(type(event), ()):
        _outbox[0](handler_key(handler), event.payload())

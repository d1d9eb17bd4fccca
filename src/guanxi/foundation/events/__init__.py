"""What happened, told upwards: a frozen dataclass is published, upper contexts react after commit.

One job per handler is written in the transaction of the change, so the queue is the outbox. We know neither
the events nor the queue: both are registered here by those who own them.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Base of everything that happened; subclasses are named in the past tense and hold ids and plain values."""

    @classmethod
    def key(cls) -> str:
        return f"{cls.__module__}.{cls.__qualname__}"


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
    for handler in _handlers[type(event)]:
        _outbox[0](handler_key(handler), asdict(event))

"""Keys of all records: UUID version 7 (RFC 9562, section 5.7), so that rows lie in order of creation."""

import os
import threading
import time
import uuid
from datetime import UTC, datetime

__all__ = ["new_id", "uuid7_time"]

_COUNTER_BITS = 26


class _Order:
    """The last id's 74 ordered bits (48 of milliseconds, 26 of counter) and the lock that guards them."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Start anew: a forked child must neither inherit a lock held by another thread nor the order."""
        self.lock = threading.Lock()
        self.last = 0

    def next(self, now: int, seed: int) -> int:
        with self.lock:
            ordered = now << _COUNTER_BITS | seed
            if ordered >> _COUNTER_BITS <= self.last >> _COUNTER_BITS:
                ordered = self.last + 1
            self.last = ordered
            return ordered


_order = _Order()
os.register_at_fork(after_in_child=_order.forget)


def new_id() -> uuid.UUID:
    """A new UUIDv7, greater than every id this process has made before, also when the clock steps back.

    48 bits of milliseconds, 26 bits of counter (RFC 9562 section 6.2, method 1: seeded at random with its top
    bit clear in each new millisecond), 48 bits of chance. A counter that runs over borrows from the next
    millisecond.
    """
    chance = int.from_bytes(os.urandom(10), "big")
    ordered = _order.next(time.time_ns() // 1_000_000, chance >> 55)  # 25 of the 80 random bits
    stamp, counter = ordered >> _COUNTER_BITS, ordered & ((1 << _COUNTER_BITS) - 1)
    return uuid.UUID(
        int=stamp << 80
        | 0x7 << 76
        | (counter >> 14) << 64
        | 0b10 << 62
        | (counter & 0x3FFF) << 48
        | chance & 0xFFFF_FFFF_FFFF
    )


def uuid7_time(id: uuid.UUID) -> datetime:  # noqa: A002 - the name of the thing
    """When a UUIDv7 was made, in UTC, to the millisecond. Raises ValueError for another version."""
    if id.version != 7:
        raise ValueError("not a UUID of version 7")
    return datetime.fromtimestamp((id.int >> 80) / 1000, UTC)

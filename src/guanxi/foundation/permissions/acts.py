"""Acts of this floor, recorded by the ledger above it.

The ledger knows actors, so it lies above us; yet people and roles are business rows that only change inside
one of its operations. It hands us its opener at start-up.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from guanxi.foundation.permissions.actor import Actor

Opener = Callable[..., AbstractContextManager[Any]]
_opener: list[Opener] = []


def use_ledger(opener: Opener) -> None:
    """Where acts are recorded: `ledger.services.operation`."""
    _opener[:] = [opener]


def act(
    actor: Actor, verb: str, *, record_id: UUID | None = None, label: str = "", **summary: Any
) -> AbstractContextManager[Any]:
    """Open an operation of the ledger, or join the open one."""
    return _opener[0](actor, verb, record_id=record_id, label=label, summary=summary)

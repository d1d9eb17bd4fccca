"""Acts of this floor, recorded by the ledger above it.

The ledger knows actors, so it lies above us; yet people and roles are business rows that only change inside
one of its operations. It hands us its opener at start-up.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from guanxi.foundation.design.languages import Text
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import Scope, current_scope

Opener = Callable[..., AbstractContextManager[Any]]
_opener: list[Opener] = []
_last: ContextVar[tuple[Scope | None, UUID] | None] = ContextVar("guanxi_last_act", default=None)


def use_ledger(opener: Opener) -> None:
    """Where acts are recorded: `ledger.services.operation`."""
    _opener[:] = [opener]


@contextmanager
def act(
    actor: Actor, verb: str, *, record_id: UUID | None = None, label: Text = "", **summary: Any
) -> Iterator[Any]:
    """Open an operation of the ledger, or join the open one."""
    with _opener[0](actor, verb, record_id=record_id, label=label, summary=summary) as opened:
        yield opened
    _last.set((current_scope(), opened.id))


def last_act_id() -> UUID | None:
    """The operation that this request or task closed last: what a toast offers to undo."""
    last = _last.get()
    # Threads outlive requests: what an earlier scope did is nobody's to undo here.
    return last[1] if last is not None and last[0] is current_scope() else None

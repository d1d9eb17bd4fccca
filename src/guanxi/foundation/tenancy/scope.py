"""The scope a statement runs in: which company, who acts, through which door.

A scope is a transaction that begins with literal ``SET LOCAL`` values. Row-level security reads the company
from them, the ledger trigger the actor, the door and the operation. They end with the transaction, so a
pooled connection never carries them on. Streams, jobs and commands open their own scope.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from guanxi.kernel.errors import NoScope


@dataclass(frozen=True, slots=True)
class Scope:
    """Company, acting member (None for the system itself) and door ("web", "api", "cli", "job" …).

    `read` holds what was read once for all of it.
    """

    tenant_id: UUID
    actor_id: UUID | None
    door: str
    read: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)


_current: ContextVar[Scope | None] = ContextVar("guanxi_scope", default=None)


def current_scope() -> Scope | None:
    """The open scope of this thread or task, or None."""
    return _current.get()


def require_scope() -> Scope:
    """The open scope. Raises NoScope where there is none."""
    current = _current.get()
    if current is None:
        raise NoScope("no_scope", {})
    return current


@contextmanager
def scope(
    tenant_id: UUID, *, actor_id: UUID | None = None, door: str, using: str = "default"
) -> Iterator[Scope]:
    """Open a transaction in which only the rows of one company exist.

    Raises NoScope("nested_scope") inside another scope: one transaction never sees two companies.
    """
    if _current.get() is not None:
        raise NoScope("nested_scope", {})
    opened = Scope(UUID(str(tenant_id)), UUID(str(actor_id)) if actor_id else None, door)
    if not door.isidentifier():
        raise ValueError(f"a door is one word: {door!r}")
    with transaction.atomic(using=using, durable=True):
        set_local(
            {
                "tenant": str(opened.tenant_id),
                "actor": str(opened.actor_id or ""),
                "door": door,
                "operation": "",
            },
            using=using,
        )
        token = _current.set(opened)
        try:
            yield opened
        finally:
            _current.reset(token)


def set_local(values: dict[str, str], *, using: str = "default") -> None:
    """Set ``guanxi.*`` values for the rest of the transaction, as literals so that every node sees them.

    Values are identifiers or uuids of ours, never outside text; anything else raises ValueError.
    """
    for value in values.values():
        if not all(c.isalnum() or c in "-_" for c in value):
            raise ValueError("only words and uuids are set on a connection")
    statements = "; ".join(f"SET LOCAL guanxi.{key} = '{value}'" for key, value in values.items())
    with connections[using].cursor() as cursor:
        cursor.execute(statements)

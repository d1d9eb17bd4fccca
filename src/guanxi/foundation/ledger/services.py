"""Opening operations: the only state in which a business row can be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection

from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import require_scope, set_local

_open: ContextVar[Operation | None] = ContextVar("guanxi_operation", default=None)
_last: ContextVar[UUID | None] = ContextVar("guanxi_last_operation", default=None)
request_id: ContextVar[str] = ContextVar("guanxi_request", default="")


def last_operation_id() -> UUID | None:
    """The operation most recently closed in this thread or task: what a toast offers to undo."""
    return _last.get()


def current_operation() -> Operation | None:
    """The operation that is open in this scope, or None."""
    return _open.get()


@contextmanager
def operation(
    actor: Actor,
    verb: str,
    *,
    record_id: UUID | None = None,
    label: str = "",
    summary: dict[str, Any] | None = None,
    undoes_id: UUID | None = None,
) -> Iterator[Operation]:
    """Open an operation, or join the one that is open: services may call each other.

    `verb` is a permission code such as "customers.customer.create"; `label` names the record for people.
    """
    running = _open.get()
    if running is not None:
        yield running
        return
    current = require_scope()
    if actor.tenant_id != current.tenant_id:
        raise PermissionError("the actor belongs to another company")
    opened = Operation(
        tenant_id=current.tenant_id,
        actor_id=actor.member_id,
        door=current.door,
        verb=verb,
        record_id=record_id,
        label=label[:200],
        summary=summary or {},
        request_id=request_id.get(),
        undoes_id=undoes_id,
    )
    opened.save(force_insert=True)
    set_local({"operation": str(opened.id)})
    token = _open.set(opened)
    try:
        yield opened
    finally:
        _open.reset(token)
        _last.set(opened.id)
        # In a failed transaction nothing can be set, and nothing needs to be: it is rolled back.
        if not connection.needs_rollback and connection.in_atomic_block:
            set_local({"operation": ""})


def describe(opened: Operation, *, label: str | None = None, **summary: Any) -> None:
    """Add to what an operation says of itself: a name for people, counts of what it did."""
    if label is not None:
        opened.label = label[:200]
    opened.summary = {**opened.summary, **summary}
    Operation.objects.filter(id=opened.id).update(label=opened.label, summary=opened.summary)


def erase_images(actor: Actor, *, table: str, row_id: UUID, columns: list[str]) -> int:
    """Take columns of a row out of every image in the ledger, for good. Returns how many images changed.

    Raises Forbidden without `ledger.operation.erase`.
    """
    actor.require("ledger.operation.erase")
    with operation(actor, "ledger.operation.erase", record_id=row_id, summary={"table": table}):
        with connection.cursor() as cursor:
            cursor.execute("SELECT guanxi_ledger_erase(%s, %s, %s)", [table, row_id, columns])
            row = cursor.fetchone()
    return int(row[0])

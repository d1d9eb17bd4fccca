"""Opening operations: the only state in which a business row can be written."""

from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction

from guanxi.foundation.design.languages import Text, in_each
from guanxi.foundation.ledger.images import former_names
from guanxi.foundation.ledger.models import SAID, Change, Operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import Scope, current_scope, require_scope, set_local
from guanxi.kernel.errors import NoScope

T = TypeVar("T")
_open: ContextVar[Operation | None] = ContextVar("guanxi_operation", default=None)
_last: ContextVar[tuple[Scope, UUID] | None] = ContextVar("guanxi_last_operation", default=None)
# Of a scope, and of what was written last in it: what was asked since.
_answers: ContextVar[tuple[Scope, UUID | None, dict[Hashable, Any]] | None] = ContextVar(
    "guanxi_answers", default=None
)
request_id: ContextVar[str] = ContextVar("guanxi_request", default="")


def last_operation_id() -> UUID | None:
    """The operation most recently closed in this thread or task: what a toast offers to undo."""
    last, current = _last.get(), current_scope()
    # Threads outlive requests: what an earlier scope did is nobody's to undo here.
    return last[1] if last is not None and last[0] is current else None


def while_unwritten(key: Hashable, ask: Callable[[], T]) -> T:
    """What `ask` answers, asked once in a scope as long as no operation writes in it: for small reads that much else
    asks of again and again."""
    current = current_scope()
    if current is None or _open.get() is not None:
        return ask()
    held, written = _answers.get(), last_operation_id()
    if held is None or held[0] is not current or held[1] != written:
        held = (current, written, {})
        _answers.set(held)
    if key not in held[2]:
        held[2][key] = ask()
    found: T = held[2][key]
    return found


def current_operation() -> Operation | None:
    """The operation that is open in this scope, or None."""
    return _open.get()


@contextmanager
def operation(
    actor: Actor,
    verb: str,
    *,
    record_id: UUID | None = None,
    label: Text = "",
    summary: dict[str, Any] | None = None,
    undoes_id: UUID | None = None,
) -> Iterator[Operation]:
    """Open an operation, or join the one that is open: services may call each other.

    `verb` is a permission code such as "customers.customer.create"; `label` names the record for people: a text of
    ours is given lazily, and kept in every language. All or nothing: an error that leaves it takes back what was
    written in it, also where a door answers the error and lets its transaction be committed. Raises NoScope where no
    company, or another one, is open.
    """
    current = require_scope()
    if actor.tenant_id != current.tenant_id:
        raise NoScope("foreign_actor", {"verb": verb})
    running = _open.get()
    if running is not None:
        with transaction.atomic():
            yield running
        return
    opened = Operation(
        tenant_id=current.tenant_id,
        actor_id=actor.member_id,
        door=current.door,
        verb=verb,
        record_id=record_id,
        label=str(label)[:200],
        summary={**(summary or {}), **({SAID: each} if (each := in_each(label)) else {})},
        request_id=request_id.get(),
        undoes_id=undoes_id,
    )
    with transaction.atomic():
        opened.save(force_insert=True)
        set_local({"operation": str(opened.id)})
        token = _open.set(opened)
        try:
            yield opened
        finally:
            _open.reset(token)
        # After an error the savepoint has put the old value back.
        set_local({"operation": ""})
    _last.set((current, opened.id))


def describe(opened: Operation, *, label: str | None = None, **summary: Any) -> None:
    """Add to what an operation says of itself: a name for people, counts of what it did."""
    if label is not None:
        opened.label = label[:200]
    opened.summary = {**opened.summary, **summary}
    Operation.objects.filter(id=opened.id).update(label=opened.label, summary=opened.summary)


def created_in(operation_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Those of the rows that the operation itself created."""
    made = Change.objects.filter(operation_id=operation_id, row_id__in=ids, action=Change.INSERT)
    return set(made.values_list("row_id", flat=True))


def erase_images(actor: Actor, *, table: str, row_id: UUID, columns: list[str]) -> int:
    """Take columns of a row out of every image in the ledger, for good. Returns how many images changed.

    Images from when table or columns bore other names are reached too, and what operations on the row were
    called, for that is often a name. Raises Forbidden without `ledger.operation.erase`.
    """
    actor.require("ledger.operation.erase")
    tables, names = former_names(table, columns)
    touched = 0
    with operation(actor, "ledger.operation.erase", record_id=row_id, summary={"table": table}):
        with connection.cursor() as cursor:
            for name in sorted(tables):
                cursor.execute("SELECT guanxi_ledger_erase(%s, %s, %s)", [name, row_id, sorted(names)])
                touched += cursor.fetchone()[0]
        named = Operation.objects.filter(record_id=row_id)
        named.exclude(label="").update(label="")
        for one in named.filter(summary__has_key=SAID):
            one.summary.pop(SAID)
            one.save(update_fields=["summary"])
    return touched

"""How long the ledger remembers. Runs across companies, as the owner role.

A month that no company wants to keep is dropped with its partition; of other months the rows of those
companies go that keep less. What is gone can no longer be undone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connections, transaction

from guanxi.foundation.tenancy.models import Tenant

OWNER = "owner"
_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was forgotten: whole months, single changes, operations."""

    months: tuple[str, ...] = ()
    changes: int = 0
    operations: int = 0


def first_kept(months: int, today: date) -> datetime | None:
    """The beginning of the oldest month that is kept; None where everything is. This month is always kept."""
    if months <= 0:
        return None
    number = today.year * 12 + today.month - 1 - months
    return datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)


def prune(today: date) -> Pruned:
    """Forget what every company's setting says is too old."""
    limits = {
        tenant.id: first_kept(tenant.ledger_months, today)
        for tenant in Tenant.objects.using(OWNER).only("id", "settings")
    }
    dated = [limit for limit in limits.values() if limit is not None]
    months: tuple[str, ...] = ()
    if limits and len(dated) == len(limits):
        months = _drop_months(min(dated))
    changes = acts = 0
    for tenant_id, limit in limits.items():
        if limit is not None:
            changes += _delete("ledger_change", tenant_id, limit)
            acts += _delete("ledger_operation", tenant_id, limit)
    return Pruned(months, changes, acts)


def _drop_months(limit: datetime) -> tuple[str, ...]:
    dropped = []
    connection = connections[OWNER]
    with transaction.atomic(using=OWNER), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = 'ledger_change'::regclass AND c.relname ~ '^ledger_change_[0-9]{6}$' "
            "ORDER BY 1"
        )
        for (name,) in cursor.fetchall():
            month = name.removeprefix("ledger_change_")
            if month < f"{limit:%Y%m}":
                cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)}")
                dropped.append(month)
    return tuple(dropped)


def _delete(table: str, tenant_id: UUID, limit: datetime) -> int:
    """In batches, so that nobody waits long for a row."""
    deleted = 0
    with connections[OWNER].cursor() as cursor:
        while True:
            cursor.execute(
                f"DELETE FROM {table} WHERE (tenant_id, id) IN "  # noqa: S608  one of two names of ours
                f"(SELECT tenant_id, id FROM {table} WHERE tenant_id = %s AND at < %s LIMIT {_BATCH})",
                [tenant_id, limit],
            )
            batch = int(cursor.rowcount)
            deleted += batch
            if batch < _BATCH:
                return deleted

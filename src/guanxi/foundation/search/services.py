"""Keeping entries: written by the resource layer in the transaction of the record."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db import connection

from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.search.grams import lines_of, tag
from guanxi.foundation.search.models import Entry
from guanxi.foundation.tenancy.bulk import insert_rows
from guanxi.foundation.tenancy.scope import require_scope


def entry(
    resource: str,
    record_id: UUID,
    *,
    title: str,
    owner_id: UUID | None,
    names: Iterable[str],
    phones: Iterable[str] = (),
    codes: Iterable[str] = (),
    detail: str = "",
    person: bool = False,
) -> Entry:
    """What one record is found by, not yet written."""
    company = require_scope().tenant_id
    lines = lines_of(names=names, phones=phones, codes=codes, person=person)
    mark = tag(company)
    return Entry(
        tenant_id=company,
        id=record_id,
        resource=resource,
        owner_id=owner_id,
        title=title[:300],
        detail=detail[:300],
        text=lines.text,
        grams=[mark + gram for gram in lines.grams],
    )


def put(entries: Sequence[Entry], *, fresh: bool = False) -> None:
    """Write entries, replacing older ones; `fresh` ones are known to be new."""
    if not entries:
        return
    if fresh and len(entries) > 50:
        fields = [f.attname for f in Entry._meta.local_concrete_fields if f.attname != "created_at"]
        from django.utils import timezone

        now = timezone.now()
        insert_rows(Entry, [{name: getattr(e, name) for name in fields} | {"created_at": now} for e in entries])
        return
    Entry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["owner_id", "title", "detail", "text", "grams"],
    )


def remove(ids: Collection[UUID]) -> None:
    """Take entries away."""
    Entry.objects.filter(id__in=list(ids)).delete()


def remove_restored(operation: Operation) -> None:
    """After an undo: take away the entries of rows it deleted, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM search_entry e USING ledger_change c WHERE c.tenant_id = e.tenant_id AND c.row_id = e.id "
            "AND c.operation_id = %s AND c.action = %s AND e.tenant_id = current_setting('guanxi.tenant')::uuid",
            [operation.id, Change.DELETE],
        )

"""Keeping entries: written by the resource layer in the transaction of the record. And what each member opened."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db import connection
from django.utils import timezone

from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.search.grams import lines_of, tag
from guanxi.foundation.search.models import Entry, Opened
from guanxi.foundation.tenancy.bulk import NULL, copied_array, copied_text, insert_lines
from guanxi.foundation.tenancy.scope import require_scope

_FEW = 50  # entries written one by one; more of them are brought by COPY
REMEMBERED = 100  # opened records a member


class Found(NamedTuple):
    """What one record is found by, worked out without the database."""

    title: str
    detail: str
    text: str
    grams: tuple[str, ...]


def found_by(
    *,
    title: str,
    names: Iterable[str],
    phones: Iterable[str] = (),
    codes: Iterable[str] = (),
    detail: str = "",
    person: bool = False,
) -> Found:
    """What a record is found by."""
    lines = lines_of(names=names, phones=phones, codes=codes, person=person)
    return Found(title[:300], detail[:300], lines.text, lines.grams)


def entry(resource: str, record_id: UUID, found: Found, *, owner_id: UUID | None) -> Entry:
    """The entry of one record, not yet written."""
    company = require_scope().tenant_id
    mark = tag(company)
    return Entry(
        tenant_id=company,
        id=record_id,
        resource=resource,
        owner_id=owner_id,
        title=found.title,
        detail=found.detail,
        text=found.text,
        grams=[mark + gram for gram in found.grams],
    )


def put(entries: Sequence[Entry]) -> None:
    """Write entries, replacing older ones."""
    if not entries:
        return
    Entry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["owner_id", "title", "detail", "text", "grams"],
    )


def replace(resource: str, rows: Sequence[tuple[UUID, UUID | None, Found]]) -> None:
    """Write the entries of records that may have one: (record, owner, what it is found by)."""
    if len(rows) > _FEW:
        remove([record_id for record_id, _owner, _found in rows])
        add(resource, rows)
    else:
        put([entry(resource, record_id, found, owner_id=owner_id) for record_id, owner_id, found in rows])


def add(resource: str, rows: Iterable[tuple[UUID, UUID | None, Found]]) -> None:
    """Write the entries of many records that have none yet: (record, owner, what it is found by)."""
    mark, now = tag(require_scope().tenant_id), timezone.now().isoformat()
    same = f"{now}\t{resource}"
    insert_lines(
        Entry,
        ("id", "created_at", "resource", "owner_id", "title", "detail", "text", "grams"),
        (
            f"{record_id.hex}\t{same}\t{owner_id.hex if owner_id else NULL}\t{copied_text(found.title)}\t"
            f"{copied_text(found.detail)}\t{copied_text(found.text)}\t{_array(mark, found)}"
            for record_id, owner_id, found in rows
        ),
    )


def _array(mark: str, found: Found) -> str:
    """The grams as an array literal. Folding leaves no quote and no backslash in them, but who knows."""
    if '"' in found.text or "\\" in found.text:
        return copied_array([mark + gram for gram in found.grams])
    return '{"' + mark + f'","{mark}'.join(found.grams) + '"}' if found.grams else "{}"


def remove(ids: Collection[UUID]) -> None:
    """Take entries away."""
    Entry.objects.filter(id__in=list(ids)).delete()


def remove_restored(operation: Operation) -> None:
    """After an undo: take away the entries of rows it deleted, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            # As an array: right after an import statistics know nothing of it, and as a join every entry of the
            # company was compared with every row.
            "DELETE FROM search_entry WHERE tenant_id = current_setting('guanxi.tenant')::uuid AND id = ANY(ARRAY("
            "SELECT c.row_id FROM ledger_change c WHERE c.tenant_id = current_setting('guanxi.tenant')::uuid "
            "AND c.operation_id = %s AND c.action = %s))",
            [operation.id, Change.DELETE],
        )


def note_opened(actor: Actor, *, resource: str, record_id: UUID) -> None:
    """Remember that the actor opened a record he may see; of each member's the last `REMEMBERED` stay."""
    if actor.member_id is None or actor.observer_id is not None:
        return
    row = Opened(
        id=uuid5(actor.member_id, record_id.hex), member_id=actor.member_id,
        resource=resource, record_id=record_id, opened_at=timezone.now(),
    )  # fmt: skip
    Opened.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["id"], update_fields=["opened_at"]
    )
    mine = (
        Opened.objects.filter(member_id=actor.member_id).order_by("-opened_at").values_list("id", flat=True)
    )
    if older := list(mine[REMEMBERED : 2 * REMEMBERED]):
        Opened.objects.filter(id__in=older).delete()

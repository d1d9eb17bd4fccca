"""Writing over names and numbers in texts that stay. Raw statements: one for each table, whatever table it is.

The wall is row-level security alone here, as in every raw statement; the company stands in the condition too, for the
index. Ledgered tables write their changes as ever: whoever masks cleans the images last.
"""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.db import connection, models

from guanxi.foundation.ledger.models import SAID, Operation
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.privacy.rules import MASK
from guanxi.resource import writing
from guanxi.resource.registry import find_by_table

# What a record is called by in public: a company named after a person is still called so. Columns by table.
NAMES_OF_OTHERS = {
    "customers_customer": {
        "name", "short_name", "former_names", "legal_representative", "name_key", "name_sort", "former_key",
    },
    "customers_person": {"name", "other_names", "name_key", "name_sort"},
    "customers_billingprofile": {"title"},
    "accounts_member": {"name", "name_sort"},
}  # fmt: skip
# Not texts of people's: digests, keys, secrets.
_PLAIN = {"digest", "hash", "mark", "resource", "media_type", "kind", "state", "key", "name_key", "name_sort"}


def _columns(model: type[models.Model], *, names: bool) -> Iterator[Any]:
    spared = NAMES_OF_OTHERS.get(model._meta.db_table, set()) if names else set()
    for one in model._meta.local_concrete_fields:
        if getattr(one, "generated", False) or one.remote_field or one.primary_key or one.column in spared:
            continue
        texts = isinstance(one, models.CharField | models.TextField) and not one.choices
        if (texts and one.column not in _PLAIN) or isinstance(one, models.JSONField):
            yield one


def mask_rows(
    model: type[models.Model], pattern: str, *, only: Collection[UUID] | None = None, names: bool = False
) -> int:
    """Write over what matches in the texts of rows: those given, or all. With `names` the pattern holds names, so what
    other records are called by is left alone. Returns how many rows were changed."""
    columns = list(_columns(model, names=names))
    if not pattern or not columns or only == set():
        return 0
    q = connection.ops.quote_name
    sets, finds, params, found = [], [], [], []
    for one in columns:
        column = q(one.column)
        if isinstance(one, models.JSONField):
            sets.append(f"{column} = guanxi_masked({column}, %s, %s)")
        else:
            longest = one.max_length if isinstance(one, models.CharField) else None
            masked = f"regexp_replace({column}, %s, %s, 'gi')"
            sets.append(f"{column} = " + (f"left({masked}, {int(longest)})" if longest else masked))
        params += [pattern, MASK]
        finds.append(f"{column}::text ~* %s")
        found.append(pattern)
    limit = " AND id = ANY(%s)" if only is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {q(model._meta.db_table)} SET {', '.join(sets)} "  # noqa: S608  names of tables and columns
            f"WHERE tenant_id = %s{limit} AND ({' OR '.join(finds)}) RETURNING id",
            [*params, require_scope().tenant_id, *([list(only)] if only is not None else []), *found],
        )
        ids = [row[0] for row in cursor.fetchall()]
    resource = find_by_table(model._meta.db_table)
    if ids and resource is not None:
        writing.reindex_ids(resource, ids)
    return len(ids)


def mask_images(pattern: str, *, only: Collection[UUID] | None = None) -> int:
    """The same in the images of the ledger. Returns how many images were changed."""
    if not pattern or only == set():
        return 0
    with connection.cursor() as cursor:
        rows = list(only) if only is not None else None
        cursor.execute("SELECT guanxi_ledger_mask(%s::uuid[], %s, %s)", [rows, pattern, MASK])
        return int(cursor.fetchone()[0])


def strip_images(rows: Collection[UUID]) -> int:
    """Take everything but keys out of the images of rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT guanxi_ledger_strip(%s::uuid[])", [list(rows)])
        return int(cursor.fetchone()[0])


def clear_operations(of: Collection[UUID]) -> int:
    """What operations on these rows are called and say of themselves goes; numbers stay. Returns how many changed."""
    touched = 0
    for one in Operation.objects.filter(record_id__among=of):
        kept = {key: value for key, value in one.summary.items() if key != SAID and _counts(value)}
        if one.label or kept != one.summary:
            touched += Operation.objects.filter(pk=one.pk).update(label="", summary=kept)
    return touched


def mask_operations(pattern: str, *, of: Collection[UUID] | None = None) -> int:
    """Write over what matches in what operations are called and say of themselves: those on the given rows or that
    changed them, or all. Returns how many changed."""
    if not pattern or of == set():
        return 0
    limit, rows = "", []
    if of is not None:
        limit = " AND (record_id = ANY(%s) OR id IN (SELECT operation_id FROM ledger_change WHERE row_id = ANY(%s)))"
        rows = [list(of), list(of)]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_operation SET label = regexp_replace(label, %s, %s, 'gi'), "  # noqa: S608  our own words
            "summary = guanxi_masked(summary, %s, %s) "
            f"WHERE tenant_id = %s{limit} AND (label ~* %s OR summary::text ~* %s)",
            [pattern, MASK, pattern, MASK, require_scope().tenant_id, *rows, pattern, pattern],
        )
        return int(cursor.rowcount)


def _counts(value: Any) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and value.count(".") == 2)
